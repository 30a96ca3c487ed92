//! A real registry on loopback.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
};

use llm_sandbox_docker::Engine;

use super::{Directory, client_of};
use crate::support::marker;

/// A user of registries that have users. The base64 of the password has the letters in it that alphabets differ in.
pub(super) const USER: &str = "user";
pub(super) const PASSWORD: &str = "s?>~?>~?>~cret";

/// A registry. It ends with this.
pub(super) struct Registry {
    child: Child,
    pub(super) port: u16,
    /// With its storage.
    _directory: Directory,
}

impl Registry {
    pub(super) fn start() -> Self {
        Self::start_in(Directory::new(), "")
    }

    /// One that lets nobody in but the user above.
    pub(super) fn start_with_users() -> Self {
        let users = Command::new("htpasswd").args(["-Bbn", USER, PASSWORD]).output();
        let users = users.expect("htpasswd is there: scripts/engines docker installs apache2-utils");
        assert!(users.status.success(), "{users:?}");
        let directory = Directory::new();
        directory.write("users", users.stdout);
        let path = directory.path().join("users");
        let users = format!("auth: {{htpasswd: {{realm: test, path: {}}}}}\n", path.display());
        Self::start_in(directory, &users)
    }

    fn start_in(directory: Directory, more: &str) -> Self {
        let port = free_port();
        let storage = directory.path().join("storage");
        let config = format!(
            "version: 0.1\nlog: {{accesslog: {{disabled: true}}}}\nhttp: {{addr: 127.0.0.1:{port}}}\n\
             storage: {{filesystem: {{rootdirectory: {}}}}}\n{more}",
            storage.display()
        );
        directory.write("config.yml", config);
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(directory.path().join("config.yml")).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("docker-registry is there: scripts/engines docker installs it");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        while !line.contains("listening on") {
            line.clear();
            let read = log.read_line(&mut line).expect("text");
            assert!(read > 0, "the registry ended before it listened");
        }
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, port, _directory: directory }
    }

    /// The name of an image in it.
    pub(super) fn image(&self, name: &str) -> String {
        format!("127.0.0.1:{}/{name}", self.port)
    }

    /// Puts an image into it that nobody has, with so many bytes in it, and gives the image's name there.
    pub(super) fn push(&self, bytes: usize) -> String {
        let (image, config) = (self.image(&marker()), self.config(USER, PASSWORD));
        import(&image, bytes);
        client_of(Engine::Docker, &["--config", &config.path().display().to_string(), "push", "--quiet", &image]);
        client_of(Engine::Docker, &["rmi", &image]);
        image
    }

    /// A directory with a client's configuration in which this user is known.
    pub(super) fn config(&self, user: &str, password: &str) -> Directory {
        let mut encoder =
            Command::new("base64").arg("-w0").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("base64");
        let mut input = encoder.stdin.take().expect("it is piped");
        write!(input, "{user}:{password}").expect("it reads");
        drop(input);
        let both = String::from_utf8(encoder.wait_with_output().expect("it is ours").stdout).expect("text");
        let text = format!(r#"{{"auths": {{"127.0.0.1:{}": {{"auth": "{both}"}}}}}}"#, self.port);
        Directory::with(&[("config.json", &text)])
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.child.kill().expect("it lives");
        self.child.wait().expect("it is ours");
    }
}

/// Makes an image of one file of bytes that do not compress.
fn import(image: &str, bytes: usize) {
    let directory = Directory::new();
    let mut random =
        fs::File::open("/dev/urandom").map(|file| std::io::Read::take(file, bytes as u64)).expect("it is there");
    let mut file = fs::File::create(directory.path().join("file")).expect("a file");
    std::io::copy(&mut random, &mut file).expect("there is room");
    let archive = directory.path().join("archive");
    let mut tar = Command::new("tar");
    tar.arg("-C").arg(directory.path()).arg("-cf").arg(&archive).arg("file");
    assert!(tar.status().expect("tar is there").success());
    client_of(Engine::Docker, &["import", &archive.display().to_string(), image]);
}

/// One that nobody listens on.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("it is bound").port()
}
