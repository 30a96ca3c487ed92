use std::collections::VecDeque;
use std::os::fd::OwnedFd;

use rustix::io::Errno;

/// What ends input on a terminal: there is no other way to close one direction of it.
const END_OF_TRANSMISSION: u8 = 4;

/// A program's standard input, fed as fast as it reads.
#[derive(Debug)]
pub(super) struct Input {
    /// Gone once the program reads no more or the host sends no more.
    pub(super) descriptor: Option<OwnedFd>,
    queue: VecDeque<u8>,
    ended: bool,
    is_terminal: bool,
    pub(super) watched: bool,
}

impl Input {
    pub(super) fn new(descriptor: Option<OwnedFd>, is_terminal: bool) -> Self {
        Self { descriptor, queue: VecDeque::new(), ended: false, is_terminal, watched: false }
    }

    /// Takes bytes in. How many there can be at once is bounded by the credit that was given.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.queue.extend(bytes);
    }

    /// No more bytes will come.
    pub(super) fn end(&mut self) {
        if self.is_terminal && !self.ended {
            self.queue.push_back(END_OF_TRANSMISSION);
        }
        self.ended = true;
    }

    /// Writes what the program takes. Returns how many bytes are done with, read by the program or thrown away.
    pub(super) fn pump(&mut self) -> u64 {
        let mut done = 0;
        while let Some(descriptor) = &self.descriptor {
            if self.queue.is_empty() {
                if self.ended && !self.is_terminal {
                    self.descriptor = None;
                }
                return done;
            }
            match rustix::io::write(descriptor, self.queue.as_slices().0) {
                Ok(size) => {
                    self.queue.drain(..size);
                    done += size as u64;
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return done,
                // Nobody reads any more.
                Err(_) => self.descriptor = None,
            }
        }
        done += self.queue.len() as u64;
        self.queue.clear();
        done
    }

    /// Whether it waits for the program to read.
    pub(super) fn is_waiting(&self) -> bool {
        self.descriptor.is_some() && !self.queue.is_empty()
    }
}
