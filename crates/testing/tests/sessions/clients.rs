//! Processes that share a session and are killed.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use llm_sandbox_core::{ErrorKind, Outcome, Session};

use crate::{
    Place, assert_kind,
    support::{PATIENCE, assert_usable, eventually, host::processes_with, marker, open, python},
};

/// Another process, killed when dropped.
struct Partner {
    process: Child,
    /// What it said when it was ready.
    word: String,
}

impl Partner {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_partner"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the partner starts");
        let mut word = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut word).expect("it speaks text");
        assert!(word.ends_with('\n'), "the partner ended before it was ready: {:?}", process.wait());
        Self { process, word: word.trim().to_owned() }
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_killed_leaves_what_is_detached() {
    let session = open(python()).await;
    let place = Place::new();
    session.share(&place.0).await.expect("it is shared");
    let marker = marker();
    let path = place.0.to_str().expect("text").to_owned();
    let partner = tokio::task::spawn_blocking({
        let marker = marker.clone();
        move || Partner::start(&["use", &path, &marker])
    });
    let partner = partner.await.expect("it is ready");
    let number = partner.word.parse().expect("a number");
    let (held, detached) = (format!("{marker}-held"), format!("{marker}-detached"));
    assert!(!processes_with(&held).is_empty());
    drop(partner);
    eventually("its run ends", || processes_with(&held).iter().map(ToString::to_string).collect()).await;
    assert!(!processes_with(&detached).is_empty());
    session.stop(number).await.expect("it goes on until then");
    assert_eq!(processes_with(&detached), [0; 0]);
    let result = session.take(number).await.expect("the sandbox lives");
    assert_eq!((result.outcome, result.stdout.text()), (Outcome::Killed, "on\n".into()));
    assert_usable(&session).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_that_is_killed_takes_the_session_along() {
    let place = Place::new();
    let path = place.0.to_str().expect("text").to_owned();
    let partner = tokio::task::spawn_blocking(move || Partner::start(&["own", &path])).await.expect("it is ready");
    let other = Session::attach(&place.0).await.expect("it is let in");
    assert_eq!(other.id(), partner.word);
    assert_usable(&other).await;
    let run = other.start("import time; time.sleep(1000)").await.expect("it starts");
    drop(partner);
    let error = tokio::time::timeout(PATIENCE, run.wait()).await.expect("it ends").expect_err("it went");
    assert_eq!(error.to_string(), "the sandbox died: the process that has it has gone");
    assert_kind(other.runs().await, ErrorKind::SandboxDied, "gone");
    assert!(place.0.exists(), "nobody could take it away");
    assert_kind(Session::attach(&place.0).await, ErrorKind::SandboxDied, "does not answer");
    let session = open(python()).await;
    session.share(&place.0).await.expect("a dead socket is replaced");
    assert_eq!(Session::attach(&place.0).await.expect("it is let in").id(), session.id());
}
