use std::collections::VecDeque;

/// Keeps the head and the tail of a byte sequence within a cap and counts what falls between.
///
/// The tail matters as much as the head: tracebacks come last.
#[derive(Debug, Clone)]
pub struct Capture {
    cap: usize,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    omitted: u64,
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
    /// Keeps at most `cap` bytes: half of it as head, the rest as tail.
    pub fn new(cap: u64) -> Self {
        let cap = usize::try_from(cap).unwrap_or(usize::MAX);
        Self { cap, head: Vec::new(), tail: VecDeque::new(), omitted: 0 }
    }

    fn head_cap(&self) -> usize {
        self.cap - self.cap / 2
    }

    /// How many of the next bytes still belong to the head.
    pub fn head_room(&self) -> usize {
        self.head_cap() - self.head.len()
    }

    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(self.head_room()));
        self.head.extend_from_slice(head);
        self.push_tail(rest);
    }

    fn push_tail(&mut self, bytes: &[u8]) {
        let tail_cap = self.cap / 2;
        let kept = &bytes[bytes.len().saturating_sub(tail_cap)..];
        let excess = (self.tail.len() + kept.len()).saturating_sub(tail_cap);
        self.tail.drain(..excess);
        self.tail.extend(kept);
        self.omitted += (excess + bytes.len() - kept.len()) as u64;
    }

    /// How many bytes were left out so far.
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    /// What was kept.
    pub fn finish(self) -> Captured {
        let gap = self.head.len();
        let mut bytes = self.head;
        bytes.extend(self.tail);
        Captured { bytes, gap, omitted: self.omitted }
    }
}
