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
    /// C++, and C, which is read as C++.
    Cpp,
    /// Ruby 3, and what of Ruby 2 still parses.
    Ruby,
    /// R 4.
    R,
    /// Java, as files or as snippets without a class.
    Java,
    /// Go.
    Go,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 7] = [
        Language::Python,
        Language::JavaScript,
        Language::Cpp,
        Language::Ruby,
        Language::R,
        Language::Java,
        Language::Go,
    ];

    /// The language's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::JavaScript => "javascript",
            Language::Cpp => "cpp",
            Language::Ruby => "ruby",
            Language::R => "r",
            Language::Java => "java",
            Language::Go => "go",
        }
    }

    /// The endings of files that it loads, without the dot.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Language::Python => &["py", "pyw"],
            Language::JavaScript => &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts"],
            Language::Cpp => &[
                "cpp", "cc", "cxx", "c++", "C", "c", "h", "hh", "hpp", "hxx", "inc", "inl", "ipp", "tcc", "tpp", "ixx",
                "cppm",
            ],
            Language::Ruby => &["rb", "ru", "rake", "gemspec"],
            Language::R => &["R", "r", "Rprofile", "q"],
            Language::Java => &["java"],
            Language::Go => &["go", "c", "h"],
        }
    }

    /// Other names that are understood as well.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Language::Cpp => &["c++", "cxx", "cplusplus", "c"],
            _ => &[],
        }
    }

    /// The names of all, as a sentence has them.
    fn listed() -> String {
        let names = Language::ALL.map(Language::name);
        names.split_last().map_or_else(String::new, |(last, others)| format!("{} and {last}", others.join(", ")))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A language that no policy understands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no policy understands the language «{0}»; there are {known}", known = Language::listed())]
pub struct UnknownLanguage(pub String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(name: &str) -> Result<Self, UnknownLanguage> {
        Language::ALL
            .into_iter()
            .find(|language| language.name() == name || language.aliases().contains(&name))
            .ok_or_else(|| UnknownLanguage(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn languages_are_known_by_their_names() {
        for language in Language::ALL {
            assert_eq!(language.name().parse(), Ok(language));
        }
        assert_eq!("c++".parse(), Ok(Language::Cpp));
        let error = "cobol".parse::<Language>().unwrap_err().to_string();
        assert!(Language::ALL.iter().all(|language| error.contains(language.name())), "{error}");
    }
}
