use std::{
    path::Path,
    process::{Command, Output},
    sync::Arc,
    time::{Duration, Instant},
};

use llm_sandbox_core::{Error, ErrorKind, Language, Run, Session};
use llm_sandbox_docker::{Docker, Engine, TlsFiles};

use crate::{
    engine::{image, own},
    relay::{Certificates, Relay},
};

/// The names under which this host's engine is reached.
const NAMES: &str = "IP:127.0.0.1,DNS:localhost";

/// More than every address may take.
const BOUND: Duration = Duration::from_secs(11);

async fn open(address: String, files: TlsFiles) -> Result<Session, Error> {
    let docker = Docker::new(Engine::Docker).image(image()).address(address).tls(files);
    Session::builder_on(Arc::new(docker), Language::Python).open().await
}

/// Asserts that no engine is found, soon, and why.
async fn refused(address: String, files: TlsFiles, why: &str) {
    let before = Instant::now();
    let error = open(address, files).await.expect_err("it is refused");
    assert!(before.elapsed() < BOUND, "{:?}", before.elapsed());
    assert_eq!(error.kind(), ErrorKind::Backend, "{error}");
    assert!(error.to_string().contains(why) && error.hint().is_some(), "{error}");
    assert_eq!(own(), [""; 0]);
}

#[tokio::test]
async fn sessions_go_through_tls() {
    let certificates = Certificates::new(NAMES);
    let relay = Relay::new(&certificates);
    for host in ["tcp://127.0.0.1", "https://localhost"] {
        let address = format!("{host}:{}", relay.port);
        let session = open(address, certificates.of_client()).await.expect("it opens");
        let echo = Run::code("import sys; print(sum(map(int, sys.stdin)))").stdin("40\n2\n");
        assert_eq!(session.run(echo).await.expect("the sandbox lives").stdout_text(), "42\n");
        // More than any window or record of TLS, both ways.
        let bytes: Vec<u8> = (0..3 << 20).map(|number: u32| (number % 251) as u8).collect();
        session.write("large", bytes.clone()).await.expect("it is written");
        assert_eq!(session.read("large").await.expect("it is there"), bytes);
        session.close().await.expect("it closes");
        assert_eq!(own(), [""; 0]);
    }
}

#[tokio::test]
async fn the_client_must_be_known() {
    let (certificates, others) = (Certificates::new(NAMES), Certificates::new(NAMES));
    let relay = Relay::new(&certificates);
    let address = || format!("tcp://127.0.0.1:{}", relay.port);
    let nameless = TlsFiles { certificate: None, key: None, ..certificates.of_client() };
    refused(address(), nameless, "CertificateRequired").await;
    let stranger = TlsFiles { ca: Some(certificates.path("ca.pem")), ..others.of_client() };
    refused(address(), stranger, "alert").await;
}

#[tokio::test]
async fn the_engine_must_be_known() {
    let (certificates, others) = (Certificates::new(NAMES), Certificates::new(NAMES));
    let relay = Relay::new(&certificates);
    let address = || format!("tcp://127.0.0.1:{}", relay.port);
    let strange = TlsFiles { ca: Some(others.path("ca.pem")), ..certificates.of_client() };
    refused(address(), strange.clone(), "certificate").await;
    let unnamed = TlsFiles { ca: None, ..certificates.of_client() };
    refused(address(), unnamed, "no authority").await;
    let unverified = TlsFiles { verify: false, ..strange };
    let session = open(address(), unverified).await.expect("whoever does not ask is not refused");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn the_engines_name_must_be_its_own() {
    let certificates = Certificates::new("DNS:elsewhere.example");
    let relay = Relay::new(&certificates);
    refused(format!("tcp://127.0.0.1:{}", relay.port), certificates.of_client(), "not valid for name").await;
}

#[tokio::test]
async fn neither_side_takes_the_other_for_what_it_is_not() {
    let certificates = Certificates::new(NAMES);
    let relay = Relay::new(&certificates);
    let plain = Docker::new(Engine::Docker).image(image()).address(format!("tcp://127.0.0.1:{}", relay.port));
    let before = Instant::now();
    let error = Session::builder_on(Arc::new(plain), Language::Python).open().await.expect_err("it speaks TLS");
    assert!(before.elapsed() < BOUND, "{:?}", before.elapsed());
    assert_eq!(error.kind(), ErrorKind::Backend, "{error}");
}

#[tokio::test]
async fn files_that_are_no_certificates_are_named() {
    let certificates = Certificates::new(NAMES);
    let right = certificates.of_client();
    let key = Some(certificates.path("client-key.pem"));
    let cases = [
        (TlsFiles { ca: Some("/nowhere/ca.pem".into()), ..right.clone() }, "/nowhere/ca.pem"),
        (TlsFiles { ca: key.clone(), ..right.clone() }, "client-key.pem"),
        (TlsFiles { certificate: key, ..right.clone() }, "client-key.pem"),
        (TlsFiles { key: Some(certificates.path("ca.pem")), ..right.clone() }, "ca.pem"),
        (TlsFiles { key: Some(certificates.path("server-key.pem")), ..right.clone() }, "do not go together"),
        (TlsFiles { key: None, ..right.clone() }, "has no key"),
        (TlsFiles { certificate: None, ..right }, "has no certificate"),
    ];
    for (files, why) in cases {
        refused("tcp://127.0.0.1:1".to_owned(), files, why).await;
    }
}

/// Opens a session in a process with these variables alone.
fn opened_by(variables: &[(&str, &Path)], host: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_container_opener"));
    command.args(["run", &image()]).env_clear().envs(variables.iter().copied());
    if !host.is_empty() {
        command.env("DOCKER_HOST", host);
    }
    command.output().expect("it starts")
}

fn says(output: &Output) -> (bool, String) {
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_variables_of_dockers_client_lead_there() {
    let certificates = Certificates::new(NAMES);
    let relay = Relay::new(&certificates);
    let directory = certificates.path("client");
    certificates.laid_out(&directory);
    let host = format!("tcp://127.0.0.1:{}", relay.port);
    let verify = ("DOCKER_TLS_VERIFY", Path::new("1"));
    let path = ("DOCKER_CERT_PATH", directory.as_path());
    assert_eq!(says(&opened_by(&[verify, path], &host)), (true, "42\n".to_owned()));
    let (is_open, words) = says(&opened_by(&[verify, ("DOCKER_CERT_PATH", Path::new("/nowhere"))], &host));
    assert!(!is_open && words.contains("no authority"), "{words}");
    let (is_open, words) = says(&opened_by(&[path], &host));
    assert!(!is_open && words.contains("find the engine"), "{words}");
    let (is_open, words) = says(&opened_by(&[], "nonsense"));
    assert!(!is_open && words.contains("DOCKER_HOST"), "{words}");
}

/// As Docker's client does, where nobody asks for more.
#[test]
fn an_address_without_tls_is_taken_at_its_word() {
    let relay = Relay::plain();
    let host = format!("tcp://127.0.0.1:{}", relay.port);
    assert_eq!(says(&opened_by(&[], &host)), (true, "42\n".to_owned()));
    let (is_open, words) = says(&opened_by(&[("DOCKER_TLS", Path::new("1"))], &host));
    assert!(!is_open && words.contains("find the engine"), "{words}");
}

/// The context is made by Docker's own client.
#[test]
fn a_context_leads_there() {
    let certificates = Certificates::new(NAMES);
    let relay = Relay::new(&certificates);
    let configuration = certificates.path("configuration");
    let shown = |name| certificates.path(name).display().to_string();
    let (ca, cert, key) = (shown("ca.pem"), shown("client.pem"), shown("client-key.pem"));
    let endpoint = format!("host=tcp://127.0.0.1:{},ca={ca},cert={cert},key={key}", relay.port);
    let client = |arguments: &[&str]| {
        let mut command = Command::new("docker");
        let status = command.args(arguments).env("DOCKER_CONFIG", &configuration).output().expect("it is there").status;
        assert!(status.success(), "{arguments:?}");
    };
    client(&["context", "create", "through-tls", "--docker", &endpoint]);
    let config = ("DOCKER_CONFIG", configuration.as_path());
    let named = [config, ("DOCKER_CONTEXT", Path::new("through-tls"))];
    assert_eq!(says(&opened_by(&named, "")), (true, "42\n".to_owned()));
    client(&["context", "use", "through-tls"]);
    assert_eq!(says(&opened_by(&[config], "")), (true, "42\n".to_owned()));
    // It is there that the sessions went: without the relay there is no engine, and no other is looked for.
    drop(relay);
    let (is_open, words) = says(&opened_by(&[config], ""));
    assert!(!is_open && words.contains("(the context through-tls): ") && !words.contains("docker.sock"), "{words}");
    let (is_open, words) = says(&opened_by(&[config, ("DOCKER_CONTEXT", Path::new("gone"))], ""));
    assert!(!is_open && words.contains("no context \"gone\""), "{words}");
}
