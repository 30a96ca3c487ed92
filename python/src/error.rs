//! What went wrong with a sandbox, as the exceptions of `llm_sandbox.exceptions`.

use std::error::Error as _;

use llm_sandbox::{Error, ErrorKind};
use pyo3::{prelude::*, types::PyDict};

use crate::policy;

/// The names of all kinds of errors.
#[pyfunction]
pub(crate) fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

/// The exception for an error.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|raised| raised, PyErr::from_value)
}

/// The same without raising it.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let make = py.import("llm_sandbox.exceptions")?.getattr("from_native")?;
    make.call1((error.kind().as_str(), chain(error), error.hint(), details(py, error)?))
}

/// The message with those of its causes.
fn chain(error: &Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

fn details<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyDict>> {
    let details = PyDict::new(py);
    match error {
        Error::ImageNotFound { image, .. } => details.set_item("image", image)?,
        Error::ImagePullFailed { image, problem, detail, .. } => {
            details.set_item("image", image)?;
            let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
            details.set_item("error", format!("{problem}{detail}"))?;
        }
        Error::InterpreterMissing { language, .. } => details.set_item("language", language)?,
        Error::Expired { after, .. } => details.set_item("timeout", after.as_secs_f64())?,
        Error::File { path, problem, .. } => {
            details.set_item("path", path.to_string_lossy())?;
            details.set_item("problem", problem.as_str())?;
        }
        Error::HostFile { path, source, .. } => {
            details.set_item("path", path.to_string_lossy())?;
            details.set_item("errno", source.raw_os_error())?;
        }
        Error::UnsafeCode { violations, gave_up, .. } => {
            details.set_item("violations", policy::violations(py, violations)?)?;
            details.set_item("gave_up", gave_up.as_ref().map(ToString::to_string))?;
        }
        _ => {}
    }
    Ok(details)
}
