use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use std::{ffi::OsString, os::unix::ffi::OsStringExt};

/// How long an interpreter may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer that is read, in bytes.
const ANSWER_MOST: u64 = 64 << 10;

/// Runs an interpreter once on the host to ask where it lives: the paths of its answer, one a line.
///
/// Only this question is ever executed on the host, never a caller's code.
pub(super) fn ask(program: &Path, question: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut command = Command::new(program);
    command.args(question).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{} cannot be run: {error}", program.display()))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut answer = Vec::new();
            let read = stdout.take(ANSWER_MOST).read_to_end(&mut answer);
            // Nobody listens any more where the time is up.
            let _ = sender.send(read.map(|_| answer));
        });
    }
    let answer = receiver.recv_timeout(PATIENCE);
    if answer.is_err() {
        // It may have ended meanwhile; either way it is waited for.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| format!("{} cannot be waited for: {error}", program.display()))?;
    match answer {
        Ok(Ok(answer)) if status.success() => Ok(lines(answer)),
        Ok(_) => Err(format!("{} was asked where it lives and left with {status}", program.display())),
        Err(_) => Err(format!("{} was asked where it lives and said nothing for {PATIENCE:?}", program.display())),
    }
}

fn lines(answer: Vec<u8>) -> Vec<PathBuf> {
    let lines = answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| PathBuf::from(OsString::from_vec(line.to_vec()))).collect()
}
