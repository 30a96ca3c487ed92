use std::time::{Duration, Instant};

use bollard::{Docker as Client, errors::Error as EngineError, query_parameters::StopContainerOptionsBuilder};
use llm_sandbox_core::{BoxFuture, Error, Sandbox};
use tokio::sync::Mutex;

use crate::{
    Engine,
    commit::{FirstProcess, commit},
    stream::Line,
    trouble::{failed, is_missing, status},
};

/// How often it is looked whether the agent has left.
const LOOK: Duration = Duration::from_millis(10);

/// How long it may take to end what it has started and to put everything back.
const LEAVING: Duration = Duration::from_secs(30);

/// How long a container's own program may take to end, where the container does not say, in seconds.
const STOPPING: i64 = 2;

/// An agent in a container that was there before.
pub(crate) struct Guest {
    pub(crate) engine: Engine,
    pub(crate) client: Client,
    pub(crate) container: String,
    /// The agent's process, by the engine's name for it.
    pub(crate) process: String,
    pub(crate) line: Line,
    /// The container was started for this, and may take so many seconds to stop.
    pub(crate) started: Option<Option<i64>>,
    pub(crate) is_gone: Mutex<bool>,
}

impl Guest {
    /// Has the agent leave, and waits until it has.
    async fn leave(&self) -> Result<(), Error> {
        self.line.hang_up();
        if self.process.is_empty() {
            // It has not come in.
            return Ok(());
        }
        let begun = Instant::now();
        loop {
            match self.client.inspect_exec(&self.process).await {
                Ok(process) if process.running == Some(true) => {}
                Ok(process) => return self.left(process.exit_code),
                Err(error) if is_over(&error) => return Ok(()),
                Err(error) => return Err(failed(self.engine, "watch the agent leave", &error)),
            }
            if begun.elapsed() > LEAVING {
                let words = format!("the agent in the container {} has not left within {LEAVING:?}", self.container);
                return Err(
                    Error::backend(self.engine.name(), "end the session", words).with_remedy("restart the container")
                );
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// How the agent ended: it says what it could not put back.
    fn left(&self, status: Option<i64>) -> Result<(), Error> {
        match (status, self.line.words()) {
            (Some(1), Some(words)) => Err(Error::backend(self.engine.name(), "leave the container as it was", words)),
            // It was killed, and the container with it.
            _ => Ok(()),
        }
    }

    /// Stops what was started for this, unless others have moved in meanwhile.
    async fn stop(&self, patience: Option<i64>) -> Result<(), EngineError> {
        let found = match self.client.inspect_container(&self.container, None).await {
            Err(error) if is_over(&error) => return Ok(()),
            other => other?,
        };
        if found.exec_ids.is_some_and(|processes| processes.iter().any(|process| *process != self.process)) {
            return Ok(());
        }
        let seconds = i32::try_from(patience.unwrap_or(STOPPING)).unwrap_or(i32::MAX);
        let options = StopContainerOptionsBuilder::default().t(seconds).build();
        match self.client.stop_container(&self.container, Some(options)).await {
            Err(error) if is_over(&error) || status(&error) == Some(304) => Ok(()),
            other => other,
        }
    }
}

/// Whether there is nothing left to wait for: the container, and with it the agent, has gone or stopped.
fn is_over(error: &EngineError) -> bool {
    is_missing(error) || status(error) == Some(409)
}

impl Sandbox for Guest {
    fn destroy(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async {
            let mut is_gone = self.is_gone.lock().await;
            if !*is_gone {
                self.leave().await?;
                if let Some(patience) = self.started {
                    let stopped = self.stop(patience).await;
                    stopped.map_err(|error| failed(self.engine, "stop the container again", &error))?;
                }
                *is_gone = true;
            }
            Ok(())
        })
    }

    fn commit<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(commit(self.engine, &self.client, (&self.container, FirstProcess::Own), name))
    }

    fn last_words(&self) -> BoxFuture<'_, Option<String>> {
        Box::pin(async { self.line.words() })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        if *self.is_gone.get_mut() {
            return;
        }
        // The agent leaves by itself where its input ends.
        self.line.hang_up();
        let Some(patience) = self.started else { return };
        let guest = Self {
            engine: self.engine,
            client: self.client.clone(),
            container: std::mem::take(&mut self.container),
            process: std::mem::take(&mut self.process),
            line: self.line.clone(),
            started: None,
            is_gone: Mutex::new(true),
        };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                // Nobody is left to be told.
                let _ = guest.leave().await;
                let _ = guest.stop(patience).await;
            });
        }
    }
}
