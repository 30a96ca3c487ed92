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
    endings: Vec<String>,
    /// The programs of this host that would compile and run it; containers have their own.
    programs: Vec<PathBuf>,
    /// What would bring one, where there is none.
    remedy: Option<String>,
}

impl From<Language> for LanguageFound {
    fn from(language: Language) -> Self {
        let (programs, remedy) = match language.programs() {
            Ok(programs) => (programs, None),
            Err(error) => (Vec::new(), Some(error.hint().map_or_else(|| error.to_string(), str::to_owned))),
        };
        Self { name: language, endings: language.spec().endings.clone(), programs, remedy }
    }
}

/// Prints them all.
pub(crate) fn languages(json: bool) -> Result<ExitStatus, Error> {
    let languages: Vec<_> = Language::ALL.into_iter().map(LanguageFound::from).collect();
    if json {
        return print(in_json(&Languages { schema: 1, languages })?);
    }
    let mut table = Table::new(["LANGUAGE", "ENDINGS", "PROGRAMS"]);
    for LanguageFound { name, endings, programs, remedy } in &languages {
        let endings = endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(" ");
        let programs = match remedy {
            None => programs.iter().map(|program| program.display().to_string()).collect::<Vec<_>>().join(" "),
            Some(remedy) => format!("none: {remedy}"),
        };
        table.row([name.name(), &endings, &programs]);
    }
    print(table.to_string())
}
