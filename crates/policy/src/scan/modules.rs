use super::Findings;
use crate::facts::Fact;
use crate::policy::{RestrictedModule, SecurityPolicy};
use crate::violation::{Cause, Violation};

impl Findings<'_> {
    /// Holds a module that is loaded against those that a policy forbids.
    pub(super) fn check_module(&mut self, policy: &SecurityPolicy, fact: &Fact, at: usize) {
        let Fact::Import { module, name, .. } = fact else { return };
        let member = name.as_ref().map(|name| format!("{module}.{name}"));
        for restricted in &policy.restricted_modules {
            let is_it = |module: &str| is_within(module, restricted);
            if !is_it(module) && !member.as_deref().is_some_and(is_it) {
                continue;
            }
            let Some(place) = self.place(&format!("module {}", restricted.name), at) else { continue };
            self.violations.push(Violation {
                cause: Cause::Module(restricted.clone()),
                description: restricted.description.clone(),
                severity: restricted.severity,
                line: place.line,
                column: place.column,
                source_line: place.source_line,
                found: module.clone(),
                instead: None,
            });
        }
    }
}

/// Whether a module is the restricted one or lies in it.
fn is_within(module: &str, restricted: &RestrictedModule) -> bool {
    let name = restricted.name.strip_prefix("node:").unwrap_or(&restricted.name);
    let rest = module.strip_prefix(name).filter(|_| !name.is_empty());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}
