//! The contexts of Docker's client: engines by name.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use llm_sandbox_core::Error;
use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::{place::Place, surroundings::Surroundings, tls::TlsFiles};

/// The name that stands for no context.
const NONE: &str = "default";

/// The engine of the context that is in use; `None` where none is.
pub(super) fn current(around: &Surroundings) -> Result<Option<Place>, Error> {
    let Some(directory) = around.docker_directory() else { return Ok(None) };
    let (name, named_by) = match around.text("DOCKER_CONTEXT")? {
        Some(name) => (name.to_owned(), "DOCKER_CONTEXT".to_owned()),
        None => {
            let path = directory.join("config.json");
            match configured(&path)? {
                Some(name) => (name, format!("currentContext of {}", path.display())),
                None => return Ok(None),
            }
        }
    };
    if name == NONE { Ok(None) } else { place_of(&directory, &name, &named_by).map(Some) }
}

/// The context that the client's configuration names.
fn configured(path: &Path) -> Result<Option<String>, Error> {
    let Some(configuration) = read(path)? else { return Ok(None) };
    match &configuration["currentContext"] {
        Value::Null => Ok(None),
        Value::String(name) => Ok(Some(name.clone()).filter(|name| !name.is_empty())),
        _ => Err(Error::invalid(path.display().to_string(), "its currentContext is no text")),
    }
}

fn place_of(directory: &Path, name: &str, named_by: &str) -> Result<Place, Error> {
    let id: String = digest(&SHA256, name.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let metadata = directory.join("contexts/meta").join(&id).join("meta.json");
    let Some(context) = read(&metadata)? else {
        return Err(Error::invalid(
            named_by,
            format!("there is no context {name:?}: {} is absent", metadata.display()),
        )
        .with_remedy("name one of those that `docker context ls` lists, or default"));
    };
    let named_by = format!("the context {name}");
    let endpoint = &context["Endpoints"]["docker"];
    let address = endpoint["Host"].as_str().ok_or_else(|| {
        let reason = format!("{} names no host for docker", metadata.display());
        Error::invalid(&named_by, reason).with_remedy("create the context anew")
    })?;
    let verify = !endpoint["SkipTLSVerify"].as_bool().unwrap_or(false);
    Place::parse(address, tls(&directory.join("contexts/tls").join(&id).join("docker"), address, verify), &named_by)
}

/// The certificates of a context; `None` where it has no TLS.
fn tls(directory: &Path, address: &str, verify: bool) -> Option<TlsFiles> {
    let files = TlsFiles { verify, ..TlsFiles::in_directory(directory) };
    let is_there = files.ca.is_some() || files.certificate.is_some() || files.key.is_some() || !verify;
    (is_there && !address.starts_with("unix://")).then_some(files)
}

/// A file of JSON; `None` where there is none.
fn read(path: &Path) -> Result<Option<Value>, Error> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::HostFile { operation: "read", path: PathBuf::from(path), source }),
        Ok(bytes) => bytes,
    };
    let value = serde_json::from_slice(&bytes);
    value.map(Some).map_err(|error| Error::invalid(path.display().to_string(), format!("it is no JSON: {error}")))
}
