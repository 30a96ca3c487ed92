//! The host's end of the pipe to a real agent, and what a host may say that is out of its mind.

mod chatter;
mod pipe;

pub(crate) use chatter::Chatter;
pub(crate) use pipe::Pipe;
