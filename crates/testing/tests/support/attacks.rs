//! Every attack of the corpus, on whatever sandboxes.
//!
//! With `LLM_SANDBOX_CORPUS_RESULTS` each verdict is appended to that file, as a line of JSON.

use std::{fs::OpenOptions, io::Write, sync::Arc};

use llm_sandbox_core::SessionBuilder;
use llm_sandbox_corpus::{Verdict, cases, verify};
use tokio::sync::Semaphore;

/// Attacks at once: some of them are timed.
const AT_ONCE: usize = 2;

/// What came of it.
pub(crate) struct Report {
    /// What there is to print.
    pub(crate) lines: Vec<String>,
    /// Attacks that got what they wanted although the sandbox promises that none does.
    pub(crate) broken: Vec<String>,
}

pub(crate) async fn attack(sandbox: fn() -> SessionBuilder) -> Report {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let attacks: Vec<_> = cases()
        .map(|case| {
            let turns = Arc::clone(&turns);
            (
                case,
                tokio::spawn(async move {
                    let _turn = turns.acquire().await;
                    verify(case, sandbox).await
                }),
            )
        })
        .collect();
    let (mut lines, mut broken, mut held) = (Vec::new(), Vec::new(), 0);
    for (case, attack) in attacks {
        let verdict = attack.await.expect("no panic");
        record(case.name, &verdict);
        match verdict {
            Verdict::Held => held += 1,
            Verdict::NotClaimed { reason } => {
                lines.push(format!("NOT RUN: corpus {}: {} is not claimed: {reason}", case.name, case.guarantee));
            }
            Verdict::Broken { seen } => broken.push(format!("{}: {seen}", case.name)),
        }
    }
    lines.push(format!("{held} of {} attacks were held off", cases().count()));
    Report { lines, broken }
}

fn record(name: &str, verdict: &Verdict) {
    let Some(path) = std::env::var_os("LLM_SANDBOX_CORPUS_RESULTS") else { return };
    let mut line = serde_json::to_value(verdict).expect("a verdict is data");
    line["case"] = name.into();
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the results can be written");
    writeln!(file, "{line}").expect("the results can be written");
}
