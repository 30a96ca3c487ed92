use std::{future::poll_fn, panic::resume_unwind, pin::pin, sync::Arc};

use futures_core::Stream;
use tokio::{
    select,
    sync::{mpsc, watch},
    task::{JoinError, JoinSet},
};

use super::{Batch, Job, JobResult, attempt};

/// Takes a job whenever one more may run, until there are no more or nobody wants their results.
pub(super) async fn drive<S: 'static>(
    batch: Arc<Batch<S>>,
    jobs: impl Stream<Item = Job> + Send,
    finished: mpsc::Sender<JobResult>,
    stop: watch::Receiver<()>,
) {
    let mut jobs = pin!(jobs);
    let mut running = JoinSet::new();
    let mut is_over = false;
    while !is_over || !running.is_empty() {
        let has_room = !is_over && running.len() < batch.concurrency;
        select! {
            biased;
            () = told(stop.clone()), if !is_over => is_over = true,
            Some(ended) = running.join_next() => unless_panicked(ended),
            job = poll_fn(|context| jobs.as_mut().poll_next(context)), if has_room => match job {
                Some(job) => _ = running.spawn(one(Arc::clone(&batch), job, finished.clone(), stop.clone())),
                None => is_over = true,
            },
        }
    }
}

/// Runs a job. It keeps its place among those that run until its result has been passed on.
async fn one<S: 'static>(batch: Arc<Batch<S>>, job: Job, finished: mpsc::Sender<JobResult>, stop: watch::Receiver<()>) {
    if let Some(done) = attempt::attempts(&batch, job, stop).await {
        // Nobody wants it any more where this fails.
        let _ = finished.send(done).await;
    }
}

/// Comes back when everything is to stop.
pub(super) async fn told(mut stop: watch::Receiver<()>) {
    while stop.changed().await.is_ok() {}
}

fn unless_panicked(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        resume_unwind(panic);
    }
}
