use std::time::{Duration, Instant};

use bollard::{Docker as Client, query_parameters::RemoveContainerOptionsBuilder};
use llm_sandbox_core::{BoxFuture, Error, Sandbox};
use tokio::sync::Mutex;

use crate::{
    Engine,
    commit::{FirstProcess, commit},
    image::Lease,
    stream::Line,
    trouble::{failed, is_missing, status},
};

/// How often it is looked whether the engine is done with a removal that it has begun by itself.
const LOOK: Duration = Duration::from_millis(20);

/// A container. It is removed when this is dropped.
pub(crate) struct Container {
    engine: Engine,
    client: Client,
    id: String,
    line: Line,
    state: Mutex<State>,
}

struct State {
    is_gone: bool,
    /// Its image, where that is to go with the last container made of it.
    template: Option<Lease>,
}

impl Container {
    pub(crate) fn new(engine: Engine, client: Client, id: String) -> Self {
        let state = Mutex::new(State { is_gone: false, template: None });
        Self { engine, client, id, line: Line::default(), state }
    }

    /// Its image is not removed before it is.
    pub(crate) fn holds(&mut self, template: Option<Lease>) {
        self.state.get_mut().template = template;
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn line(&self) -> &Line {
        &self.line
    }
}

/// How long an engine may be at a removal that it has begun by itself.
const REMOVING: Duration = Duration::from_secs(30);

/// Kills and removes a container with its volumes; when it returns it is gone.
pub(crate) async fn remove(client: &Client, id: &str) -> Result<(), bollard::errors::Error> {
    let options = || RemoveContainerOptionsBuilder::default().force(true).v(true).build();
    let begun = Instant::now();
    loop {
        match client.remove_container(id, Some(options())).await {
            // The engine may be at it, because its first process has ended.
            Err(error) if status(&error) == Some(409) && begun.elapsed() < REMOVING => tokio::time::sleep(LOOK).await,
            Err(error) if is_missing(&error) => return Ok(()),
            other => return other,
        }
    }
}

impl Sandbox for Container {
    fn destroy(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async {
            let mut state = self.state.lock().await;
            if !state.is_gone {
                let removed = remove(&self.client, &self.id).await;
                removed.map_err(|error| failed(self.engine, "remove the container", &error))?;
                state.is_gone = true;
            }
            match &mut state.template {
                Some(template) => template.release().await,
                None => Ok(()),
            }
        })
    }

    fn commit<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(commit(self.engine, &self.client, (&self.id, FirstProcess::Agent), name))
    }

    fn last_words(&self) -> BoxFuture<'_, Option<String>> {
        Box::pin(async { self.line.words() })
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let State { is_gone, template } = self.state.get_mut();
        let template = template.take();
        if *is_gone {
            return;
        }
        let (client, id) = (self.client.clone(), std::mem::take(&mut self.id));
        // Outside a runtime nobody can; the agent's input has ended, so that it leaves by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let removed = remove(&client, &id).await;
                // Not before: an image that a container is made of cannot go.
                drop(template);
                removed
            });
        }
    }
}
