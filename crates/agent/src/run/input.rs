use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;

use llm_sandbox_protocol::WINDOW;
use rustix::io::Errno;

use crate::poll::Poll;

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
    /// Input that waits for its program.
    pub(super) fn early(is_terminal: bool) -> Self {
        Self { descriptor: None, queue: VecDeque::new(), ended: false, is_terminal, watched: false }
    }

    /// Now there is a program, which may read it or not.
    pub(super) fn connect(&mut self, descriptor: Option<OwnedFd>) {
        self.descriptor = descriptor;
    }

    /// Takes bytes in; how many of them are done with at once.
    ///
    /// # Errors
    ///
    /// The host has sent more than it has credit for.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<u64> {
        if self.ended {
            return Ok(bytes.len() as u64);
        }
        if self.queue.len() + bytes.len() > WINDOW as usize {
            return Err(io::Error::other("the host overran its credit"));
        }
        self.queue.extend(bytes);
        Ok(0)
    }

    /// No more bytes will come.
    pub(super) fn end(&mut self) {
        if self.is_terminal && !self.ended {
            self.queue.push_back(END_OF_TRANSMISSION);
        }
        self.ended = true;
    }

    /// Writes what the program takes. Returns how many bytes are done with, read by the program or thrown away.
    pub(super) fn pump(&mut self, poll: &Poll) -> u64 {
        let mut done = 0;
        while let Some(descriptor) = &self.descriptor {
            if self.queue.is_empty() {
                if self.ended && !self.is_terminal {
                    self.close(poll);
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
                Err(_) => self.close(poll),
            }
        }
        done += self.queue.len() as u64;
        self.queue.clear();
        done
    }

    /// Closes our end. A terminal's other descriptor would keep the watch alive, so that is ended first.
    pub(super) fn close(&mut self, poll: &Poll) {
        if let Some(descriptor) = self.descriptor.take() {
            poll.forget(&descriptor);
        }
        self.watched = false;
    }

    /// Whether it waits for the program to read.
    pub(super) fn is_waiting(&self) -> bool {
        self.descriptor.is_some() && !self.queue.is_empty()
    }
}
