//! Host processes that are killed.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use super::host::Trace;

/// A process of its own with open sessions and runs in them, all of which it says when it is ready.
pub(crate) struct Victim {
    pub(crate) process: Child,
    pub(crate) traces: Vec<Trace>,
    /// A child of it that holds its sockets.
    pub(crate) holder: Option<i32>,
    /// The user id map of the session that it opened without capabilities.
    pub(crate) dropped: Option<String>,
}

impl Victim {
    /// Starts it and waits until its runs are under way. Processes of the runs carry the marker.
    pub(crate) fn start(marker: &str, sessions: usize, options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_victim"))
            .arg(marker)
            .arg(sessions.to_string())
            .args(options)
            // Where an ordinary user may look, too.
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the victim starts");
        let output = process.stdout.take().expect("it is piped");
        Self::hear(process, BufReader::new(output))
    }

    fn hear(process: Child, output: impl BufRead) -> Self {
        let mut victim = Self { process, traces: Vec::new(), holder: None, dropped: None };
        for line in output.lines() {
            let line = line.expect("it speaks text");
            match line.split_once(' ') {
                Some(("sandbox", map)) => victim.traces.push(Trace::of_map(map)),
                Some(("holder", pid)) => victim.holder = Some(pid.parse().expect("a process id")),
                Some(("dropped", map)) => victim.dropped = Some(map.to_owned()),
                _ if line == "ready" => return victim,
                _ => panic!("the victim said {line:?}"),
            }
        }
        panic!("the victim ended before it was ready: {:?}", victim.process.wait())
    }

    /// Kills it as the kernel would, and waits for its end only.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it lives");
        self.process.wait().expect("it is ours");
    }
}

impl Drop for Victim {
    /// Leaves nothing behind where a test failed.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(holder) = self.holder.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(holder, rustix::process::Signal::KILL);
        }
    }
}
