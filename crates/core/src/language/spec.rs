use std::{path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use super::template;
use crate::{Error, Language};

/// All there is to know about a language. Those of [`Language`] are such values; more can be made in code, or read from
/// TOML by [`LanguageSpec::from_toml`].
///
/// ```
/// use llm_sandbox_core::LanguageSpec;
///
/// let lua = LanguageSpec::from_toml(
///     r#"
///     name = "lua"
///     endings = ["lua"]
///     source = "main.lua"
///     run = ["{lua}", "{source}"]
///     tools = [{ name = "lua", programs = ["lua5.4", "lua"], package = "lua5.4" }]
///     "#,
/// )?;
/// assert_eq!(lua.name, "lua");
/// # Ok::<(), llm_sandbox_core::Error>(())
/// ```
///
/// # Templates
///
/// `compile`, `run`, the sources of a `project` and the values of `environment` are templates. `{NAME}` stands for the path
/// of the tool of that name, and:
///
/// | | |
/// | --- | --- |
/// | `{source}` | the program's file |
/// | `{source-directory}` | where that lies |
/// | `{sources}` | as a word alone: the program's file and those others of the run that have an ending of the language |
/// | `{directory}` | the working directory |
/// | `{build}` | a directory for what compiling writes, the run's own |
/// | `{class}` | the class that is started, where `naming` is [`Naming::PublicClass`] |
/// | `{compiler-options}`, `{runtime-options}` | as words alone: what the caller gave |
/// | `{memory}`, `{heap}` | the memory limit and four fifths of it, in bytes |
/// | `{cpus}` | the processors, rounded up |
/// | `{env:NAME}` | an environment variable of the run, or nothing |
///
/// A brace itself is written twice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct LanguageSpec {
    /// Its name, in lower case.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// The endings of its files, without the dot.
    pub endings: Vec<String>,
    /// What the program's file is called inside; errors and tracebacks show it.
    pub source: String,
    /// Whether the program itself has a word in that.
    pub naming: Naming,
    /// What is started to compile and run. The first one is what the caller may name.
    pub tools: Vec<Tool>,
    /// The compiler and its arguments; nothing where there is none.
    pub compile: Vec<String>,
    /// The program and its arguments, before those of the caller.
    pub run: Vec<String>,
    /// A file that makes a project of a run's files, and what then stands in the place of `{sources}`.
    pub project: Option<Project>,
    /// What every run's environment has.
    pub environment: Vec<(String, String)>,
    /// The image that containers are made of unless another is named.
    pub image: Option<String>,
    /// What is made once per host and shown to all its sandboxes.
    pub layer: Option<Layer>,
}

/// How the file of a program text is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Naming {
    /// As the language says.
    #[default]
    Fixed,
    /// After the public class that it declares, as Java has it.
    PublicClass,
}

/// A program that a language takes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Tool {
    /// What templates call it.
    pub name: String,
    /// The names it is looked for by, best first; in images the first.
    pub programs: Vec<String>,
    /// The environment variable of the host that overrides the search.
    pub variable: Option<String>,
    /// The Debian package that holds it.
    pub package: String,
    /// The arguments with which it tells where it lives, one path a line, itself first. Without, an installation apart from
    /// the system's is taken to be the directory above its `bin`.
    pub question: Vec<String>,
    /// What of the host it needs besides, where it exists.
    pub beside: Vec<PathBuf>,
}

/// A file that makes a project of a run's files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The file's name.
    pub file: String,
    /// What stands in the place of `{sources}` where it is there.
    pub sources: Vec<String>,
}

/// What is made once per host and shown, read-only, to all its sandboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Layer {
    /// Go's standard library, compiled.
    GoStandardLibrary,
}

impl LanguageSpec {
    /// Reads one from TOML.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that names the place and what is wrong there.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let spec: Self = toml::from_str(text).map_err(|error| {
            let place = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
            let place = place.map(|line| format!("line {line}: ")).unwrap_or_default();
            Error::invalid("language", format!("{place}{}", error.message()))
                .with_remedy("the fields are those of LanguageSpec, in kebab case")
        })?;
        spec.check()?;
        Ok(spec)
    }

    /// Whether it can be used.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that names the field.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |field: &str, reason: &str| Err(Error::invalid("language", format!("{field} {reason}")));
        let is_plain = |name: &str| !name.is_empty() && !name.contains(['/', '\0']) && name != "." && name != "..";
        if !is_plain(&self.name) {
            return wrong("name", "is not a name");
        }
        if !is_plain(&self.source) {
            return wrong("source", "is not the name of a file");
        }
        if self.run.is_empty() {
            return wrong("run", "is empty: it is what is started");
        }
        if self.tools.is_empty() || self.tools.iter().any(|tool| tool.name.is_empty() || tool.programs.is_empty()) {
            return wrong("tools", "need at least one, each with a name and programs");
        }
        template::check(self)
    }

    /// What its templates call a tool.
    pub(super) fn tool(&self, name: &str) -> Option<usize> {
        self.tools.iter().position(|tool| tool.name == name)
    }

    /// Whether programs are compiled before they run.
    pub fn is_compiled(&self) -> bool {
        !self.compile.is_empty()
    }

    /// Whether a file is one of the language's, by its ending.
    pub(crate) fn has_ending(&self, ending: &str) -> bool {
        self.endings.iter().any(|own| own.eq_ignore_ascii_case(ending))
    }
}

impl From<Language> for Arc<LanguageSpec> {
    fn from(language: Language) -> Self {
        language.spec()
    }
}

impl From<&Language> for Arc<LanguageSpec> {
    fn from(language: &Language) -> Self {
        language.spec()
    }
}

impl PartialEq<Language> for LanguageSpec {
    fn eq(&self, language: &Language) -> bool {
        self.name == language.name()
    }
}

/// Text of constants as owned words.
pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Variables of constants.
pub(super) fn variables(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
