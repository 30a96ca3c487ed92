//! Limits, as the command line has them.

use std::{ffi::OsString, time::Duration};

use llm_sandbox::{Error, Limits, SessionBuilder};

use crate::{arguments::SandboxArguments, size, text};

const CPUS: &str = "give a number from 0.01 up, such as 0.5 or 2";

const PROCESSES: &str = "give a whole number, such as 64";

const SECONDS: &str = "give seconds from zero up, such as 2 or 0.5";

const SECONDS_OR_NONE: &str = "give seconds from zero up, such as 2 or 0.5, or none";

/// The defaults with everything over them that was given.
pub(crate) fn read(arguments: &SandboxArguments, output: Option<&OsString>) -> Result<Limits, Error> {
    let SandboxArguments { timeout, cpu_time, memory, cpus, pids, disk, .. } = arguments;
    let mut limits = Limits::default();
    if let Some(word) = timeout {
        limits.wall_time = seconds_or_none("timeout", word)?;
    }
    if let Some(word) = cpu_time {
        limits.cpu_time = Some(seconds("CPU time", word, SECONDS)?);
    }
    if let Some(word) = memory {
        limits.memory_bytes = size::parse("memory", word)?;
    }
    if let Some(word) = cpus {
        limits.cpus = number("cpus", word, CPUS)?;
    }
    if let Some(word) = pids {
        limits.processes = number("processes", word, PROCESSES)?;
    }
    if let Some(word) = disk {
        limits.disk_bytes = size::parse("disk", word)?;
    }
    if let Some(word) = output {
        limits.output_bytes = unless(word, "unlimited", || size::parse("output limit", word))?;
    }
    Ok(limits)
}

/// Sets the limits, and relies on those that were given.
pub(crate) fn name(builder: SessionBuilder, limits: Limits, arguments: &SandboxArguments) -> SessionBuilder {
    let Limits { memory_bytes, cpus, processes, .. } = limits;
    let mut builder = builder.limits(limits);
    if arguments.memory.is_some() {
        builder = builder.memory_bytes(memory_bytes);
    }
    if arguments.cpus.is_some() {
        builder = builder.cpus(cpus);
    }
    if arguments.pids.is_some() {
        builder = builder.processes(processes);
    }
    builder
}

/// A time, or `None` for the word none.
pub(crate) fn seconds_or_none(what: &str, word: &OsString) -> Result<Option<Duration>, Error> {
    unless(word, "none", || seconds(what, word, SECONDS_OR_NONE))
}

/// A value, unless the word says that there is to be none.
fn unless<T>(word: &OsString, none: &str, value: impl FnOnce() -> Result<T, Error>) -> Result<Option<T>, Error> {
    if word == none { Ok(None) } else { value().map(Some) }
}

pub(crate) fn number<N: std::str::FromStr>(what: &str, word: &OsString, remedy: &str) -> Result<N, Error> {
    let word = text(word);
    word.parse().map_err(|_| Error::invalid(what, format!("{word:?} is no such number")).with_remedy(remedy))
}

/// Zero is a deadline; what is negative or endless is none.
fn seconds(what: &str, word: &OsString, remedy: &str) -> Result<Duration, Error> {
    let word = text(word);
    let duration = word.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| Error::invalid(what, format!("{word:?} is not a time in seconds")).with_remedy(remedy))
}
