//! What is said in lines before, or in the place of, a stream of frames.

use std::{collections::BTreeMap, ffi::OsString, os::unix::ffi::OsStringExt, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    Capabilities, Error, Expiry, ImageDefaults, LanguageSpec, Limits,
    connection::Fate,
    form,
    session::defaults::{Defaults, Options},
};

/// The version of these forms. Since 2 a session tells its policy: who knows of none would not be bound.
pub(super) const SCHEMA: u32 = 2;

/// The longest request.
pub(super) const REQUEST_MOST: usize = 4 << 10;

/// The longest answer: the result of a run.
pub(super) const ANSWER_MOST: usize = 256 << 20;

/// What a client wants.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "kebab-case")]
pub(super) enum Want {
    Session,
    Info,
    Runs,
    Watch,
    Close,
    Stop {
        run: u64,
    },
    Take {
        run: u64,
    },
    Extend {
        #[serde(with = "form::span")]
        seconds: Duration,
    },
}

/// What it is answered.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Answer<T> {
    Ok(T),
    Error(Told),
}

/// An error on its way to another process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Told {
    InvalidInput { what: String, reason: String, remedy: Option<String> },
    Unsupported { operation: String, reason: String, remedy: Option<String> },
    InterpreterMissing { language: String, reason: String, remedy: String },
    SandboxDied { words: Option<String> },
    AgentMisbehaved { reason: String },
    Aborted { operation: String },
    Closed,
    Expired { limit: Expiry, after: Duration },
    Other { message: String, remedy: Option<String> },
}

impl From<&Error> for Told {
    fn from(error: &Error) -> Self {
        let other = || Self::Other { message: error.to_string(), remedy: error.hint().map(str::to_owned) };
        match error {
            Error::InvalidInput { what, reason, remedy } => {
                Self::InvalidInput { what: what.clone(), reason: reason.clone(), remedy: remedy.clone() }
            }
            Error::Unsupported { operation, reason, remedy } => {
                Self::Unsupported { operation: operation.clone(), reason: reason.clone(), remedy: remedy.clone() }
            }
            Error::InterpreterMissing { language, reason, remedy } => {
                Self::InterpreterMissing { language: language.clone(), reason: reason.clone(), remedy: remedy.clone() }
            }
            Error::SandboxDied { words } => Self::SandboxDied { words: words.clone() },
            Error::AgentMisbehaved { reason } => Self::AgentMisbehaved { reason: reason.clone() },
            Error::Aborted { operation } => Self::Aborted { operation: operation.clone() },
            Error::Closed => Self::Closed,
            Error::Expired { limit, after } => Self::Expired { limit: *limit, after: *after },
            _ => other(),
        }
    }
}

impl From<Told> for Error {
    fn from(told: Told) -> Self {
        match told {
            Told::InvalidInput { what, reason, remedy } => Self::InvalidInput { what, reason, remedy },
            Told::Unsupported { operation, reason, remedy } => Self::Unsupported { operation, reason, remedy },
            Told::InterpreterMissing { language, reason, remedy } => {
                Self::InterpreterMissing { language, reason, remedy }
            }
            Told::SandboxDied { words } => Self::SandboxDied { words },
            Told::AgentMisbehaved { reason } => Self::AgentMisbehaved { reason },
            Told::Aborted { operation } => Self::Aborted { operation },
            Told::Closed => Self::Closed,
            Told::Expired { limit, after } => Self::Expired { limit, after },
            Told::Other { message, remedy } => {
                let step = "asking the process that has the session".to_owned();
                Self::Backend { backend: "shared session", step, message, remedy, source: None }
            }
        }
    }
}

/// What the last frame says of why a session is over.
pub(super) fn farewell(payload: &[u8]) -> Fate {
    match serde_json::from_slice(payload) {
        Ok(Told::Closed) => Fate::Closed,
        Ok(Told::Expired { limit, after }) => Fate::Expired(limit, after),
        Ok(Told::SandboxDied { words }) => Fate::Died(words),
        Ok(Told::AgentMisbehaved { reason }) => Fate::Misbehaved(reason),
        Ok(told) => Fate::Died(Some(Error::from(told).to_string())),
        Err(_) => Fate::Died(None),
    }
}

/// All that another process needs to use a session.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Offer {
    pub(super) schema: u32,
    pub(super) id: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) backend: String,
    pub(super) language: LanguageSpec,
    /// As TOML, and whether it is enforced.
    pub(super) policy: Option<(String, bool)>,
    #[serde(with = "form::paths")]
    pub(super) programs: Vec<PathBuf>,
    pub(super) compiler_options: Vec<Text>,
    pub(super) runtime_options: Vec<Text>,
    pub(super) is_interpreter_of_image: bool,
    pub(super) limits: Limits,
    pub(super) environment: Vec<(Text, Text)>,
    #[serde(with = "form::path")]
    pub(super) directory: PathBuf,
    #[serde(with = "form::path")]
    pub(super) home: PathBuf,
    pub(super) temporary: Option<Text>,
    pub(super) capabilities: Capabilities,
    pub(super) image: Option<String>,
    pub(super) image_environment: Vec<(Text, Text)>,
    pub(super) image_launcher: Vec<Text>,
}

/// Text of the system's, which need not be UTF-8.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Text(#[serde(with = "form::bytes")] Vec<u8>);

impl From<OsString> for Text {
    fn from(text: OsString) -> Self {
        Self(text.into_vec())
    }
}

impl From<Text> for OsString {
    fn from(Text(bytes): Text) -> Self {
        Self::from_vec(bytes)
    }
}

pub(super) fn texts(pairs: &[(OsString, OsString)]) -> Vec<(Text, Text)> {
    pairs.iter().cloned().map(|(name, value)| (name.into(), value.into())).collect()
}

fn pairs(texts: Vec<(Text, Text)>) -> Vec<(OsString, OsString)> {
    texts.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

impl Offer {
    /// What runs start from.
    pub(super) fn take_defaults(&mut self) -> Defaults {
        Defaults {
            limits: self.limits.clone(),
            environment: pairs(std::mem::take(&mut self.environment)),
            directory: std::mem::take(&mut self.directory),
            home: std::mem::take(&mut self.home),
            temporary: self.temporary.take().map(|text| OsString::from(text).into()),
        }
    }

    /// What compilers and runtimes are given.
    pub(super) fn take_options(&mut self) -> Options {
        let options = |texts: &mut Vec<Text>| std::mem::take(texts).into_iter().map(OsString::from).collect();
        Options { compiler: options(&mut self.compiler_options), runtime: options(&mut self.runtime_options) }
    }

    /// What the image has every program start with.
    pub(super) fn take_image(&mut self) -> ImageDefaults {
        ImageDefaults {
            name: self.image.take(),
            environment: pairs(std::mem::take(&mut self.image_environment)),
            launcher: std::mem::take(&mut self.image_launcher).into_iter().map(OsString::from).collect(),
        }
    }
}
