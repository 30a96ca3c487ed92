use std::time::Duration;

use bollard::{Docker as Client, errors::Error as EngineError, query_parameters::CreateImageOptionsBuilder};
use futures_util::StreamExt;
use llm_sandbox_core::{Error, PullProblem};

use super::{
    credentials::Keyring,
    header,
    progress::{ImageAction, Listener},
    reference,
};
use crate::{
    Engine,
    trouble::{is_missing, words},
};

/// How long a registry may keep the engine waiting before that says its first word.
const FIRST_WORD: Duration = Duration::from_secs(600);

/// Brings an image here from its registry. Where the future is dropped the engine gives up on it.
pub(super) async fn pull(
    engine: Engine,
    client: &Client,
    (image, platform): (&str, Option<&str>),
    listener: &Listener,
) -> Result<(), Error> {
    let credentials = Keyring::open(engine)?.credentials(image).await?;
    let given = credentials.is_some();
    let mut options = CreateImageOptionsBuilder::default().from_image(&reference::with_tag(image));
    if let Some(platform) = platform {
        options = options.platform(platform);
    }
    let client = header::corrected(client.clone()).with_timeout(FIRST_WORD);
    let mut steps = client.create_image(Some(options.build()), None, credentials.map(|found| found.for_engine()));
    let teller = listener.about(image, ImageAction::Pull);
    while let Some(step) = steps.next().await {
        let step = step.map_err(|error| refusal(image, &error, given))?;
        teller.heard(step.id, step.progress_detail, step.status.as_deref().unwrap_or_default());
    }
    Ok(())
}

/// The error where the engine says that it is done and still has no such image.
pub(super) fn came_to_nothing(image: &str) -> Error {
    let detail = "the engine ended it without a word".to_owned();
    failed(image, PullProblem::Interrupted, detail, false)
}

fn refusal(image: &str, error: &EngineError, given: bool) -> Error {
    let detail = words(error);
    match error {
        EngineError::DockerResponseServerError { .. } | EngineError::DockerStreamError { .. } => {}
        EngineError::RequestTimeoutError => return failed(image, PullProblem::Unreachable, detail, given),
        // The engine itself, not the registry, broke off.
        _ => return failed(image, PullProblem::Interrupted, detail, given),
    }
    let said = detail.to_lowercase();
    if let Some((problem, _)) = PROBLEMS.iter().find(|(_, phrases)| phrases.iter().any(|phrase| said.contains(phrase)))
    {
        return failed(image, *problem, detail, given);
    }
    if is_missing(error) || ABSENT.iter().any(|phrase| said.contains(phrase)) {
        let remedy = "look at its spelling and tag; name an image that is here, or one that a registry has, and log in \
                      to the registry where it is private";
        return Error::ImageNotFound { image: image.to_owned(), reason: detail, remedy: None }.with_remedy(remedy);
    }
    failed(image, PullProblem::Other, detail, given)
}

/// Engines answer with sentences; these are what theirs and their registries' have in common.
const PROBLEMS: [(PullProblem, &[&str]); 5] = [
    (PullProblem::NoSpace, &["no space left on device", "disk quota exceeded"]),
    (PullProblem::TooManyRequests, &["toomanyrequests", "too many requests"]),
    (
        PullProblem::CredentialsRefused,
        &[
            "no basic auth credentials",
            "unauthorized",
            "authentication required",
            "incorrect username or password",
            "invalid username/password",
        ],
    ),
    (PullProblem::Interrupted, &["unexpected eof", "connection reset", "context canceled", "broken pipe"]),
    (
        PullProblem::Unreachable,
        &[
            "dial tcp",
            "no such host",
            "connection refused",
            "i/o timeout",
            "deadline exceeded",
            "awaiting headers",
            "http response to https client",
            "x509:",
            "tls:",
            ": eof",
        ],
    ),
];

/// What a registry says of what it does not have, or does not show.
const ABSENT: [&str; 5] =
    ["manifest unknown", "not found", "does not exist", "access to the resource is denied", "name unknown"];

fn failed(image: &str, problem: PullProblem, detail: String, given: bool) -> Error {
    let remedy = match problem {
        PullProblem::Unreachable => {
            "look at the registry's name and at the network of the engine, or name an image that is here"
        }
        PullProblem::CredentialsRefused if given => "log in to the registry again: those that were found are not taken",
        PullProblem::CredentialsRefused => "log in to the registry; none were found for it",
        PullProblem::NoSpace => "make room where the engine keeps its images",
        PullProblem::TooManyRequests => "wait, or log in to the registry",
        _ => "try again, or pull it by the engine's own client to see more",
    };
    Error::ImagePullFailed { image: image.to_owned(), problem, detail, remedy: None }.with_remedy(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status_code: u16, message: &str) -> Error {
        refusal("a", &EngineError::DockerResponseServerError { status_code, message: message.to_owned() }, false)
    }

    #[test]
    fn what_registries_say_is_told_apart() {
        let problem = |error| match error {
            Error::ImagePullFailed { problem, .. } => Some(problem),
            Error::ImageNotFound { .. } => None,
            other => panic!("{other}"),
        };
        for (status, message, expected) in [
            (404, "manifest for a:b not found: manifest unknown: manifest unknown", None),
            (404, "pull access denied for a, repository does not exist or may require 'docker login': denied", None),
            (
                500,
                "Head \"http://h/v2/a/manifests/b\": no basic auth credentials",
                Some(PullProblem::CredentialsRefused),
            ),
            (500, "unauthorized: authentication required", Some(PullProblem::CredentialsRefused)),
            (500, "Get \"http://h/v2/\": dial tcp h:1: connect: connection refused", Some(PullProblem::Unreachable)),
            (500, "write /a: no space left on device", Some(PullProblem::NoSpace)),
            (500, "unexpected EOF", Some(PullProblem::Interrupted)),
            (500, "a horse", Some(PullProblem::Other)),
        ] {
            assert_eq!(problem(said(status, message)), expected, "{message}");
        }
    }
}
