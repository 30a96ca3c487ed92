use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::Error;
use crate::{command::Program, deadline_of_seconds};

/// One run to be started: what is executed, and everything around it that differs from the session's defaults.
///
/// ```
/// use llm_sandbox_core::Run;
///
/// let run = Run::code("import sys; print(sys.stdin.read(), sys.argv)").arg("--fast").stdin("hello");
/// let listing = Run::command("ls").args(["-l", "/sandbox"]);
/// # let _ = (run, listing);
/// ```
#[derive(Debug, Clone)]
pub struct Run {
    pub(crate) program: Program,
    pub(crate) files: Vec<(PathBuf, Vec<u8>)>,
    pub(crate) sources: Vec<PathBuf>,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) stdin: Stdin,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) wall_time: Deadline,
    pub(crate) cpu_time: Deadline,
    pub(crate) terminal: Option<(u16, u16)>,
    pub(crate) output_bytes: Option<Option<u64>>,
    pub(crate) detached: bool,
}

/// What a run reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stdin {
    /// Nothing.
    Empty,
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// What is written while it runs.
    Live,
}

/// A deadline of a run, as the caller gave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Deadline {
    /// The session's.
    Inherited,
    /// None at all.
    Never,
    /// This long after the start.
    After(Duration),
    /// So many seconds after the start, not yet checked.
    Seconds(f64),
}

impl Deadline {
    /// The deadline in force.
    pub(crate) fn resolve(self, what: &str, inherited: Option<Duration>) -> Result<Option<Duration>, Error> {
        match self {
            Self::Inherited => Ok(inherited),
            Self::Never => Ok(None),
            Self::After(duration) => Ok(Some(duration)),
            Self::Seconds(seconds) => deadline_of_seconds(what, seconds).map(Some),
        }
    }
}

impl Run {
    pub(crate) fn of(program: Program) -> Self {
        Self {
            program,
            files: Vec::new(),
            sources: Vec::new(),
            arguments: Vec::new(),
            environment: Vec::new(),
            stdin: Stdin::Empty,
            directory: None,
            wall_time: Deadline::Inherited,
            cpu_time: Deadline::Inherited,
            terminal: None,
            output_bytes: None,
            detached: false,
        }
    }

    /// Runs a program text in the session's language.
    pub fn code(source: impl Into<Vec<u8>>) -> Self {
        Self::of(Program::Code(source.into()))
    }

    /// The program text, where the run is one.
    pub fn text(&self) -> Option<&[u8]> {
        match &self.program {
            Program::Code(text) => Some(text),
            _ => None,
        }
    }

    /// Runs a file in the session's language: one of [`Run::file`], or one that is in the sandbox already. A relative path
    /// stands below the session's working directory.
    ///
    /// ```
    /// use llm_sandbox_core::Run;
    ///
    /// let run = Run::entry("app/main.py").file("app/main.py", "import shapes\n").file("app/shapes.py", "PI = 3\n");
    /// # let _ = run;
    /// ```
    pub fn entry(path: impl AsRef<Path>) -> Self {
        Self::of(Program::Entry(path.as_ref().to_owned()))
    }

    /// Writes a file before the run: another source of the program, or what it reads. It stays in the session. Sources of
    /// languages that are compiled are compiled along.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>, content: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.as_ref().to_owned(), content.into()));
        self
    }

    /// Compiles a file along that is in the sandbox already, where programs are compiled.
    #[must_use]
    pub fn with_source(mut self, path: impl AsRef<Path>) -> Self {
        self.sources.push(path.as_ref().to_owned());
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable, over the session's.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Gives these bytes as standard input; without, it is empty.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Stdin::Bytes(bytes.into());
        self
    }

    /// Leaves standard input open for [`RunHandle::write_stdin`](crate::RunHandle::write_stdin) until it is closed.
    #[must_use]
    pub fn stdin_stream(mut self) -> Self {
        self.stdin = Stdin::Live;
        self
    }

    /// Works in this directory; a relative one stands below `/sandbox`.
    #[must_use]
    pub fn directory(mut self, path: impl AsRef<Path>) -> Self {
        self.directory = Some(path.as_ref().to_owned());
        self
    }

    /// Kills the run's whole tree so long after its start. Zero is a deadline.
    #[must_use]
    pub fn timeout(mut self, deadline: Duration) -> Self {
        self.wall_time = Deadline::After(deadline);
        self
    }

    /// The same in seconds; negative and endless ones are refused when the run starts.
    #[must_use]
    pub fn timeout_seconds(mut self, seconds: f64) -> Self {
        self.wall_time = Deadline::Seconds(seconds);
        self
    }

    /// Lets the run take as long as it likes.
    #[must_use]
    pub fn no_timeout(mut self) -> Self {
        self.wall_time = Deadline::Never;
        self
    }

    /// Kills the run's whole tree once it has used so much CPU time.
    #[must_use]
    pub fn cpu_time(mut self, limit: Duration) -> Self {
        self.cpu_time = Deadline::After(limit);
        self
    }

    /// Gives the run a terminal instead of pipes; all it shows comes as standard output.
    #[must_use]
    pub fn terminal(mut self, rows: u16, columns: u16) -> Self {
        self.terminal = Some((rows, columns));
        self
    }

    /// Keeps so many bytes of each output stream, head and tail.
    #[must_use]
    pub fn output_limit(mut self, bytes: u64) -> Self {
        self.output_bytes = Some(Some(bytes));
        self
    }

    /// Streams all output as events. The result still keeps only head and tail.
    #[must_use]
    pub fn unlimited_output(mut self) -> Self {
        self.output_bytes = Some(None);
        self
    }
}

impl From<&str> for Run {
    fn from(source: &str) -> Self {
        Self::code(source)
    }
}

impl From<String> for Run {
    fn from(source: String) -> Self {
        Self::code(source)
    }
}

impl From<&String> for Run {
    fn from(source: &String) -> Self {
        Self::code(source.as_str())
    }
}

impl From<&[u8]> for Run {
    fn from(source: &[u8]) -> Self {
        Self::code(source)
    }
}

impl From<Vec<u8>> for Run {
    fn from(source: Vec<u8>) -> Self {
        Self::code(source)
    }
}
