//! What registries know this user by: found where the engine's own client keeps it.

mod config;
mod helper;

use std::{collections::HashMap, fmt, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bollard::auth::DockerCredentials;
use llm_sandbox_core::Error;

use self::config::{Config, Entry};
use super::reference;
use crate::Engine;

/// What the default registry is called where credentials are kept.
const DEFAULT_REGISTRY_ADDRESS: &str = "https://index.docker.io/v1/";

/// A user's name and password for one registry, or a token in their place. Printed without what is secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    /// The registry's address.
    address: String,
    secret: Secret,
}

#[derive(Clone, PartialEq, Eq)]
enum Secret {
    Password { user: String, password: String },
    IdentityToken(String),
    RegistryToken(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Credentials {
    /// In the form that engines take.
    pub(super) fn for_engine(self) -> DockerCredentials {
        let none = DockerCredentials { serveraddress: Some(self.address), ..DockerCredentials::default() };
        match self.secret {
            Secret::Password { user, password } => {
                DockerCredentials { username: Some(user), password: Some(password), ..none }
            }
            Secret::IdentityToken(token) => DockerCredentials { identitytoken: Some(token), ..none },
            Secret::RegistryToken(token) => DockerCredentials { registrytoken: Some(token), ..none },
        }
    }
}

/// Everything that is known, in the order in which it is asked.
pub(super) struct Keyring {
    engine: Engine,
    configs: Vec<(PathBuf, Config)>,
}

impl Keyring {
    /// Reads the files that the engine's own client would.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] that names the file where one is there and cannot be used.
    pub(super) fn open(engine: Engine) -> Result<Self, Error> {
        let mut configs = Vec::new();
        for path in config::paths(engine) {
            if let Some(config) = config::read(&path).map_err(|reason| broken(engine, &path, &reason))? {
                configs.push((path, config));
            }
        }
        Ok(Self { engine, configs })
    }

    /// What is known for an image's registry.
    pub(super) async fn credentials(&self, image: &str) -> Result<Option<Credentials>, Error> {
        let (host, repository) = reference::split(image);
        for (path, config) in &self.configs {
            let found = look_up(config, host, repository).await;
            let found = found.map_err(|reason| broken(self.engine, path, &reason))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// What is known for the registries of several images, by the registries' addresses.
    pub(super) async fn credentials_of_all(
        &self,
        images: &[String],
    ) -> Result<HashMap<String, DockerCredentials>, Error> {
        let mut found = HashMap::new();
        for image in images {
            if let Some(credentials) = self.credentials(image).await? {
                found.insert(credentials.address.clone(), credentials.for_engine());
            }
        }
        Ok(found)
    }
}

fn broken(engine: Engine, path: &std::path::Path, reason: &str) -> Error {
    let message = format!("{}: {reason}", path.display());
    let remedy = "mend the file, or log in to the registry again by the engine's own client";
    Error::backend(engine.name(), "read the credentials for registries", message).with_remedy(remedy)
}

async fn look_up(config: &Config, host: &str, repository: &str) -> Result<Option<Credentials>, String> {
    let address = if host == reference::DEFAULT_REGISTRY { DEFAULT_REGISTRY_ADDRESS } else { host };
    let own = config.helpers.iter().find(|(registry, _)| normal(registry) == host).map(|(_, helper)| helper);
    if let Some(helper) = own.or(config.store.as_ref()).filter(|helper| !helper.is_empty())
        && let Some(secret) = helper::ask(helper, address).await?
    {
        return Ok(Some(Credentials { address: address.to_owned(), secret }));
    }
    let Some((name, entry)) = nearest(config, host, repository) else { return Ok(None) };
    let secret = of_entry(entry).map_err(|reason| format!("the entry {name:?} {reason}"))?;
    Ok(secret.map(|secret| Credentials { address: address.to_owned(), secret }))
}

/// The entry for the repository, for the namespaces that it is in, or for the registry: the most special there is.
fn nearest<'a>(config: &'a Config, host: &str, repository: &str) -> Option<(&'a str, &'a Entry)> {
    let whole = format!("{host}/{repository}");
    let mut scope = whole.as_str();
    loop {
        if let Some((name, entry)) = config.entries.iter().find(|(name, _)| normal(name) == scope) {
            return Some((name, entry));
        }
        scope = scope.rsplit_once('/')?.0;
    }
}

/// A registry's address as images' names have it: without scheme, version and last slash.
fn normal(address: &str) -> &str {
    let name = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    let name = name.trim_end_matches('/');
    let name = name.strip_suffix("/v1").or_else(|| name.strip_suffix("/v2")).unwrap_or(name);
    match name {
        "index.docker.io" | "registry-1.docker.io" => reference::DEFAULT_REGISTRY,
        name => name,
    }
}

/// What an entry holds; nothing where a helper holds it instead.
fn of_entry(entry: &Entry) -> Result<Option<Secret>, &'static str> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(token) = given(&entry.identity_token) {
        return Ok(Some(Secret::IdentityToken(token)));
    }
    if let Some(token) = given(&entry.registry_token) {
        return Ok(Some(Secret::RegistryToken(token)));
    }
    if let Some(both) = given(&entry.both) {
        let both = STANDARD.decode(both.trim()).map_err(|_| "has an \"auth\" that is not base64")?;
        let both = String::from_utf8(both).map_err(|_| "has an \"auth\" that is not text")?;
        let (user, password) = both.split_once(':').ok_or("has an \"auth\" without a colon")?;
        // Old clients padded it.
        let (user, password) = (user.to_owned(), password.trim_end_matches('\0').to_owned());
        return Ok(Some(Secret::Password { user, password }));
    }
    Ok(given(&entry.user).map(|user| Secret::Password { user, password: entry.password.clone().unwrap_or_default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        config::parse(text.as_bytes()).expect("it is well formed")
    }

    async fn found(config: &Config, image: &str) -> Option<Secret> {
        let (host, repository) = reference::split(image);
        look_up(config, host, repository).await.expect("it is well formed").map(|found| found.secret)
    }

    fn password(user: &str, password: &str) -> Option<Secret> {
        Some(Secret::Password { user: user.to_owned(), password: password.to_owned() })
    }

    impl fmt::Debug for Secret {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("Secret")
        }
    }

    #[tokio::test]
    async fn registries_are_matched_by_host() {
        let config = config(
            r#"{"auths": {
                "https://index.docker.io/v1/": {"auth": "aHViOmE6Yg=="},
                "https://registry.invalid/v2/": {"username": "u", "password": "p"},
                "registry.invalid/team": {"username": "team", "password": "t"},
                "localhost:5000": {"identitytoken": "token"},
                "empty.invalid": {}
            }, "HttpHeaders": {"a": "b"}}"#,
        );
        assert!(found(&config, "python:3").await == password("hub", "a:b"));
        assert!(found(&config, "docker.io/library/python").await == password("hub", "a:b"));
        assert!(found(&config, "registry.invalid/a").await == password("u", "p"));
        assert!(found(&config, "registry.invalid/team/a").await == password("team", "t"));
        assert!(found(&config, "registry.invalid/teams/a").await == password("u", "p"));
        assert!(found(&config, "localhost:5000/a").await == Some(Secret::IdentityToken("token".to_owned())));
        for none in ["localhost:5001/a", "empty.invalid/a", "xregistry.invalid/a"] {
            assert!(found(&config, none).await.is_none(), "{none}");
        }
    }

    #[tokio::test]
    async fn broken_entries_are_told_without_what_is_in_them() {
        for (auth, told) in [("%%secret", "base64"), ("c2VjcmV0", "colon"), ("/w==", "text")] {
            let config = config(&format!(r#"{{"auths": {{"a.invalid": {{"auth": "{auth}"}}}}}}"#));
            let reason = look_up(&config, "a.invalid", "b").await.expect_err("it is broken");
            assert!(reason.contains(told) && reason.contains("a.invalid") && !reason.contains("secret"), "{reason}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let secret = Secret::Password { user: "user".to_owned(), password: "secret".to_owned() };
        let credentials = Credentials { address: "a.invalid".to_owned(), secret };
        assert_eq!(format!("{credentials:?}"), "Credentials { address: \"a.invalid\", .. }");
    }
}
