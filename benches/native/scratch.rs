use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A directory of the host for a while, in memory where there is such a place: a disk is not what is measured.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    pub(crate) fn new() -> io::Result<Self> {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let path = parent.join(format!("llm-sandbox-bench-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self { path })
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is seen by whoever looks there.
        let _ = fs::remove_dir_all(&self.path);
    }
}
