use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Error, language::nearest};

/// What keeps a sandbox apart from its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Isolation {
    /// All that the backend has.
    #[default]
    Full,
    /// Landlock and the system-call filter alone, for hosts that give no namespaces: the code lives among the host's
    /// processes, in a directory of its own below the host's one for temporary files. It has no network at all, not even
    /// its own, and no shared memory; names and sizes of the host's files can be probed, and there is no disk limit.
    /// [`crate::Capabilities`] say what holds. Never chosen by itself.
    WithoutNamespaces,
}

impl Isolation {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Full, Self::WithoutNamespaces];

    /// Its name in options and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::WithoutNamespaces => "without-namespaces",
        }
    }
}

impl fmt::Display for Isolation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Isolation {
    type Err = Error;

    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a name that is none; its hint names the nearest.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|isolation| isolation.as_str() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str);
            let remedy = match nearest(name, names.into_iter()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("choose among {}", names.join(", ")),
            };
            Error::invalid("isolation", format!("{name:?} is none")).with_remedy(remedy)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_json_says_and_can_be_read_back() {
        for isolation in Isolation::ALL {
            assert_eq!(serde_json::to_value(isolation).unwrap(), isolation.as_str());
            assert_eq!(isolation.as_str().parse::<Isolation>().unwrap(), isolation);
        }
        let error = "without-namespace".parse::<Isolation>().unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.contains("\"without-namespaces\"")), "{error:?}");
    }
}
