use std::io::{self, Read};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;

use llm_sandbox_core::Isolation;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::net::sockopt::set_socket_send_buffer_size_force;
use rustix::process::{WaitId, WaitIdOptions, waitid};

use crate::fork_server::{ForkServer, is_hung_up};

/// Bytes on their way to the agent or from it; the kernel's own default is a fifth of it.
const PIPE_WIDTH: usize = 1 << 20;

/// A supervisor that waits to be told which sandbox to make, and meanwhile builds what all have in common.
#[derive(Debug)]
pub(crate) struct Started {
    /// To the agent.
    pub(crate) pipe: UnixStream,
    /// To the supervisor.
    pub(crate) control: UnixStream,
    /// Who forks it, or has.
    pub(crate) server: Arc<ForkServer>,
}

impl Started {
    pub(crate) fn start(isolation: Isolation) -> io::Result<Self> {
        let (pipe, theirs) = UnixStream::pair()?;
        for end in [&pipe, &theirs] {
            // A wider pipe saves wake-ups: where a container around us forbids it all is slower and the same.
            let _ = set_socket_send_buffer_size_force(end, PIPE_WIDTH);
        }
        let (control, their_control) = UnixStream::pair()?;
        let request = match isolation {
            Isolation::WithoutNamespaces => [b"d", temporary()?.as_os_str().as_bytes()].concat(),
            _ => b"n".to_vec(),
        };
        let server = ForkServer::ask(&request, [theirs.as_fd(), their_control.as_fd()])?;
        Ok(Self { pipe, control, server })
    }

    pub(crate) fn is_alive(&self) -> bool {
        !is_hung_up(self.control.as_fd())
    }

    /// Lets it go, and waits until nothing is left of it.
    pub(crate) fn discard(self) -> io::Result<()> {
        let Self { pipe, mut control, server: _ } = self;
        drop(pipe);
        control.shutdown(Shutdown::Write)?;
        match control.read_to_end(&mut Vec::new()) {
            Err(error) if error.kind() != io::ErrorKind::ConnectionReset => Err(error),
            _ => Ok(()),
        }
    }
}

/// The host's directory for temporary files, as the kernel names it.
fn temporary() -> io::Result<PathBuf> {
    std::env::temp_dir().canonicalize()
}

/// Waits until a process has ended that is about to: a matter of microseconds, which mostly have passed already.
pub(crate) async fn ended(process: OwnedFd) -> io::Result<()> {
    if !has_ended(&process, Some(&Timespec::default()))? {
        tokio::task::spawn_blocking(move || has_ended(&process, None)).await.map_err(io::Error::other)??;
    }
    Ok(())
}

fn has_ended(process: &OwnedFd, patience: Option<&Timespec>) -> io::Result<bool> {
    let has_ended = retry_on_intr(|| poll(&mut [PollFd::new(process, PollFlags::IN)], patience))? > 0;
    if has_ended {
        // Where the fork server has gone it may be this process's child by now, which nobody else waits for.
        let _ = waitid(WaitId::PidFd(process.as_fd()), WaitIdOptions::EXITED | WaitIdOptions::NOHANG);
    }
    Ok(has_ended)
}
