//! What a sandbox is made of, said nearest first: the command line, the environment, a profile of the config file, its
//! defaults, and what is built in.

mod file;
mod layer;
mod origin;
mod setting;
mod show;
mod value;
mod variables;

use std::ffi::OsString;

use llm_sandbox::Error;

use crate::{arguments::Settable, text};
use file::{File, Place};
use layer::{Entry, Layer};
use setting::name_of;

pub(crate) use show::config;

/// The variable that names the profile where the command line names none.
const PROFILE_VARIABLE: &str = "LLM_SANDBOX_PROFILE";

/// What was said beside the command line, nearest first.
#[derive(Debug)]
struct Surroundings {
    place: Option<Place>,
    is_there: bool,
    profile: Option<String>,
    layers: Vec<Layer>,
}

impl Surroundings {
    fn read(profile: Option<&OsString>) -> Result<Self, Error> {
        let variable = variables::variable(PROFILE_VARIABLE);
        let profile = profile.or(variable.as_ref()).map(|name| text(name).into_owned());
        let place = Place::find();
        let file = place.as_ref().map(File::read).transpose()?.flatten();
        let is_there = file.is_some();
        let mut layers = vec![variables::read()?];
        match (&profile, file) {
            (Some(name), Some(file)) => layers.extend([file.profile(name)?.clone(), file.defaults]),
            (None, Some(file)) => layers.push(file.defaults),
            (Some(name), None) => return Err(no_file_for(name, place.as_ref())),
            (None, None) => {}
        }
        Ok(Self { place, is_there, profile, layers })
    }
}

fn no_file_for(profile: &str, place: Option<&Place>) -> Error {
    let error = Error::invalid("profile", format!("{profile:?} is unknown, as there is no config file"));
    match place {
        Some(place) => error.with_remedy(format!("write [profiles.{profile}] into {}", place.path.display())),
        None => error.with_remedy(NO_PLACE),
    }
}

/// What to do where neither a home nor a variable says where the config file is.
const NO_PLACE: &str = "name a file by LLM_SANDBOX_CONFIG";

/// Which settings were made beside the command line, to tell whom an error blames.
#[derive(Debug)]
pub(crate) struct Inherited {
    entries: Vec<Entry>,
}

impl Inherited {
    /// Completes the arguments with what the environment and the config file say.
    pub(crate) fn complete(mut arguments: Settable<'_>) -> Result<Self, Error> {
        let surroundings = Surroundings::read(arguments.sandbox.profile.as_ref())?;
        Ok(Self { entries: layer::apply(layer::settle(&surroundings.layers), &mut arguments) })
    }

    /// The error, with the place of the value that it is about.
    pub(crate) fn blame(&self, error: Error) -> Error {
        match error {
            Error::InvalidInput { what, reason, remedy } => {
                let origin =
                    self.entries.iter().find(|entry| is_about(entry, &what, &reason)).map(|entry| &entry.origin);
                let what = origin.map_or_else(|| what.clone(), |origin| format!("{origin}: {what}"));
                Error::InvalidInput { what, reason, remedy }
            }
            other => other,
        }
    }
}

fn is_about(entry: &Entry, what: &str, reason: &str) -> bool {
    if !entry.setting.is_meant_by(what) {
        return false;
    }
    // Of several values it is the one that is named.
    let item = String::from_utf8_lossy(name_of(&entry.word)).into_owned();
    let source = item.split(':').next().unwrap_or(&item);
    !entry.setting.is_repeated() || what.contains(source) || reason.contains(source)
}
