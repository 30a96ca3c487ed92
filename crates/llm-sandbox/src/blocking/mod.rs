//! The same sessions for programs without an asynchronous runtime.
//!
//! ```
//! use llm_sandbox::{Language, blocking::Session};
//!
//! let session = Session::builder(Language::Python).memory_mib(256).open()?;
//! assert_eq!(session.run("print(6 * 7)")?.stdout_text(), "42\n");
//! session.close()?;
//! # Ok::<(), llm_sandbox::Error>(())
//! ```
//!
//! Everything here waits on the calling thread. Called inside a runtime, where waiting would stall it, it refuses with
//! [`Error::InsideRuntime`](crate::Error::InsideRuntime).

mod batch;
mod builder;
mod run;
mod runtime;
mod session;
mod watch;

pub use batch::{Batch, Results};
pub use builder::SessionBuilder;
pub use run::{RunControl, RunHandle};
pub use session::Session;
pub use watch::Watch;
