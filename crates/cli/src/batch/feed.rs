use std::{
    collections::HashSet,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    thread,
};

use futures_core::Stream;
use llm_sandbox::{Error, Job};
use tokio::sync::mpsc;

use super::lines::Jobs;

/// Jobs read by a thread of their own, one ahead: a reader that waits holds nothing else up.
pub(super) struct Feed {
    jobs: mpsc::Receiver<Job>,
}

/// Why reading ended before the end, once it has.
pub(super) type Trouble = Arc<OnceLock<Error>>;

impl Feed {
    /// Starts to read. Jobs that are done already are left out.
    pub(super) fn start(jobs: Jobs, done: HashSet<String>) -> Result<(Self, Trouble), Error> {
        let (sender, receiver) = mpsc::channel(1);
        let trouble = Trouble::default();
        let told = Arc::clone(&trouble);
        let reading = thread::Builder::new().name("jobs".into()).spawn(move || read(jobs, &done, &sender, &told));
        reading.map_err(|error| Error::backend("this program", "starting a thread", error.to_string()))?;
        Ok((Self { jobs: receiver }, trouble))
    }
}

fn read(jobs: Jobs, done: &HashSet<String>, sender: &mpsc::Sender<Job>, trouble: &OnceLock<Error>) {
    for job in jobs {
        match job {
            Ok(job) if done.contains(&job.id) => {}
            Ok(job) => {
                if sender.blocking_send(job).is_err() {
                    return;
                }
            }
            // Set before the channel ends, and only here.
            Err(error) => _ = trouble.set(error),
        }
    }
}

impl Stream for Feed {
    type Item = Job;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Job>> {
        self.jobs.poll_recv(context)
    }
}
