//! `llm-sandbox completions`: what a shell completes the command line by.

use clap::CommandFactory;
use clap_complete::{Generator, Shell};
use llm_sandbox::Error;

use crate::{
    arguments::{CommandLine, CompletionsArguments},
    print::print,
    status::ExitStatus,
};

/// This program's name without what clap_complete takes apart in bash: options of commands are never found otherwise,
/// see <https://github.com/clap-rs/clap/issues/6421>.
const WITHOUT_HYPHEN: &str = "llm_sandbox";

/// Prints them.
pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<ExitStatus, Error> {
    if arguments.shell != Shell::Bash {
        return print(generated(arguments.shell, "llm-sandbox"));
    }
    let script = String::from_utf8_lossy(&generated(Shell::Bash, WITHOUT_HYPHEN)).into_owned();
    // Only the name that is completed has it again.
    let completed = |name: &str| format!("-o default {name}\n");
    print(script.replace(&completed(WITHOUT_HYPHEN), &completed("llm-sandbox")))
}

fn generated(shell: impl Generator, name: &str) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), name, &mut script);
    script
}
