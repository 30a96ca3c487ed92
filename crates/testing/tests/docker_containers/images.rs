//! How images come here: from a registry on loopback, and built of a dockerfile.

mod builds;
mod contexts;
mod lifetimes;
mod pulls;
mod registry;
mod stalling;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};

use llm_sandbox_core::{Error, Language, Session};
use llm_sandbox_docker::{Docker, Engine, ImageProgress};

use crate::{engine::image, support::marker};

/// A directory that goes with its test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let path = std::env::temp_dir().join(marker());
        fs::create_dir(&path).expect("a fresh directory");
        Self(path)
    }

    /// One with these files in it.
    fn with(files: &[(&str, &str)]) -> Self {
        let directory = Self::new();
        for (name, text) in files {
            directory.write(name, text);
        }
        directory
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn dockerfile(&self) -> PathBuf {
        self.path().join("Dockerfile")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("it is ours");
    }
}

/// A dockerfile that begins with the image of the tests. A comment makes its content, and so its image, one of its own.
fn dockerfile(engine: Engine, rest: &str) -> String {
    format!("# {}\nFROM {}\n{rest}\n", marker(), base(engine))
}

fn base(engine: Engine) -> String {
    match engine {
        Engine::Docker => image(),
        Engine::Podman => format!("localhost/{}", image()),
    }
}

async fn open(docker: Docker) -> Result<Session, Error> {
    Session::builder_on(Arc::new(docker), Language::Python).open().await
}

/// What was told of progress so far.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<ImageProgress>>>);

impl Told {
    fn listen(&self, docker: Docker) -> Docker {
        let told = self.clone();
        docker.on_progress(move |progress| told.0.lock().expect("nobody panicked").push(progress.clone()))
    }

    fn all(&self) -> Vec<ImageProgress> {
        self.0.lock().expect("nobody panicked").clone()
    }
}

/// Runs the client of an engine, which has to succeed.
fn client_of(engine: Engine, arguments: &[&str]) -> String {
    let mut command = Command::new(engine.name());
    if engine == Engine::Podman {
        command.args(["--url", "unix:///run/podman/podman.sock"]);
    }
    let output = command.args(arguments).output().expect("the client is there");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
