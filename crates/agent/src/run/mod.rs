//! One run: a program in a process tree of its own, its streams, its deadlines, its end.
//!
//! A run's first process is a tiny [`init`], process 1 of a pid namespace; the program is its child. When the program
//! ends its init kills and reaps whatever is left before it says so and ends; where the init itself is killed, the kernel
//! does the same before the init can be waited for. So when a run is over nothing of it is left, however its processes
//! tried to hide.

mod code;
mod compile;
mod init;
mod input;
mod live;
mod order;
mod output;
mod processes;
mod refusals;
mod spawn;
mod word;

pub(crate) use live::{Run, Surroundings};
pub(crate) use processes::Remains;
pub(crate) use spawn::Parked;
