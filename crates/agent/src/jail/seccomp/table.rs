//! The policies as data: every system call Linux knows, what happens to it, and why.
//!
//! Errors are chosen for the caller. `ENOSYS` where programs have a fallback for kernels without the call; `EPERM`
//! where the call is a privilege that nobody in a sandbox has.

mod agent;
mod allowed;
mod names;
mod refused;
mod run;

use super::policy::Policy;
use agent::FOR_THE_AGENT;
use allowed::{ALLOWED, EXAMINED};
use names::{
    ATTRIBUTES_BY_NAME, NO_ATTRIBUTES_BY_NAME, NO_NAMESPACES, NO_OWNERS_BY_NAME, NO_OWNERS_OF_OPEN_FILES,
    OWN_NAMESPACES, OWNERS_BY_NAME, OWNERS_OF_OPEN_FILES,
};
use refused::REFUSED;
use run::{BESIDE_THE_INIT, FOR_RUNS, ITSELF, MODES_BY_NAME, MODES_OF_OPEN_FILES};

/// For the code of a run, in namespaces of its own.
pub(crate) static RUN: Policy = Policy {
    groups: &[
        ALLOWED,
        EXAMINED,
        REFUSED,
        OWNERS_BY_NAME,
        OWNERS_OF_OPEN_FILES,
        MODES_BY_NAME,
        MODES_OF_OPEN_FILES,
        ATTRIBUTES_BY_NAME,
        OWN_NAMESPACES,
        FOR_RUNS,
        BESIDE_THE_INIT,
    ],
};

/// For the code of a run among the host's processes, by a user of its own.
pub(crate) static RUN_AMONG_OTHERS: Policy = Policy {
    groups: &[
        ALLOWED,
        EXAMINED,
        REFUSED,
        OWNERS_BY_NAME,
        OWNERS_OF_OPEN_FILES,
        MODES_BY_NAME,
        MODES_OF_OPEN_FILES,
        NO_ATTRIBUTES_BY_NAME,
        NO_NAMESPACES,
        FOR_RUNS,
        ITSELF,
    ],
};

/// For the code of a run among the host's processes, by the user who opened the sandbox.
pub(crate) static RUN_AS_THE_CALLER: Policy = Policy {
    groups: &[
        ALLOWED,
        EXAMINED,
        REFUSED,
        NO_OWNERS_BY_NAME,
        NO_OWNERS_OF_OPEN_FILES,
        NO_ATTRIBUTES_BY_NAME,
        NO_NAMESPACES,
        FOR_RUNS,
        ITSELF,
    ],
};

/// For the code of a run in a container, whose agent may have the same user.
pub(crate) static RUN_BESIDE_ITS_AGENT: Policy = Policy {
    groups: &[
        ALLOWED,
        EXAMINED,
        REFUSED,
        OWNERS_BY_NAME,
        OWNERS_OF_OPEN_FILES,
        MODES_BY_NAME,
        MODES_OF_OPEN_FILES,
        ATTRIBUTES_BY_NAME,
        OWN_NAMESPACES,
        FOR_RUNS,
        ITSELF,
    ],
};

/// For the agent, which builds namespaces and mounts before a run's own filter shuts them.
pub(crate) static AGENT: Policy = Policy {
    groups: &[
        ALLOWED,
        EXAMINED,
        REFUSED,
        OWNERS_BY_NAME,
        OWNERS_OF_OPEN_FILES,
        ATTRIBUTES_BY_NAME,
        OWN_NAMESPACES,
        FOR_THE_AGENT,
    ],
};
