//! The policy that a session judges code by.

use std::sync::Arc;

use llm_sandbox_policy::{Report, SecurityPolicy, Severity};

use super::{
    Session, SessionBuilder,
    gate::{Gate, readable},
};
use crate::{Error, LanguageSpec};

/// A policy, and whether it binds.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    policy: Option<Arc<SecurityPolicy>>,
    is_enforced: bool,
    /// Made when the session opens, where it binds.
    pub(super) gate: Option<Gate>,
}

impl<S> SessionBuilder<S> {
    /// Has code judged by this policy: [`Session::check`] tells what is wrong with it. Nothing is refused for it unless
    /// [`SessionBuilder::enforce`] says so.
    #[must_use]
    pub fn policy(mut self, policy: impl Into<Arc<SecurityPolicy>>) -> Self {
        self.guard.policy = Some(policy.into());
        self
    }

    /// Lets nothing in that the policy blocks: it is [`Error::UnsafeCode`] then, and nothing has been run or written.
    ///
    /// All code that a caller hands over is read: programs, their files, a file of the sandbox that is run or compiled
    /// along, and what is written or uploaded that the language may load. What no policy can read is refused: commands, and
    /// files that interpreters load as machine code or bytecode. Whoever [attaches](Session::attach) to the session is
    /// bound as well.
    ///
    /// It is no isolation. What code itself writes to a file, and a later program loads, was never handed over; and code
    /// that means to hide what it does may succeed.
    #[must_use]
    pub fn enforce(mut self) -> Self {
        self.guard.is_enforced = true;
        self
    }
}

impl Session {
    /// What the session's policy finds in a program text; nothing where it has none.
    ///
    /// ```
    /// # use llm_sandbox_core::{Error, Session};
    /// # async fn example(session: Session) -> Result<(), Error> {
    /// let report = session.check("import os; os.system('id')").await?;
    /// for violation in &report.violations {
    ///     println!("{violation}");
    /// }
    /// # let _ = report.is_safe();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where it could not be read at all.
    pub async fn check(&self, code: impl Into<Vec<u8>>) -> Result<Report, Error> {
        let Some(policy) = self.policy().cloned() else { return Ok(Report::default()) };
        let (language, code) = (readable(self.language())?, code.into());
        let judged = tokio::task::spawn_blocking(move || policy.scan(code, language)).await;
        judged.map_err(|error| Error::invalid("code", format!("reading it failed: {error}")))
    }

    /// The policy that code is judged by.
    pub fn policy(&self) -> Option<&Arc<SecurityPolicy>> {
        self.inner.guard.policy.as_ref()
    }

    /// Whether the policy [binds](SessionBuilder::enforce).
    pub fn is_policy_enforced(&self) -> bool {
        self.inner.guard.is_enforced
    }
}

impl Guard {
    /// Refuses what would be enforced in name only, and makes the gate.
    pub(super) fn settle(&mut self, language: &Arc<LanguageSpec>) -> Result<(), Error> {
        let Some(policy) = &self.policy else {
            return match self.is_enforced {
                true => Err(Error::invalid("enforce", "there is no policy").with_remedy("give one by policy()")),
                false => Ok(()),
            };
        };
        if self.is_enforced && policy.severity_threshold == Severity::Safe {
            let invalid = Error::invalid("policy", "its severity threshold is safe, so that it blocks nothing");
            return Err(invalid.with_remedy("set its severity_threshold to low, medium or high"));
        }
        let gate = Gate::new(policy, language)?;
        self.gate = self.is_enforced.then_some(gate);
        Ok(())
    }

    /// As text, for another process.
    pub(super) fn told(&self) -> Option<(String, bool)> {
        self.policy.as_ref().map(|policy| (policy.to_toml(), self.is_enforced))
    }

    /// What another process told of it.
    pub(super) fn heard(told: Option<(String, bool)>, language: &Arc<LanguageSpec>) -> Result<Self, Error> {
        let Some((text, is_enforced)) = told else { return Ok(Self::default()) };
        let policy = SecurityPolicy::from_toml(&text);
        let policy = policy.map_err(|error| Error::invalid("policy of the shared session", error.to_string()))?;
        let mut guard = Self { policy: Some(Arc::new(policy)), is_enforced, gate: None };
        guard.settle(language)?;
        Ok(guard)
    }
}
