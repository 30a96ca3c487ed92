use std::error::Error as StdError;

use bollard::errors::Error as EngineError;
use llm_sandbox_core::Error;

use crate::Engine;

/// What an engine's refusal says, with its causes.
pub(crate) fn words(error: &EngineError) -> String {
    if let EngineError::DockerResponseServerError { message: said, .. }
    | EngineError::DockerStreamError { error: said } = error
    {
        return said.trim().to_owned();
    }
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let more = deeper.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = deeper.source();
    }
    words
}

/// A step that an engine refused.
pub(crate) fn failed(engine: Engine, step: impl Into<String>, error: &EngineError) -> Error {
    Error::backend(engine.name(), step, words(error))
}

/// Whether the engine says that there is no such thing.
pub(crate) fn is_missing(error: &EngineError) -> bool {
    status(error) == Some(404)
}

/// The status that it answered with.
pub(crate) fn status(error: &EngineError) -> Option<u16> {
    match error {
        EngineError::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}
