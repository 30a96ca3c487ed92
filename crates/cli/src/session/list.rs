//! `llm-sandbox ps`: the sessions that are open, or the runs of one.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use llm_sandbox::{
    Error,
    core::{RunInfo, RunState, Session, SessionInfo},
};
use serde::Serialize;

use super::{NAME_LABEL, attach, is_abandoned, name::Name, place::Place};
use crate::{
    arguments::PsArguments,
    print::{in_json, print},
    status::ExitStatus,
    table::Table,
};

#[derive(Serialize)]
struct Sessions {
    schema: u32,
    sessions: Vec<SessionInfo>,
}

#[derive(Serialize)]
struct Runs {
    schema: u32,
    session: SessionInfo,
    runs: Vec<RunInfo>,
}

/// Lists them.
pub(crate) async fn ps(arguments: PsArguments) -> Result<ExitStatus, Error> {
    match &arguments.session {
        Some(name) => runs(&attach(name).await?, arguments.json).await,
        None => sessions(arguments.json).await,
    }
}

async fn sessions(json: bool) -> Result<ExitStatus, Error> {
    let place = Place::find()?;
    let mut sessions = Vec::new();
    for name in place.names()? {
        if let Some(info) = ask(&place, &name).await {
            sessions.push(info);
        }
    }
    sessions.sort_by_key(|info| std::cmp::Reverse(info.uptime));
    if json {
        return print(in_json(&Sessions { schema: SessionInfo::SCHEMA, sessions })?);
    }
    let mut table = Table::new(["ID", "NAME", "BACKEND", "LANGUAGE", "UPTIME", "RUNS"]);
    for info in &sessions {
        let name = info.labels.get(NAME_LABEL).map_or("-", String::as_str);
        let (uptime, live) = (age(info.uptime), info.runs_live.to_string());
        table.row([&info.id, name, &info.backend, &info.language, &uptime, &live]);
    }
    print(table.to_string())
}

/// What a session says of itself; nothing where its process has gone, whose sockets are taken away, or it is just ending.
async fn ask(place: &Place, name: &Name) -> Option<SessionInfo> {
    let socket = place.socket(name);
    match Session::attach(&socket).await {
        Ok(session) if name.is_id() => session.info().await.ok(),
        // Listed by its id.
        Ok(_) => None,
        Err(error) => {
            if is_abandoned(&error, &socket) {
                let _ = fs::remove_file(&socket);
            }
            None
        }
    }
}

async fn runs(session: &Session, json: bool) -> Result<ExitStatus, Error> {
    let runs = session.runs().await?;
    if json {
        return print(in_json(&Runs { schema: SessionInfo::SCHEMA, session: session.info().await?, runs })?);
    }
    let mut table = Table::new(["RUN", "WHAT", "AGE", "DETACHED", "STATE"]);
    for run in &runs {
        let since = SystemTime::now().duration_since(run.started).unwrap_or_default();
        let detached = if run.is_detached { "yes" } else { "no" };
        table.row([&run.number.to_string(), &run.what, &age(since), detached, &state(&run.state)?]);
    }
    print(table.to_string())
}

/// As in JSON, without its details.
fn state(state: &RunState) -> Result<String, Error> {
    Ok(match state {
        RunState::Running => "running".to_owned(),
        RunState::Ended { outcome } => {
            let outcome: serde_json::Value = serde_json::from_str(&in_json(outcome)?).unwrap_or_default();
            outcome["kind"].as_str().unwrap_or("ended").to_owned()
        }
        _ => "failed".to_owned(),
    })
}

/// The largest two units: `3d 4h`, `5m 0s`.
fn age(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {}s", seconds / 60, seconds % 60),
        3600..86400 => format!("{}h {}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {}h", seconds / 86400, seconds / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_two_units() {
        let ages = [0, 59, 60, 3599, 3600, 86399, 90061].map(|seconds| age(Duration::from_secs(seconds)));
        assert_eq!(ages, ["0s", "59s", "1m 0s", "59m 59s", "1h 0m", "23h 59m", "1d 1h"]);
    }
}
