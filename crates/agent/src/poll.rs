use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::event::{Timespec, epoll};

/// What a descriptor is to its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Source {
    /// The pipe to the host.
    Link,
    /// A process: readable when it has ended.
    Process,
    /// The socket to a run's init or to a file worker.
    Socket,
    Stdin,
    Stdout,
    Stderr,
    OutOfMemory,
    MemoryCrossed,
}

const SOURCES: [Source; 8] = [
    Source::Link,
    Source::Process,
    Source::Socket,
    Source::Stdin,
    Source::Stdout,
    Source::Stderr,
    Source::OutOfMemory,
    Source::MemoryCrossed,
];

/// Something that became ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ready {
    pub(crate) stream: u32,
    pub(crate) source: Source,
}

/// The one place where the agent waits.
pub(crate) struct Poll {
    epoll: OwnedFd,
    events: Vec<epoll::Event>,
}

impl Poll {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?, events: Vec::with_capacity(64) })
    }

    pub(crate) fn readable(&self, descriptor: impl AsFd, stream: u32, source: Source) -> io::Result<()> {
        self.add(descriptor, stream, source, epoll::EventFlags::IN)
    }

    pub(crate) fn writable(&self, descriptor: impl AsFd, stream: u32, source: Source) -> io::Result<()> {
        self.add(descriptor, stream, source, epoll::EventFlags::OUT)
    }

    /// Watches a file of the kernel's that tells when its content has changed.
    pub(crate) fn notified(&self, descriptor: impl AsFd, stream: u32, source: Source) -> io::Result<()> {
        self.add(descriptor, stream, source, epoll::EventFlags::PRI)
    }

    fn add(&self, descriptor: impl AsFd, stream: u32, source: Source, flags: epoll::EventFlags) -> io::Result<()> {
        let token = u64::from(stream) << 8 | source as u64;
        Ok(epoll::add(&self.epoll, descriptor, epoll::EventData::new_u64(token), flags)?)
    }

    /// Changes what a watched descriptor is watched for: reading always, writing where asked.
    pub(crate) fn change(&self, descriptor: impl AsFd, stream: u32, source: Source, writable: bool) -> io::Result<()> {
        let token = u64::from(stream) << 8 | source as u64;
        let flags = if writable { epoll::EventFlags::IN | epoll::EventFlags::OUT } else { epoll::EventFlags::IN };
        Ok(epoll::modify(&self.epoll, descriptor, epoll::EventData::new_u64(token), flags)?)
    }

    /// Stops watching. A descriptor that nobody wants to read must not be watched: its end would wake us for ever.
    pub(crate) fn forget(&self, descriptor: impl AsFd) {
        // It may never have been watched.
        let _ = epoll::delete(&self.epoll, descriptor);
    }

    /// Waits until something is ready or the time is over.
    pub(crate) fn wait(&mut self, patience: Option<Duration>) -> io::Result<Vec<Ready>> {
        let patience = patience.map(|time| Timespec {
            tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: time.subsec_nanos().into(),
        });
        self.events.clear();
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut self.events), patience.as_ref()) {
            Err(rustix::io::Errno::INTR) => {}
            other => drop(other?),
        }
        let ready = self.events.iter().filter_map(|event| {
            let token = event.data.u64();
            let source = *SOURCES.get((token & 0xff) as usize)?;
            Some(Ready { stream: u32::try_from(token >> 8).ok()?, source })
        });
        Ok(ready.collect())
    }
}
