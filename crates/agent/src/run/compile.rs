use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Command, Stdio};

use llm_sandbox_protocol::{Compilation, RunRequest};
use rustix::fs::CWD;

use super::word::Step;
use crate::jail::remove_directory;

type Failure = (Step, io::Error);

/// Has the program made of its text, by a process that is no more than the program will be. Whether the compiler was
/// content; its words went to standard error.
pub(super) fn compile(compilation: &Compilation, request: &RunRequest) -> Result<bool, Failure> {
    renew(Path::new(OsStr::from_bytes(&compilation.directory))).map_err(|error| (Step::Build, error))?;
    let mut words = compilation.argv.iter().map(|word| OsStr::from_bytes(word));
    let compiler = words.next().ok_or_else(|| (Step::Compile, io::ErrorKind::NotFound.into()))?;
    let environment =
        request.environment.iter().map(|(name, value)| (OsStr::from_bytes(name), OsStr::from_bytes(value)));
    let mut command = Command::new(compiler);
    command.args(words).env_clear().envs(environment).stdin(Stdio::null());
    let status =
        rustix::io::dup(io::stderr()).map_err(io::Error::from).and_then(|errors| command.stdout(errors).status());
    status.map(|status| status.success()).map_err(|error| (Step::Compile, error))
}

/// Makes a directory, without what an earlier run has left in it.
fn renew(directory: &Path) -> io::Result<()> {
    match remove_directory(CWD, directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}
