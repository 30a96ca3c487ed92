//! Agents that break, lie and fall silent: each costs its own session a typed error and nothing else.

mod deaths;
mod greeting;
mod lies;
mod runs;
mod sessions;
mod silence;

use std::{future::Future, sync::Arc, time::Duration};

use llm_sandbox_core::{Error, ErrorKind, Language, Run, RunResult, Session};
use llm_sandbox_testing::{FakeAgent, FakeBackend};

async fn open(backend: &FakeBackend) -> Result<Session, Error> {
    Session::builder_on(Arc::new(backend.clone()), Language::Python).timeout(Duration::from_secs(1)).open().await
}

/// Runs something on an agent that greets well, reads the request and then does this.
async fn run_on<F>(script: impl Fn(FakeAgent, u32) -> F + Send + Sync + Clone + 'static) -> Result<RunResult, Error>
where
    F: Future<Output = ()> + Send,
{
    let backend = FakeBackend::new(move |mut agent| {
        let script = script.clone();
        async move {
            agent.greet().await;
            if let Some((stream, _)) = agent.next_request().await {
                script(agent, stream).await;
            }
        }
    });
    let session = open(&backend).await.expect("it greets well");
    let result = session.run(Run::code("print(1)").output_limit(100)).await;
    if result.is_err() {
        assert!(session.run("print(2)").await.is_err(), "a session that failed is over");
        assert!(session.is_over());
    }
    session.close().await.expect("it can be destroyed");
    assert!(backend.destroyed() > 0);
    result
}

fn assert_misbehaved<T: std::fmt::Debug>(result: Result<T, Error>, words: &str) {
    let error = result.expect_err("the agent misbehaved");
    assert_eq!(error.kind(), ErrorKind::AgentMisbehaved, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}
