//! What the suites on the native backend share.

#![allow(dead_code, reason = "each suite uses the part it needs")]

pub(crate) mod go;
pub(crate) mod host;
pub(crate) mod victim;

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::{Duration, Instant},
};

use llm_sandbox_core::{Isolation, Language, Outcome, Run, RunHandle, RunResult, Session, SessionBuilder, TimeLimit};
use llm_sandbox_native::Native;

pub(crate) const WALL: Outcome = Outcome::TimedOut { limit: TimeLimit::Wall };
pub(crate) const CPU: Outcome = Outcome::TimedOut { limit: TimeLimit::Cpu };

/// Long enough for anything that is to happen at all, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Where `scripts/engines podman-rootless` has an ordinary user's Podman listen.
pub(crate) const ROOTLESS_PODMAN: &str = "unix:///run/llm-sandbox-rootless/podman/podman.sock";

/// A session to be described further.
pub(crate) fn sandbox(language: Language) -> SessionBuilder {
    Session::builder_on(Arc::new(Native::new()), language).isolation(isolation())
}

pub(crate) fn python() -> SessionBuilder {
    sandbox(Language::Python)
}

pub(crate) fn javascript() -> SessionBuilder {
    sandbox(Language::JavaScript)
}

/// What sessions are kept apart by: the whole, unless `LLM_SANDBOX_TEST_ISOLATION` names something else.
fn isolation() -> Isolation {
    let name = std::env::var("LLM_SANDBOX_TEST_ISOLATION");
    name.map_or(Isolation::Full, |name| name.parse().expect("an isolation"))
}

pub(crate) async fn open(builder: SessionBuilder) -> Session {
    builder.open().await.expect("a session opens")
}

pub(crate) async fn run(session: &Session, run: impl Into<Run>) -> RunResult {
    session.run(run).await.expect("the sandbox lives")
}

/// Runs something that has to succeed, and gives what it printed.
pub(crate) async fn printed(session: &Session, what: impl Into<Run>) -> String {
    let result = run(session, what).await;
    assert!(result.is_success(), "{:?}\n{}\n{}", result.outcome, result.stdout_text(), result.stderr_text());
    result.stdout_text().into_owned()
}

/// Asserts that the session is as good as new.
pub(crate) async fn assert_usable(session: &Session) {
    assert_eq!(printed(session, "print(6 * 7)").await, "42\n");
}

/// The next piece of output, as text.
pub(crate) async fn next(handle: &mut RunHandle) -> String {
    let event = tokio::time::timeout(PATIENCE, handle.next_event()).await.expect("output comes in time");
    String::from_utf8(event.expect("the run goes on").bytes).expect("text")
}

/// Reads output until these words have come.
pub(crate) async fn until(handle: &mut RunHandle, words: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(words) {
        let event = tokio::time::timeout(PATIENCE, handle.next_event()).await;
        let event = event.unwrap_or_else(|_| panic!("{words:?} did not come in time, but {seen:?}"));
        let event = event.unwrap_or_else(|| panic!("the run ended before {words:?} came, with {seen:?}"));
        seen.push_str(&String::from_utf8_lossy(&event.bytes));
    }
    seen
}

/// A word that nobody else uses, to find processes by.
pub(crate) fn marker() -> String {
    format!("marker-{:016x}", RandomState::new().hash_one(0))
}

/// Waits for what was promised to happen soon, not at once.
pub(crate) async fn eventually(what: &str, mut check: impl FnMut() -> Vec<String>) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = check();
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: {left:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
