use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use llm_sandbox_core::Isolation;
use rustix::net::sockopt::set_socket_send_buffer_size_force;

use crate::program::agent_program;

/// Bytes on their way to the agent or from it; the kernel's own default is a fifth of it.
const PIPE_WIDTH: usize = 1 << 20;

/// A supervisor that waits to be told which sandbox to make, and meanwhile builds what all have in common.
#[derive(Debug)]
pub(crate) struct Started {
    child: Child,
    /// To the agent.
    pipe: UnixStream,
    /// To the supervisor.
    control: UnixStream,
}

impl Started {
    pub(crate) fn start(isolation: Isolation) -> io::Result<Self> {
        let (pipe, theirs) = UnixStream::pair()?;
        for end in [&pipe, &theirs] {
            // A wider pipe saves wake-ups: where a container around us forbids it all is slower and the same.
            let _ = set_socket_send_buffer_size_force(end, PIPE_WIDTH);
        }
        let (control, their_control) = UnixStream::pair()?;
        let mut command = Command::new(agent_program()?);
        match isolation {
            Isolation::WithoutNamespaces => command.arg("supervise-without-namespaces").arg(temporary()?),
            _ => command.arg("supervise"),
        };
        let child = command
            .env_clear()
            // A key pressed at the terminal is for the host to handle, which then takes its sandboxes down in order.
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::from(OwnedFd::from(their_control)))
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { child, pipe, control })
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Lets it go, and waits until nothing is left of it.
    pub(crate) fn discard(self) -> io::Result<()> {
        let Self { mut child, pipe, control } = self;
        drop((pipe, control));
        child.wait().map(drop)
    }

    /// Its streams, to the agent and to the supervisor, and its process.
    pub(crate) fn into_parts(self) -> (UnixStream, UnixStream, Supervisor) {
        (self.pipe, self.control, Supervisor { child: Some(self.child) })
    }
}

/// The host's directory for temporary files, as the kernel names it.
fn temporary() -> io::Result<PathBuf> {
    std::env::temp_dir().canonicalize()
}

/// The supervisor's process. It ends soon after its control stream; somebody must take its exit status.
#[derive(Debug)]
pub(crate) struct Supervisor {
    child: Option<Child>,
}

impl Supervisor {
    pub(crate) async fn wait(&mut self) -> io::Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        // Its streams are closed, so its end is a matter of microseconds, and mostly has come already.
        if child.try_wait()?.is_none() {
            tokio::task::spawn_blocking(move || child.wait()).await.map_err(io::Error::other)??;
        }
        Ok(())
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // It outlives its control stream by the few milliseconds that removing a jail takes; nobody is to wait for that.
        // Without a thread to spare its status stays until this process ends.
        let _ = std::thread::Builder::new().name("llm-sandbox-reap".into()).spawn(move || child.wait());
    }
}
