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
    /// Java, as files or as snippets without a class.
    Java,
    /// Go.
    Go,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 4] = [Language::Python, Language::JavaScript, Language::Java, Language::Go];

    /// The language's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::JavaScript => "javascript",
            Language::Java => "java",
            Language::Go => "go",
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
#[error("no policy understands the language «{0}»; there are {all}", all = all_names())]
pub struct UnknownLanguage(pub String);

/// `python, javascript and java`.
fn all_names() -> String {
    let names = Language::ALL.map(Language::name);
    match names.as_slice() {
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
        [] => String::new(),
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(name: &str) -> Result<Self, UnknownLanguage> {
        Language::ALL
            .into_iter()
            .find(|language| language.name() == name)
            .ok_or_else(|| UnknownLanguage(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn an_unknown_language_is_told_which_there_are() {
        let error = "cobol".parse::<Language>().unwrap_err().to_string();
        for language in Language::ALL {
            assert_eq!(language.name().parse(), Ok(language));
            assert!(error.contains(language.name()), "{error}");
        }
    }
}
