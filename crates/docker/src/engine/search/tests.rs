use std::{
    ffi::OsString,
    fs,
    os::unix::ffi::OsStringExt,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use llm_sandbox_core::ErrorKind;

use super::*;
use crate::engine::place::Target;

/// A user's home of a test's own.
struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("llm-sandbox-search-{}-{number}", std::process::id()));
        fs::create_dir(&path).expect("a fresh directory");
        Self(path)
    }

    fn with(self, file: &str, text: &str) -> Self {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it is ours");
        fs::write(path, text).expect("it is ours");
        self
    }

    /// The places for an ordinary user with this home and these variables.
    fn places(&self, engine: Engine, variables: &[(&'static str, &str)]) -> Result<Vec<Place>, Error> {
        let own = [("HOME", self.0.as_os_str().to_owned()), ("XDG_RUNTIME_DIR", "/run/own".into())];
        let variables = variables.iter().map(|(name, value)| (*name, OsString::from(value)));
        places(engine, &Given::default(), &Surroundings::new(own.into_iter().chain(variables), 1234))
    }

    fn shown(&self, engine: Engine, variables: &[(&'static str, &str)]) -> Vec<String> {
        self.places(engine, variables).expect("there are some").iter().map(Place::to_string).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("it is ours");
    }
}

/// The SHA-256 of `remote`, by which the client keeps the context of that name.
const REMOTE: &str = "b71199ebd070b36beab7317920c2c2f1d777df8d05e5527d8458fda57cb17a7a";

fn context(text: &str) -> Home {
    Home::new().with(&format!(".docker/contexts/meta/{REMOTE}/meta.json"), text)
}

#[test]
fn an_address_in_code_comes_before_all() {
    let home = Home::new();
    let around = Surroundings::new([("HOME", home.0.clone().into()), ("DOCKER_HOST", "tcp://no:1".into())], 0);
    let given = Given { address: Some("unix:///given.sock".to_owned()), tls: None };
    let found = places(Engine::Docker, &given, &around).expect("it is one");
    assert_eq!(found.iter().map(Place::to_string).collect::<Vec<_>>(), ["unix:///given.sock (address)"]);
    let alone = Given { address: None, tls: Some(TlsFiles::default()) };
    assert_eq!(places(Engine::Docker, &alone, &around).expect_err("no address").kind(), ErrorKind::InvalidInput);
}

#[test]
fn the_variable_comes_before_the_context() {
    let home = context(r#"{"Endpoints":{"docker":{"Host":"tcp://far:1"}}}"#);
    let variables = [("DOCKER_HOST", "unix:///named.sock"), ("DOCKER_CONTEXT", "remote")];
    assert_eq!(home.shown(Engine::Docker, &variables), ["unix:///named.sock (DOCKER_HOST)"]);
    assert_eq!(home.shown(Engine::Docker, &variables[1..]), ["tcp://far:1 (the context remote)"]);
}

#[test]
fn the_context_in_use_is_that_of_the_configuration() {
    let home = context(r#"{"Endpoints":{"docker":{"Host":"unix:///of/context.sock"}}}"#);
    let usual = ["unix:///var/run/docker.sock", "unix:///run/own/docker.sock"];
    assert_eq!(home.shown(Engine::Docker, &[]), usual);
    let home = home.with(".docker/config.json", r#"{"currentContext":"remote","auths":{}}"#);
    assert_eq!(home.shown(Engine::Docker, &[]), ["unix:///of/context.sock (the context remote)"]);
    assert_eq!(home.shown(Engine::Docker, &[("DOCKER_CONTEXT", "default")]), usual);
    assert_eq!(home.shown(Engine::Docker, &[("DOCKER_CONFIG", "/nowhere")]), usual);
}

#[test]
fn a_context_has_its_own_certificates() {
    let home = context(r#"{"Endpoints":{"docker":{"Host":"tcp://far","SkipTLSVerify":true}}}"#);
    let tls = |home: &Home| {
        let places = home.places(Engine::Docker, &[("DOCKER_CONTEXT", "remote")]).expect("it is one");
        (places[0].tls.clone(), places[0].target.clone())
    };
    let (skipped, target) = tls(&home);
    assert_eq!(skipped, Some(TlsFiles { verify: false, ..TlsFiles::default() }));
    assert_eq!(target, Target::Tcp("far".to_owned(), 2376));
    let home = context(r#"{"Endpoints":{"docker":{"Host":"tcp://far"}}}"#);
    assert_eq!(tls(&home), (None, Target::Tcp("far".to_owned(), 2375)));
    let home = home.with(&format!(".docker/contexts/tls/{REMOTE}/docker/ca.pem"), "");
    let ca = tls(&home).0.expect("it has TLS");
    assert!(ca.verify && ca.ca.is_some_and(|path| path.starts_with(&home.0)) && ca.certificate.is_none());
}

#[test]
fn a_context_that_is_named_must_be_one() {
    let home = Home::new();
    let error = home.places(Engine::Docker, &[("DOCKER_CONTEXT", "gone")]).expect_err("there is none");
    assert!(error.to_string().starts_with("DOCKER_CONTEXT: there is no context \"gone\""), "{error}");
    let home = home.with(".docker/config.json", r#"{"currentContext":"gone"}"#);
    let error = home.places(Engine::Docker, &[]).expect_err("there is none");
    assert!(error.to_string().contains("currentContext of "), "{error}");
    let wrong = ["", "{", r#"{"Endpoints":{}}"#, r#"{"Endpoints":{"docker":{"Host":7}}}"#];
    for text in wrong {
        let error = context(text).places(Engine::Docker, &[("DOCKER_CONTEXT", "remote")]).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    for text in ["{", r#"{"currentContext":[]}"#] {
        let home = Home::new().with(".docker/config.json", text);
        assert_eq!(home.places(Engine::Docker, &[]).expect_err(text).kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn the_variables_for_certificates_are_those_of_dockers_client() {
    let home = Home::new().with("own/ca.pem", "").with(".docker/cert.pem", "").with(".docker/key.pem", "");
    let certificates = home.0.join("own").display().to_string();
    let tls = |variables: &[(&'static str, &str)]| {
        let host = [("DOCKER_HOST", "tcp://far")];
        let all: Vec<_> = host.iter().chain(variables).copied().collect();
        home.places(Engine::Docker, &all).expect("it is one")[0].tls.clone()
    };
    assert_eq!(tls(&[]), None);
    assert_eq!(tls(&[("DOCKER_CERT_PATH", &certificates)]), None);
    let files = tls(&[("DOCKER_CERT_PATH", &certificates), ("DOCKER_TLS_VERIFY", "1")]).expect("TLS");
    assert!(files.verify && files.ca.is_some() && files.key.is_none());
    let files = tls(&[("DOCKER_TLS", "1")]).expect("TLS");
    assert!(!files.verify && files.ca.is_none() && files.certificate.is_some() && files.key.is_some());
}

#[test]
fn variables_that_cannot_be_read_are_named() {
    let home = Home::new();
    for (engine, variable) in [(Engine::Docker, "DOCKER_HOST"), (Engine::Podman, "CONTAINER_HOST")] {
        let error = home.places(engine, &[(variable, "nonsense")]).expect_err("it is none");
        assert!(error.to_string().contains(variable), "{error}");
        let around = Surroundings::new([(variable, OsString::from_vec(vec![0xff]))], 0);
        let error = places(engine, &Given::default(), &around).expect_err("it is no text");
        assert!(error.to_string().contains(variable), "{error}");
        assert_eq!(home.places(engine, &[(variable, "")]).expect("empty is absent")[0].named_by, None);
    }
}

#[test]
fn podman_has_a_socket_for_each_user_and_one_for_root() {
    let home = Home::new();
    assert_eq!(home.shown(Engine::Podman, &[])[0], "unix:///run/own/podman/podman.sock");
    let root = Surroundings::new([("XDG_RUNTIME_DIR", home.0.clone().into())], 0);
    let shown = |around: &Surroundings| -> Vec<String> {
        let places = places(Engine::Podman, &Given::default(), around).expect("there are some");
        places.iter().map(Place::to_string).collect()
    };
    assert_eq!(shown(&root), ["unix:///run/podman/podman.sock"]);
    let home = home.with("podman/podman.sock", "");
    let own = format!("unix://{}/podman/podman.sock", home.0.display());
    assert_eq!(shown(&root), ["unix:///run/podman/podman.sock".to_owned(), own]);
}

#[test]
fn podmans_default_connection_comes_last_where_it_is_a_socket() {
    let json = |uri: &str| format!(r#"{{"Connection":{{"Default":"m","Connections":{{"m":{{"URI":"{uri}"}}}}}}}}"#);
    let file = ".config/containers/podman-connections.json";
    let home = Home::new().with(file, &json("unix:///machine.sock"));
    let shown = home.shown(Engine::Podman, &[]);
    assert_eq!(shown.last().expect("there are some"), "unix:///machine.sock (Podman's default connection)");
    let home = home.with(file, &json("ssh://core@127.0.0.1:2222/run/podman.sock"));
    assert!(home.shown(Engine::Podman, &[]).iter().all(|place| !place.contains("default connection")));
    let configuration =
        "[engine]\nactive_service = \"m\"\n[engine.service_destinations.m]\nuri = \"unix:///old.sock\"\n";
    let home = Home::new().with("containers.conf", configuration);
    let path = home.0.join("containers.conf").display().to_string();
    let shown = home.shown(Engine::Podman, &[("CONTAINERS_CONF", path.as_str())]);
    assert_eq!(shown.last().expect("there are some"), "unix:///old.sock (Podman's default connection)");
}
