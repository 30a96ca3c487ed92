//! Every attack of the corpus where there is no sandbox: one that succeeds nowhere would show nothing.
//!
//! Each runs as root, in a directory and in mount and UTS namespaces of its own that go with it.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use llm_sandbox_corpus::{Case, Control, Required, cases};

#[test]
fn every_attack_succeeds_without_a_sandbox() {
    let (mut failed, mut succeeded) = (Vec::new(), 0);
    for case in cases() {
        match case.control {
            Control::Not(reason) => println!("NOT RUN: control {}: {reason}", case.name),
            Control::Escapes | Control::EscapesBesideItsFirst => match escapes(case) {
                Ok(()) => succeeded += 1,
                Err(seen) => failed.push(format!("{}: {seen}", case.name)),
            },
            Control::Prints(least) => match Place::new(case).run().len() {
                size if size >= least => succeeded += 1,
                size => failed.push(format!("{}: it printed {size} bytes", case.name)),
            },
        }
    }
    println!("{succeeded} of {} attacks succeed without a sandbox", cases().count());
    assert!(failed.is_empty(), "{succeeded} succeeded, but not\n{}", failed.join("\n"));
    assert!(succeeded * 10 >= cases().count() * 8, "too few can be shown: {succeeded}");
}

fn escapes(case: &Case) -> Result<(), String> {
    let place = Place::new(case);
    let mut seen = place.run();
    if matches!(case.required, Required::GoneInNextRun | Required::GoneInNextSession) {
        seen = place.run();
    }
    if case.required == Required::NotReadOut {
        seen.push_str(&std::fs::read_to_string(place.directory.join("planted")).unwrap_or_default());
    }
    let is_out = seen.contains("ESCAPED") || seen.contains("the host's secret");
    if is_out { Ok(()) } else { Err(seen.chars().take(300).collect()) }
}

/// Where an attack runs.
struct Place {
    directory: PathBuf,
    aim: llm_sandbox_corpus::Aim,
    is_tree: bool,
}

impl Place {
    fn new(case: &Case) -> Self {
        let directory = std::env::temp_dir().join(format!("llm-sandbox-control-{}-{}", case.name, std::process::id()));
        std::fs::create_dir(&directory).expect("a directory can be made");
        std::fs::write(directory.join("main.py"), case.text()).expect("a file can be written");
        let aim = case.target.put_up().expect("the target can be put up");
        Self { directory, aim, is_tree: case.control == Control::EscapesBesideItsFirst }
    }

    /// What it prints, on both streams, until all who hold them are gone.
    fn run(&self) -> String {
        // A limit of memory far above what any case takes, so that none of them hurts.
        let script = "ulimit -v 4000000; exec timeout 20 python3 main.py \"$1\"";
        let output = Command::new("unshare")
            .args(["--mount", "--uts"])
            .args(self.is_tree.then_some(["--pid", "--fork", "--mount-proc"]).into_iter().flatten())
            .args(["--", "prlimit", "--nofile=8192", "bash", "-c", script, "control"])
            .arg(&self.aim.address)
            .env("LLM_SANDBOX_CORPUS_TOKEN", "a secret")
            .current_dir(&self.directory)
            .stdin(Stdio::null())
            .process_group(0)
            .output()
            .expect("unshare starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        text(&output.stdout) + &text(&output.stderr)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove(&self.directory);
    }
}

fn remove(directory: &Path) {
    // What an attack left behind must not make the next one fail.
    let _ = std::fs::remove_dir_all(directory);
}
