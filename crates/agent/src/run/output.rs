use std::io;
use std::os::fd::{AsFd, OwnedFd};

use llm_sandbox_protocol::{Channel, Frame, Kind, StreamTotal, Tail, data_header, head_of};
use rustix::io::Errno;

use crate::link::{CHUNK, Link};
use crate::poll::{Poll, Source};

/// One output stream of a program: sent as it comes up to the head of its cap, kept as a tail from there on.
#[derive(Debug)]
pub(super) struct Output {
    descriptor: Option<OwnedFd>,
    channel: Channel,
    source: Source,
    watched: bool,
    /// How many more bytes are sent as they come; absent: all.
    head: Option<u64>,
    tail: Tail,
    written: u64,
    /// Bytes still to be read, once nothing of the run is left to write any.
    left: Option<u64>,
}

/// What a run's outputs share: the stream they go out on, its credit and the count of its events.
#[derive(Debug)]
pub(super) struct Outlet {
    pub(super) stream: u32,
    pub(super) credit: u64,
    pub(super) events: u64,
}

impl Output {
    pub(super) fn new(descriptor: Option<OwnedFd>, channel: Channel, cap: Option<u64>) -> Self {
        let source = if channel == Channel::Stderr { Source::Stderr } else { Source::Stdout };
        let tail = Tail::new(cap.map_or(0, |cap| cap / 2));
        Self { descriptor, channel, source, watched: false, head: cap.map(head_of), tail, written: 0, left: None }
    }

    /// Watches the stream where its bytes can go somewhere, and only then.
    pub(super) fn watch(&mut self, poll: &Poll, outlet: &Outlet, link: &Link) -> io::Result<()> {
        if self.left == Some(0) {
            self.close(poll);
        }
        let Some(descriptor) = &self.descriptor else { return Ok(()) };
        let wanted = self.head == Some(0) || (outlet.credit > 0 && !link.is_congested());
        match (wanted, self.watched) {
            (true, false) => poll.readable(descriptor, outlet.stream, self.source)?,
            (false, true) => poll.forget(descriptor),
            _ => {}
        }
        self.watched = wanted;
        Ok(())
    }

    /// Nothing of the run is left: what was written so far is all there will be, though another run may have been handed
    /// the stream and hold it open. A terminal passes bytes on with a delay, so its own end is waited for.
    pub(super) fn conclude(&mut self, is_terminal: bool) {
        let waiting = self.descriptor.as_ref().filter(|_| !is_terminal).map(rustix::io::ioctl_fionread);
        self.left = waiting.and_then(Result::ok);
    }

    /// Takes no more of it. A terminal's other descriptor would keep the watch alive, so that is ended first.
    pub(super) fn close(&mut self, poll: &Poll) {
        if let Some(descriptor) = self.descriptor.take() {
            poll.forget(&descriptor);
        }
        self.watched = false;
    }

    /// Takes what the program wrote, at most one chunk. `time` is in nanoseconds since the program started.
    pub(super) fn pump(&mut self, outlet: &mut Outlet, (link, poll): (&mut Link, &Poll), time: u64) {
        let Some(descriptor) = &self.descriptor else { return };
        let most = match self.head {
            Some(0) => CHUNK,
            head => usize::try_from(head.unwrap_or(u64::MAX).min(outlet.credit)).unwrap_or(usize::MAX),
        };
        let most = most.min(self.left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX)));
        if most == 0 {
            return;
        }
        let taken = link.read(descriptor.as_fd(), most);
        let size = taken.unwrap_or(0);
        if self.head == Some(0) {
            self.tail.push(link.scratch(size));
        } else if size > 0 {
            link.forward(outlet.stream, self.channel, (outlet.events, time), size);
            outlet.events += 1;
            outlet.credit -= size as u64;
            self.head = self.head.map(|head| head - size as u64);
        }
        match taken {
            Err(Errno::AGAIN | Errno::INTR) => {}
            // The end; a terminal says so with an error.
            Ok(0) | Err(_) => self.close(poll),
            Ok(size) => {
                self.written += size as u64;
                self.left = self.left.map(|left| left - size as u64);
            }
        }
    }

    /// Sends the tail as far as credit goes, once the stream has ended; whether all is sent.
    pub(super) fn finish(&mut self, outlet: &mut Outlet, link: &mut Link, time: u64) -> bool {
        if self.descriptor.is_some() {
            return false;
        }
        while !self.tail.is_empty() && outlet.credit > 0 && !link.is_congested() {
            let most = usize::try_from(outlet.credit).unwrap_or(usize::MAX).min(CHUNK);
            let bytes = self.tail.take(most);
            let header = data_header(outlet.stream, self.channel, outlet.events, time, bytes.len());
            let prefix = &header[llm_sandbox_protocol::HEADER..];
            let payload = [prefix, &bytes].concat();
            link.send(&Frame { stream: outlet.stream, kind: Kind::Data, channel: self.channel, payload });
            outlet.events += 1;
            outlet.credit -= bytes.len() as u64;
        }
        self.tail.is_empty()
    }

    /// What became of the stream.
    pub(super) fn total(&self) -> StreamTotal {
        StreamTotal { written: self.written, omitted: self.tail.omitted() }
    }
}
