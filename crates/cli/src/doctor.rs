//! `llm-sandbox doctor`: what works on this host, what holds, what is missing and what would bring it.

use std::{fmt::Write as _, path::PathBuf};

use llm_sandbox::{Assurance, BACKENDS, Error, ErrorKind, Isolation, Language, backend};
use serde::Serialize;

use crate::{
    print::{in_json, print},
    status::ExitStatus,
};

/// What was found.
#[derive(Debug, Serialize)]
struct Diagnosis {
    schema: u32,
    kernel: String,
    is_root: bool,
    backends: Vec<BackendFound>,
    languages: Vec<LanguageFound>,
}

#[derive(Debug, Serialize)]
struct BackendFound {
    backend: &'static str,
    isolation: Isolation,
    /// What a sandbox holds; empty where none opens.
    assurances: Vec<Assurance>,
    trouble: Option<Trouble>,
}

impl BackendFound {
    fn name(&self) -> String {
        match self.isolation {
            Isolation::Full => format!("backend {}", self.backend),
            isolation => format!("backend {}, isolation {isolation}", self.backend),
        }
    }
}

#[derive(Debug, Serialize)]
struct LanguageFound {
    language: Language,
    interpreter: Option<PathBuf>,
    trouble: Option<Trouble>,
}

#[derive(Debug, Serialize)]
struct Trouble {
    message: String,
    remedy: Option<String>,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self { message: error.to_string(), remedy: error.hint().map(str::to_owned) }
    }
}

/// Looks at every backend and language, and prints what it finds. Succeeds where a sandbox can be opened without asking for less.
pub(crate) async fn doctor(json: bool) -> Result<ExitStatus, Error> {
    let mut backends = Vec::new();
    for name in BACKENDS {
        // What is weaker is of interest where the whole cannot be had.
        for isolation in Isolation::ALL {
            let Some(found) = look_at(name, isolation).await else { continue };
            let works = found.trouble.is_none();
            backends.push(found);
            if works {
                break;
            }
        }
    }
    let languages = Language::ALL.into_iter().map(|language| match language.programs() {
        Ok(programs) => LanguageFound { language, interpreter: programs.into_iter().next(), trouble: None },
        Err(error) => LanguageFound { language, interpreter: None, trouble: Some(error.into()) },
    });
    let uname = rustix::system::uname();
    let diagnosis = Diagnosis {
        schema: 1,
        kernel: format!("{} {}", uname.sysname().to_string_lossy(), uname.release().to_string_lossy()),
        is_root: rustix::process::geteuid().is_root(),
        languages: languages.collect(),
        backends,
    };
    let text = if json { in_json(&diagnosis)? } else { in_words(&diagnosis) };
    let printed = print(text)?;
    if printed != ExitStatus::Code(0) {
        return Ok(printed);
    }
    let is_whole = |found: &BackendFound| found.trouble.is_none() && found.isolation == Isolation::Full;
    let works = diagnosis.backends.iter().any(is_whole);
    Ok(if works { ExitStatus::Code(0) } else { ExitStatus::SandboxFailed })
}

/// `None` where the backend has no such isolation.
async fn look_at(name: &'static str, isolation: Isolation) -> Option<BackendFound> {
    let capabilities = match backend(name) {
        Ok(backend) => backend.capabilities(isolation).await,
        Err(error) => Err(error),
    };
    let (assurances, trouble) = match capabilities {
        Err(error) if isolation != Isolation::Full && error.kind() == ErrorKind::Unsupported => return None,
        Ok(capabilities) => (capabilities.assurances, None),
        Err(error) => (Vec::new(), Some(error.into())),
    };
    Some(BackendFound { backend: name, isolation, assurances, trouble })
}

fn in_words(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    let user = if diagnosis.is_root { "root" } else { "an ordinary user" };
    line(&mut text, format_args!("{}, as {user}", diagnosis.kernel));
    for found in &diagnosis.backends {
        match &found.trouble {
            None => line(&mut text, format_args!("{}: works", found.name())),
            Some(trouble) => trouble_line(&mut text, &found.name(), trouble),
        }
        for Assurance { guarantee, strength, form, remedy } in &found.assurances {
            line(&mut text, format_args!("  {:<16} {:<12} {form}", guarantee.as_str(), strength.as_str()));
            if let Some(remedy) = remedy {
                line(&mut text, format_args!("    to have it: {remedy}"));
            }
        }
    }
    for found in &diagnosis.languages {
        match (&found.interpreter, &found.trouble) {
            (Some(program), _) => line(&mut text, format_args!("language {}: {}", found.language, program.display())),
            (None, Some(trouble)) => trouble_line(&mut text, &format!("language {}", found.language), trouble),
            (None, None) => {}
        }
    }
    text
}

fn trouble_line(text: &mut String, what: &str, trouble: &Trouble) {
    line(text, format_args!("{what}: does not work: {}", trouble.message));
    if let Some(remedy) = &trouble.remedy {
        line(text, format_args!("    to have it: {remedy}"));
    }
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{words}");
}
