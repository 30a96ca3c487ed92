//! One program or command in a session: what is asked, how it is followed, what comes of it.

mod control;
mod following;
mod handle;
mod hint;
mod intake;
mod launch;
mod outcome;
mod output;
mod program;
mod request;
mod result;
mod start;

pub use control::RunControl;
pub use handle::RunHandle;
pub use hint::{Hint, Refusal};
pub use outcome::{Outcome, TimeLimit};
pub use output::{Gap, Output, OutputEvent, OutputStream};
pub use request::Run;
pub use result::{Durations, RunResult, Usage};

pub(crate) use intake::outcome as outcome_of;
pub(crate) use launch::{Held, Launch};
pub(crate) use program::SOURCE_MOST;
pub(crate) use request::{Deadline, Stdin};
pub(crate) use start::start;
