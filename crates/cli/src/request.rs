//! What is to be done: read from the arguments, checked as far as that is this program's part.

use llm_sandbox::{Error, Run};

use crate::{
    arguments::RunArguments,
    attend::Job,
    input::Input,
    limits,
    program::Origin,
    sandbox::{self, Described},
    shared::{self, Copied},
};

/// A run in a session of its own.
#[derive(Debug)]
pub(crate) struct Request {
    /// The session.
    pub(crate) sandbox: Described,
    /// What runs in it.
    pub(crate) job: Job,
}

impl Request {
    /// Reads the arguments, the program text and whether named files are there. Creates nothing.
    pub(crate) fn new(arguments: RunArguments) -> Result<Self, Error> {
        let origin = Origin::of(&arguments)?;
        let language = origin.language(arguments.language.as_ref())?;
        let limits = limits::read(&arguments.sandbox, arguments.output.as_ref())?;
        let (builder, progress) = sandbox::builder(&arguments.sandbox, language, limits, arguments.quiet)?;
        let copied = arguments.files.iter().map(|file| shared::copied(file, language));
        let copied: Vec<Copied> = copied.collect::<Result<_, _>>()?;
        let sources = copied.iter().filter(|copied| copied.source.is_file()).map(|copied| copied.target.clone());
        let sources: Vec<_> = sources.collect();
        let sandbox = Described { builder, copied, progress };
        let input = Input::of(origin, arguments.stdin.as_deref())?;
        // Last, as it may wait for somebody to type.
        let run = Run::code(origin.read()?).args(arguments.arguments);
        let run = sources.into_iter().fold(run, Run::with_source);
        Ok(Self { sandbox, job: Job::new(run, input, arguments.tty) })
    }
}
