//! One run, from the sandbox's creation to its removal.

use llm_sandbox::{Error, core::Session};
use tokio::select;

use crate::{
    attend::{Ending, attend, broken},
    report::Report,
    request::Request,
    sandbox::{self, Opened},
    shared::Copied,
    signals::Signals,
    status::ExitStatus,
};

/// Opens a session, runs in it, and closes it, whatever happens.
pub(crate) async fn execute(request: Request, report: Report) -> Result<ExitStatus, Error> {
    let mut signals = Signals::listen().map_err(|error| broken("listening for signals", &error))?;
    let Request { sandbox, job } = request;
    let session = match sandbox::open(&sandbox, &mut signals).await? {
        Opened::Session(session) => session,
        Opened::Interrupted(signal) => return Ok(report.interrupted(signal, None)),
    };
    let ending = async {
        select! {
            copied = copy(&session, &sandbox.copied) => copied?,
            signal = signals.next() => return Ok(Ending::Interrupted(signal, None)),
        }
        attend(&session, job, report, &mut signals).await
    };
    let ending = ending.await;
    // Whoever asks twice does not want to wait; the sandbox then removes itself behind this program's back.
    let closed = select! {
        closed = session.close() => closed,
        _ = signals.next() => Ok(()),
    };
    if let Err(error) = closed {
        report.left_behind(&error);
    }
    Ok(ending?.tell(report, session.limits()))
}

/// Copies what was asked for into the sandbox.
pub(crate) async fn copy(session: &Session, copied: &[Copied]) -> Result<(), Error> {
    for Copied { source, target } in copied {
        session.upload(source, target).await?;
    }
    Ok(())
}
