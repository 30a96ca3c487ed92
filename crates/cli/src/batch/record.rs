use std::{fs::File, io, thread};

use llm_sandbox::{Error, JobResult};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use crate::{
    report::{Failure, Object},
    screen::write,
};

/// Writes results from a thread of its own, so that a reader who takes none holds up no signal.
pub(super) struct Record {
    /// Ended where no more can be written.
    lines: mpsc::Sender<Vec<u8>>,
    end: oneshot::Receiver<io::Result<()>>,
}

#[derive(Serialize)]
struct Line<'a, T> {
    id: &'a RawValue,
    attempts: u32,
    #[serde(flatten)]
    ended: T,
}

impl Record {
    /// Starts the thread.
    pub(super) fn start(mut file: File) -> Result<Self, Error> {
        let (lines, mut received) = mpsc::channel::<Vec<u8>>(1);
        let (done, end) = oneshot::channel();
        let writing = thread::Builder::new().name("results".into()).spawn(move || {
            let mut written = Ok(());
            while let Some(line) = received.blocking_recv() {
                written = write(&mut file, &line);
                if written.is_err() {
                    break;
                }
            }
            drop(received);
            // Nobody listens where this program is about to end.
            let _ = done.send(written);
        });
        writing.map_err(|error| Error::backend("this program", "starting a thread", error.to_string()))?;
        Ok(Self { lines, end })
    }

    /// Has a result written, whole; whether more can be.
    pub(super) async fn add(&self, done: &JobResult) -> Result<bool, Error> {
        let line = line(done).map_err(|error| Error::backend("this program", "writing JSON", error.to_string()))?;
        Ok(self.lines.send(line).await.is_ok())
    }

    /// Waits until all is written, and says what kept it from that.
    pub(super) async fn finish(self) -> io::Result<()> {
        drop(self.lines);
        self.end.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
    }
}

fn line(done: &JobResult) -> serde_json::Result<Vec<u8>> {
    let id: &RawValue = serde_json::from_str(&done.id)?;
    let attempts = done.attempts;
    let mut line = match &done.result {
        Ok(result) => serde_json::to_vec(&Line { id, attempts, ended: Object::of(result) }),
        Err(error) => serde_json::to_vec(&Line { id, attempts, ended: Failure::of(error) }),
    }?;
    line.push(b'\n');
    Ok(line)
}
