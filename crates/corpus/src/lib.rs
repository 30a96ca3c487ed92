//! Programs that attack a sandbox, and what must be seen of each.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use llm_sandbox_core::{Language, Session};
//! use llm_sandbox_corpus::{Verdict, cases, verify};
//! use llm_sandbox_native::Native;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let backend = Arc::new(Native::new());
//! for case in cases().filter(|case| case.harmless) {
//!     let verdict = verify(case, || Session::builder_on(backend.clone(), Language::Python)).await;
//!     assert!(!matches!(verdict, Verdict::Broken { .. }), "{}: {verdict:?}", case.name);
//! }
//! # }
//! ```
//!
//! A program prints `DENIED` where it was refused what it tried and `ESCAPED` where it got it. Outside of a sandbox it
//! must print `ESCAPED`: a case that cannot succeed anywhere would show nothing.

#![forbid(unsafe_code)]

mod case;
mod cases;
mod target;
mod verify;

pub use case::{Case, Control, PRELUDE, Required};
pub use cases::cases;
pub use target::{Aim, Target};
pub use verify::{Verdict, verify};
