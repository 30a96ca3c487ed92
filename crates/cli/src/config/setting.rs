//! What can be set besides on the command line: every option that says what a sandbox is made of.

use std::{ffi::OsString, path::PathBuf};

use crate::arguments::Settable;

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

type Place<T> = for<'a> fn(&'a mut Settable<'_>) -> Option<&'a mut T>;

/// How many values a setting has, and their place among the arguments, where a command has one.
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

/// Of each of these the nearest layer that has one decides alone.
const CHOICES: [&[&str]; 2] = [&["image", "dockerfile", "container"], &["policy", "policy-file"]];

/// Options of `run` that are of one run and never set elsewhere.
pub(crate) const COMMAND_LINE_ONLY: [&str; 6] = ["code", "stdin", "tty", "json", "quiet", "profile"];

/// Every setting, in the order in which they are shown.
pub(crate) static SETTINGS: [Setting; 28] = [
    text("language", |all| Some(&mut *all.language), None, "language"),
    text("timeout", |all| Some(&mut all.sandbox.timeout), Some("60"), "timeout"),
    text("cpu-time", |all| Some(&mut all.sandbox.cpu_time), None, "CPU time"),
    text("memory", |all| Some(&mut all.sandbox.memory), Some("512m"), "memory"),
    text("cpus", |all| Some(&mut all.sandbox.cpus), Some("1"), "cpus"),
    text("pids", |all| Some(&mut all.sandbox.pids), Some("128"), "processes"),
    text("disk", |all| Some(&mut all.sandbox.disk), Some("256m"), "disk"),
    text("output", |all| Some(&mut *all.output), Some("8m"), "output limit"),
    setting("env", Form::Table(|all| Some(&mut all.sandbox.env)), None, "environment variable"),
    setting("mount", Form::List(|all| Some(&mut all.sandbox.mount)), None, "mount"),
    setting("file", Form::List(|all| all.files.as_deref_mut()), None, "file"),
    setting("workdir", Form::Path(|all| Some(&mut all.sandbox.workdir)), Some("/sandbox"), "working directory"),
    setting("interpreter", Form::Path(|all| Some(&mut all.sandbox.interpreter)), None, "interpreter"),
    setting("compiler-option", Form::List(|all| Some(&mut all.sandbox.compiler_options)), None, "compiler option"),
    setting("runtime-option", Form::List(|all| Some(&mut all.sandbox.runtime_options)), None, "runtime option"),
    text("backend", |all| Some(&mut all.sandbox.backend), Some("native"), "backend"),
    text("image", |all| Some(&mut all.sandbox.image), None, "image"),
    text("container", |all| Some(&mut all.sandbox.container), None, "container"),
    text("environment", |all| Some(&mut all.sandbox.environment), None, "environment"),
    setting("container-option", Form::Table(|all| Some(&mut all.sandbox.container_options)), None, "container option"),
    setting("dockerfile", Form::Path(|all| Some(&mut all.sandbox.dockerfile)), None, "dockerfile"),
    setting("keep-template", Form::Flag(|all| Some(&mut all.sandbox.keep_template)), Some("false"), "keep-template"),
    text("isolation", |all| Some(&mut all.sandbox.isolation), Some("full"), "isolation"),
    setting("require", Form::List(|all| Some(&mut all.sandbox.require)), None, "guarantee"),
    setting("accept-weaker", Form::List(|all| Some(&mut all.sandbox.accept_weaker)), None, "guarantee"),
    text("policy", |all| Some(&mut all.sandbox.policy), None, "policy"),
    setting("policy-file", Form::Path(|all| Some(&mut all.sandbox.policy_file)), None, "policy file"),
    setting("enforce", Form::Flag(|all| Some(&mut all.sandbox.enforce)), Some("false"), "enforce"),
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
        let one_of = CHOICES.into_iter().find(|names| names.contains(&self.name));
        one_of.unwrap_or(std::slice::from_ref(&self.name))
    }

    /// Whether the arguments say it already.
    pub(crate) fn is_given(&self, arguments: &mut Settable<'_>) -> bool {
        match self.form {
            Form::Text(place) => place(arguments).is_some_and(|value| value.is_some()),
            Form::Path(place) => place(arguments).is_some_and(|value| value.is_some()),
            Form::Flag(place) => place(arguments).is_some_and(|value| *value),
            Form::List(place) | Form::Table(place) => place(arguments).is_some_and(|values| !values.is_empty()),
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
    use crate::{
        arguments::{CommandLine, SandboxArguments},
        limits,
    };

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
        let (mut sandbox, mut language, mut output) = (SandboxArguments::default(), None, None);
        let mut all = Settable { sandbox: &mut sandbox, language: &mut language, output: &mut output, files: None };
        for setting in &SETTINGS {
            if let (Form::Text(place), Some(value)) = (&setting.form, setting.built_in) {
                *place(&mut all).unwrap() = Some(value.into());
            }
        }
        assert_eq!(limits::read(&sandbox, output.as_ref()).unwrap(), Limits::default());
    }
}
