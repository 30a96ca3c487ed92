//! Code that is judged before it runs.

use llm_sandbox::{
    RestrictedModule, SecurityPattern, SecurityPolicy, Severity, Violation,
    policy::{Pattern, Report},
    security_policy,
};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyDict};

use crate::{result::plain, value::Bytes};

/// A policy as the package's classes tell it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Told {
    preset: Option<String>,
    severity_threshold: u8,
    patterns: Vec<(String, String, u8)>,
    restricted_modules: Vec<(String, String, u8)>,
}

impl Told {
    pub(crate) fn into_policy(self) -> PyResult<SecurityPolicy> {
        let mut policy = match &self.preset {
            Some(name) => security_policy(name).map_err(unusable)?,
            None => SecurityPolicy::default(),
        };
        policy.severity_threshold = severity(self.severity_threshold)?;
        for (pattern, description, level) in self.patterns {
            let made = SecurityPattern::new(&pattern, description, severity(level)?);
            policy.add_pattern(made.map_err(|error| unreadable(&pattern, &error))?);
        }
        for (name, description, level) in self.restricted_modules {
            policy.add_restricted_module(RestrictedModule { name, description, severity: severity(level)? });
        }
        Ok(policy)
    }
}

fn unusable(error: impl ToString) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A regular expression that Python takes and the policy does not.
fn unreadable(pattern: &str, error: &impl ToString) -> PyErr {
    let exception = |py: Python<'_>| {
        let hint = PyDict::new(py);
        hint.set_item("hint", format!("write it otherwise ({})", error.to_string()))?;
        let class = py.import("llm_sandbox.exceptions")?.getattr("InvalidRegexPatternError")?;
        Ok(PyErr::from_value(class.call((pattern,), Some(&hint))?))
    };
    Python::attach(|py| exception(py).unwrap_or_else(|raised: PyErr| raised))
}

fn severity(level: u8) -> PyResult<Severity> {
    const LEVELS: [Severity; 4] = [Severity::Safe, Severity::Low, Severity::Medium, Severity::High];
    LEVELS.get(usize::from(level)).copied().ok_or_else(|| unusable(format!("there is no severity {level}")))
}

/// Why a regular expression cannot be used; `None` where it can.
#[pyfunction]
pub(crate) fn check_pattern(pattern: &str) -> Option<String> {
    Pattern::new(pattern).err().map(|error| error.to_string())
}

/// Judges code by a policy, without a sandbox.
#[pyfunction]
pub(crate) fn check(py: Python<'_>, policy: Told, language: &str, code: Bytes) -> PyResult<Py<PyAny>> {
    let (policy, language) = (policy.into_policy()?, language.parse().map_err(unusable)?);
    let judged = py.detach(|| policy.scan(&code.0, language));
    report(py, &judged)
}

/// Whether it is safe, what was found, and why not all was looked at.
pub(crate) fn report(py: Python<'_>, report: &Report) -> PyResult<Py<PyAny>> {
    let dict = PyDict::new(py);
    dict.set_item("is_safe", report.is_safe())?;
    dict.set_item("violations", violations(py, &report.violations)?)?;
    dict.set_item("gave_up", report.gave_up.as_ref().map(ToString::to_string))?;
    Ok(dict.into_any().unbind())
}

pub(crate) fn violations<'py>(py: Python<'py>, found: &[Violation]) -> PyResult<Bound<'py, PyAny>> {
    plain(py, &found)
}
