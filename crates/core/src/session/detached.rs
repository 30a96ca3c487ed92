use std::{ffi::OsString, time::Duration};

use tokio::time::timeout;

use super::{
    RunInfo, Session,
    runs::{Runs, Taken},
};
use crate::{Error, Run, RunControl, RunResult, connection::Pulse};

/// How long a run may take to end once it was killed.
const KILLED: Duration = Duration::from_secs(30);

impl Run {
    /// Lets the run go on when its handle is dropped. The session takes its output then, keeping head and tail, and
    /// keeps its result for [`Session::take`]. It ends with the session at the latest, and at its deadline: for a server
    /// say [`Run::no_timeout`], too.
    ///
    /// The results of the last 64 such runs are kept, with at most 256 MiB of output; older ones are dropped.
    #[must_use]
    pub fn detached(mut self) -> Self {
        self.detached = true;
        self
    }
}

impl Session {
    /// Runs a program with exactly these arguments and waits for its result; no shell is involved.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where no program is named; else as [`Session::run`].
    pub async fn execute(&self, argv: impl IntoIterator<Item = impl Into<OsString>>) -> Result<RunResult, Error> {
        let mut argv = argv.into_iter();
        let Some(program) = argv.next() else {
            return Err(Error::invalid("program", "none is named").with_remedy("name a program first, such as ls"));
        };
        self.run(Run::command(program).args(argv)).await
    }

    /// Lists the runs that go on, whoever started them, and the detached ones that have ended and whose result nobody has
    /// taken, by number.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::Expired`] and others where the session is over.
    pub async fn runs(&self) -> Result<Vec<RunInfo>, Error> {
        self.connection()?;
        match &self.inner.owner {
            Some(owner) => owner.runs().await,
            None => Ok(self.inner.runs.list()),
        }
    }

    /// What steers a run that goes on, by its number.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where no run of that number goes on; [`Error::Unsupported`] in a process that did not open
    /// the session; [`Error::Closed`], [`Error::Expired`] and others where it is over.
    pub fn run_control(&self, number: u64) -> Result<RunControl, Error> {
        self.connection()?;
        if self.inner.owner.is_some() {
            return Err(Error::Unsupported {
                operation: format!("steering run {number} from another process"),
                reason: "only the process that opened the session can".to_owned(),
                remedy: Some("stop() ends it from anywhere, and the handle of a run has a control".to_owned()),
            });
        }
        self.inner.runs.control(number).ok_or_else(|| unknown(number))
    }

    /// Waits for the end of a detached run and takes its result, which nobody can take again. While somebody holds the
    /// run's handle it waits for them to let go. Dropping the future leaves all as it is.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where there is no such run, it is not detached, or its handle took the result; else as
    /// [`RunHandle::wait`](crate::RunHandle::wait).
    pub async fn take(&self, number: u64) -> Result<RunResult, Error> {
        let pulse = self.connection()?.pulse();
        match &self.inner.owner {
            Some(owner) => owner.take(number).await,
            None => self.inner.runs.await_result(number, &pulse).await,
        }
    }

    /// Kills a run, by its number, and waits until it is over. The result of a detached one stays to be taken. One that is
    /// over already stays as it is.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where there is no such run; [`Error::Closed`], [`Error::Expired`] and others where the
    /// session is over.
    pub async fn stop(&self, number: u64) -> Result<(), Error> {
        let pulse = self.connection()?.pulse();
        match &self.inner.owner {
            Some(owner) => owner.stop(number).await,
            None => self.inner.runs.stop(number, &pulse).await,
        }
    }
}

impl Runs {
    /// Waits for the end of a detached run and takes its result.
    pub(super) async fn await_result(&self, number: u64, pulse: &Pulse) -> Result<RunResult, Error> {
        loop {
            let changed = self.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.take(number) {
                Taken::Result(result) => return *result,
                Taken::Awaited => {}
                Taken::NotDetached => {
                    let reason = "it is not detached, so its result belongs to its handle";
                    return Err(Error::invalid(format!("run {number}"), reason).with_remedy("wait() on the handle"));
                }
                Taken::Unknown => return Err(unknown(number)),
            }
            tokio::select! {
                () = changed => {}
                fate = pulse.over() => return Err(fate.error()),
            }
        }
    }

    /// Kills a run and waits until it is over.
    pub(super) async fn stop(&self, number: u64, pulse: &Pulse) -> Result<(), Error> {
        if !self.is_running(number) {
            let is_known = self.list().iter().any(|run| run.number == number);
            return if is_known { Ok(()) } else { Err(unknown(number)) };
        }
        if let Some(control) = self.control(number) {
            control.kill().await;
        }
        let ended = timeout(KILLED, self.await_end(number, pulse)).await;
        ended.unwrap_or_else(|_| Err(Error::Aborted { operation: format!("ending run {number}") }))
    }

    async fn await_end(&self, number: u64, pulse: &Pulse) -> Result<(), Error> {
        loop {
            let changed = self.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if !self.is_running(number) {
                return Ok(());
            }
            tokio::select! {
                () = changed => {}
                fate = pulse.over() => return Err(fate.error()),
            }
        }
    }
}

fn unknown(number: u64) -> Error {
    Error::invalid(format!("run {number}"), "there is none of that number, or its result was taken")
        .with_remedy("runs() lists those that there are")
}
