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
    /// Ruby 3, and what of Ruby 2 still parses.
    Ruby,
    /// R 4.
    R,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 4] = [Language::Python, Language::JavaScript, Language::Ruby, Language::R];

    /// The language's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::JavaScript => "javascript",
            Language::Ruby => "ruby",
            Language::R => "r",
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
#[error("no policy understands the language «{}»; there are {}", .0, all_names())]
pub struct UnknownLanguage(pub String);

fn all_names() -> String {
    let names = Language::ALL.map(Language::name);
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
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
    fn a_name_that_is_not_known_is_told_the_others() {
        let error = "cobol".parse::<Language>().unwrap_err().to_string();
        assert!(Language::ALL.iter().all(|language| error.contains(language.name())), "{error}");
        assert_eq!("ruby".parse(), Ok(Language::Ruby));
    }
}
