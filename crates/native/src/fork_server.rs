//! The process that supervisors are forked from, seen from the host.
//!
//! It is started with the first sandbox and stays as long as this process, or until this process has given privileges
//! away: then it leaves, and the next one has what is left of them.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType, sendmsg, socketpair,
    sockopt::set_socket_passcred,
};

use crate::program::agent_program;

static CURRENT: Mutex<Option<Arc<ForkServer>>> = Mutex::new(None);

/// How often the lock is tried. It is held to copy a pointer, but for ever in a child that was forked meanwhile.
const TRIES: usize = 10_000;

/// A process that forks supervisors.
#[derive(Debug)]
pub(crate) struct ForkServer {
    /// Whose it is: a forked child of that process has a copy of this, and no right to it.
    process: u32,
    requests: Option<OwnedFd>,
    child: Child,
}

impl ForkServer {
    fn start() -> io::Result<Self> {
        let (requests, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        // It asks who sends: forked children of this process have the socket, too.
        set_socket_passcred(&theirs, true)?;
        let child = Command::new(agent_program()?)
            .arg("fork-server")
            .env_clear()
            // A key pressed at the terminal is for the host to handle, which then takes its sandboxes down in order.
            .process_group(0)
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { process: std::process::id(), requests: Some(requests), child })
    }

    /// This process's, started where it has none that lives.
    fn current() -> io::Result<Arc<Self>> {
        let usable = |server: &&Arc<Self>| server.process == std::process::id() && !server.has_gone();
        if let Some(server) = lock().as_ref().and_then(|current| current.as_ref().filter(usable).cloned()) {
            return Ok(server);
        }
        let started = Arc::new(Self::start()?);
        let Some(mut current) = lock() else { return Ok(started) };
        if let Some(server) = current.as_ref().filter(usable) {
            // Another thread was faster.
            let server = Arc::clone(server);
            drop(current);
            return Ok(server);
        }
        let before = current.replace(Arc::clone(&started));
        drop(current);
        if before.as_ref().is_some_and(|server| server.process != std::process::id()) {
            // A fork copies the open files first and memory later: this may know of files that only the parent has.
            std::mem::forget(before);
        }
        Ok(started)
    }

    /// Hands a request over, with the supervisor's ends of its streams.
    pub(crate) fn ask(request: &[u8], streams: [BorrowedFd<'_>; 2]) -> io::Result<Arc<Self>> {
        let server = Self::current()?;
        match server.send(request, streams) {
            // It has left since.
            Err(Errno::PIPE | Errno::CONNRESET) => {
                let server = Self::current()?;
                server.send(request, streams)?;
                Ok(server)
            }
            sent => sent.map(|()| server).map_err(Into::into),
        }
    }

    fn send(&self, request: &[u8], streams: [BorrowedFd<'_>; 2]) -> rustix::io::Result<()> {
        let Some(requests) = &self.requests else { return Err(Errno::PIPE) };
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        ancillary.push(SendAncillaryMessage::ScmRights(&streams));
        sendmsg(requests, &[IoSlice::new(request)], &mut ancillary, SendFlags::NOSIGNAL | SendFlags::DONTWAIT).map(drop)
    }

    /// Whether it takes no requests any more; what it was asked before it may have done or not.
    pub(crate) fn has_gone(&self) -> bool {
        self.requests.as_ref().is_none_or(|requests| is_hung_up(requests.as_fd()))
    }
}

impl Drop for ForkServer {
    fn drop(&mut self) {
        drop(self.requests.take());
        if self.process == std::process::id() {
            // Without requests it ends at once.
            let _ = self.child.wait();
        }
    }
}

/// Whether nobody holds the other end of a socket.
pub(crate) fn is_hung_up(socket: BorrowedFd<'_>) -> bool {
    let mut watched = [PollFd::from_borrowed_fd(socket, PollFlags::empty())];
    matches!(poll(&mut watched, Some(&Timespec::default())), Ok(1..))
}

/// `None` where it is never let go.
fn lock() -> Option<MutexGuard<'static, Option<Arc<ForkServer>>>> {
    for _ in 0..TRIES {
        match CURRENT.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
    None
}
