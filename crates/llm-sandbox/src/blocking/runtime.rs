use std::{future::Future, sync::OnceLock};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::Error;

/// Its workers carry the streams of all blocking sessions; callers' threads only wait.
const WORKERS: usize = 2;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

fn runtime() -> Result<&'static Runtime, Error> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let built = Builder::new_multi_thread().worker_threads(WORKERS).thread_name("llm-sandbox").enable_all().build();
    let built = built.map_err(|source| Error::Unsupported {
        operation: "waiting for sandboxes".to_owned(),
        reason: format!("no threads can be started: {source}"),
        remedy: Some("raise the limit on processes".to_owned()),
    })?;
    Ok(RUNTIME.get_or_init(|| built))
}

/// Waits for a future on this thread.
pub(super) fn wait<F: Future>(future: F) -> Result<F::Output, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::InsideRuntime);
    }
    Ok(runtime()?.block_on(future))
}
