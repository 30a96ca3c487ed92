//! TLS in front of the engine's socket, by programs of its own: certificates of `openssl`, and `socat`.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use llm_sandbox_docker::TlsFiles;

use crate::support::marker;

/// A directory with an authority and certificates by it. Removed when dropped.
pub(crate) struct Certificates(pub(crate) PathBuf);

impl Certificates {
    /// An authority, a certificate of a server for these names, and one of a client.
    pub(crate) fn new(server_names: &str) -> Self {
        let made = Self(std::env::temp_dir().join(marker()));
        std::fs::create_dir(&made.0).expect("a fresh directory");
        let authority = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca-key.pem -out ca.pem";
        made.openssl(authority);
        made.signed("server", &format!("subjectAltName={server_names}\nextendedKeyUsage=serverAuth"));
        made.signed("client", "extendedKeyUsage=clientAuth");
        made
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A client's, as an engine's user has them.
    pub(crate) fn of_client(&self) -> TlsFiles {
        TlsFiles {
            ca: Some(self.path("ca.pem")),
            certificate: Some(self.path("client.pem")),
            key: Some(self.path("client-key.pem")),
            verify: true,
        }
    }

    /// The client's by the names that Docker's own client looks for, in a directory.
    pub(crate) fn laid_out(&self, directory: &Path) {
        std::fs::create_dir_all(directory).expect("it is ours");
        for (from, to) in [("ca.pem", "ca.pem"), ("client.pem", "cert.pem"), ("client-key.pem", "key.pem")] {
            std::fs::copy(self.path(from), directory.join(to)).expect("both are ours");
        }
    }

    fn signed(&self, name: &str, extensions: &str) {
        std::fs::write(self.path("extensions"), extensions).expect("it is ours");
        self.openssl(&format!(
            "req -newkey rsa:2048 -nodes -subj /CN={name} -keyout {name}-key.pem -out {name}.request"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.request -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile extensions \
             -out {name}.pem"
        ));
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(&self.0).output();
        let output = output.expect("openssl is there: scripts/engines docker");
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("it is ours");
    }
}

/// A port of this host at which the engine can be reached. Closed when dropped.
pub(crate) struct Relay {
    process: Child,
    pub(crate) port: u16,
}

impl Relay {
    /// It speaks TLS to clients with a certificate.
    pub(crate) fn new(certificates: &Certificates) -> Self {
        let path = |name| certificates.path(name).display().to_string();
        let (certificate, key, authority) = (path("server.pem"), path("server-key.pem"), path("ca.pem"));
        Self::listening(&format!("OPENSSL-LISTEN:0,verify=1,cert={certificate},key={key},cafile={authority}"))
    }

    /// It speaks to anybody.
    pub(crate) fn plain() -> Self {
        Self::listening("TCP-LISTEN:0")
    }

    fn listening(address: &str) -> Self {
        let mut process = Command::new("socat")
            .args(["-d", "-d", "-t", "10", &format!("{address},bind=127.0.0.1,fork")])
            .arg("UNIX-CONNECT:/var/run/docker.sock")
            .stderr(Stdio::piped())
            .spawn()
            .expect("socat is there: scripts/engines docker");
        let mut lines = BufReader::new(process.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let listening = lines.find(|line| line.contains("listening on")).expect("it listens");
        let port = listening.rsplit(':').next().and_then(|port| port.trim().parse().ok()).expect("a port");
        // Or it would wait for its words to be read.
        std::thread::spawn(move || lines.count());
        Self { process, port }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.process.kill().expect("it is ours");
        self.process.wait().expect("it is ours");
    }
}
