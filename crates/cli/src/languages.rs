//! `llm-sandbox languages`: each language, the endings of its files, and what runs it on this host.

use std::path::PathBuf;

use llm_sandbox::{Error, Language};
use serde::Serialize;

use crate::{
    print::{in_json, print},
    status::ExitStatus,
    table::Table,
};

#[derive(Serialize)]
struct Languages {
    schema: u32,
    languages: Vec<LanguageFound>,
}

#[derive(Serialize)]
struct LanguageFound {
    name: Language,
    endings: &'static [&'static str],
    /// The program of this host that would run it; containers have their own.
    program: Option<PathBuf>,
    /// What would bring one, where there is none.
    remedy: Option<String>,
}

impl From<Language> for LanguageFound {
    fn from(language: Language) -> Self {
        let (program, remedy) = match language.interpreter() {
            Ok(program) => (Some(program), None),
            Err(error) => (None, Some(error.hint().map_or_else(|| error.to_string(), str::to_owned))),
        };
        Self { name: language, endings: language.endings(), program, remedy }
    }
}

/// Prints them all.
pub(crate) fn languages(json: bool) -> Result<ExitStatus, Error> {
    let languages: Vec<_> = Language::ALL.into_iter().map(LanguageFound::from).collect();
    if json {
        return print(in_json(&Languages { schema: 1, languages })?);
    }
    let mut table = Table::new(["LANGUAGE", "ENDINGS", "PROGRAM"]);
    for LanguageFound { name, endings, program, remedy } in &languages {
        let endings = endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(" ");
        let program = match (program, remedy) {
            (Some(program), _) => program.display().to_string(),
            (None, remedy) => format!("none: {}", remedy.as_deref().unwrap_or("it cannot be used")),
        };
        table.row([name.name(), &endings, &program]);
    }
    print(table.to_string())
}
