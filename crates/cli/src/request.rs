//! What is to be done: read from the arguments, checked as far as that is this program's part.

use llm_sandbox::{Error, Run, SessionBuilder};

use crate::{
    arguments::RunArguments,
    input::Input,
    limits,
    program::Origin,
    progress::ProgressLine,
    sandbox,
    shared::{self, Copied},
    terminal,
};

/// A run in a session of its own.
#[derive(Debug)]
pub(crate) struct Request {
    /// The session; opening it checks the rest.
    pub(crate) builder: SessionBuilder,
    /// What runs in it.
    pub(crate) run: Run,
    /// What the run reads.
    pub(crate) input: Input,
    /// What is copied into the sandbox before.
    pub(crate) copied: Vec<Copied>,
    /// Whether the run has a terminal.
    pub(crate) has_terminal: bool,
    /// Where opening the session tells how it comes on.
    pub(crate) progress: Option<ProgressLine>,
}

impl Request {
    /// Reads the arguments, the program text and whether named files are there. Creates nothing.
    pub(crate) fn new(arguments: RunArguments) -> Result<Self, Error> {
        let origin = Origin::of(&arguments)?;
        let language = origin.language(arguments.language.as_ref())?;
        let limits = limits::read(&arguments.sandbox, arguments.output.as_ref())?;
        let (builder, progress) = sandbox::builder(&arguments.sandbox, language, limits, arguments.quiet)?;
        let copied = arguments.files.iter().map(|file| shared::copied(file, language)).collect::<Result<_, _>>()?;
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
        Ok(Self { builder, run, input, copied, has_terminal: arguments.tty, progress })
    }
}
