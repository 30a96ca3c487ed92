//! The code's standard input.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, OwnedFd},
    path::Path,
    thread,
};

use llm_sandbox::{Error, RunControl};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

use crate::{program::Origin, report::Report, shared::plain, terminal};

/// How much is read at once, in bytes.
const CHUNK: usize = 64 << 10;

/// How many chunks are read ahead of the code.
const AHEAD: usize = 2;

/// Where the code's standard input comes from.
#[derive(Debug)]
pub(crate) enum Input {
    /// There is none.
    Empty,
    /// This program's own.
    Ours,
    /// A file.
    File(File),
}

impl Input {
    /// This program's own input, unless it was the program text, or a file is named.
    pub(crate) fn of(origin: Origin, file: Option<&Path>) -> Result<Self, Error> {
        match (origin, file) {
            (Origin::StandardInput, Some(file)) if file.as_os_str() == "-" => {
                let reason = "it cannot be both the program and its input";
                Err(Error::invalid("standard input", reason).with_remedy("give the program by FILE or -c"))
            }
            (Origin::StandardInput, None) => Ok(Self::Empty),
            (_, None) => Ok(Self::Ours),
            (_, Some(file)) if file.as_os_str() == "-" => Ok(Self::Ours),
            (_, Some(file)) => {
                let invalid = |reason: String| {
                    let what = format!("standard input {:?}", file.to_string_lossy());
                    Error::invalid(what, reason).with_remedy("name a file that can be read")
                };
                let opened = File::open(file).map_err(|error| invalid(plain(&error)))?;
                let is_directory = opened.metadata().is_ok_and(|metadata| metadata.is_dir());
                if is_directory { Err(invalid("it is a directory".to_owned())) } else { Ok(Self::File(opened)) }
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Passes it on as it comes, in the background, until it ends or the code takes no more.
    ///
    /// The thread that reads is left behind where nothing comes any more: the end of this program ends it.
    pub(crate) fn feed(self, control: RunControl, report: Report) -> io::Result<()> {
        let source: OwnedFd = match self {
            Self::Empty => return Ok(()),
            Self::Ours if terminal::is_behind() => {
                control.close_stdin();
                return Ok(());
            }
            // Past the standard library's buffer.
            Self::Ours => io::stdin().as_fd().try_clone_to_owned()?,
            Self::File(file) => file.into(),
        };
        let (sender, mut chunks) = mpsc::channel(AHEAD);
        thread::Builder::new().name("stdin".into()).spawn(move || read(File::from(source), &sender))?;
        tokio::spawn(async move {
            while let Some(chunk) = chunks.recv().await {
                match chunk {
                    Ok(bytes) if control.write_stdin(&bytes).await.is_ok() => {}
                    // The code is over, or closed it.
                    Ok(_) => return,
                    Err(error) => report.input_broke(&error),
                }
            }
            control.close_stdin();
        });
        Ok(())
    }
}

/// Reads to the end, or until nobody listens.
fn read(mut source: File, sender: &mpsc::Sender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; CHUNK];
    loop {
        let chunk = match source.read(&mut buffer) {
            Ok(0) => return,
            Ok(size) => Ok(buffer[..size].to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // Somebody who shares the descriptor made it so.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let _ = poll(&mut [PollFd::new(&source, PollFlags::IN)], None);
                continue;
            }
            Err(error) => Err(error),
        };
        let is_over = chunk.is_err();
        if sender.blocking_send(chunk).is_err() || is_over {
            return;
        }
    }
}
