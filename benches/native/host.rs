use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use llm_sandbox_core::{Backend, Language, Limits, Session, SessionBuilder};
use llm_sandbox_native::Native;

use crate::Trouble;

/// The machine, and what all sections use of it.
pub(crate) struct Host {
    pub(crate) kernel: String,
    pub(crate) cores: usize,
    /// The interpreter's own file: whatever stands before it on the search path (a version manager's script) would be
    /// measured as well.
    pub(crate) python: PathBuf,
    backend: Arc<dyn Backend>,
    load: String,
}

impl Host {
    pub(crate) fn find() -> Result<Self, Trouble> {
        Ok(Self {
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            python: python()?,
            backend: Arc::new(Native::new()),
            load: fs::read_to_string("/proc/loadavg")?,
        })
    }

    /// Over one, five and fifteen minutes, before anything was measured.
    pub(crate) fn load_average(&self) -> String {
        self.load.split(' ').take(3).collect::<Vec<_>>().join(" ")
    }

    /// Whether somebody else uses a good part of it.
    pub(crate) fn is_busy(&self) -> bool {
        let minute = self.load.split(' ').next().and_then(|load| load.parse::<f64>().ok());
        minute.is_some_and(|load| load > self.cores as f64 / 2.0)
    }

    /// A session in another language, with all processors and room for compilers.
    pub(crate) fn session_in(&self, language: Language) -> SessionBuilder {
        let limits = Limits { memory_bytes: 2 << 30, cpus: self.cores as f64, ..Limits::default() };
        Session::builder_on(Arc::clone(&self.backend), language).limits(limits)
    }

    /// A session with the defaults, and the interpreter that bare processes use.
    pub(crate) fn session(&self) -> SessionBuilder {
        Session::builder_on(Arc::clone(&self.backend), Language::Python).interpreter(&self.python)
    }
}

fn python() -> Result<PathBuf, Trouble> {
    let named = std::env::var_os("LLM_SANDBOX_PYTHON").unwrap_or_else(|| "python3".into());
    let mut question = Command::new(&named);
    question.args(["-I", "-c", "import sys; print(sys.executable)"]).stdin(Stdio::null());
    let answer = question.output().map_err(|error| format!("{}: {error}", Path::new(&named).display()))?;
    let path = PathBuf::from(String::from_utf8(answer.stdout)?.trim_end_matches('\n'));
    if path.is_absolute() { Ok(path) } else { Err("python3 does not say where it lives".into()) }
}
