use std::{
    collections::BTreeSet,
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The directories that runs of a session compile to, by number: the lowest that no other run uses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Builds {
    used: Arc<Mutex<BTreeSet<u32>>>,
    /// What tells those of one process that has the session from another's.
    prefix: Arc<str>,
}

/// One of them, lent to a run.
#[derive(Debug)]
pub(crate) struct Build {
    number: u32,
    all: Builds,
    is_over: bool,
}

impl Builds {
    /// Those of a process that shares the session with others.
    pub(crate) fn beside_others() -> Self {
        let random = RandomState::new().hash_one(std::process::id());
        Self { used: Arc::default(), prefix: format!("{random:x}-").into() }
    }

    pub(crate) fn lend(&self) -> Build {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let number = (0..).find(|number| !used.contains(number)).unwrap_or(u32::MAX);
        used.insert(number);
        Build { number, all: self.clone(), is_over: false }
    }
}

impl Build {
    pub(crate) fn path(&self, home: &Path) -> PathBuf {
        home.join(".cache/llm-sandbox").join(format!("{}{}", self.all.prefix, self.number))
    }

    /// The run is over, with all its processes: another may have it.
    pub(crate) fn end(mut self) {
        self.is_over = true;
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        // One whose run was given up keeps it, for its processes may yet be dying.
        if self.is_over {
            self.all.used.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_used_again_once_their_runs_are_over() {
        let builds = Builds::default();
        let (first, second) = (builds.lend(), builds.lend());
        assert_eq!((first.number, second.number), (0, 1));
        first.end();
        drop(second);
        assert_eq!(builds.lend().number, 0);
        let home = Path::new("/home/sandbox");
        assert_eq!(builds.lend().path(home), Path::new("/home/sandbox/.cache/llm-sandbox/2"));
    }
}
