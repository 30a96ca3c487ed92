//! `llm-sandbox man`: the manual pages, made of the commands' own help.

use std::{fs, io, path::Path};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use llm_sandbox::{Error, core::nearest};

use crate::{
    arguments::{CommandLine, ManArguments},
    print::print,
    shared::plain,
    status::ExitStatus,
};

/// Prints one page, or writes all of them.
pub(crate) fn man(arguments: &ManArguments) -> Result<ExitStatus, Error> {
    // Every command has its help as an option; pages of "help" would say nothing more.
    let mut program = CommandLine::command().disable_help_subcommand(true);
    program.build();
    match &arguments.directory {
        None => print(page(named(&program, &arguments.command)?)?),
        Some(directory) => {
            let written = fs::create_dir_all(directory).and_then(|()| write_all(&program, directory));
            written.map(|()| ExitStatus::Code(0)).map_err(|error| {
                let what = format!("directory {:?}", directory.to_string_lossy());
                Error::invalid(what, plain(&error)).with_remedy("name one that can be written to")
            })
        }
    }
}

fn named<'a>(program: &'a Command, words: &[String]) -> Result<&'a Command, Error> {
    words.iter().try_fold(program, |command, word| {
        let names = || command.get_subcommands().map(Command::get_name);
        command.find_subcommand(word).ok_or_else(|| {
            let all = names().collect::<Vec<_>>().join(", ");
            let remedy = match nearest(word, names()) {
                Some(nearest) => format!("did you mean {nearest:?}? There are: {all}"),
                None if all.is_empty() => format!("leave out what follows {}", command.get_name()),
                None => format!("there are: {all}"),
            };
            Error::invalid("command", format!("{word:?} is unknown")).with_remedy(remedy)
        })
    })
}

fn page(command: &Command) -> Result<Vec<u8>, Error> {
    rendered(command).map_err(|error| Error::backend("this program", "writing a manual page", error.to_string()))
}

/// The section that what stands below the help is in; all of it begins with examples.
const BELOW: (&str, &str) = (".SH EXTRA\nExamples:\n", ".SH EXAMPLES\n");

fn rendered(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    manual(command).render(&mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    Ok(page.replace(BELOW.0, BELOW.1).into_bytes())
}

fn manual(command: &Command) -> Man {
    let version = concat!("llm-sandbox ", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(version).manual("llm-sandbox manual")
}

fn write_all(command: &Command, directory: &Path) -> io::Result<()> {
    fs::write(directory.join(manual(command).get_filename()), rendered(command)?)?;
    command.get_subcommands().try_for_each(|command| write_all(command, directory))
}
