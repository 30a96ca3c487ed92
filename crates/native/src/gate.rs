//! How many sandboxes of this process are created at once.
//!
//! More would not be created sooner: the kernel makes network namespaces and control groups one by one, and everything else
//! wants a processor. Each would only take longer, and hold memory and descriptors meanwhile.

use std::thread::available_parallelism;

use llm_sandbox_core::Own;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many for each processor: with fewer a processor may wait, with more nothing is gained.
const EACH: usize = 4;

/// A forked child has its own: those who have places in its parent's give none back to it.
static GATE: Own<Semaphore> = Own::new(|| Semaphore::new(EACH * available_parallelism().map_or(1, usize::from)));

/// Waits for a turn, first come first served. Whoever gives up waiting gives the place back.
pub(crate) async fn turn() -> Option<SemaphorePermit<'static>> {
    // It is never closed.
    GATE.get().acquire().await.ok()
}
