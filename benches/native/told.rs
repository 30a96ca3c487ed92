use std::{
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::Trouble;

/// A program that is told by lines what to do, and answers each with the seconds that took.
pub(crate) struct Told {
    what: &'static str,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Told {
    /// A Python library by the name `llm_sandbox`, in this interpreter, whose sessions have these arguments.
    pub(crate) fn start(what: &'static str, python: &OsStr, arguments: &Value) -> Result<Self, Trouble> {
        let mut command = Command::new(python);
        command.args(["-c", include_str!("told.py")]).arg(arguments.to_string());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let input = process.stdin.take().ok_or("it has no input")?;
        let output = BufReader::new(process.stdout.take().ok_or("it has no output")?);
        Ok(Self { what, process, input, output })
    }

    /// How long it took over a word of its.
    pub(crate) fn once(&mut self, word: &str) -> Result<Duration, Trouble> {
        writeln!(self.input, "{word}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let seconds: f64 = line.trim().parse().map_err(|_| format!("{} failed", self.what))?;
        Ok(Duration::from_secs_f64(seconds))
    }
}

/// The interpreter that has the library of PyPI, where `LLM_SANDBOX_BENCH_PEER` names one; else why not.
pub(crate) fn python_of_peer() -> Result<OsString, Trouble> {
    let python = std::env::var_os("LLM_SANDBOX_BENCH_PEER")
        .ok_or("llm-sandbox of PyPI: not named; LLM_SANDBOX_BENCH_PEER is a python with llm-sandbox[docker]==0.3.46")?;
    Ok(python)
}

impl Drop for Told {
    fn drop(&mut self) {
        // What stays is seen in the list of processes.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
