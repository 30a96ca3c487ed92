use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use llm_sandbox::{Error, Job};

use super::job;
use crate::shared::plain;

/// The longest line, in bytes: a program text, its files, and to spare.
const LINE_MOST: u64 = 64 << 20;

/// Where jobs come from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    StandardInput,
    File(PathBuf),
}

impl Origin {
    pub(super) fn of(file: &Path) -> Self {
        if file.as_os_str() == "-" { Self::StandardInput } else { Self::File(file.to_owned()) }
    }

    /// What errors call it.
    fn name(&self) -> String {
        match self {
            Self::StandardInput => "standard input".to_owned(),
            Self::File(path) => format!("file {:?}", path.to_string_lossy()),
        }
    }

    /// Whether it can be read twice.
    pub(super) fn stays(&self) -> bool {
        matches!(self, Self::File(path) if path.is_file())
    }

    /// Its jobs, from the start.
    pub(super) fn jobs(&self) -> Result<Jobs, Error> {
        let source: Box<dyn Read + Send> = match self {
            Self::StandardInput => Box::new(io::stdin()),
            Self::File(path) => Box::new(File::open(path).map_err(|error| self.unreadable(&error))?),
        };
        Ok(Jobs {
            origin: self.clone(),
            source: BufReader::new(source),
            number: 0,
            seen: HashSet::new(),
            is_over: false,
        })
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        Error::invalid(self.name(), plain(error)).with_remedy("name a file that can be read, or - for standard input")
    }
}

/// The jobs of a file, a line each; empty lines are none. It ends with the first error.
pub(super) struct Jobs {
    origin: Origin,
    source: BufReader<Box<dyn Read + Send>>,
    number: u64,
    seen: HashSet<String>,
    is_over: bool,
}

impl Iterator for Jobs {
    type Item = Result<Job, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let read = self.read().transpose();
        self.is_over = !matches!(read, Some(Ok(_)));
        read
    }
}

impl Jobs {
    fn read(&mut self) -> Result<Option<Job>, Error> {
        loop {
            let mut line = Vec::new();
            let size = self.source.by_ref().take(LINE_MOST + 1).read_until(b'\n', &mut line);
            if size.map_err(|error| self.origin.unreadable(&error))? == 0 {
                return Ok(None);
            }
            self.number += 1;
            let place = format!("line {} of {}", self.number, self.origin.name());
            if line.len() as u64 > LINE_MOST {
                let reason = format!("it has more than {LINE_MOST} bytes");
                return Err(Error::invalid(place, reason).with_remedy("share large data by --mount"));
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let job = job::read(&line, &place)?;
            if !self.seen.insert(job.id.clone()) {
                let reason = format!("an earlier job has the id {}, too", job.id);
                return Err(Error::invalid(place, reason).with_remedy("give each job one that no other has"));
            }
            return Ok(Some(job));
        }
    }
}
