//! The files in which clients of engines keep what registries know their user by.

use std::{
    collections::BTreeMap,
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::Engine;

/// One file. Without `Debug`: there are secrets in it.
#[derive(Deserialize)]
pub(super) struct Config {
    /// By registry.
    #[serde(default, rename = "auths")]
    pub(super) entries: BTreeMap<String, Entry>,
    /// The helper that holds those of all registries.
    #[serde(default, rename = "credsStore")]
    pub(super) store: Option<String>,
    /// The helpers that hold those of one registry each.
    #[serde(default, rename = "credHelpers")]
    pub(super) helpers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    /// Name and password as `name:password`, in base64.
    #[serde(default, rename = "auth")]
    pub(super) both: Option<String>,
    #[serde(default, rename = "username")]
    pub(super) user: Option<String>,
    #[serde(default)]
    pub(super) password: Option<String>,
    #[serde(default, rename = "identitytoken")]
    pub(super) identity_token: Option<String>,
    #[serde(default, rename = "registrytoken")]
    pub(super) registry_token: Option<String>,
}

/// Where an engine's own client looks, in its order.
pub(super) fn paths(engine: Engine) -> Vec<PathBuf> {
    let directory = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = directory("HOME");
    let docker = directory("DOCKER_CONFIG").or_else(|| Some(home.as_ref()?.join(".docker")));
    let docker = docker.map(|directory| directory.join("config.json"));
    if engine.name() == Engine::Docker.name() {
        return docker.into_iter().collect();
    }
    if let Some(file) = directory("REGISTRY_AUTH_FILE") {
        return vec![file];
    }
    let own = directory("XDG_RUNTIME_DIR").map_or_else(
        || PathBuf::from(format!("/run/containers/{}/auth.json", rustix::process::getuid().as_raw())),
        |directory| directory.join("containers/auth.json"),
    );
    let settings = directory("XDG_CONFIG_HOME").or_else(|| Some(home?.join(".config")));
    let settings = settings.map(|directory| directory.join("containers/auth.json"));
    [Some(own), settings, docker].into_iter().flatten().collect()
}

/// What a file holds; `None` where it is not there.
pub(super) fn read(path: &Path) -> Result<Option<Config>, String> {
    match fs::read(path) {
        Ok(bytes) if bytes.trim_ascii().is_empty() => Ok(None),
        Ok(bytes) => parse(&bytes).map(Some),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Says where it is broken and not what stands there, which may be a secret.
pub(super) fn parse(bytes: &[u8]) -> Result<Config, String> {
    serde_json::from_slice(bytes).map_err(|error| {
        let what = if error.is_data() { "is not of the form that it has to have" } else { "is no JSON" };
        format!("it {what}, at line {} column {}", error.line(), error.column())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_files_are_told_without_what_is_in_them() {
        for text in [r#"{"auths": {"a": "secret"}}"#, r#"{"auths": secret}"#, r#"{"auths": {"a": {"auth": 5secret"#] {
            let reason = parse(text.as_bytes()).err().expect("it is broken");
            assert!(reason.contains("line 1 column") && !reason.contains("secret"), "{reason}");
        }
    }

    #[test]
    fn nothing_is_no_error() {
        assert!(read(Path::new("/no/such/file")).is_ok_and(|config| config.is_none()));
        assert!(parse(b"{}").is_ok());
    }
}
