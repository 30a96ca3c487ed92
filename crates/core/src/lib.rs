//! Sessions that run code a language model wrote, over any backend.
//!
//! This crate knows no engine: a [`Backend`] creates a sandbox with an agent in it and gives the byte stream to it;
//! everything else happens here, once, and alike everywhere. Most users want the `llm-sandbox` crate, which adds the
//! backends and a blocking interface.
//!
//! ```
//! use llm_sandbox_core::{Error, Language, Run};
//!
//! // What a model may call its language is understood, and a misspelling is answered with the nearest name.
//! assert_eq!("py".parse::<Language>()?, Language::Python);
//! let error = "pyhton".parse::<Language>().unwrap_err();
//! assert!(error.hint().is_some_and(|hint| hint.contains("\"python\"")));
//!
//! // A run is described first and started by a session.
//! let run = Run::code("print(6 * 7)").arg("--fast").timeout_seconds(2.5);
//! # let _ = run;
//! # Ok::<(), Error>(())
//! ```
//!
//! # What is what
//!
//! Code that fails is a value, a [`RunResult`] with its [`Outcome`]. A sandbox that fails is an [`Error`]. Whatever
//! comes out of a sandbox is data: bounded, checked, and never trusted with sizes or paths.

#![forbid(unsafe_code)]

mod backend;
mod batch;
mod capability;
mod command;
mod connection;
mod error;
mod form;
mod input;
mod isolation;
mod language;
mod own;
mod problem;
mod run;
mod session;
mod spec;
mod text;

pub use backend::{AgentStream, Backend, BoxFuture, Created, ImageDefaults, InterpreterOrigin, Sandbox, Step};
pub use batch::{Batch, Job, JobResult, Results};
pub use capability::{Assurance, Capabilities, Guarantee, Strength};
pub use error::{Error, ErrorKind, Source};
pub use isolation::Isolation;
pub use language::{Language, LanguageSpec, Layer, Naming, Project, Tool, nearest};
pub use llm_sandbox_policy as policy;
pub use own::Own;
pub use problem::{FileProblem, PullProblem};
pub use run::{
    Durations, Gap, Hint, Outcome, Output, OutputEvent, OutputStream, Refusal, Run, RunControl, RunHandle, RunResult,
    TimeLimit, Usage,
};
pub use session::{
    Expiry, FileInfo, FileKind, RunEvent, RunInfo, RunState, Session, SessionBuilder, SessionInfo, Transferred, Watch,
};
pub use spec::{Access, Limits, Mount, SandboxSpec};

pub(crate) use session::deadline_of_seconds;
