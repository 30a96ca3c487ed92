//! The attacks, by what they attack. Their numbers are those of the list that the project is held to.

mod agent;
mod files;
mod kernel;
mod network;
mod resources;
mod runtime;
mod survival;

use crate::Case;

/// All of them.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    let groups: [&[Case]; 7] =
        [resources::CASES, survival::CASES, files::CASES, kernel::CASES, runtime::CASES, network::CASES, agent::CASES];
    groups.into_iter().flatten()
}
