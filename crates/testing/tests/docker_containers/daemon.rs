//! An engine of the test's own, which may be stopped, killed and filled.

use std::{
    io::{Read, Write},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::marker;

/// Docker with containers, images and a socket of its own, and all that it stores in memory.
pub(crate) struct Daemon {
    place: PathBuf,
    process: Option<Child>,
}

impl Daemon {
    /// Stores so many mebibytes.
    pub(crate) async fn start(mebibytes: usize) -> Self {
        let place = std::env::temp_dir().join(marker());
        std::fs::create_dir(&place).expect("a fresh directory");
        run(Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "none"]).arg(&place));
        let mut daemon = Self { place, process: None };
        daemon.resume().await;
        daemon
    }

    /// Starts it again where it was stopped.
    pub(crate) async fn resume(&mut self) {
        let log = std::fs::File::create(self.place.join("log")).expect("it is ours");
        let at = |name: &str| self.place.join(name).display().to_string();
        // In a network of its own: it would take the bridge away from the host's engine.
        let process = Command::new("unshare")
            .args(["--net", "--", "dockerd"])
            .args(["--data-root", &at("data"), "--exec-root", &at("run"), "--pidfile", &at("pid")])
            .args(["--host", &self.address(), "--bridge", "none", "--iptables=false", "--storage-driver", "overlay2"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0)
            .spawn()
            .expect("dockerd is there: scripts/engines docker");
        self.process = Some(process);
        let mut tries = 0;
        while !self.client(&["info"]).status().expect("the client is there").success() {
            tries += 1;
            assert!(tries < 200, "{}", std::fs::read_to_string(self.place.join("log")).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Ends it by this signal, and waits until it has.
    pub(crate) fn end(&mut self, signal: Signal) {
        let Some(mut process) = self.process.take() else { return };
        kill_process(Pid::from_child(&process), signal).expect("it is ours");
        process.wait().expect("it is ours");
        // Where nobody reaps what it leaves, its part that is killed with it would be taken for alive.
        let _ = std::fs::remove_file(self.place.join("run/containerd/containerd.pid"));
    }

    pub(crate) fn address(&self) -> String {
        format!("unix://{}", self.place.join("socket").display())
    }

    /// The client of this engine.
    fn client(&self, arguments: &[&str]) -> Command {
        let mut client = Command::new("docker");
        client.args(["--host", &self.address()]).args(arguments);
        client.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        client
    }

    pub(crate) fn import(&self, archive: &[u8], name: &str) {
        let mut import =
            self.client(&["import", "-", name]).stdin(Stdio::piped()).spawn().expect("the client is there");
        import.stdin.take().expect("it is piped").write_all(archive).expect("it reads");
        assert!(import.wait().expect("it is ours").success());
    }

    /// All of its containers.
    pub(crate) fn containers(&self) -> Vec<String> {
        let output = self.client(&["ps", "-aq"]).stdout(Stdio::piped()).output().expect("the client is there");
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Writes until nothing more can be stored, and gives what was written.
    pub(crate) fn fill(&self) -> PathBuf {
        let path = self.place.join("filling");
        let mut zeroes = std::io::repeat(0).take(1 << 30);
        let error = std::io::copy(&mut zeroes, &mut std::fs::File::create(&path).expect("it is ours"));
        assert!(error.is_err(), "it is larger than that");
        path
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.end(Signal::TERM);
        run(Command::new("umount").args(["--lazy"]).arg(&self.place));
        std::fs::remove_dir(&self.place).expect("it is ours");
    }
}

fn run(command: &mut Command) {
    let status = command.status().expect("it is there");
    assert!(status.success(), "{command:?}: {status}");
}
