//! The languages: what compiles and runs them, how that is found on the host, what it needs around it.

mod cpp;
mod discover;
mod go;
mod java;
mod javascript;
mod naming;
mod nearest;
mod probe;
mod python;
mod r;
mod ruby;
mod spec;
mod template;

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};

pub(crate) use discover::{Toolchain, find};
pub(crate) use naming::java as java_names;
pub use nearest::nearest;
pub use spec::{LanguageSpec, Layer, Naming, Project, Tool};
pub(crate) use template::Values;

use crate::Error;

/// A language that is built in. What is known of it is its [`spec`](Self::spec).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
#[non_exhaustive]
pub enum Language {
    /// Python 3.
    Python,
    /// JavaScript, by Node.js.
    JavaScript,
    /// Java, compiled by `javac`.
    Java,
    /// C++, by GCC or Clang.
    Cpp,
    /// Go.
    Go,
    /// R.
    R,
    /// Ruby.
    Ruby,
}

/// In the order of [`Language::ALL`].
static SPECS: LazyLock<[Arc<LanguageSpec>; 7]> = LazyLock::new(|| {
    [python::spec(), javascript::spec(), java::spec(), cpp::spec(), go::spec(), r::spec(), ruby::spec()].map(Arc::new)
});

impl Language {
    /// Every language that is built in.
    pub const ALL: [Self; 7] = [Self::Python, Self::JavaScript, Self::Java, Self::Cpp, Self::Go, Self::R, Self::Ruby];

    /// All there is to know about it.
    pub fn spec(self) -> Arc<LanguageSpec> {
        let at = Self::ALL.iter().position(|language| *language == self).unwrap_or(0);
        Arc::clone(&SPECS[at])
    }

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::Java => "java",
            Self::Cpp => "cpp",
            Self::Go => "go",
            Self::R => "r",
            Self::Ruby => "ruby",
        }
    }

    /// The language of a file, by its ending.
    pub fn of_file(path: impl AsRef<Path>) -> Option<Self> {
        let ending = path.as_ref().extension()?.to_str()?;
        Self::ALL.into_iter().find(|language| language.spec().has_ending(ending))
    }

    /// The host's programs for it, best known first, where a sandbox of this host would run it by them.
    ///
    /// # Errors
    ///
    /// [`Error::InterpreterMissing`], with the package that would bring what is missing.
    pub fn programs(self) -> Result<Vec<PathBuf>, Error> {
        discover::find_tools(&self.spec(), None).map(|found| found.programs)
    }

    fn answers_to(self, name: &str) -> bool {
        self.name() == name || self.spec().aliases.iter().any(|alias| alias == name)
    }
}

impl LanguageSpec {
    /// The error where a sandbox's image has not what would start a program: the language's own, or `launcher`.
    pub(crate) fn missing_inside(&self, launcher: Option<&str>) -> Error {
        // What is started first is what is missed first.
        let compiles = self.compile.first().or(self.run.first());
        let tool = compiles.and_then(|word| self.tool(word.trim_matches(['{', '}']))).map(|at| &self.tools[at]);
        let (program, package) = match (launcher, tool) {
            (Some(launcher), _) => (launcher, launcher),
            (None, Some(tool)) => (tool.programs[0].as_str(), tool.package.as_str()),
            (None, None) => (self.name.as_str(), self.name.as_str()),
        };
        Error::InterpreterMissing {
            language: self.name.clone(),
            reason: format!("the sandbox's image has no {program}"),
            remedy: format!("use an image that has one, or install {package} in it"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Language {
    type Err = Error;

    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a name that is none; its hint names the nearest.
    fn from_str(name: &str) -> Result<Self, Error> {
        let lower = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|language| language.answers_to(&lower)).ok_or_else(|| {
            let all = Self::ALL.map(Self::name).join(", ");
            let names = SPECS.iter().flat_map(|spec| [&spec.name].into_iter().chain(&spec.aliases));
            let remedy = match nearest(&lower, names.map(String::as_str)) {
                Some(nearest) => format!("did you mean {nearest:?}? There are: {all}"),
                None => format!("there are: {all}"),
            };
            let shown: String = name.chars().take(60).collect();
            Error::invalid("language", format!("{shown:?} is unknown")).with_remedy(remedy)
        })
    }
}

impl TryFrom<String> for Language {
    type Error = Error;
    fn try_from(name: String) -> Result<Self, Error> {
        name.parse()
    }
}

impl From<Language> for &'static str {
    fn from(language: Language) -> Self {
        language.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_stand_where_their_languages_do() {
        for language in Language::ALL {
            assert_eq!(language.spec().name, language.name());
            assert!(language.answers_to(language.name()) && *language.spec() == language);
            let file = format!("x.{}", language.spec().endings[0]);
            assert_eq!(Language::of_file(file), Some(language));
        }
    }

    #[test]
    fn names_and_endings_are_one_languages_alone() {
        let specs = Language::ALL.map(Language::spec);
        let all = |of: fn(&LanguageSpec) -> Vec<String>| {
            let mut all: Vec<String> = specs.iter().flat_map(|spec| of(spec)).collect();
            let count = all.len();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count, "{all:?}");
        };
        all(|spec| [vec![spec.name.clone()], spec.aliases.clone()].concat());
        all(|spec| spec.endings.clone());
    }

    #[test]
    fn every_image_has_a_version() {
        for language in Language::ALL {
            let image = language.spec().image.clone().unwrap();
            let tag = image.rsplit_once(':').map(|(_, tag)| tag.to_owned());
            assert!(tag.is_some_and(|tag| tag.starts_with(|first: char| first.is_ascii_digit())), "{image}");
        }
    }
}
