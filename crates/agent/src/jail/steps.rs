use std::time::Instant;

/// How long each step of opening a sandbox took.
#[derive(Debug)]
pub(crate) struct Steps {
    last: Instant,
    taken: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Steps {
    pub(crate) fn begin() -> Self {
        Self { last: Instant::now(), taken: Vec::new() }
    }

    /// Says that the step of this name is done.
    pub(crate) fn done(&mut self, name: &str) {
        let now = Instant::now();
        let nanoseconds = u64::try_from((now - self.last).as_nanos()).unwrap_or(u64::MAX);
        self.taken.push((name.as_bytes().to_vec(), nanoseconds.to_le_bytes().to_vec()));
        self.last = now;
    }

    /// Forgets what was done before the spec came: it was not waited for.
    pub(crate) fn restart(&mut self) {
        *self = Self::begin();
    }

    /// Names and nanoseconds, as `JailReady` carries them.
    pub(crate) fn finish(self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.taken
    }
}
