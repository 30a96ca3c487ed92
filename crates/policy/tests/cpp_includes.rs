//! The headers that files include, held against what the compiler itself says of its own headers and others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use llm_sandbox_policy::{Budget, Fact, Language, facts};

const NAME: &str = "the_same_headers_are_found_as_by_the_compiler";

/// Files that are looked at; more take minutes.
const MOST_FILES: usize = 300;

/// Files that say something about this test at all.
const FEWEST_FILES: usize = 150;

fn found_by_reading(code: &[u8]) -> BTreeSet<String> {
    let patient = Budget { time: Duration::from_secs(60), ..Budget::default() };
    let found = facts(code, Language::Cpp, &patient);
    assert_eq!(found.gave_up, None);
    let modules = found.found.into_iter().filter_map(|found| match found.fact {
        Fact::Import { module, .. } => Some(module),
        _ => None,
    });
    modules.collect()
}

/// What the compiler includes in the file itself; nothing where the file cannot be compiled by itself.
fn found_by_compiler(file: &Path) -> Option<BTreeSet<String>> {
    let output =
        Command::new("g++").args(["-E", "-fdirectives-only", "-dI", "-w", "-x", "c++"]).arg(file).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let (mut here, mut headers) = (false, BTreeSet::new());
    for line in text.lines() {
        let line = line.trim_start();
        if let Some(marker) =
            line.strip_prefix("# ").filter(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
        {
            here = marker.split('"').nth(1) == file.to_str();
        } else if here && let Some(directive) = line.strip_prefix('#') {
            headers.extend(included(directive.trim_start()));
        }
    }
    Some(headers)
}

fn included(directive: &str) -> Option<String> {
    let rest = ["include_next", "include", "import"].into_iter().find_map(|name| directive.strip_prefix(name))?;
    let name = rest.trim_start().strip_prefix(['<', '"'])?.split(['>', '"']).next()?;
    Some(name.to_owned())
}

/// Whether a name leads through `.` or `..`, which are left out of what is found.
fn has_dots(header: &str) -> bool {
    header.split('/').any(|part| matches!(part, "." | ".."))
}

/// Whether a line of the file includes the header, in whichever branch.
fn is_written(code: &str, header: &str) -> bool {
    let is_it = |line: &str| {
        line.trim_start().starts_with('#') && included(line.trim_start()[1..].trim_start()).as_deref() == Some(header)
    };
    code.lines().any(is_it)
}

fn files() -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> =
        vec!["/usr/include".into(), concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/programs/cpp").into()];
    let mut all = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() => all.push(path),
                _ => {}
            }
        }
    }
    all.sort();
    let is_of_library = |path: &PathBuf| path.starts_with("/usr/include/c++");
    let (library, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_of_library);
    // Half of them are the compiler's own.
    [library, others]
        .into_iter()
        .flat_map(|files| {
            let step = (2 * files.len()).div_ceil(MOST_FILES).max(1);
            files.into_iter().step_by(step)
        })
        .collect()
}

#[test]
fn the_same_headers_are_found_as_by_the_compiler() {
    let works = Command::new("g++").arg("--version").output().is_ok_and(|output| output.status.success());
    if !works {
        return println!("NOT RUN: {NAME}: there is no g++ that works");
    }
    let files = files();
    if files.len() < FEWEST_FILES {
        return println!("NOT RUN: {NAME}: there are only {} files", files.len());
    }
    let (mut compared, mut same, mut different) = (0, 0, Vec::new());
    for file in &files {
        let Some(expected) = found_by_compiler(file) else { continue };
        let Ok(code) = std::fs::read(file) else { continue };
        let found = found_by_reading(&code);
        let text = String::from_utf8_lossy(&code);
        compared += 1;
        same += usize::from(found == expected);
        let missed: Vec<_> = expected.difference(&found).filter(|header| !has_dots(header)).collect();
        // What is not compiled on this machine is included all the same.
        let is_invented = |header: &&String| !is_written(&text, header) && !is_written(&text, &format!("./{header}"));
        let invented: Vec<_> = found.difference(&expected).filter(is_invented).collect();
        if !missed.is_empty() || !invented.is_empty() {
            different.push(format!("{}: missed {missed:?}, invented {invented:?}", file.display()));
        }
    }
    println!(
        "policy: cpp: of {compared} files the same headers as g++ in {same}, in others those of branches left out as well"
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(compared >= FEWEST_FILES / 2, "only {compared} of {} files can be compiled", files.len());
}
