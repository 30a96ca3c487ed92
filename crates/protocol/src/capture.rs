use std::collections::VecDeque;

/// Keeps the last bytes of a sequence and counts those it let go.
#[derive(Debug, Clone)]
pub struct Tail {
    cap: usize,
    kept: VecDeque<u8>,
    omitted: u64,
}

impl Tail {
    /// Keeps at most `cap` bytes.
    pub fn new(cap: u64) -> Self {
        Self { cap: usize::try_from(cap).unwrap_or(usize::MAX), kept: VecDeque::new(), omitted: 0 }
    }

    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        let kept = &bytes[bytes.len().saturating_sub(self.cap)..];
        let excess = (self.kept.len() + kept.len()).saturating_sub(self.cap);
        self.kept.drain(..excess);
        self.kept.extend(kept);
        self.omitted += (excess + bytes.len() - kept.len()) as u64;
    }

    /// Takes out the first bytes kept, at most so many.
    pub fn take(&mut self, most: usize) -> Vec<u8> {
        self.kept.drain(..most.min(self.kept.len())).collect()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many bytes were let go.
    pub fn omitted(&self) -> u64 {
        self.omitted
    }
}

/// How many bytes of a cap are for the head; the rest is for the tail, where tracebacks come.
pub fn head_of(cap: u64) -> u64 {
    cap - cap / 2
}

/// Keeps the head and the tail of a byte sequence within a cap and counts what falls between.
#[derive(Debug, Clone)]
pub struct Capture {
    head_cap: usize,
    head: Vec<u8>,
    tail: Tail,
}

/// What a [`Capture`] kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Captured {
    /// The first bytes, and all of them where nothing was omitted.
    pub bytes: Vec<u8>,
    /// Where in `bytes` the gap lies.
    pub gap: usize,
    /// How many bytes are missing there.
    pub omitted: u64,
}

impl Capture {
    /// Keeps at most `cap` bytes: [`head_of`] it as head, the rest as tail.
    pub fn new(cap: u64) -> Self {
        let head_cap = usize::try_from(head_of(cap)).unwrap_or(usize::MAX);
        Self { head_cap, head: Vec::new(), tail: Tail::new(cap / 2) }
    }

    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(self.head_cap - self.head.len()));
        self.head.extend_from_slice(head);
        self.tail.push(rest);
    }

    /// What was kept.
    pub fn finish(mut self) -> Captured {
        let gap = self.head.len();
        let omitted = self.tail.omitted();
        let mut bytes = self.head;
        bytes.append(&mut self.tail.take(usize::MAX));
        Captured { bytes, gap, omitted }
    }
}
