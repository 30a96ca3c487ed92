//! Policies as TOML.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::policy::{RestrictedModule, SecurityPattern, SecurityPolicy, threshold_of};
use crate::preset::Preset;
use crate::severity::Severity;

/// A policy that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PolicyFileError(String);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    severity_threshold: Option<Severity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_seconds: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    patterns: Vec<Pattern>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    restricted_modules: Vec<Module>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    pattern: String,
    #[serde(default)]
    description: String,
    #[serde(default = "medium")]
    severity: Severity,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Module {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default = "medium")]
    severity: Severity,
}

fn medium() -> Severity {
    Severity::Medium
}

impl SecurityPolicy {
    /// Reads a policy from TOML.
    ///
    /// | key | meaning | where it is absent |
    /// | --- | --- | --- |
    /// | `preset` | the rules of the policy of that name, see [`security_policy`](crate::security_policy) | no rules |
    /// | `severity_threshold` | findings of this severity and above block; at `safe` nothing does | the preset's, else `medium` |
    /// | `time_seconds` | what one scan may take, in seconds | 2 |
    /// | `[[patterns]]` | `pattern`, a regular expression in Python's syntax; `description`; `severity` | none; `medium` |
    /// | `[[restricted_modules]]` | `name`, with all that is in it; `description`; `severity` | none; `medium` |
    ///
    /// Severities are `safe`, `low`, `medium` and `high`.
    ///
    /// ```
    /// use llm_sandbox_policy::{Language, SecurityPolicy};
    ///
    /// let policy = SecurityPolicy::from_toml(
    ///     r#"
    ///     preset = "production"
    ///
    ///     [[patterns]]
    ///     pattern = 'requests\.get\(.*internal\.company'
    ///     description = "internal network access"
    ///     severity = "high"
    ///
    ///     [[restricted_modules]]
    ///     name = "ctypes"
    ///     "#,
    /// )?;
    /// let (is_safe, violations) = policy.is_safe("requests.get('http://internal.company/x')", Language::Python);
    /// assert!(!is_safe);
    /// assert_eq!(violations[0].description, "internal network access");
    /// # Ok::<(), llm_sandbox_policy::PolicyFileError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where it is no TOML, names what is not known, or has a pattern that cannot be used; with the place and what would do.
    pub fn from_toml(text: &str) -> Result<Self, PolicyFileError> {
        let read = toml::from_str(text).map_err(|error| PolicyFileError(error.to_string().trim_end().to_owned()));
        let File { preset, severity_threshold, time_seconds, patterns, restricted_modules } = read?;
        let preset = preset.map(|name| name.parse()).transpose();
        let preset: Option<Preset> = preset.map_err(|error| PolicyFileError(format!("preset: {error}")))?;
        let severity_threshold = severity_threshold.unwrap_or(preset.map_or(Severity::Medium, threshold_of));
        let mut policy = SecurityPolicy { severity_threshold, preset, ..SecurityPolicy::default() };
        if let Some(seconds) = time_seconds {
            let time = Duration::try_from_secs_f64(seconds);
            let refused = |_| PolicyFileError(format!("time_seconds: {seconds} is no time; give seconds, such as 2.0"));
            policy.budget.time = time.map_err(refused)?;
        }
        for Pattern { pattern, description, severity } in patterns {
            let read = SecurityPattern::new(&pattern, description, severity);
            policy.patterns.push(read.map_err(|error| PolicyFileError(format!("pattern {pattern:?}: {error}")))?);
        }
        if restricted_modules.iter().any(|module| module.name.is_empty()) {
            return Err(PolicyFileError("restricted_modules: a name is empty; name a module, such as os".to_owned()));
        }
        let restricted = |Module { name, description, severity }| RestrictedModule { name, description, severity };
        policy.restricted_modules.extend(restricted_modules.into_iter().map(restricted));
        Ok(policy)
    }

    /// The same policy as [`SecurityPolicy::from_toml`] reads it.
    pub fn to_toml(&self) -> String {
        let pattern = |it: &SecurityPattern| Pattern {
            pattern: it.pattern.as_str().to_owned(),
            description: it.description.clone(),
            severity: it.severity,
        };
        let module = |it: &RestrictedModule| Module {
            name: it.name.clone(),
            description: it.description.clone(),
            severity: it.severity,
        };
        let file = File {
            preset: self.preset.map(|preset| preset.name().to_owned()),
            severity_threshold: Some(self.severity_threshold),
            time_seconds: Some(self.budget.time.as_secs_f64()),
            patterns: self.patterns.iter().map(pattern).collect(),
            restricted_modules: self.restricted_modules.iter().map(module).collect(),
        };
        // Texts and numbers have a form in TOML, whatever they are.
        toml::to_string(&file).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::{SecurityPolicy, Severity, security_policy};

    fn refusal(text: &str) -> String {
        SecurityPolicy::from_toml(text).unwrap_err().to_string()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = "preset = \"strict\"\ntime_seconds = 0.5\n[[patterns]]\npattern = 'a\\b\"'\n\
            description = \"é\\n\"\nseverity = \"low\"\n[[restricted_modules]]\nname = \"os\"\n";
        let policy = SecurityPolicy::from_toml(text).unwrap();
        let again = SecurityPolicy::from_toml(&policy.to_toml()).unwrap();
        assert_eq!(format!("{policy:?}"), format!("{again:?}"));
        assert_eq!(policy.severity_threshold, Severity::Low);
        let preset = security_policy("production").unwrap();
        assert_eq!(format!("{preset:?}"), format!("{:?}", SecurityPolicy::from_toml(&preset.to_toml()).unwrap()));
    }

    #[test]
    fn what_is_absent_has_a_default() {
        let policy = SecurityPolicy::from_toml("").unwrap();
        assert_eq!((policy.severity_threshold, policy.preset), (Severity::Medium, None));
        assert_eq!(policy.budget.time.as_secs(), 2);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(refusal("preset = \"productoin\"").contains("there are minimal, development, production"));
        assert!(refusal("presets = \"strict\"").contains("unknown field `presets`, expected one of `preset`"));
        assert!(refusal("severity_threshold = \"severe\"").contains("expected one of `safe`, `low`"));
        assert!(refusal("[[patterns]]\npattern = 'a('").starts_with("pattern \"a(\": "));
        assert!(refusal("time_seconds = -1.0").ends_with("give seconds, such as 2.0"));
        assert!(refusal("[[restricted_modules]]\nname = ''").contains("a name is empty"));
        assert!(refusal("[[patterns]]").contains("missing field `pattern`"));
    }
}
