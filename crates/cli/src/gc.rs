//! `llm-sandbox gc`: removes what processes that are gone have left in an engine.

use llm_sandbox::{Docker, Engine, Error};

use crate::{arguments::GcArguments, print::print, status::ExitStatus, text};

/// Removes the containers of processes that are gone, and prints the id of each.
pub(crate) async fn gc(arguments: GcArguments) -> Result<ExitStatus, Error> {
    let engine = match text(&arguments.backend).as_ref() {
        "docker" => Engine::Docker,
        "podman" => Engine::Podman,
        other => {
            let remedy = "name docker or podman; what the native backend makes goes with its process";
            return Err(Error::invalid("backend", format!("{other:?} keeps nothing")).with_remedy(remedy));
        }
    };
    let removed = Docker::new(engine).remove_leftovers().await?;
    let lines: String = removed.iter().map(|id| format!("{id}\n")).collect();
    print(lines)
}
