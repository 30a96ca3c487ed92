//! Output of the code onto this program's own streams.

use std::{
    fs::File,
    io::{self, Write},
    os::fd::AsFd,
    thread,
};

use llm_sandbox::{OutputEvent, OutputStream, RunHandle};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::{mpsc, oneshot};

/// How many pieces of output wait to be written.
const AHEAD: usize = 4;

/// Writes output from a thread of its own, so that a reader who takes none holds up the code but no signal.
pub(crate) struct Screen {
    events: mpsc::Sender<OutputEvent>,
    end: oneshot::Receiver<io::Result<()>>,
}

impl Screen {
    /// Starts the thread.
    pub(crate) fn open() -> io::Result<Self> {
        // Past the standard library's buffers: a piece is written when it comes, at once and as it is.
        let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let stderr = File::from(io::stderr().as_fd().try_clone_to_owned()?);
        let (events, received) = mpsc::channel(AHEAD);
        let (done, end) = oneshot::channel();
        thread::Builder::new().name("output".into()).spawn(move || {
            // Nobody listens where this program is about to end.
            let _ = done.send(write_events(received, stdout, stderr));
        })?;
        Ok(Self { events, end })
    }

    /// Shows all of a run's output, to its end.
    ///
    /// # Errors
    ///
    /// What kept it from being written; the run goes on then.
    pub(crate) async fn show(self, run: &mut RunHandle) -> io::Result<()> {
        let Self { events, mut end } = self;
        let pump = async {
            while let Some(event) = run.next_event().await {
                if events.send(event).await.is_err() {
                    break;
                }
            }
        };
        tokio::select! {
            biased;
            written = &mut end => return written.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into())),
            () = pump => {}
        }
        drop(events);
        end.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
    }
}

/// Writes what comes, until no more does or writing fails.
fn write_events(mut events: mpsc::Receiver<OutputEvent>, mut stdout: File, mut stderr: File) -> io::Result<()> {
    while let Some(event) = events.blocking_recv() {
        match event.stream {
            OutputStream::Stdout => write(&mut stdout, &event.bytes)?,
            OutputStream::Stderr => write(&mut stderr, &event.bytes)?,
        }
    }
    Ok(())
}

/// Writes all of it, waiting where there is no room.
pub(crate) fn write(stream: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(size) => bytes = &bytes[size..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // Somebody who shares the descriptor made it so.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                poll(&mut [PollFd::new(stream, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
