use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use std::{ffi::OsString, os::unix::ffi::OsStringExt};

/// How long an interpreter may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is looked whether it is still there.
const LOOK: Duration = Duration::from_millis(50);

/// So many looks after its end all that it has said was heard.
const SILENT_MOST: u32 = 10;

/// The longest answer that is read, in bytes.
const ANSWER_MOST: u64 = 64 << 10;

/// Runs an interpreter once on the host to ask where it lives: the paths of its answer, one a line.
///
/// Only this question is ever executed on the host, never a caller's code.
pub(super) fn ask(program: &Path, question: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut command = Command::new(program);
    command.args(question).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{} cannot be run: {error}", program.display()))?;
    let answer = hear(&mut child);
    if answer.is_none() {
        // It may have ended meanwhile; either way it is waited for.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| format!("{} cannot be waited for: {error}", program.display()))?;
    match answer {
        Some(answer) if status.success() => Ok(lines(answer)),
        Some(_) => Err(format!("{} was asked where it lives and left with {status}", program.display())),
        None => Err(format!("{} was asked where it lives and said nothing for {PATIENCE:?}", program.display())),
    }
}

/// What it says, to its end; `None` where it takes too long.
fn hear(child: &mut Child) -> Option<Vec<u8>> {
    let (pieces, began) = (pieces_of(child), Instant::now());
    let (mut answer, mut silent) = (Vec::new(), 0);
    loop {
        match pieces.recv_timeout(LOOK) {
            Ok(piece) => answer.extend(piece),
            Err(RecvTimeoutError::Disconnected) => return Some(answer),
            // Where this process was forked meanwhile, the child holds the pipe as well, so that it has no end.
            Err(RecvTimeoutError::Timeout) if matches!(child.try_wait(), Ok(Some(_))) => silent += 1,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if silent == SILENT_MOST {
            return Some(answer);
        }
        if began.elapsed() > PATIENCE {
            return None;
        }
    }
}

fn pieces_of(child: &mut Child) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::sync_channel(16);
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut stdout = stdout.take(ANSWER_MOST);
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = stdout.read(&mut piece) {
                if sender.send(piece[..length].to_vec()).is_err() {
                    // Nobody listens any more.
                    return;
                }
            }
        });
    }
    receiver
}

fn lines(answer: Vec<u8>) -> Vec<PathBuf> {
    let lines = answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| PathBuf::from(OsString::from_vec(line.to_vec()))).collect()
}
