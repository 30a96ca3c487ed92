//! What can be set besides on the command line: every option that says what a sandbox is made of.

use std::{ffi::OsString, path::PathBuf};

use crate::arguments::SandboxArguments;

/// An option of the command line that the environment and the config file have, too.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The long option, without its dashes.
    pub(crate) name: &'static str,
    /// How many values it has, and where they go.
    pub(crate) form: Form,
    /// What it is where nothing says otherwise, in the form of the command line.
    pub(crate) built_in: Option<&'static str>,
    /// What errors about its value begin with.
    said_as: &'static str,
}

type Place<T> = fn(&mut SandboxArguments) -> &mut T;

/// How many values a setting has, and their place among the arguments.
#[derive(Debug)]
pub(crate) enum Form {
    /// One.
    Text(Place<Option<OsString>>),
    /// One, of a path.
    Path(Place<Option<PathBuf>>),
    /// Yes or no.
    Flag(Place<bool>),
    /// Any number.
    List(Place<Vec<OsString>>),
    /// Any number, each with a name, written `NAME=VALUE`.
    Table(Place<Vec<OsString>>),
}

/// Of these the nearest layer that has one decides alone.
const ONE_CHOICE: [&str; 3] = ["image", "dockerfile", "container"];

/// Options of `run` that are of one run and never set elsewhere.
pub(crate) const COMMAND_LINE_ONLY: [&str; 6] = ["code", "stdin", "tty", "json", "quiet", "profile"];

/// Every setting, in the order in which they are shown.
pub(crate) static SETTINGS: [Setting; 23] = [
    text("language", |all| &mut all.language, None, "language"),
    text("timeout", |all| &mut all.timeout, Some("60"), "timeout"),
    text("cpu-time", |all| &mut all.cpu_time, None, "CPU time"),
    text("memory", |all| &mut all.memory, Some("512m"), "memory"),
    text("cpus", |all| &mut all.cpus, Some("1"), "cpus"),
    text("pids", |all| &mut all.pids, Some("128"), "processes"),
    text("disk", |all| &mut all.disk, Some("256m"), "disk"),
    text("output", |all| &mut all.output, Some("8m"), "output limit"),
    setting("env", Form::Table(|all| &mut all.env), None, "environment variable"),
    setting("mount", Form::List(|all| &mut all.mount), None, "mount"),
    setting("file", Form::List(|all| &mut all.files), None, "file"),
    setting("workdir", Form::Path(|all| &mut all.workdir), Some("/sandbox"), "working directory"),
    setting("interpreter", Form::Path(|all| &mut all.interpreter), None, "interpreter"),
    text("backend", |all| &mut all.backend, Some("native"), "backend"),
    text("image", |all| &mut all.image, None, "image"),
    text("container", |all| &mut all.container, None, "container"),
    text("environment", |all| &mut all.environment, None, "environment"),
    setting("container-option", Form::Table(|all| &mut all.container_options), None, "container option"),
    setting("dockerfile", Form::Path(|all| &mut all.dockerfile), None, "dockerfile"),
    setting("keep-template", Form::Flag(|all| &mut all.keep_template), Some("false"), "keep-template"),
    text("isolation", |all| &mut all.isolation, Some("full"), "isolation"),
    setting("require", Form::List(|all| &mut all.require), None, "guarantee"),
    setting("accept-weaker", Form::List(|all| &mut all.accept_weaker), None, "guarantee"),
];

const fn text(
    name: &'static str,
    place: Place<Option<OsString>>,
    built_in: Option<&'static str>,
    said_as: &'static str,
) -> Setting {
    setting(name, Form::Text(place), built_in, said_as)
}

const fn setting(name: &'static str, form: Form, built_in: Option<&'static str>, said_as: &'static str) -> Setting {
    Setting { name, form, built_in, said_as }
}

impl Setting {
    /// The setting of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// The environment variable that sets it.
    pub(crate) fn variable(&self) -> String {
        format!("LLM_SANDBOX_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// Whether it has any number of values.
    pub(crate) fn is_repeated(&self) -> bool {
        matches!(self.form, Form::List(_) | Form::Table(_))
    }

    /// The settings of which only one can be chosen, itself among them.
    pub(crate) fn choice(&self) -> &[&'static str] {
        if ONE_CHOICE.contains(&self.name) { &ONE_CHOICE } else { std::slice::from_ref(&self.name) }
    }

    /// Whether the arguments say it already.
    pub(crate) fn is_given(&self, arguments: &mut SandboxArguments) -> bool {
        match self.form {
            Form::Text(place) => place(arguments).is_some(),
            Form::Path(place) => place(arguments).is_some(),
            Form::Flag(place) => *place(arguments),
            Form::List(place) | Form::Table(place) => !place(arguments).is_empty(),
        }
    }

    /// Whether an error about `what` is one about this setting's value.
    pub(crate) fn is_meant_by(&self, what: &str) -> bool {
        what.strip_prefix(self.said_as).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }
}

/// The name of a table's item, `NAME` in `NAME=VALUE`.
pub(crate) fn name_of(item: &OsString) -> &[u8] {
    let bytes = item.as_encoded_bytes();
    bytes.split(|byte| *byte == b'=').next().unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use llm_sandbox::Limits;

    use super::*;
    use crate::{arguments::CommandLine, limits};

    #[test]
    fn every_option_of_run_is_a_setting_or_said_not_to_be() {
        let program = CommandLine::command();
        let run = program.find_subcommand("run").unwrap();
        let mut options: Vec<_> = run.get_arguments().filter_map(|argument| argument.get_long()).collect();
        let mut known: Vec<_> = SETTINGS.iter().map(|setting| setting.name).chain(COMMAND_LINE_ONLY).collect();
        options.sort_unstable();
        known.sort_unstable();
        assert_eq!(options, known);
    }

    #[test]
    fn what_is_built_in_is_what_a_sandbox_has() {
        let mut arguments = SandboxArguments::default();
        for setting in &SETTINGS {
            if let (Form::Text(place), Some(value)) = (&setting.form, setting.built_in) {
                *place(&mut arguments) = Some(value.into());
            }
        }
        assert_eq!(limits::read(&arguments).unwrap(), Limits::default());
    }
}
