//! What sessions are called.

use std::{ffi::OsStr, fmt};

use llm_sandbox::Error;

/// The longest name, in bytes.
const LONGEST: usize = 40;

/// How many hexadecimal digits an id has.
const ID_DIGITS: usize = 16;

/// A session's name or id; it can stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(String);

impl Name {
    /// The name of a session that is there, or its id.
    pub(crate) fn of_session(name: impl AsRef<OsStr>) -> Result<Self, Error> {
        let shown = name.as_ref().to_string_lossy();
        let invalid = |reason: String| {
            let remedy = "use letters, digits, \".\", \"_\" and \"-\", such as work-1";
            let shown: String = shown.chars().take(LONGEST).collect();
            Err(Error::invalid(format!("session {shown:?}"), reason).with_remedy(remedy))
        };
        if shown.len() > LONGEST {
            return invalid(format!("its name has more than {LONGEST} bytes"));
        }
        let is_known = |one: char| one.is_ascii_alphanumeric() || "._-".contains(one);
        match shown.chars().find(|one| !is_known(*one)) {
            Some(strange) => invalid(format!("a name has no {strange:?}")),
            None if !shown.starts_with(|one: char| one.is_ascii_alphanumeric()) => {
                invalid("a name begins with a letter or digit".to_owned())
            }
            None => Ok(Self(shown.into_owned())),
        }
    }

    /// A name for a new session, which must not look like an id.
    pub(crate) fn chosen(name: &OsStr) -> Result<Self, Error> {
        let name = Self::of_session(name)?;
        if name.is_id() {
            let remedy = "choose a name that could not be another session's id";
            return Err(Error::invalid(format!("session {:?}", name.0), "it looks like an id").with_remedy(remedy));
        }
        Ok(name)
    }

    /// Whether it is an id, which every session has.
    pub(crate) fn is_id(&self) -> bool {
        self.0.len() == ID_DIGITS
            && self.0.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str) -> String {
        Name::chosen(OsStr::new(name)).unwrap_err().to_string()
    }

    #[test]
    fn names_stand_in_paths() {
        assert!(Name::chosen(OsStr::new("work-1.b_c")).is_ok());
        assert_eq!(refused(""), "session \"\": a name begins with a letter or digit");
        assert_eq!(refused("../a"), "session \"../a\": a name has no '/'");
        assert_eq!(refused("-a"), "session \"-a\": a name begins with a letter or digit");
        assert!(refused(&"a".repeat(41)).ends_with("its name has more than 40 bytes"));
    }

    #[test]
    fn names_are_no_ids() {
        assert_eq!(refused("0123456789abcdef"), "session \"0123456789abcdef\": it looks like an id");
        assert!(Name::chosen(OsStr::new("0123456789abcdeg")).is_ok());
    }
}
