//! Runs code that a language model wrote, safely and fast, and hands back what it printed and what it cost.
//!
//! ```
//! use std::time::Duration;
//!
//! use llm_sandbox::{Language, Run, Session};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), llm_sandbox::Error> {
//! # let (source, bytes) = ("import sys; print(sys.argv[1:], sys.stdin.read())", "hello");
//! let session = Session::builder(Language::Python).memory_mib(256).timeout(Duration::from_secs(10)).open().await?;
//! let result = session.run("print(6 * 7)").await?;
//! assert_eq!((result.stdout_text(), result.exit_code()), ("42\n".into(), Some(0)));
//!
//! let mut run = session.start(Run::code(source).arg("--fast").stdin(bytes)).await?;
//! let mut seen = Vec::new();
//! while let Some(event) = run.next_event().await {
//!     seen.extend(event.bytes);
//! }
//! assert_eq!(seen, b"['--fast'] hello\n");
//! assert!(run.wait().await?.is_success());
//!
//! session.close().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # A tour
//!
//! **A [`Session`]** is a sandbox with a language. Files in `/sandbox` stay between its runs, and runs may overlap;
//! clones share it. Closing it, or dropping the last clone, destroys everything in it.
//!
//! **A [`Run`]** is a program text or a command with its arguments, environment, standard input, directory and
//! deadlines. [`Session::run`](core::Session::run) waits for its [`RunResult`]; [`Session::start`](core::Session::start)
//! gives a [`RunHandle`] to follow it live, write to it, and kill it.
//!
//! **Code that fails is a value; a sandbox that fails is an [`Error`].** The [`Outcome`] of a run says whether it
//! exited, was ended by a signal, ran out of time or memory, was killed, or never started. An error says that there is
//! nothing to judge the code by.
//!
//! ```
//! use llm_sandbox::{Language, Outcome, Run, Session, TimeLimit};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), llm_sandbox::Error> {
//! let session = Session::builder(Language::Python).open().await?;
//!
//! let crash = session.run("def f():\n    return 1 / 0\nf()").await?;
//! assert_eq!(crash.outcome, Outcome::Exited { code: 1 });
//! assert!(crash.stderr_text().contains("main.py\", line 2"));
//!
//! let endless = session.run(Run::code("while True: pass").timeout_seconds(0.2)).await?;
//! assert_eq!(endless.outcome, Outcome::TimedOut { limit: TimeLimit::Wall });
//!
//! session.write("numbers.txt", "1\n2\n3\n").await?;
//! let sum = session.run("print(sum(map(int, open('numbers.txt'))))").await?;
//! assert_eq!(sum.stdout_text(), "6\n");
//! # session.close().await
//! # }
//! ```
//!
//! **A session lives on between runs.** A run that is [detached](Run::detached), such as a server, goes on when its handle
//! is dropped; [`Session::runs`](core::Session::runs), [`take`](core::Session::take) and [`stop`](core::Session::stop) find
//! it again. A session has an [id](core::Session::id) and labels, ends by itself where it was given an
//! [idle timeout](core::SessionBuilder::idle_timeout) or a [lifetime](core::SessionBuilder::lifetime), and is used by other
//! processes where it is [shared](core::Session::share).
//!
//! ```
//! use llm_sandbox::{Language, Run, Session};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), llm_sandbox::Error> {
//! let session = Session::builder(Language::Python).label("task", "tour").open().await?;
//! let number = session.start(Run::code("print('done')").detached()).await?.number();
//! assert_eq!(session.take(number).await?.stdout_text(), "done\n");
//!
//! # let path = std::env::temp_dir().join(format!("llm-sandbox-tour-{}", session.id()));
//! session.share(&path).await?;
//! let same = Session::attach(&path).await?;
//! assert_eq!(same.execute(["echo", "hello"]).await?.stdout_text(), "hello\n");
//! assert_eq!((same.id(), same.info().await?.runs_ended), (session.id(), 2));
//! # same.close().await?;
//! # session.close().await
//! # }
//! ```
//!
//! **A [`Batch`]** runs any number of [`Job`]s, each in a fresh sandbox, so many at once, and gives their [`Results`] as
//! they finish.
//!
//! **A [`SecurityPolicy`]** says what code would do before it runs, by reading it: [`check`](core::Session::check) tells,
//! and [`enforce`](core::SessionBuilder::enforce) lets nothing in that it blocks. It is advice beside the isolation, which
//! holds whatever the code says.
//!
//! ```
//! use llm_sandbox::{Error, Language, Session, security_policy};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), llm_sandbox::Error> {
//! let policy = security_policy("production").expect("there is one of that name");
//! let session = Session::builder(Language::Python).policy(policy).enforce().open().await?;
//! let Err(Error::UnsafeCode { violations, .. }) = session.run("from os import system as s\ns('id')").await else {
//!     panic!("it is not run");
//! };
//! assert_eq!(violations.last().map(|found| (found.line, found.found.as_str())), Some((2, "os.system")));
//! assert!(session.run("print('os.system')").await?.is_success());
//! # session.close().await
//! # }
//! ```
//!
//! **Without an asynchronous runtime** there is the same in [`blocking`].

#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

mod backend;
pub mod blocking;
mod session;

pub use llm_sandbox_core as core;
pub use llm_sandbox_core::{
    Access, Assurance, Backend, Batch, Capabilities, Durations, Error, ErrorKind, Expiry, FileInfo, FileKind,
    FileProblem, Gap, Guarantee, Hint, Isolation, Job, JobResult, Language, LanguageSpec, Layer, Limits, Mount, Naming,
    Outcome, Output, OutputEvent, OutputStream, Project, PullProblem, Refusal, Results, Run, RunControl, RunEvent,
    RunHandle, RunInfo, RunResult, RunState, SessionInfo, Step, Strength, TimeLimit, Tool, Transferred, Usage, Watch,
};

pub use backend::{BACKENDS, backend};
pub use llm_sandbox_core::policy::{
    self, RestrictedModule, SecurityIssueSeverity, SecurityPattern, SecurityPolicy, Severity, Violation,
    security_policy,
};
pub use llm_sandbox_docker::{
    ContainerMount, ContainerOptions, Device, Docker, Engine, Gpus, ImageAction, ImageProgress, MountKind, Propagation,
    TlsFiles, Ulimit, Volume,
};
pub use session::{Session, SessionBuilder};
