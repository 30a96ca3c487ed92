//! Sessions that live on between calls, each test with a directory of sockets of its own.

mod copying;
mod ending;
mod running;
mod shells;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, id},
};

use crate::support::{Finished, Live, finish, llm_sandbox};

/// A user's runtime directory. What is open in it ends with it.
struct Home {
    path: PathBuf,
}

impl Home {
    /// Its path is short, as those of sockets have to be.
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("llm-cli-{}-{test}", id()));
        fs::create_dir_all(&path).expect("a directory");
        Self { path }
    }

    /// With a session called `s`.
    fn with_session(test: &str, options: &[&str]) -> Self {
        let home = Self::new(test);
        let opened = home.ask(&[&["open", "--name", "s"], options].concat());
        assert_eq!((opened.status, opened.stderr.as_str()), (Some(0), ""));
        assert_eq!(opened.stdout.trim_end().len(), 16, "{}", opened.stdout);
        home
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = llm_sandbox(arguments);
        command.env("XDG_RUNTIME_DIR", &self.path);
        command
    }

    fn ask(&self, arguments: &[&str]) -> Finished {
        finish(self.command(arguments))
    }

    /// What a call prints that is to succeed and to say nothing besides.
    fn told(&self, arguments: &[&str]) -> String {
        let ended = self.ask(arguments);
        assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        ended.stdout
    }

    fn refused(&self, arguments: &[&str], message: &str, hint: &str) {
        let expected = format!("llm-sandbox: {message}\nllm-sandbox: hint: {hint}\n");
        assert_eq!(self.ask(arguments), Finished { status: Some(2), stdout: String::new(), stderr: expected });
    }

    /// A session called `s` whose process is a child of this one.
    fn owner(&self, options: &[&str]) -> Live {
        let mut live = Live::start(self.command(&[&["open", "--name", "s", "--foreground"], options].concat()));
        assert_eq!(live.line().trim_end().len(), 16);
        live
    }

    /// The sessions that are open.
    fn listed(&self) -> Vec<serde_json::Value> {
        let found: serde_json::Value = serde_json::from_str(&self.told(&["ps", "--json"])).expect("one object");
        found["sessions"].as_array().expect("a list").clone()
    }

    fn sockets(&self) -> PathBuf {
        self.path.join("llm-sandbox")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let listed = self.command(&["ps"]).output().expect("it starts");
        for row in String::from_utf8_lossy(&listed.stdout).lines().skip(1) {
            let name = row.split_whitespace().next().unwrap_or_default();
            let _ = self.command(&["kill", name]).output();
        }
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A path as an argument.
fn word(path: &Path) -> &str {
    path.to_str().expect("our paths are text")
}
