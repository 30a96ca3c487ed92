use std::{ffi::OsString, fmt, future::Future, path::PathBuf, pin::Pin, time::Duration};

use tokio::io::{AsyncRead, AsyncWrite};

use crate::{Capabilities, Error, Isolation, SandboxSpec};

/// A future behind a pointer, so that traits with asynchronous methods can be trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The duplex byte stream to the agent inside a sandbox.
pub trait AgentStream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> AgentStream for T {}

/// Where a backend's sandboxes get their interpreters from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterpreterOrigin {
    /// From the host: core finds the interpreter there and has its prefix shown read-only.
    Host,
    /// From the image the sandbox is made of: the interpreter is looked for inside.
    Image,
}

/// A driver that creates sandboxes.
pub trait Backend: Send + Sync + 'static {
    /// The name users choose it by.
    fn name(&self) -> &'static str;

    /// Where its sandboxes get their interpreters from.
    fn interpreters(&self) -> InterpreterOrigin;

    /// Creates a sandbox with an agent in it. The spec is validated.
    ///
    /// Where it fails, or where its future is dropped, nothing is left.
    fn create<'a>(&'a self, spec: &'a SandboxSpec) -> BoxFuture<'a, Result<Created, Error>>;

    /// What its sandboxes of this isolation promise on this host. Not guessed: one is created and destroyed.
    fn capabilities(&self, isolation: Isolation) -> BoxFuture<'_, Result<Capabilities, Error>> {
        Box::pin(async move {
            let spec = SandboxSpec { isolation, ..SandboxSpec::default() };
            let Created { sandbox, capabilities, .. } = self.create(&spec).await?;
            sandbox.destroy().await?;
            Ok(capabilities)
        })
    }
}

/// A sandbox that was just created.
pub struct Created {
    /// The stream to its agent, which has yet to say hello.
    pub stream: Box<dyn AgentStream>,
    /// The sandbox itself.
    pub sandbox: Box<dyn Sandbox>,
    /// What creating it took, step by step.
    pub steps: Vec<Step>,
    /// What it promises.
    pub capabilities: Capabilities,
    /// Where on the host its root is; `None` where it has one of its own, as nearly all have.
    pub root: Option<PathBuf>,
    /// What its image has every program start with; nothing where it is made of none.
    pub image: ImageDefaults,
}

/// The image of a sandbox, and what it has every program start with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageDefaults {
    /// What the image is called; `None` where the sandbox is made of none.
    pub name: Option<String>,
    /// Variables, among them where programs are looked for. The session's own stand over them.
    pub environment: Vec<(OsString, OsString)>,
    /// The program that starts every other, with its arguments; empty where they are started as they are.
    pub launcher: Vec<OsString>,
}

impl fmt::Debug for Created {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { steps, capabilities, .. } = self;
        formatter
            .debug_struct("Created")
            .field("steps", steps)
            .field("capabilities", capabilities)
            .finish_non_exhaustive()
    }
}

/// One step of creating a sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub name: String,
    /// How long it took.
    pub duration: Duration,
}

/// One isolated environment. Dropping it destroys it in the background.
pub trait Sandbox: Send + Sync + 'static {
    /// Destroys it, at once. Idempotent; when it returns nothing is left.
    fn destroy(&self) -> BoxFuture<'_, Result<(), Error>>;

    /// Keeps what its files are now as an image of this name, which no image has yet; its id. What lies in memory or is
    /// mounted is not in it.
    fn commit<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        let error = Error::Unsupported {
            operation: format!("keeping an image {name:?}"),
            reason: "these sandboxes are not made of images".to_owned(),
            remedy: Some("use a backend whose sandboxes are, or read the files that are to be kept".to_owned()),
        };
        Box::pin(std::future::ready(Err(error)))
    }

    /// Why it ended by itself, where that is known; waits for the answer only a short while.
    fn last_words(&self) -> BoxFuture<'_, Option<String>>;
}
