use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use llm_sandbox_protocol::{
    DATA_PREFIX, Event, FailureKind, Frame, FrameBuffer, HEADER, Kind, Request, WINDOW, data_header,
};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::process::{Signal, pidfd_send_signal};

use super::failure::Failure;
use super::worker;
use crate::confinement::Confinement;
use crate::link::{CHUNK, Link};
use crate::poll::{Poll, Source};
use crate::sys::{Child, Fork, Namespaces, close_descriptors_but, fork_into, reap};

/// One file operation: a worker, and what goes between it and the host.
#[derive(Debug)]
pub(crate) struct Files {
    stream: u32,
    worker: Child,
    /// Gone once the worker hung up.
    socket: Option<OwnedFd>,
    incoming: FrameBuffer,
    /// A data frame of which not all has been sent.
    held: Option<Frame>,
    /// How many data frames were sent.
    sent: u64,
    outgoing: Vec<u8>,
    /// Bytes of data in `outgoing`, for which the host gets new credit once they are gone.
    owed: u64,
    credit: u64,
    is_finished: bool,
    is_abandoned: bool,
    is_reaped: bool,
    watched: Watched,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watched {
    No,
    ForReading,
    ForBoth,
}

impl Files {
    /// Starts the worker.
    pub(crate) fn start(
        stream: u32,
        request: Request,
        window: u64,
        confinement: &mut Confinement<'_>,
        poll: &Poll,
    ) -> io::Result<Self> {
        let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
        confinement.groups.prepare_files()?;
        match fork_into(confinement.groups.files_entry(), Namespaces::SHARED)? {
            Fork::Child => {
                drop(ours);
                let result = shed(confinement, &theirs).and_then(|()| worker::work(&request, theirs, stream));
                crate::leave(i32::from(result.is_err()))
            }
            Fork::Parent(worker) => {
                drop(theirs);
                rustix::io::ioctl_fionbio(&ours, true)?;
                poll.readable(&worker.pidfd, stream, Source::Process)?;
                poll.readable(&ours, stream, Source::Socket)?;
                Ok(Self {
                    stream,
                    worker,
                    socket: Some(ours),
                    incoming: FrameBuffer::new(),
                    held: None,
                    sent: 0,
                    outgoing: Vec::new(),
                    owed: 0,
                    credit: window,
                    is_finished: false,
                    is_abandoned: false,
                    is_reaped: false,
                    watched: Watched::ForReading,
                })
            }
        }
    }

    pub(crate) fn grant(&mut self, bytes: u64) {
        self.credit = self.credit.saturating_add(bytes);
    }

    /// The host wants to hear no more.
    pub(crate) fn abandon(&mut self, poll: &Poll) {
        self.is_abandoned = true;
        if let Some(socket) = self.socket.take() {
            poll.forget(&socket);
        }
        (self.held, self.incoming, self.watched) = (None, FrameBuffer::new(), Watched::No);
        // It may have ended by itself.
        let _ = pidfd_send_signal(&self.worker.pidfd, Signal::KILL);
    }

    /// Hands a frame of the host's to the worker.
    ///
    /// # Errors
    ///
    /// The host has sent more than it has credit for.
    pub(crate) fn relay<P: AsRef<[u8]>>(&mut self, frame: &Frame<P>) -> io::Result<()> {
        if frame.kind == Kind::Data {
            self.owed += frame.payload.as_ref().len().saturating_sub(DATA_PREFIX) as u64;
            if self.owed > WINDOW.into() {
                return Err(io::Error::other("the host overran its credit"));
            }
        }
        if self.socket.is_some() {
            frame.encode(&mut self.outgoing);
        }
        Ok(())
    }

    pub(crate) fn ready(&mut self, source: Source, link: &mut Link, poll: &Poll) -> io::Result<()> {
        match source {
            Source::Process => {
                poll.forget(&self.worker.pidfd);
                reap(Some(self.worker.pid), true)?;
                self.is_reaped = true;
            }
            _ => self.receive(link),
        }
        Ok(())
    }

    fn receive(&mut self, link: &mut Link) {
        let (Some(socket), false) = (&self.socket, self.is_stalled(link)) else { return };
        match rustix::io::read(socket, self.incoming.space(CHUNK)) {
            Ok(0) => self.socket = None,
            Ok(size) => self.incoming.filled(size),
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(_) => self.socket = None,
        }
        self.forward(link);
    }

    /// Whether no more of the worker's words can go out now.
    fn is_stalled(&self, link: &Link) -> bool {
        self.held.is_some() || link.is_congested()
    }

    /// Sends the host what the worker said, as far as credit and room go.
    fn forward(&mut self, link: &mut Link) {
        while !link.is_congested() && self.send_held(link) {
            match self.incoming.next_frame() {
                Ok(Some(frame)) if frame.kind == Kind::Data => {
                    self.held = Some(Frame { payload: frame.payload.to_vec(), ..parts(&frame) });
                }
                Ok(Some(frame)) => {
                    self.is_finished |= matches!(frame.decode(), Ok(Event::Done | Event::Failed(_)));
                    link.send(&frame);
                }
                Ok(None) => return,
                Err(_) => {
                    self.socket = None;
                    return;
                }
            }
        }
    }

    /// Sends as much of the frame that waits as there is credit for; whether nothing of it waits any more.
    fn send_held(&mut self, link: &mut Link) -> bool {
        let Some(frame) = &mut self.held else { return true };
        let most = usize::try_from(self.credit).unwrap_or(usize::MAX);
        let end = frame.payload.len().min(DATA_PREFIX.saturating_add(most));
        let Some(bytes) = frame.payload.get(DATA_PREFIX..end) else {
            self.held = None;
            return true;
        };
        if !bytes.is_empty() {
            let header = data_header(self.stream, frame.channel, self.sent, 0, bytes.len());
            let payload = [&header[HEADER..], bytes].concat();
            link.send(&Frame { payload, ..parts(&*frame) });
            self.sent += 1;
            self.credit -= bytes.len() as u64;
            frame.payload.drain(DATA_PREFIX..end);
        }
        if frame.payload.len() == DATA_PREFIX {
            self.held = None;
        }
        self.held.is_none()
    }

    /// Moves on what can move; `true` when the operation is over.
    pub(crate) fn advance(&mut self, link: &mut Link, poll: &Poll) -> io::Result<bool> {
        self.forward(link);
        self.push();
        let is_heard = !self.is_abandoned && !self.is_finished;
        if self.outgoing.is_empty() && self.owed > 0 && is_heard {
            link.send(&Frame::credit(self.stream, std::mem::take(&mut self.owed)));
        }
        self.watch(link, poll)?;
        if !self.is_reaped || self.is_finished || self.is_abandoned {
            return Ok(self.is_reaped);
        }
        if self.socket.is_some() || self.held.is_some() || self.incoming.has_frame() == Ok(true) {
            return Ok(false);
        }
        let detail = "the process that moved files ended early, for lack of memory or killed from outside";
        let failure = Failure::refused(FailureKind::Io, b"", detail);
        link.event(self.stream, &Event::Failed(failure.into_message()));
        Ok(true)
    }

    fn push(&mut self) {
        let Some(socket) = &self.socket else {
            self.outgoing.clear();
            return;
        };
        let mut sent = 0;
        while sent < self.outgoing.len() {
            match rustix::io::write(socket, &self.outgoing[sent..]) {
                Ok(size) => sent += size,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                // The worker hung up; what it said last is still to be read.
                Err(_) => sent = self.outgoing.len(),
            }
        }
        self.outgoing.drain(..sent);
    }

    fn watch(&mut self, link: &Link, poll: &Poll) -> io::Result<()> {
        let Some(socket) = &self.socket else {
            self.watched = Watched::No;
            return Ok(());
        };
        let wanted = match (self.is_stalled(link), self.outgoing.is_empty()) {
            (true, _) => Watched::No,
            (false, true) => Watched::ForReading,
            (false, false) => Watched::ForBoth,
        };
        match (self.watched, wanted) {
            (from, to) if from == to => {}
            (_, Watched::No) => poll.forget(socket),
            (Watched::No, to) => {
                poll.readable(socket, self.stream, Source::Socket)?;
                poll.change(socket, self.stream, Source::Socket, to == Watched::ForBoth)?;
            }
            (_, to) => poll.change(socket, self.stream, Source::Socket, to == Watched::ForBoth)?,
        }
        self.watched = wanted;
        Ok(())
    }
}

fn parts<P>(frame: &Frame<P>) -> Frame {
    Frame { stream: frame.stream, kind: frame.kind, channel: frame.channel, payload: Vec::new() }
}

/// Becomes the code's user, on the code's account, behind the code's fence around files.
fn shed(confinement: &Confinement<'_>, socket: &OwnedFd) -> io::Result<()> {
    confinement.groups.join_files()?;
    let kept = [socket.as_raw_fd()].into_iter().chain(confinement.descriptor());
    close_descriptors_but(&kept.collect::<Vec<_>>())?;
    confinement.become_user()?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    confinement.fence_files()
}
