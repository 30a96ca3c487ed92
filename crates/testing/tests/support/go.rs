//! Which Go the suites take.

use std::{env, path::PathBuf, process::Command};

/// Where `scripts/setup` puts one that it has fetched.
const FETCHED: &str = "/var/cache/llm-sandbox-tests/go/bin/go";

/// The first release whose ways the tests know.
const OLDEST: u32 = 20;

/// The one that `LLM_SANDBOX_GO` names, one on the search path, or the one that was fetched, if it is not too old; else
/// why there is none.
pub(crate) fn find() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os("LLM_SANDBOX_GO") {
        return Ok(named.into());
    }
    let search = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&search).map(|directory| directory.join("go"));
    let mut candidates = on_path.chain([PathBuf::from(FETCHED)]);
    let found = candidates.find(|go| release(go).is_some_and(|release| release >= OLDEST));
    found.ok_or_else(|| {
        format!("no Go of 1.{OLDEST} or later: LLM_SANDBOX_GO names none, PATH has none, and there is no {FETCHED}")
    })
}

/// The second number of its version.
fn release(go: &PathBuf) -> Option<u32> {
    let output = Command::new(go).arg("version").env("GOTOOLCHAIN", "local").output().ok()?;
    let words = String::from_utf8(output.stdout).ok()?;
    let version = words.split_whitespace().find_map(|word| word.strip_prefix("go1."))?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}
