//! What each process has of its own.

use std::sync::OnceLock;

/// Something that all threads of a process share, and that a forked child has anew: what it has a copy of may be taken by
/// threads which it has not. Nothing is locked to have it, and nothing is ever dropped.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use llm_sandbox_core::Own;
///
/// static CALLS: Own<AtomicU32> = Own::new(|| AtomicU32::new(0));
/// CALLS.get().fetch_add(1, Ordering::Relaxed);
/// assert_eq!(CALLS.get().load(Ordering::Relaxed), 1);
/// ```
#[derive(Debug)]
pub struct Own<T> {
    first: OnceLock<Generation<T>>,
    make: fn() -> T,
}

/// That of a process, and that of its child after it.
#[derive(Debug)]
struct Generation<T> {
    process: u32,
    own: T,
    next: Box<OnceLock<Self>>,
}

impl<T> Own<T> {
    /// What `make` makes when it is asked for first.
    pub const fn new(make: fn() -> T) -> Self {
        Self { first: OnceLock::new(), make }
    }

    /// That of this process.
    pub fn get(&self) -> &T {
        let process = std::process::id();
        let mut place = &self.first;
        loop {
            while let Some(next) = place.get().filter(|generation| generation.next.get().is_some()) {
                place = &next.next;
            }
            if let Some(generation) = place.get() {
                if generation.process == process {
                    return &generation.own;
                }
                place = &generation.next;
            }
            // It is made before, so that setting it takes no longer than a move, which no fork meets.
            let made = Generation { process, own: (self.make)(), next: Box::default() };
            place.get_or_init(|| made);
        }
    }
}
