//! An enforced policy at work: what it lets into a sandbox as code.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::Arc,
};

use llm_sandbox_policy::{Language as Readable, Report, SecurityPolicy};

use super::Session;
use crate::{Error, LanguageSpec, Run, command::Program, input::inside_path, run::SOURCE_MOST, text::brief};

/// Endings of what interpreters and compilers load from beside a program, and no policy can read.
const UNREADABLE: &[&str] = &["class", "node", "pyc", "s", "so", "syso"];

/// A policy that binds.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    policy: Arc<SecurityPolicy>,
    reads: Readable,
    language: Arc<LanguageSpec>,
}

/// A text that is code, and the file it is in where it has one.
type Code = (Option<PathBuf>, Vec<u8>);

impl Gate {
    pub(super) fn new(policy: &Arc<SecurityPolicy>, language: &Arc<LanguageSpec>) -> Result<Self, Error> {
        Ok(Self { policy: Arc::clone(policy), reads: readable(language)?, language: Arc::clone(language) })
    }

    /// Refuses code that the policy blocks. Takes as long as the policy's budget says.
    pub(super) fn admit(&self, file: Option<&Path>, code: &[u8]) -> Result<(), Error> {
        let report = self.policy.scan(code, self.reads);
        if report.is_safe() {
            return Ok(());
        }
        let Report { violations, gave_up, .. } = report;
        Err(Error::UnsafeCode { file: file.map(Path::to_owned), violations, gave_up })
    }

    /// The same beside everything else.
    async fn admit_all(self, codes: Vec<Code>) -> Result<(), Error> {
        let admit = move || codes.iter().try_for_each(|(file, code)| self.admit(file.as_deref(), code));
        let admitted = tokio::task::spawn_blocking(admit).await;
        admitted.unwrap_or_else(|error| Err(Error::invalid("code", format!("reading it failed: {error}"))))
    }

    /// Whether a file of this name is code of the language; an error where it would be loaded unread.
    pub(super) fn is_code(&self, path: &Path) -> Result<bool, Error> {
        let ending = path.extension().map(OsStr::to_string_lossy).unwrap_or_default().to_lowercase();
        if UNREADABLE.contains(&ending.as_str()) {
            return Err(self.unread(path, "it is no source text, and may be loaded as code"));
        }
        let is_own = self.language.endings.iter().any(|own| own.eq_ignore_ascii_case(&ending));
        Ok(is_own || self.reads.may_load(&path.to_string_lossy()))
    }

    /// The error for what cannot be judged.
    pub(super) fn unread(&self, path: &Path, reason: &str) -> Error {
        Error::Unsupported {
            operation: format!("judging {} by a policy", brief(&path.to_string_lossy())),
            reason: reason.to_owned(),
            remedy: Some("give its source as a file, or open the session without enforcing the policy".to_owned()),
        }
    }
}

impl Session {
    /// What code must pass before it enters, where the session has such.
    pub(super) fn gate(&self) -> Option<&Gate> {
        self.inner.guard.gate.as_ref()
    }

    /// Lets a run through that an enforced policy has nothing against. What was judged is what the run will have: files of
    /// the sandbox become files of the run.
    pub(crate) async fn admit(&self, mut run: Run) -> Result<Run, Error> {
        if let Some(gate) = self.gate() {
            let codes = self.codes(gate, &mut run).await?;
            gate.clone().admit_all(codes).await?;
        }
        Ok(run)
    }

    /// Lets files through of which an enforced policy has nothing against those that are code.
    pub(super) async fn admit_files(&self, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Error> {
        let Some(gate) = self.gate() else { return Ok(()) };
        let mut codes = Vec::new();
        for (path, content) in files {
            if gate.is_code(path)? {
                codes.push((Some(path.clone()), content.clone()));
            }
        }
        gate.clone().admit_all(codes).await
    }

    /// All of a run that is code. What lies in the sandbox is taken over into the run.
    async fn codes(&self, gate: &Gate, run: &mut Run) -> Result<Vec<Code>, Error> {
        let place = |path: &Path| inside_path("file", self.directory(), path);
        let (entry, code) = match &run.program {
            Program::Command(program) => return Err(no_code(&program.to_string_lossy())),
            Program::Entry(path) => (Some(place(path)?), None),
            Program::Code(text) => (None, Some((None, text.clone()))),
        };
        let mut codes: Vec<Code> = code.into_iter().collect();
        for (path, content) in &run.files {
            let path = place(path)?;
            if gate.is_code(&path)? || entry.as_ref() == Some(&path) {
                codes.push((Some(path), content.clone()));
            }
        }
        let mut inside: Vec<PathBuf> = entry.into_iter().collect();
        for path in &run.sources {
            let path = place(path)?;
            if gate.is_code(&path)? {
                inside.push(path);
            }
        }
        for path in inside {
            if !codes.iter().any(|(file, _)| file.as_ref() == Some(&path)) {
                let content = self.read_limited(&path, SOURCE_MOST as u64).await?;
                run.files.push((path.clone(), content.clone()));
                codes.push((Some(path), content));
            }
        }
        Ok(codes)
    }
}

/// The language as a policy knows it.
pub(super) fn readable(language: &LanguageSpec) -> Result<Readable, Error> {
    language.name.parse().map_err(|error| Error::Unsupported {
        operation: format!("judging code in {} by a policy", language.name),
        reason: format!("{error}"),
        remedy: Some("open the session without a policy".to_owned()),
    })
}

fn no_code(program: &str) -> Error {
    Error::Unsupported {
        operation: format!("running the command {} under an enforced policy", brief(program)),
        reason: "a policy reads code, and a command is none".to_owned(),
        remedy: Some("run code, or open the session without enforcing the policy".to_owned()),
    }
}
