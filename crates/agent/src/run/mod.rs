//! One run: a program in a process tree of its own, its streams, its deadlines, its end.
//!
//! A run's first process is a tiny [`init`], process 1 of a pid namespace; the program is its child. When the program
//! ends its init ends, and the kernel then kills whatever else is left in the namespace before the init can be waited
//! for. So a run that was waited for has left nothing behind, however its processes tried to hide.

mod code;
mod init;
mod input;
mod live;
mod output;
mod spawn;
mod word;

pub(crate) use live::{Run, Surroundings};
