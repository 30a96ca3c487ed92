//! `llm-sandbox selftest`: the harmless part of the corpus of attacks, on the user's own host.

use std::io::{self, Write};

use llm_sandbox::{BACKENDS, Error, Language, backend, core};
use llm_sandbox_corpus::{Verdict, cases, verify};
use serde::Serialize;

use crate::{print::in_json, status::ExitStatus};

#[derive(Debug, Serialize)]
struct Tested {
    schema: u32,
    backend: &'static str,
    attacks: Vec<Attacked>,
}

#[derive(Debug, Serialize)]
struct Attacked {
    attack: &'static str,
    guarantee: core::Guarantee,
    #[serde(flatten)]
    verdict: Verdict,
}

/// Attacks a sandbox of the default backend. Fails where an attack got what it wanted.
pub(crate) async fn selftest(json: bool) -> Result<ExitStatus, Error> {
    let Some(&name) = BACKENDS.first() else {
        return Err(Error::backend("this platform", "choosing a backend", "it has no default one"));
    };
    let backend = backend(name)?;
    // Where none opens at all, that is the news.
    core::Session::builder_on(backend.clone(), Language::Python).open().await?.close().await?;
    let mut tested = Tested { schema: 1, backend: name, attacks: Vec::new() };
    let mut stdout = io::stdout();
    for case in cases().filter(|case| case.harmless) {
        let verdict = verify(case, || core::Session::builder_on(backend.clone(), Language::Python)).await;
        if !json {
            let words = match &verdict {
                Verdict::Held => "held".to_owned(),
                Verdict::NotClaimed { reason } => format!("not claimed: {reason}"),
                Verdict::Broken { seen } => format!("BROKEN: {seen}"),
            };
            if writeln!(stdout, "{:<36} {:<16} {words}", case.name, case.guarantee.as_str()).is_err() {
                return Ok(ExitStatus::OutputClosed);
            }
        }
        tested.attacks.push(Attacked { attack: case.name, guarantee: case.guarantee, verdict });
    }
    let count = |wanted: fn(&Verdict) -> bool| tested.attacks.iter().filter(|attack| wanted(&attack.verdict)).count();
    let broken = count(|verdict| matches!(verdict, Verdict::Broken { .. }));
    let held = count(|verdict| *verdict == Verdict::Held);
    let last = match json {
        true => in_json(&tested)?,
        false => format!("{held} of {} attacks held off, {broken} broken\n", tested.attacks.len()),
    };
    if stdout.write_all(last.as_bytes()).is_err() {
        return Ok(ExitStatus::OutputClosed);
    }
    Ok(ExitStatus::Code(i32::from(broken > 0)))
}
