//! `llm_sandbox._native`: the sessions of the `llm-sandbox` crate for the Python package around it.
//!
//! ```python
//! from llm_sandbox import _native
//!
//! session = _native.open_session({"backend": "native", "lang": "python"}).wait()
//! assert session.run({"kind": "code", "words": [b"print(6 * 7)"]}).wait()["stdout"] == b"42\n"
//! session.close().wait()
//! ```
//!
//! It is private to the package, which checks what users give and says what results mean. Here everything is bytes and
//! plain values, and whatever takes time is a [`Pending`](pending::Pending): the same for who waits and who awaits.

#![forbid(unsafe_code)]

mod batch;
mod command_line;
mod ending;
mod error;
mod kept;
mod mailbox;
mod options;
mod pending;
mod policy;
mod request;
mod result;
mod run;
mod runtime;
mod session;
mod value;

/// The extension. Its names are those that `_native.pyi` describes.
#[pyo3::pymodule(name = "_native")]
mod native {
    #[pymodule_export]
    use crate::{
        batch::{Results, run_many},
        command_line::command_line,
        error::error_kinds,
        kept::close_all,
        mailbox::Mailbox,
        options::{check_options, container_option_names, native_hindrance},
        pending::Pending,
        policy::{check, check_pattern},
        run::Running,
        session::{Session, open_session},
    };

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
