//! A jail started ahead for the next sandbox.
//!
//! More than half of what opening costs does not depend on the spec. Once a process has opened a second sandbox, a
//! thread keeps one supervisor that has all of that done and waits to be told the rest. Both go when no sandbox was
//! opened for a second.

use std::io;
use std::sync::{Condvar, Mutex, TryLockError};
use std::time::{Duration, Instant};

use llm_sandbox_core::Isolation;

use crate::supervisor::Started;

/// How long a jail is kept that nobody asks for.
const LONGEST: Duration = Duration::from_secs(1);

static STOCK: Stock = Stock { shelf: Mutex::new(Shelf::EMPTY), changed: Condvar::new() };

struct Stock {
    shelf: Mutex<Shelf>,
    changed: Condvar,
}

struct Shelf {
    /// The process it belongs to: a forked child has a copy, and neither the thread nor the right to what is on it.
    process: u32,
    ready: Option<Started>,
    is_kept: bool,
    /// When a sandbox was last opened.
    used: Option<Instant>,
}

impl Shelf {
    const EMPTY: Self = Self { process: 0, ready: None, is_kept: false, used: None };
}

/// A jail that was started ahead, if there is one; and has the next one started.
pub(crate) fn take() -> Option<Started> {
    // Nobody holds it for long; but in a forked child it may be held for ever.
    let mut shelf = match STOCK.shelf.try_lock() {
        Ok(shelf) => shelf,
        Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => return None,
    };
    if shelf.process != std::process::id() {
        let parents = std::mem::replace(&mut *shelf, Shelf { process: std::process::id(), ..Shelf::EMPTY });
        // A fork copies the open files first and memory later: this may know of files that only the parent has.
        std::mem::forget(parents);
    }
    let is_first = shelf.used.replace(Instant::now()).is_none();
    let ready = shelf.ready.take();
    if shelf.is_kept {
        STOCK.changed.notify_one();
    } else if !is_first {
        // Without a thread to spare there is no stock.
        shelf.is_kept = std::thread::Builder::new().name("llm-sandbox-stock".into()).spawn(keep).is_ok();
    }
    drop(shelf);
    // Somebody may have killed it.
    ready.filter(Started::is_alive)
}

/// Keeps one jail ready until nobody has asked for long.
fn keep() {
    // Where it fails, whoever opens a sandbox fails alike and is told.
    let _ = keep_filled();
}

fn keep_filled() -> io::Result<()> {
    loop {
        let started = Started::start(Isolation::Full);
        let mut shelf = STOCK.shelf.lock().map_err(|_| io::ErrorKind::Other)?;
        match started {
            Ok(started) => shelf.ready = Some(started),
            Err(error) => {
                shelf.is_kept = false;
                return Err(error);
            }
        }
        while shelf.ready.is_some() {
            let rest = LONGEST.saturating_sub(shelf.used.map_or(LONGEST, |used| used.elapsed()));
            if rest.is_zero() {
                shelf.is_kept = false;
                let unused = shelf.ready.take();
                drop(shelf);
                return unused.map_or(Ok(()), Started::discard);
            }
            shelf = STOCK.changed.wait_timeout(shelf, rest).map_err(|_| io::ErrorKind::Other)?.0;
        }
    }
}
