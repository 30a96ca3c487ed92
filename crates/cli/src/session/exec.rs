//! `llm-sandbox exec`: runs a program in an open session.

use std::{ffi::OsString, os::unix::ffi::OsStringExt};

use llm_sandbox::{Error, Limits, Run, core::Session};

use super::attach;
use crate::{
    arguments::ExecArguments,
    attend::{Job, attend, broken},
    input::Input,
    limits,
    print::print,
    report::Report,
    shared,
    signals::Signals,
    status::ExitStatus,
};

/// Runs it and shows what it prints, or leaves it running.
pub(crate) async fn exec(arguments: ExecArguments, report: Report) -> Result<ExitStatus, Error> {
    let mut signals = Signals::listen().map_err(|error| broken("listening for signals", &error))?;
    let asked = Asked::new(&arguments)?;
    let session = attach(&arguments.session).await?;
    if arguments.detach {
        return detach(&session, asked.run).await;
    }
    let mut limits = session.limits().clone();
    asked.limit(&mut limits);
    let input = if arguments.interactive || arguments.tty { Input::Ours } else { Input::Empty };
    let job = Job::new(asked.run, input, arguments.tty);
    let ending = attend(&session, job, report, &mut signals).await?;
    Ok(ending.tell(report, &limits))
}

/// Starts it and prints its number.
async fn detach(session: &Session, run: Run) -> Result<ExitStatus, Error> {
    let run = session.start(run.detached()).await?;
    print(format!("{}\n", run.number()))
}

/// What is to run.
struct Asked {
    run: Run,
    wall_time: Option<Option<std::time::Duration>>,
}

impl Asked {
    fn new(arguments: &ExecArguments) -> Result<Self, Error> {
        let mut run = run_of(arguments)?;
        let mut wall_time = None;
        if let Some(word) = &arguments.timeout {
            wall_time = Some(limits::seconds_or_none("timeout", word)?);
        } else if arguments.detach {
            wall_time = Some(None);
        }
        run = match wall_time {
            Some(Some(deadline)) => run.timeout(deadline),
            Some(None) => run.no_timeout(),
            None => run,
        };
        for variable in &arguments.env {
            let (name, value) = shared::variable(variable)?;
            run = run.env(name, value);
        }
        if let Some(directory) = &arguments.workdir {
            run = run.directory(directory);
        }
        Ok(Self { run, wall_time })
    }

    /// The limits as this run has them.
    fn limit(&self, limits: &mut Limits) {
        if let Some(wall_time) = self.wall_time {
            limits.wall_time = wall_time;
        }
    }
}

fn run_of(arguments: &ExecArguments) -> Result<Run, Error> {
    match (&arguments.code, arguments.command.split_first()) {
        (Some(code), _) => Ok(Run::code(OsString::into_vec(code.clone())).args(&arguments.command)),
        (None, Some((program, rest))) => Ok(Run::command(program).args(rest)),
        (None, None) => Err(Error::invalid("program", "none is named").with_remedy("name one, or give -c CODE")),
    }
}
