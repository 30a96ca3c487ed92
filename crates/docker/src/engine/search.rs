//! Where an engine is looked for, best first.

use std::path::{Path, PathBuf};

use llm_sandbox_core::Error;

use super::{Engine, connections, context, place::Place, surroundings::Surroundings, tls::TlsFiles};

/// What a program says of its engine in code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    pub(crate) address: Option<String>,
    pub(crate) tls: Option<TlsFiles>,
}

/// Every place to try. Whoever names one is taken at their word: then it is the only one.
pub(super) fn places(engine: Engine, given: &Given, around: &Surroundings) -> Result<Vec<Place>, Error> {
    match given {
        Given { address: Some(address), tls } => return Ok(vec![Place::parse(address, tls.clone(), "address")?]),
        Given { address: None, tls: Some(_) } => {
            return Err(Error::invalid("tls", "it belongs to an address, and none is given")
                .with_remedy("give both in code, or neither: the engine's variables name certificates, too"));
        }
        Given { address: None, tls: None } => {}
    }
    match engine {
        Engine::Docker => of_docker(around),
        Engine::Podman => of_podman(around),
    }
}

fn of_docker(around: &Surroundings) -> Result<Vec<Place>, Error> {
    if let Some(address) = around.text("DOCKER_HOST")? {
        let tls = if address.starts_with("unix://") { None } else { tls_of_variables(around) };
        return Ok(vec![Place::parse(address, tls, "DOCKER_HOST")?]);
    }
    if let Some(place) = context::current(around)? {
        return Ok(vec![place]);
    }
    let own = around.runtime_directory().join("docker.sock");
    Ok(vec![Place::socket("/var/run/docker.sock"), Place::socket(own)])
}

/// The certificates that Docker's client would use for an address in its variable.
fn tls_of_variables(around: &Surroundings) -> Option<TlsFiles> {
    let verify = around.has("DOCKER_TLS_VERIFY");
    if !verify && !around.has("DOCKER_TLS") {
        return None;
    }
    let directory = around.path("DOCKER_CERT_PATH").or_else(|| around.docker_directory()).unwrap_or_default();
    Some(TlsFiles { verify, ..TlsFiles::in_directory(directory) })
}

fn of_podman(around: &Surroundings) -> Result<Vec<Place>, Error> {
    if let Some(address) = around.text("CONTAINER_HOST")? {
        return Ok(vec![Place::parse(address, None, "CONTAINER_HOST")?]);
    }
    let own = around.runtime_directory().join("podman/podman.sock");
    let roots = PathBuf::from("/run/podman/podman.sock");
    let mut sockets = if around.is_root() { [roots, own] } else { [own, roots] }.into_iter();
    let mut places: Vec<Place> = sockets.next().map(Place::socket).into_iter().collect();
    places.extend(sockets.filter(|path| may_be_opened(path)).map(Place::socket));
    // What Podman's own client uses only where it is told to: after the engine of this host.
    places.extend(connections::default(around)?);
    Ok(places)
}

fn may_be_opened(socket: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(socket, Access::READ_OK | Access::WRITE_OK).is_ok()
}

#[cfg(test)]
mod tests;
