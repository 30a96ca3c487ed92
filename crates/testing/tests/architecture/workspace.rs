//! What cargo and the file system say about the workspace.

use crate::scan::Source;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Workspace {
    pub(crate) directory: PathBuf,
    pub(crate) packages: Vec<Package>,
}

pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
    manifest: PathBuf,
    roots: Vec<(Kind, PathBuf)>,
}

/// A dependency on a crate of this workspace.
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) development: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Library,
    Program,
}

impl Workspace {
    pub(crate) fn read() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo starts");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
        Self {
            directory: PathBuf::from(text(&metadata["workspace_root"])),
            packages: list(&metadata["packages"]).iter().map(Package::new).collect(),
        }
    }

    /// The root file of every library and program.
    pub(crate) fn roots(&self) -> impl Iterator<Item = (&str, Kind, PathBuf)> {
        self.packages
            .iter()
            .flat_map(|package| package.roots.iter().map(|(kind, path)| (package.name.as_str(), *kind, path.clone())))
    }

    /// Every Rust file of ours.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Source> {
        let mut files = Vec::new();
        ["crates", "benches", "examples", "fuzz", "python"]
            .iter()
            .for_each(|top| rust_files(&self.directory.join(top), &mut files));
        assert!(files.len() >= self.packages.len(), "too few files under {}", self.directory.display());
        files.sort();
        let directory = self.directory.clone();
        files.into_iter().map(move |file| Source::read(&directory, &file))
    }
}

impl Package {
    fn new(metadata: &Value) -> Self {
        Self {
            name: text(&metadata["name"]),
            manifest: PathBuf::from(text(&metadata["manifest_path"])),
            dependencies: list(&metadata["dependencies"])
                .iter()
                .filter(|dependency| dependency["path"].is_string())
                .map(|dependency| Dependency {
                    name: text(&dependency["name"]),
                    development: dependency["kind"] == "dev",
                })
                .collect(),
            roots: list(&metadata["targets"])
                .iter()
                .filter_map(|target| Some((kind(target)?, PathBuf::from(text(&target["src_path"])))))
                .collect(),
        }
    }

    pub(crate) fn uses(&self, name: &str) -> bool {
        self.dependencies.iter().any(|dependency| dependency.name == name && !dependency.development)
    }

    pub(crate) fn manifest_text(&self) -> String {
        std::fs::read_to_string(&self.manifest).expect("the manifest is readable")
    }
}

/// Whether a manifest takes the lints of the workspace.
pub(crate) fn inherits_lints(manifest: &str) -> bool {
    let lines = manifest.lines().map(str::trim);
    let table = lines.skip_while(|line| *line != "[lints]").skip(1).take_while(|line| !line.starts_with('['));
    table.map(|line| line.replace(' ', "")).any(|line| line == "workspace=true")
}

fn kind(target: &Value) -> Option<Kind> {
    let kinds: Vec<_> = list(&target["kind"]).iter().map(text).collect();
    match kinds.first().map(String::as_str) {
        Some("bin") => Some(Kind::Program),
        Some("lib" | "rlib" | "cdylib" | "proc-macro") => Some(Kind::Library),
        _ => None,
    }
}

fn rust_files(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.map(|entry| entry.expect("the directory is readable")) {
        let path = entry.path();
        let is_directory = entry.file_type().expect("the entry has a type").is_dir();
        if is_directory && entry.file_name() != "target" {
            rust_files(&path, files);
        } else if !is_directory && path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string in cargo's metadata").to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list in cargo's metadata")
}

#[test]
fn lints_are_inherited_only_in_their_own_table() {
    assert!(inherits_lints("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
    assert!(inherits_lints("[lints]\nworkspace=true"));
    assert!(!inherits_lints("[lints]\n[dependencies]\nworkspace = true"));
    assert!(!inherits_lints("[lints.rust]\nworkspace = true"));
    assert!(!inherits_lints("[package]\nlints = 1"));
}
