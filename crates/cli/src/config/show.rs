//! `llm-sandbox config`: every setting, its value and where that comes from.

use std::{fmt::Write as _, path::PathBuf};

use llm_sandbox::Error;
use serde::Serialize;

use super::{
    NO_PLACE, Surroundings,
    file::Place,
    layer::{self, Entry},
    origin::Origin,
    setting::SETTINGS,
};
use crate::{
    arguments::{ConfigAction, ConfigArguments},
    print::{in_json, print},
    status::ExitStatus,
    table::Table,
    text,
};

#[derive(Serialize)]
struct Shown {
    schema: u32,
    /// Where the config file is, or would be.
    path: Option<PathBuf>,
    is_there: bool,
    profile: Option<String>,
    settings: Vec<ShownSetting>,
}

/// One value; a setting that is repeated has as many of these as it has values.
#[derive(Serialize)]
struct ShownSetting {
    name: &'static str,
    value: Option<String>,
    variable: String,
    source: ShownSource,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ShownSource {
    BuiltIn,
    Variable { name: String },
    File { path: PathBuf, line: usize },
}

/// Prints the settings, or where the config file is.
pub(crate) fn config(arguments: &ConfigArguments) -> Result<ExitStatus, Error> {
    if let Some(ConfigAction::Path) = arguments.action {
        return path();
    }
    let surroundings = Surroundings::read(arguments.profile.as_ref())?;
    let entries = layer::settle(&surroundings.layers);
    let Surroundings { place, is_there, profile, .. } = surroundings;
    let path = place.map(|place| place.path);
    let shown = Shown { schema: 1, path, is_there, profile, settings: settings(&entries) };
    print(if arguments.json { in_json(&shown)? } else { in_words(&shown) })
}

fn path() -> Result<ExitStatus, Error> {
    let place = Place::find().ok_or_else(|| {
        Error::invalid("config file", "neither XDG_CONFIG_HOME nor HOME says where it is").with_remedy(NO_PLACE)
    })?;
    print(format!("{}\n", place.path.display()))
}

fn settings(entries: &[Entry]) -> Vec<ShownSetting> {
    let mut shown = Vec::new();
    for setting in &SETTINGS {
        let said = entries.iter().filter(|entry| entry.setting.name == setting.name);
        let before = shown.len();
        shown.extend(said.map(|entry| ShownSetting {
            name: setting.name,
            value: Some(text(&entry.word).into_owned()),
            variable: setting.variable(),
            source: ShownSource::of(&entry.origin),
        }));
        if shown.len() == before {
            let value = setting.built_in.map(str::to_owned);
            let (variable, source) = (setting.variable(), ShownSource::BuiltIn);
            shown.push(ShownSetting { name: setting.name, value, variable, source });
        }
    }
    shown
}

impl ShownSource {
    fn of(origin: &Origin) -> Self {
        match origin {
            Origin::Variable(name) => Self::Variable { name: name.clone() },
            Origin::File { path, line } => Self::File { path: path.as_path().to_owned(), line: *line },
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::BuiltIn => "built in".to_owned(),
            Self::Variable { name } => name.clone(),
            Self::File { path, line } => format!("{}:{line}", path.display()),
        }
    }
}

fn in_words(shown: &Shown) -> String {
    let mut table = Table::new(["SETTING", "VALUE", "FROM"]);
    for setting in &shown.settings {
        let value = setting.value.as_deref().unwrap_or("-");
        table.row([setting.name, value, &setting.source.in_words()]);
    }
    let mut words = table.to_string();
    let path = shown.path.as_ref().map_or_else(|| "nowhere".to_owned(), |path| path.display().to_string());
    let absent = if shown.is_there { "" } else { ", which is not there" };
    // Writing into a string cannot fail.
    let _ = write!(words, "\nconfig file: {path}{absent}\n");
    if let Some(profile) = &shown.profile {
        let _ = writeln!(words, "profile: {profile}");
    }
    words
}
