use std::{
    fmt,
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use llm_sandbox_core::{
    Backend, BoxFuture, Capabilities, Created, Error, ImageDefaults, InterpreterOrigin, Sandbox, SandboxSpec, Step,
};
use tokio::task::AbortHandle;

use super::FakeAgent;

/// How much may wait between a session and a scripted agent, in bytes.
const PIPE: usize = 64 << 10;

type Script = Arc<dyn Fn(FakeAgent) -> BoxFuture<'static, ()> + Send + Sync>;

/// What destroying a fake sandbox does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destruction {
    /// It works.
    Works,
    /// It fails.
    Fails,
    /// It never returns.
    Hangs,
}

/// A backend whose agents follow a script. A session's stream ends when its script returns.
#[derive(Clone)]
pub struct FakeBackend {
    script: Script,
    destruction: Destruction,
    words: Option<String>,
    capabilities: Capabilities,
    destroyed: Arc<AtomicUsize>,
    alive: Arc<AtomicUsize>,
    spec: Arc<Mutex<Option<SandboxSpec>>>,
}

impl fmt::Debug for FakeBackend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FakeBackend").field("destruction", &self.destruction).finish_non_exhaustive()
    }
}

impl FakeBackend {
    /// Every sandbox's agent follows this script.
    pub fn new<F: Future<Output = ()> + Send + 'static>(
        script: impl Fn(FakeAgent) -> F + Send + Sync + 'static,
    ) -> Self {
        Self {
            script: Arc::new(move |agent| Box::pin(script(agent))),
            destruction: Destruction::Works,
            words: None,
            capabilities: Capabilities::default(),
            destroyed: Arc::default(),
            alive: Arc::default(),
            spec: Arc::default(),
        }
    }

    /// Destroying does this.
    #[must_use]
    pub fn destruction(mut self, destruction: Destruction) -> Self {
        self.destruction = destruction;
        self
    }

    /// The sandboxes say this about their end.
    #[must_use]
    pub fn last_words(mut self, words: &str) -> Self {
        self.words = Some(words.to_owned());
        self
    }

    /// The sandboxes promise this.
    #[must_use]
    pub fn promising(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// How often a sandbox was destroyed, or dropped without.
    pub fn destroyed(&self) -> usize {
        self.destroyed.load(Ordering::SeqCst)
    }

    /// How many sandboxes were created and not dropped.
    pub fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }

    /// The spec of the last sandbox.
    pub fn last_spec(&self) -> Option<SandboxSpec> {
        self.spec.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Backend for FakeBackend {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn interpreters(&self) -> InterpreterOrigin {
        InterpreterOrigin::Image
    }

    fn create<'a>(&'a self, spec: &'a SandboxSpec) -> BoxFuture<'a, Result<Created, Error>> {
        Box::pin(async move {
            *self.spec.lock().unwrap_or_else(PoisonError::into_inner) = Some(spec.clone());
            let (ours, theirs) = tokio::io::duplex(PIPE);
            let script = tokio::spawn((self.script)(FakeAgent::new(theirs))).abort_handle();
            self.alive.fetch_add(1, Ordering::SeqCst);
            let sandbox = FakeSandbox { script, backend: self.clone() };
            let steps = vec![Step { name: "pretend".to_owned(), duration: std::time::Duration::ZERO }];
            let capabilities = self.capabilities.clone();
            let (stream, sandbox) = (Box::new(ours), Box::new(sandbox));
            Ok(Created { stream, sandbox, steps, capabilities, root: None, image: ImageDefaults::default() })
        })
    }
}

struct FakeSandbox {
    script: AbortHandle,
    backend: FakeBackend,
}

impl Sandbox for FakeSandbox {
    fn destroy(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async {
            match self.backend.destruction {
                Destruction::Works => {
                    self.script.abort();
                    self.backend.destroyed.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                }
                Destruction::Fails => Err(Error::backend("fake", "destroying the sandbox", "it was told to fail")),
                Destruction::Hangs => std::future::pending().await,
            }
        })
    }

    fn last_words(&self) -> BoxFuture<'_, Option<String>> {
        Box::pin(async { self.backend.words.clone() })
    }
}

impl Drop for FakeSandbox {
    fn drop(&mut self) {
        self.script.abort();
        self.backend.destroyed.fetch_add(1, Ordering::SeqCst);
        self.backend.alive.fetch_sub(1, Ordering::SeqCst);
    }
}
