use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use super::IMAGE;
use crate::Trouble;

/// The Python library of PyPI in a process of its own, as its users have it.
pub(super) struct Peer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

const PROGRAM: &str = include_str!("peer.py");

/// The image that it is given: one whose program waits, and with Python by its short name.
const ITS_IMAGE: &str = "llm-sandbox-bench:peer";

impl Peer {
    /// Started where `LLM_SANDBOX_BENCH_PEER` names an interpreter that has it; else why not.
    pub(super) fn start() -> Result<Self, Trouble> {
        let python = std::env::var_os("LLM_SANDBOX_BENCH_PEER").ok_or(
            "llm-sandbox of PyPI: not named; LLM_SANDBOX_BENCH_PEER is a python with llm-sandbox[docker]==0.3.46",
        )?;
        make_image()?;
        let mut process = Command::new(Path::new(&python))
            .args(["-c", PROGRAM, ITS_IMAGE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = process.stdin.take().ok_or("it has no input")?;
        let output = BufReader::new(process.stdout.take().ok_or("it has no output")?);
        Ok(Self { process, input, output })
    }

    /// How long it took over a word of its.
    pub(super) fn once(&mut self, word: &str) -> Result<Duration, Trouble> {
        writeln!(self.input, "{word}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let seconds: f64 = line.trim().parse().map_err(|_| "llm-sandbox of PyPI failed")?;
        Ok(Duration::from_secs_f64(seconds))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // What stays is seen in the list of processes.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn make_image() -> Result<(), Trouble> {
    let recipe = format!("FROM {IMAGE}\nRUN ln -sf /usr/bin/python3 /usr/bin/python\nCMD [\"python3\"]\n");
    let mut build = Command::new("docker")
        .args(["build", "-q", "-t", ITS_IMAGE, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    build.stdin.take().ok_or("it has no input")?.write_all(recipe.as_bytes())?;
    if build.wait()?.success() { Ok(()) } else { Err("no image could be built for llm-sandbox of PyPI".into()) }
}
