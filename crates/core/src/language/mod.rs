//! The languages: which program runs them, how it is found on the host, what it needs around it.

mod discover;
mod javascript;
mod nearest;
mod probe;
mod python;

use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

pub(crate) use discover::{Interpreter, find};
pub use nearest::nearest;

use crate::Error;

/// A language that a session runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
#[non_exhaustive]
pub enum Language {
    /// Python 3.
    Python,
    /// JavaScript, by Node.js.
    JavaScript,
}

/// What core has to know about a language; one constant per language.
pub(crate) struct Recipe {
    name: &'static str,
    aliases: &'static [&'static str],
    endings: &'static [&'static str],
    /// What the program's file is called inside; errors and tracebacks show it.
    pub(crate) source: &'static str,
    /// The interpreter's names, best first.
    pub(crate) programs: &'static [&'static str],
    /// The environment variable of the host that overrides the search.
    pub(crate) variable: &'static str,
    /// The Debian package that holds the interpreter.
    pub(crate) package: &'static str,
    /// What every run's environment has.
    pub(crate) environment: &'static [(&'static str, &'static str)],
    /// The arguments with which an interpreter tells where it lives, one path a line, itself first.
    pub(crate) question: &'static [&'static str],
}

impl Language {
    /// Every language there is.
    pub const ALL: [Self; 2] = [Self::Python, Self::JavaScript];

    pub(crate) fn recipe(self) -> &'static Recipe {
        match self {
            Self::Python => &python::RECIPE,
            Self::JavaScript => &javascript::RECIPE,
        }
    }

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        self.recipe().name
    }

    /// What the program's file is called inside; errors and tracebacks show it.
    pub fn source_name(self) -> &'static str {
        self.recipe().source
    }

    /// The endings of its files, without the dot, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        self.recipe().endings
    }

    /// The language of a file, by its ending.
    pub fn of_file(path: impl AsRef<Path>) -> Option<Self> {
        let ending = path.as_ref().extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.recipe().endings.contains(&ending.as_str()))
    }

    /// The host's interpreter, where a sandbox of this host would run the language by it.
    ///
    /// # Errors
    ///
    /// [`Error::InterpreterMissing`], with the package that would bring one.
    pub fn interpreter(self) -> Result<PathBuf, Error> {
        find(self, None).map(|found| found.program)
    }

    /// The error where a sandbox's image has no interpreter, or not the program that would start it.
    pub(crate) fn missing_inside(self, launcher: Option<Cow<'_, str>>) -> Error {
        let recipe = self.recipe();
        let (program, package) = match &launcher {
            Some(launcher) => (launcher.as_ref(), launcher.as_ref()),
            None => (recipe.programs[0], recipe.package),
        };
        Error::InterpreterMissing {
            language: recipe.name,
            reason: format!("the sandbox's image has no {program}"),
            remedy: format!("use an image that has one, or install {package} in it"),
        }
    }

    fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().flat_map(|language| {
            let recipe = language.recipe();
            std::iter::once(recipe.name).chain(recipe.aliases.iter().copied())
        })
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
        let known = |language: &Self| {
            let recipe = language.recipe();
            recipe.name == lower || recipe.aliases.contains(&lower.as_str())
        };
        Self::ALL.into_iter().find(known).ok_or_else(|| {
            let all = Self::ALL.map(Self::name).join(", ");
            let remedy = match nearest::nearest(&lower, Self::names()) {
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
