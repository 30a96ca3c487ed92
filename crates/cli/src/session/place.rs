//! Where the sockets of sessions are: a directory of this user's alone.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use llm_sandbox::Error;
use rustix::process::geteuid;

use super::name::Name;
use crate::shared::plain;

/// What the names of sockets end in.
const ENDING: &str = "sock";

/// The permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// The directory.
#[derive(Debug)]
pub(crate) struct Place {
    directory: PathBuf,
}

impl Place {
    /// The directory of this user.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where it is there and another user could put something into it.
    pub(crate) fn find() -> Result<Self, Error> {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let user = geteuid().as_raw();
        let directory = directory(runtime.as_deref(), user, |path| is_own(path, user).is_ok_and(|is_own| is_own));
        match is_own(&directory, user) {
            Ok(true) => {}
            Ok(false) => return Err(foreign(&directory)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unusable(&directory, &error)),
        }
        Ok(Self { directory })
    }

    /// Makes the directory where it is not there.
    pub(crate) fn make(&self) -> Result<(), Error> {
        let Self { directory } = self;
        match fs::DirBuilder::new().mode(0o700).create(directory) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(unusable(directory, &error)),
            _ => {}
        }
        match is_own(directory, geteuid().as_raw()) {
            Ok(true) => Ok(()),
            Ok(false) => Err(foreign(directory)),
            Err(error) => Err(unusable(directory, &error)),
        }
    }

    /// The socket of a session.
    pub(crate) fn socket(&self, name: &Name) -> PathBuf {
        self.directory.join(format!("{name}.{ENDING}"))
    }

    /// The names and ids of all sessions, in order; also of those whose process has gone.
    pub(crate) fn names(&self) -> Result<Vec<Name>, Error> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unusable(&self.directory, &error)),
        };
        let name = |entry: fs::DirEntry| {
            let file = entry.file_name().into_string().ok()?;
            Name::of_session(file.strip_suffix(ENDING)?.strip_suffix('.')?).ok()
        };
        let mut names: Vec<_> = entries.flatten().filter_map(name).collect();
        names.sort();
        Ok(names)
    }
}

/// The user's runtime directory where there is one; else one in /run that is there already, or that root makes; else one
/// in /tmp.
fn directory(runtime: Option<&Path>, user: u32, is_own: impl Fn(&Path) -> bool) -> PathBuf {
    if let Some(runtime) = runtime.filter(|path| path.is_absolute()) {
        return runtime.join("llm-sandbox");
    }
    let system = PathBuf::from(format!("/run/llm-sandbox-{user}"));
    if user == 0 || is_own(&system) { system } else { PathBuf::from(format!("/tmp/llm-sandbox-{user}")) }
}

/// Whether it is a directory of this user's that nobody else may look into.
fn is_own(directory: &Path, user: u32) -> io::Result<bool> {
    let metadata = directory.symlink_metadata()?;
    Ok(metadata.is_dir() && metadata.uid() == user && metadata.mode() & OTHERS == 0)
}

fn foreign(directory: &Path) -> Error {
    let what = format!("directory {}", directory.display());
    let reason = "it is no directory of this user's alone, so that others could pose as sessions";
    Error::invalid(what, reason).with_remedy("remove it, or set XDG_RUNTIME_DIR to a directory of your own")
}

fn unusable(directory: &Path, error: &io::Error) -> Error {
    Error::invalid(format!("directory {}", directory.display()), plain(error))
        .with_remedy("set XDG_RUNTIME_DIR to a directory of your own")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_directory_comes_first() {
        let found = |runtime: Option<&str>, user, is_there| {
            let directory = directory(runtime.map(Path::new), user, |_| is_there);
            directory.to_str().unwrap().to_owned()
        };
        assert_eq!(found(Some("/run/user/7"), 7, true), "/run/user/7/llm-sandbox");
        assert_eq!(found(Some("relative"), 7, true), "/run/llm-sandbox-7");
        assert_eq!(found(None, 7, false), "/tmp/llm-sandbox-7");
        assert_eq!(found(None, 0, false), "/run/llm-sandbox-0");
    }
}
