//! `llm-sandbox open`: starts the process that has the session, and waits until it is open.

use std::{
    ffi::OsString,
    io::{self, Read},
    os::unix::process::ExitStatusExt,
    process::{Child, ExitStatus as ProcessStatus, Stdio},
};

use llm_sandbox::Error;

use super::owner::{self, OPENED};
use crate::{
    arguments::OpenArguments, attend::broken, config::Inherited, invocation, print::print, status::ExitStatus,
};

/// Opens a session in the background, or has it here.
pub(crate) fn open(mut arguments: OpenArguments) -> Result<ExitStatus, Error> {
    if !arguments.foreground && !arguments.background {
        return start().map_err(|error| broken("starting the process that has the session", &error))?;
    }
    let inherited = Inherited::complete(arguments.settable())?;
    crate::block_on(owner::own(&arguments)).map_err(|error| inherited.blame(error))
}

/// Starts this program again, which goes on when this one has ended.
fn start() -> io::Result<Result<ExitStatus, Error>> {
    let mut arguments: Vec<OsString> = invocation::arguments().to_vec();
    // Behind the command's own name.
    arguments.insert(1.min(arguments.len()), "--background".into());
    let mut owner = invocation::itself()?.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let said = hear(&mut owner)?;
    Ok(match said.strip_prefix(OPENED) {
        Some(answer) => print(answer),
        None => print(said).and_then(|_| Ok(status(owner.wait().map_err(|error| broken("waiting for it", &error))?))),
    })
}

/// All that it says until it is alone with the session, or has ended.
fn hear(owner: &mut Child) -> io::Result<String> {
    let mut said = String::new();
    if let Some(stdout) = &mut owner.stdout {
        stdout.read_to_string(&mut said)?;
    }
    Ok(said)
}

fn status(status: ProcessStatus) -> ExitStatus {
    match (status.code(), status.signal()) {
        (Some(code), _) => ExitStatus::Code(code),
        (None, Some(signal)) => ExitStatus::Signal(signal),
        (None, None) => ExitStatus::SandboxFailed,
    }
}
