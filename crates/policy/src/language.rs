use std::fmt;
use std::str::FromStr;

/// A language whose code is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// Python 3, and what of Python 2 still parses.
    Python,
    /// JavaScript as Node.js runs it, as a script or a module.
    JavaScript,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::Python, Language::JavaScript];

    /// The language's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::JavaScript => "javascript",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A language that no policy understands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no policy understands the language «{0}»; there are python and javascript")]
pub struct UnknownLanguage(pub String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(name: &str) -> Result<Self, UnknownLanguage> {
        Language::ALL
            .into_iter()
            .find(|language| language.name() == name)
            .ok_or_else(|| UnknownLanguage(name.to_owned()))
    }
}
