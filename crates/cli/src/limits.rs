//! Limits from the command line onto a session to be opened.

use std::{ffi::OsString, time::Duration};

use llm_sandbox::{Error, SessionBuilder};

use crate::{arguments::RunArguments, size, text};

/// Sets every limit that was given.
pub(crate) fn apply(mut builder: SessionBuilder, arguments: &RunArguments) -> Result<SessionBuilder, Error> {
    builder = match &arguments.timeout {
        Some(word) if word == "none" => builder.no_timeout(),
        Some(word) => builder.timeout(seconds("timeout", word)?),
        None => builder,
    };
    if let Some(word) = &arguments.cpu_time {
        builder = builder.cpu_time(seconds("CPU time", word)?);
    }
    if let Some(word) = &arguments.memory {
        builder = builder.memory_bytes(size::parse("memory", word)?);
    }
    if let Some(word) = &arguments.cpus {
        builder = builder.cpus(number("cpus", word, "give a number from 0.01 up, such as 0.5 or 2")?);
    }
    if let Some(word) = &arguments.pids {
        builder = builder.processes(number("processes", word, "give a whole number, such as 64")?);
    }
    if let Some(word) = &arguments.disk {
        builder = builder;
    }
    Ok(match &arguments.output {
        Some(word) if word == "unlimited" => builder.unlimited_output(),
        Some(word) => builder.output_limit(size::parse("output limit", word)?),
        None => builder,
    })
}

fn number<N: std::str::FromStr>(what: &str, word: &OsString, remedy: &str) -> Result<N, Error> {
    let word = text(word);
    word.parse().map_err(|_| Error::invalid(what, format!("{word:?} is no such number")).with_remedy(remedy))
}

/// Zero is a deadline; what is negative or endless is none.
fn seconds(what: &str, word: &OsString) -> Result<Duration, Error> {
    let word = text(word);
    let duration = word.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let remedy = match what {
        "timeout" => "give seconds from zero up, such as 2 or 0.5, or none",
        _ => "give seconds from zero up, such as 2 or 0.5",
    };
    duration.ok_or_else(|| Error::invalid(what, format!("{word:?} is not a time")).with_remedy(remedy))
}
