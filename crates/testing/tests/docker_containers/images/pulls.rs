use std::{
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

use llm_sandbox_core::{Error, ErrorKind, PullProblem};
use llm_sandbox_docker::{Docker, Engine, ImageAction};

use super::{
    Directory, Told, client_of, open,
    registry::{PASSWORD, Registry, USER, free_port},
    stalling::Stalling,
};
use crate::engine::{client, containers, own};

const MIB: usize = 1 << 20;

/// What a process says that opens a session on an image or a dockerfile with this configuration of the engine's client.
fn opened_on(config: &Directory, what: [&str; 2], path: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_container_opener"));
    command.args(what).env("DOCKER_CONFIG", config.path()).env("PATH", path).stdout(Stdio::piped());
    let child = command.spawn().expect("it starts");
    let label = format!("io.github.llm-sandbox.owner={}", child.id());
    let output = child.wait_with_output().expect("it is ours");
    assert_eq!(containers(&label), [""; 0], "nothing is left");
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(!said.contains(PASSWORD), "{said}");
    said
}

fn opened_with(config: &Directory, image: &str, path: &str) -> String {
    opened_on(config, ["image", image], path)
}

fn opened(config: &Directory, image: &str) -> String {
    opened_with(config, image, &own_path())
}

fn own_path() -> String {
    std::env::var("PATH").expect("there is one")
}

fn is_here(image: &str) -> bool {
    !client(&["images", "-q", image]).is_empty()
}

#[tokio::test]
async fn an_absent_image_is_pulled_and_it_is_told_how_that_comes_on() {
    let registry = Registry::start();
    let image = registry.push(3 * MIB);
    assert!(!is_here(&image));
    let told = Told::default();
    let session = open(told.listen(Docker::new(Engine::Docker).image(&image))).await.expect("it is pulled");
    session.close().await.expect("it closes");
    assert!(is_here(&image), "what was pulled stays");
    client_of(Engine::Docker, &["rmi", &image]);
    let told = told.all();
    assert!(told.iter().all(|told| told.image == image && told.action == ImageAction::Pull), "{told:?}");
    let is_sized = |told: &llm_sandbox_docker::ImageProgress| told.layer.is_some() && told.bytes_total >= Some(3 << 20);
    assert!(told.iter().any(is_sized), "{told:?}");
}

#[test]
fn credentials_come_from_the_configuration_of_the_engines_client() {
    let registry = Registry::start_with_users();
    let image = registry.push(1);
    let none = Directory::with(&[("config.json", "{}")]);
    let wrong = registry.config(USER, "wrong");
    for (config, words) in
        [(&none, "none were found"), (&wrong, "are not taken"), (&Directory::new(), "none were found")]
    {
        let said = opened(config, &image);
        assert!(said.starts_with("image-pull-failed: ") && said.contains("CredentialsRefused"), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!is_here(&image));
    }
    assert_eq!(opened(&registry.config(USER, PASSWORD), &image), "opened\n");
    client_of(Engine::Docker, &["rmi", &image]);
}

#[test]
fn builds_begin_with_what_only_users_may_pull() {
    let registry = Registry::start_with_users();
    let image = registry.push(1);
    let directory = Directory::with(&[("Dockerfile", &format!("FROM {image} AS base\nFROM base\nLABEL a=b\n"))]);
    let path = directory.dockerfile().display().to_string();
    let said = opened_on(&registry.config(USER, "wrong"), ["dockerfile", &path], &own_path());
    assert!(said.starts_with("image-build-failed: "), "{said}");
    assert_eq!(opened_on(&registry.config(USER, PASSWORD), ["dockerfile", &path], &own_path()), "opened\n");
    client_of(Engine::Docker, &["rmi", &image]);
}

#[test]
fn a_configuration_that_is_broken_is_named() {
    let registry = Registry::start();
    let broken = Directory::with(&[("config.json", "{\"auths\": secret")]);
    let said = opened(&broken, &registry.image("any"));
    let path = broken.path().join("config.json");
    // It says where the engine is, too, and is read for that first.
    assert!(said.starts_with("invalid-input: ") && said.contains(&path.display().to_string()), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

/// A helper by this name that answers with this script.
fn helper(name: &str, script: &str) -> Directory {
    let directory = Directory::new();
    let file = format!("docker-credential-{name}");
    directory.write(&file, format!("#!/bin/sh\nread -r address\n{script}\n"));
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(directory.path().join(file), mode).expect("it is ours");
    directory
}

#[test]
fn helpers_are_asked_for_the_registry() {
    let registry = Registry::start_with_users();
    let (image, host) = (registry.push(1), format!("127.0.0.1:{}", registry.port));
    let answer = format!(
        r#"[ "$1 $address" = "get {host}" ] && echo '{{"ServerURL": "", "Username": "{USER}", "Secret": "{PASSWORD}"}}'"#
    );
    let answers = helper("test", &answer);
    let knows_none = helper("test", "echo 'credentials not found in native keychain'; exit 1");
    let fails = helper("test", "echo 'the chain is locked'; exit 1");
    let path =
        |helper: &Directory| format!("{}:{}", helper.path().display(), std::env::var("PATH").expect("there is one"));
    let store = Directory::with(&[("config.json", r#"{"credsStore": "test"}"#)]);
    let own = Directory::with(&[(
        "config.json",
        &format!(r#"{{"credHelpers": {{"{host}": "test"}}, "credsStore": "none"}}"#),
    )]);
    let said = opened_with(&store, &image, &path(&knows_none));
    assert!(said.contains("CredentialsRefused"), "{said}");
    let said = opened_with(&store, &image, &path(&fails));
    assert!(said.starts_with("backend: ") && said.contains("the chain is locked"), "{said}");
    let said = opened(&own, &image);
    assert!(said.starts_with("backend: ") && said.contains("docker-credential-test"), "{said}");
    for config in [store, own] {
        assert_eq!(opened_with(&config, &image, &path(&answers)), "opened\n");
        client_of(Engine::Docker, &["rmi", &image]);
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_from_what_cannot_be_reached() {
    let registry = Registry::start();
    let error = open(Docker::new(Engine::Docker).image(registry.image("absent:1"))).await.expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::ImageNotFound, "{error}");
    assert!(error.hint().is_some(), "{error}");
    let nobody = format!("127.0.0.1:{}/a:1", free_port());
    let mut engines = vec![Engine::Docker];
    engines.extend(cfg!(feature = "podman").then_some(Engine::Podman));
    for engine in engines {
        let error = open(Docker::new(engine).image(&nobody)).await.expect_err("nobody listens");
        assert!(matches!(error, Error::ImagePullFailed { problem: PullProblem::Unreachable, .. }), "{error:?}");
        assert!(error.to_string().contains(&nobody) && error.hint().is_some(), "{error}");
    }
    assert_eq!(own(), [""; 0], "nothing is left");
}

#[tokio::test]
async fn a_pull_that_is_given_up_leaves_nothing() {
    let registry = Registry::start();
    let pushed = registry.push(8 * MIB);
    let mut way = Stalling::before(registry.port, 4 * MIB);
    let image = pushed.replace(&registry.port.to_string(), &way.port.to_string());
    let pulling = tokio::spawn(open(Docker::new(Engine::Docker).image(&image)));
    way.stalled().await;
    pulling.abort();
    assert!(pulling.await.expect_err("it was given up").is_cancelled());
    way.left().await;
    assert_eq!(own(), [""; 0], "nothing is left");
    assert!(!is_here(&image));
}

/// The engine tries again for the better part of a minute.
#[tokio::test]
async fn a_pull_that_is_broken_off_is_a_typed_error() {
    let registry = Registry::start();
    let pushed = registry.push(8 * MIB);
    let mut way = Stalling::before(registry.port, 4 * MIB);
    let image = pushed.replace(&registry.port.to_string(), &way.port.to_string());
    let pulling = tokio::spawn(open(Docker::new(Engine::Docker).image(&image)));
    way.stalled().await;
    way.break_off();
    let error = pulling.await.expect("no panic").expect_err("it is broken off");
    let Error::ImagePullFailed { problem, .. } = &error else { panic!("{error:?}") };
    assert!(matches!(problem, PullProblem::Interrupted | PullProblem::Unreachable), "{error:?}");
    assert_eq!(own(), [""; 0], "nothing is left");
    assert!(!is_here(&image));
}
