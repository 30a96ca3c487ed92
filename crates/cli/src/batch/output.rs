use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    os::fd::AsFd,
    path::Path,
};

use llm_sandbox::Error;
use rustix::fs::{FlockOperation, flock};
use serde::Deserialize;
use serde_json::Value;

use crate::shared::plain;

/// Where results go, and whose are there.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) file: File,
    pub(super) done: HashSet<String>,
}

#[derive(Deserialize)]
struct Identified {
    id: Value,
    /// Why there is no result.
    error: Option<Value>,
}

impl Output {
    /// This program's standard output.
    pub(super) fn standard() -> Result<Self, Error> {
        let stdout = io::stdout().as_fd().try_clone_to_owned();
        let stdout = stdout.map_err(|error| Error::invalid("standard output", plain(&error)))?;
        Ok(Self { file: stdout.into(), done: HashSet::new() })
    }

    /// A file to append to. To resume, what it has is read, and a last line that was cut off is removed.
    pub(super) fn file(path: &Path, is_resumed: bool) -> Result<Self, Error> {
        let what = || format!("output file {:?}", path.to_string_lossy());
        let unusable = |error: io::Error| {
            Error::invalid(what(), plain(&error)).with_remedy("name a file that can be read and written")
        };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(unusable)?;
        if !file.metadata().map_err(unusable)?.is_file() {
            return Ok(Self { file, done: HashSet::new() });
        }
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let reason = "another process is writing results to it";
            return Err(Error::invalid(what(), reason).with_remedy("wait for its end, or name another file"));
        }
        if !is_resumed {
            if !ends_with_line(&mut file).map_err(unusable)? {
                let remedy = "add --resume, which removes that line and runs its job again";
                return Err(Error::invalid(what(), "its last line was cut off").with_remedy(remedy));
            }
            return Ok(Self { file, done: HashSet::new() });
        }
        let (done, whole) = read_done(&file, &what())?;
        file.set_len(whole).map_err(unusable)?;
        Ok(Self { file, done })
    }
}

fn ends_with_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The ids of all whole lines that have a result, and how far the lines reach.
fn read_done(file: &File, what: &str) -> Result<(HashSet<String>, u64), Error> {
    let mut lines = BufReader::new(file);
    let (mut done, mut whole, mut line) = (HashSet::new(), 0, Vec::new());
    for number in 1.. {
        line.clear();
        let size = lines.read_until(b'\n', &mut line).map_err(|error| Error::invalid(what, plain(&error)))?;
        if size == 0 || !line.ends_with(b"\n") {
            break;
        }
        let Ok(Identified { id, error }) = serde_json::from_slice(&line) else {
            let reason = format!("its line {number} is no result");
            return Err(Error::invalid(what, reason).with_remedy("name a file that an earlier batch wrote"));
        };
        if error.is_none() {
            done.insert(id.to_string());
        }
        whole += size as u64;
    }
    Ok((done, whole))
}
