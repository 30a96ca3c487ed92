//! `llm-sandbox cp`: files and directories into a session and out of it.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use llm_sandbox::{Error, FileKind, FileProblem, core::Session};

use super::attach;
use crate::{arguments::CpArguments, report::Report, shared::plain, status::ExitStatus};

/// One side of a copy.
#[derive(Debug, PartialEq, Eq)]
enum Side {
    Host(PathBuf),
    Inside { session: OsString, path: PathBuf },
}

impl Side {
    /// Reads `SESSION:PATH` or a path of the host, which has a slash before any colon.
    fn of(argument: &OsStr) -> Self {
        let bytes = argument.as_bytes();
        match bytes.iter().position(|byte| matches!(byte, b':' | b'/')) {
            Some(at) if at > 0 && bytes[at] == b':' => Self::Inside {
                session: OsStr::from_bytes(&bytes[..at]).to_owned(),
                path: OsStr::from_bytes(&bytes[at + 1..]).into(),
            },
            _ => Self::Host(argument.into()),
        }
    }
}

/// Copies one to the other.
pub(crate) async fn cp(arguments: CpArguments, report: Report) -> Result<ExitStatus, Error> {
    let copied = match (Side::of(&arguments.source), Side::of(&arguments.target)) {
        (Side::Host(source), Side::Inside { session, path }) => {
            let name = host_name(&source)?;
            let session = attach(&session).await?;
            let target = target_inside(&session, path, &name).await?;
            session.upload(&source, target).await?
        }
        (Side::Inside { session, path }, Side::Host(target)) => {
            let session = attach(&session).await?;
            let source = if path.as_os_str().is_empty() { session.directory().to_owned() } else { path };
            let target = if is_directory(&target) { target.join(last_name(&source)) } else { target };
            session.download(source, target).await?
        }
        (Side::Host(_), Side::Host(_)) => return Err(wrong("neither side is one of a session")),
        (Side::Inside { .. }, Side::Inside { .. }) => return Err(wrong("both sides are of sessions")),
    };
    report.left_out(&copied.skipped);
    Ok(ExitStatus::Code(0))
}

fn wrong(reason: &str) -> Error {
    let remedy = "write SESSION:PATH on one side, such as work:out.csv, and ./a:b for a host path with a colon";
    Error::invalid("copy", reason).with_remedy(remedy)
}

/// Where something of this name goes: into a directory that is there, else to the path itself.
async fn target_inside(session: &Session, path: PathBuf, name: &OsStr) -> Result<PathBuf, Error> {
    if path.as_os_str().is_empty() {
        return Ok(name.into());
    }
    if path.as_os_str().as_bytes().ends_with(b"/") {
        return Ok(path.join(name));
    }
    match session.stat(&path).await {
        Ok(found) if found.kind == FileKind::Directory => Ok(path.join(name)),
        Ok(_) | Err(Error::File { problem: FileProblem::NotFound, .. }) => Ok(path),
        Err(error) => Err(error),
    }
}

fn is_directory(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_bytes().ends_with(b"/")
}

/// What a host path is called, also where it is written as `.`.
fn host_name(path: &Path) -> Result<OsString, Error> {
    let what = || format!("file {:?}", path.to_string_lossy());
    let full = path.canonicalize();
    let full = full.map_err(|error| Error::invalid(what(), plain(&error)).with_remedy("name one that is there"))?;
    // A link is called as it is, whatever it leads to.
    let name = path.file_name().or_else(|| full.file_name());
    name.map(OsStr::to_owned).ok_or_else(|| Error::invalid(what(), "it has no name").with_remedy("write SESSION:NAME"))
}

fn last_name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_makes_a_session_unless_a_slash_comes_first() {
        let inside = |session: &str, path: &str| Side::Inside { session: session.into(), path: path.into() };
        assert_eq!(Side::of(OsStr::new("s:/a:b")), inside("s", "/a:b"));
        assert_eq!(Side::of(OsStr::new("s:")), inside("s", ""));
        for host in ["a", "./a:b", "/a:b", ":a"] {
            assert_eq!(Side::of(OsStr::new(host)), Side::Host(host.into()));
        }
    }
}
