//! Programs that hold what registries know their user by.

use std::{process::Stdio, time::Duration};

use serde::Deserialize;
use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use super::Secret;

/// How long one may take: it may have to ask a person.
const PATIENCE: Duration = Duration::from_secs(60);

/// What one says, word for word, of a registry that it does not know.
const UNKNOWN: &str = "credentials not found";

/// The name that stands for a token in the password's place.
const TOKEN: &str = "<token>";

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Username")]
    user: String,
    #[serde(rename = "Secret")]
    secret: String,
}

/// Asks a helper for a registry.
pub(super) async fn ask(helper: &str, address: &str) -> Result<Option<Secret>, String> {
    let program = format!("docker-credential-{helper}");
    if helper.contains('/') {
        return Err(format!("{helper:?} is no helper's name"));
    }
    let told = async {
        let mut command = Command::new(&program);
        command.arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // One that does not read it has its own reasons.
            let _ = input.write_all(address.as_bytes()).await;
        }
        child.wait_with_output().await
    };
    let output = match timeout(PATIENCE, told).await {
        Ok(output) => output.map_err(|error| format!("the helper {program} cannot be run: {error}"))?,
        Err(_) => return Err(format!("the helper {program} does not answer within {PATIENCE:?}")),
    };
    if !output.status.success() {
        // What went wrong is told where an answer would be.
        let words = String::from_utf8_lossy(&output.stdout);
        let words = words.trim();
        let is_unknown = words.starts_with(UNKNOWN);
        let shown: String = words.chars().take(200).collect();
        return if is_unknown { Ok(None) } else { Err(format!("the helper {program} failed: {shown}")) };
    }
    let answer: Answer = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("the helper {program} gives no answer that is one"))?;
    Ok(match (answer.user.as_str(), answer.secret.is_empty()) {
        ("", true) => None,
        (TOKEN, _) => Some(Secret::IdentityToken(answer.secret)),
        _ => Some(Secret::Password { user: answer.user, password: answer.secret }),
    })
}
