//! Answers on standard output.

use std::io::{self, Write};

use llm_sandbox::Error;
use serde::Serialize;

use crate::{shared::plain, status::ExitStatus};

/// Writes an answer; that nobody takes it is no error.
pub(crate) fn print(answer: impl AsRef<[u8]>) -> Result<ExitStatus, Error> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(answer.as_ref()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(ExitStatus::Code(0)),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitStatus::OutputClosed),
        Err(error) => {
            let error = Error::backend("this program", "writing its output", plain(&error));
            Err(error.with_remedy("write it to where there is room"))
        }
    }
}

/// An object as one line.
pub(crate) fn in_json(object: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(object);
    text.map(|text| text + "\n").map_err(|error| Error::backend("this program", "writing JSON", error.to_string()))
}
