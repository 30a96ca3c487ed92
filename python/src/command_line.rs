//! The command line, for `python -m llm_sandbox`.

use std::ffi::OsString;

use pyo3::prelude::*;

use crate::value::Bytes;

/// Does what the arguments say, the first of which is the program's name; the status to leave with. `itself` starts the
/// program again.
#[pyfunction]
pub(crate) fn command_line(py: Python<'_>, arguments: Vec<Bytes>, itself: Vec<Bytes>) -> u8 {
    let words = |words: Vec<Bytes>| words.into_iter().map(OsString::from).collect::<Vec<_>>();
    let (arguments, itself) = (words(arguments), words(itself));
    py.detach(|| llm_sandbox_cli::run(arguments, Some(itself)))
}
