//! How many jails are removed at once.
//!
//! Each frees filters, and a kernel that frees a thousand at once on one processor can lock up for good (seen with Linux
//! 6.18). So it is bounded whoever asks for it: a host that closes many, one that lets go of many, and one that was killed.

use std::io;
use std::os::fd::OwnedFd;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;

/// How many at once.
const MOST: u32 = 32;

/// How long one is waited for. Whoever is killed in its turn does not give it back.
const PATIENCE: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

/// A number of turns that all processes take from which this one forks.
#[derive(Debug)]
pub(super) struct Turns(OwnedFd);

impl Turns {
    pub(super) fn new() -> io::Result<Self> {
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK | EventfdFlags::SEMAPHORE;
        Ok(Self(eventfd(MOST, flags)?))
    }

    /// Does something when there is a turn. Whoever waited in vain gives one back all the same: it is one that was lost.
    pub(super) fn take<T>(&self, act: impl FnOnce() -> T) -> T {
        self.wait();
        let done = act();
        // There is room for so many.
        let _ = rustix::io::write(&self.0, &1u64.to_ne_bytes());
        done
    }

    fn wait(&self) {
        while rustix::io::read(&self.0, &mut [0; 8]) == Err(Errno::AGAIN) {
            match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&PATIENCE)) {
                Ok(1..) | Err(Errno::INTR) => {}
                _ => return,
            }
        }
    }
}
