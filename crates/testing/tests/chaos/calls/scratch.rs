use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::dice::Dice;

/// Files of the host: some to be uploaded, and room for downloads.
pub(crate) struct Scratch {
    directory: PathBuf,
    contents: Vec<Vec<u8>>,
    next: AtomicU64,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let directory = std::env::temp_dir().join(crate::support::marker());
        fs::create_dir(&directory).expect("a fresh directory");
        let mut dice = Dice::of(0, 0);
        let contents: Vec<Vec<u8>> =
            [0, 10, 5_000, 100_000].map(|size| (0..size).map(|_| dice.byte()).collect()).into();
        for (number, content) in contents.iter().enumerate() {
            fs::write(directory.join(number.to_string()), content).expect("it can be written");
        }
        Self { directory, contents, next: AtomicU64::new(0) }
    }

    /// A file and what is in it.
    pub(crate) fn file(&self, dice: &mut Dice) -> (PathBuf, Vec<u8>) {
        let number = dice.index(self.contents.len());
        (self.directory.join(number.to_string()), self.contents[number].clone())
    }

    /// A path where nothing is.
    pub(crate) fn fresh(&self) -> PathBuf {
        self.directory.join(format!("to-{}", self.next.fetch_add(1, Ordering::SeqCst)))
    }

    /// What was being written when a download ended early.
    pub(crate) fn partial(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.directory).expect("it is there").flatten();
        let partial = entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"."));
        partial.map(|entry| entry.path()).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}
