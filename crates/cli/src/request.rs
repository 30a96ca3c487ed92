//! What is to be done: read from the arguments, checked as far as that is this program's part.

use llm_sandbox::{Error, Run};

use crate::{
    arguments::RunArguments,
    input::Input,
    program::Origin,
    sandbox::{self, Described},
    terminal,
};

/// A run in a session of its own.
#[derive(Debug)]
pub(crate) struct Request {
    /// The session.
    pub(crate) sandbox: Described,
    /// What runs in it.
    pub(crate) run: Run,
    /// What the run reads.
    pub(crate) input: Input,
    /// Whether the run has a terminal.
    pub(crate) has_terminal: bool,
}

impl Request {
    /// Reads the arguments, the program text and whether named files are there. Creates nothing.
    pub(crate) fn new(arguments: RunArguments) -> Result<Self, Error> {
        let origin = Origin::of(&arguments)?;
        let language = origin.language(arguments.sandbox.language.as_ref())?;
        let sandbox = sandbox::describe(&arguments.sandbox, language, arguments.quiet)?;
        let input = Input::of(origin, arguments.stdin.as_deref())?;
        // Last, as it may wait for somebody to type.
        let mut run = Run::code(origin.read()?);
        if !input.is_empty() {
            run = run.stdin_stream();
        }
        if arguments.tty {
            let (rows, columns) = terminal::size();
            run = run.terminal(rows, columns);
        }
        run = run.args(arguments.arguments);
        Ok(Self { sandbox, run, input, has_terminal: arguments.tty })
    }
}
