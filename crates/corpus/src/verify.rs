use std::time::Duration;

use llm_sandbox_core::{Error, ErrorKind, Guarantee, Outcome, Run, RunResult, Session, SessionBuilder, TimeLimit};
use serde::Serialize;

use crate::{Aim, Case, Required};

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// What is required was seen.
    Held,
    /// The sandbox does not claim the guarantee, and refuses to open where it is required.
    NotClaimed {
        /// Why it does not hold.
        reason: String,
    },
    /// Something else was seen.
    Broken {
        /// What.
        seen: String,
    },
}

/// What the sandboxes of the corpus may use.
const MEMORY_MIB: u64 = 128;
const DISK_MIB: u64 = 32;
const PROCESSES: u32 = 64;
const FILE_SIZE: u64 = 24 << 20;

/// How long reading out what was planted may take.
const READING: Duration = Duration::from_secs(10);

/// Attacks a sandbox.
pub async fn verify(case: &Case, open: impl Fn() -> SessionBuilder) -> Verdict {
    match try_verify(case, &open).await {
        Ok(verdict) => verdict,
        Err(seen) => Verdict::Broken { seen },
    }
}

async fn try_verify(case: &Case, open: &impl Fn() -> SessionBuilder) -> Result<Verdict, String> {
    let aim = case.target.put_up().map_err(|error| format!("the target could not be put up: {error}"))?;
    let session = opened(open).await?;
    let assurance = session.capabilities().get(case.guarantee).cloned();
    if !session.capabilities().holds(case.guarantee) {
        close(&session).await?;
        let reason = assurance.map_or_else(|| "the backend does not know of it".to_owned(), |found| found.form);
        return refused(case.guarantee, open).await.map(|()| Verdict::NotClaimed { reason });
    }
    let first = attack(case, &aim, &session).await?;
    judge(case, &first)?;
    match case.required {
        Required::GoneInNextRun => judge(case, &attack(case, &aim, &session).await?)?,
        Required::GoneInNextSession => {
            let other = opened(open).await?;
            let second = attack(case, &aim, &other).await;
            close(&other).await?;
            judge(case, &second?)?;
        }
        Required::NotReadOut => read_out(&session).await?,
        _ => {}
    }
    let after = session.run("print(6 * 7)").await.map_err(|error| format!("the session is lost: {error}"))?;
    if after.stdout.bytes != b"42\n" {
        return Err(format!("the next run: {}", describe(&after)));
    }
    close(&session).await.map(|()| Verdict::Held)
}

async fn opened(open: &impl Fn() -> SessionBuilder) -> Result<Session, String> {
    let builder = open().memory_mib(MEMORY_MIB).disk_mib(DISK_MIB).processes(PROCESSES).file_size_bytes(FILE_SIZE);
    let opened = builder.accept_weaker(Guarantee::ALL.iter().copied()).open().await;
    opened.map_err(|error| format!("no session opens: {error}"))
}

async fn close(session: &Session) -> Result<(), String> {
    session.close().await.map_err(|error| format!("the session does not close: {error}"))
}

/// Where a guarantee is not claimed, nobody may rely on it.
async fn refused(guarantee: Guarantee, open: &impl Fn() -> SessionBuilder) -> Result<(), String> {
    match open().require([guarantee]).open().await {
        Err(error) if error.kind() == ErrorKind::Unsupported && error.to_string().contains(guarantee.as_str()) => {
            Ok(())
        }
        Err(error) => Err(format!("{guarantee} does not hold and is refused by other words: {error}")),
        Ok(_) => Err(format!("{guarantee} does not hold, and a session that requires it opens")),
    }
}

async fn attack(case: &Case, aim: &Aim, session: &Session) -> Result<RunResult, String> {
    let mut run = Run::code(case.text()).arg(&aim.address).timeout_seconds(case.seconds);
    if let Some(seconds) = case.cpu_seconds {
        run = run.cpu_time(Duration::from_secs_f64(seconds));
    }
    session.run(run).await.map_err(|error| format!("the sandbox failed: {error}"))
}

fn judge(case: &Case, result: &RunResult) -> Result<(), String> {
    let says = |word: &str| [&result.stdout, &result.stderr].iter().any(|output| output.text().contains(word));
    let is_denied = says("DENIED") && result.is_success();
    let is_over = result.outcome != Outcome::TimedOut { limit: TimeLimit::Wall };
    let is_seen = match case.required {
        Required::Denied | Required::GoneInNextRun | Required::GoneInNextSession | Required::NotReadOut => is_denied,
        Required::Stopped => is_denied || (is_over && !result.is_success()),
        Required::OutOfMemory => result.outcome == Outcome::OutOfMemory,
        Required::WallLimit => !is_over,
        Required::CpuLimit => result.outcome == Outcome::TimedOut { limit: TimeLimit::Cpu },
        Required::Signalled(signal) => result.outcome == Outcome::Signalled { signal },
        Required::Truncated => result.stdout.is_truncated() && result.is_success(),
    };
    if is_seen && !says("ESCAPED") { Ok(()) } else { Err(describe(result)) }
}

/// Reads what the program left, as a caller would who expects a file.
async fn read_out(session: &Session) -> Result<(), String> {
    match tokio::time::timeout(READING, session.read("planted")).await {
        Err(_) => Err("reading what was planted takes for ever".to_owned()),
        Ok(Ok(bytes)) if String::from_utf8_lossy(&bytes).contains("the host's secret") => {
            Err("what was planted brought out a file of the host's".to_owned())
        }
        Ok(Err(error)) if is_of_the_session(&error) => Err(format!("the session is lost: {error}")),
        Ok(_) => Ok(()),
    }
}

fn is_of_the_session(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::SandboxDied | ErrorKind::AgentMisbehaved | ErrorKind::Closed)
}

fn describe(result: &RunResult) -> String {
    let tail =
        |text: &str| text.trim().chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    format!("{:?}, {:?}, {:?}", result.outcome, tail(&result.stdout_text()), tail(&result.stderr_text()))
}
