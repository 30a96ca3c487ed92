//! What came of a run, as plain objects.

use llm_sandbox::{Output, RunResult};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict},
};
use serde::Serialize;

use crate::value::to_python;

/// A dictionary with the outcome, both streams, usage and hints.
pub(crate) fn result(py: Python<'_>, result: RunResult) -> PyResult<Py<PyAny>> {
    let dict = PyDict::new(py);
    dict.set_item("outcome", plain(py, &result.outcome)?)?;
    for (name, gap, output) in [("stdout", "stdout_gap", &result.stdout), ("stderr", "stderr_gap", &result.stderr)] {
        let Output { bytes, gap: missing, .. } = output;
        dict.set_item(name, PyBytes::new(py, bytes))?;
        dict.set_item(gap, missing.map(|missing| (missing.offset, missing.omitted)))?;
    }
    dict.set_item("usage", plain(py, &result.usage)?)?;
    dict.set_item("hints", plain(py, &result.hints)?)?;
    Ok(dict.into_any().unbind())
}

/// In its serialised form.
pub(crate) fn plain<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let value = serde_json::to_value(value)
        .map_err(|error| pyo3::exceptions::PyValueError::new_err(format!("a result has no plain form: {error}")))?;
    to_python(py, &value)
}
