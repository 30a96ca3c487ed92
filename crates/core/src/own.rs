//! What each process has of its own.

use std::sync::{Arc, Mutex, TryLockError};

/// How often the lock is tried. It is held to copy a pointer, but for ever in a child that was forked meanwhile.
const TRIES: usize = 10_000;

/// Something that all threads of a process share, and that a forked child has anew: what it has a copy of may be taken by
/// threads which it has not.
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
    place: Mutex<Option<(u32, Arc<T>)>>,
    make: fn() -> T,
}

impl<T> Own<T> {
    /// What `make` makes when it is asked for first.
    pub const fn new(make: fn() -> T) -> Self {
        Self { place: Mutex::new(None), make }
    }

    /// That of this process.
    pub fn get(&self) -> Arc<T> {
        let process = std::process::id();
        for _ in 0..TRIES {
            let mut place = match self.place.try_lock() {
                Ok(place) => place,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    std::thread::yield_now();
                    continue;
                }
            };
            if let Some((_, own)) = place.as_ref().filter(|(whose, _)| *whose == process) {
                return Arc::clone(own);
            }
            let own = Arc::new((self.make)());
            // What a parent had is never dropped: it may be in use there, and wait for its users.
            std::mem::forget(place.replace((process, Arc::clone(&own))));
            return own;
        }
        // It is never let go, so that nothing is shared.
        Arc::new((self.make)())
    }
}
