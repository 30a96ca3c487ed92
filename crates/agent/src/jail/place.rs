use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, RenameFlags, Uid, chmod, chown, fstat, mkdir, openat,
    renameat_with, statat, unlinkat,
};
use rustix::io::Errno;

use super::Trouble;

/// A sandbox's own directory among the host's files: what stands in for a root of its own.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
}

/// Directories that the code may write to, beside its working directory.
const OWN: [&str; 2] = ["home/sandbox", "tmp"];

impl Place {
    /// Makes it below a directory of temporary files.
    /// `group`: of the code, where its user is another than the caller.
    pub(crate) fn make(temporary: &Path, name: &str, group: Option<Gid>) -> Result<Self, Trouble> {
        let path = temporary.join(name);
        let trouble = |error| {
            let trouble = Trouble::new("make the sandbox's directory", error).at(&path);
            trouble.hint("set TMPDIR to a directory that this program may write to")
        };
        // Nobody else on the host is to pass.
        mkdir(&path, Mode::RWXU).map_err(trouble)?;
        if group.is_some() {
            let given = chown(&path, None, group).and_then(|()| chmod(&path, Mode::from_raw_mode(0o710)));
            given.map_err(trouble)?;
        }
        Ok(Self { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a path of a sandbox's own root is found here.
    pub(crate) fn at(&self, inside: &Path) -> PathBuf {
        self.path.join(inside.strip_prefix("/").unwrap_or(inside))
    }

    /// Makes what the code may write to, its working directory among it, and gives it to the code's user.
    pub(crate) fn furnish(&self, directory: &Path, user: Option<Uid>) -> Result<Vec<PathBuf>, Trouble> {
        let own = OWN.map(Path::new).into_iter().chain([directory]);
        let own = own.map(|path| self.at(path)).collect::<Vec<_>>();
        for path in &own {
            let made = std::fs::create_dir_all(path).and_then(|()| match user {
                // Its group stays the agent's, which may write there, too.
                Some(user) => {
                    chmod(path, Mode::from_raw_mode(0o775))?;
                    Ok(chown(path, Some(user), None)?)
                }
                None => Ok(()),
            });
            made.map_err(|error| Trouble::new("make the sandbox's directory", error).at(path))?;
        }
        Ok(own)
    }

    /// Removes it with all that the code has left in it; for when no process of the code is alive.
    pub(crate) fn remove(&self) -> io::Result<()> {
        remove_directory(CWD, &self.path)
    }
}

/// Removes a directory that code has written to, when none of its processes is alive.
pub(crate) fn remove_directory(parent: impl AsFd, path: &Path) -> io::Result<()> {
    let root = openat(&parent, path, DIRECTORY, Mode::empty())?;
    let mut lifted = 0u64;
    // What is in a directory is moved up before it is looked at: the code may have built deeper than any stack.
    while let Some(name) = first_directory(&root)? {
        let directory = open(&root, &name)?;
        while let Some(inner) = first_directory(&directory)? {
            // One that may not be written cannot be moved; and what is in it may be all that fills the disk.
            let inside = open(&directory, &inner)?;
            if first_directory(&inside)?.is_none() {
                unlinkat(&directory, &inner, AtFlags::REMOVEDIR)?;
                continue;
            }
            lift(&directory, &inner, &root, &mut lifted)?;
        }
        unlinkat(&root, &name, AtFlags::REMOVEDIR)?;
    }
    Ok(unlinkat(parent, path, AtFlags::REMOVEDIR)?)
}

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Opens a directory whatever its mode; not what has taken its place meanwhile.
fn open(parent: &OwnedFd, name: &CString) -> io::Result<OwnedFd> {
    let found = openat(parent, name, DIRECTORY | OFlags::PATH, Mode::empty())?;
    if fstat(&found)?.st_mode & Mode::RWXU.as_raw_mode() != Mode::RWXU.as_raw_mode() {
        chmod(format!("/proc/self/fd/{}", found.as_raw_fd()), Mode::RWXU)?;
    }
    Ok(openat(&found, ".", DIRECTORY, Mode::empty())?)
}

/// Moves a directory to where it can be found without going deep. The code may have used any name before.
fn lift(parent: &OwnedFd, name: &CString, root: &OwnedFd, lifted: &mut u64) -> io::Result<()> {
    loop {
        *lifted += 1;
        match renameat_with(parent, name, root, format!(".lifted-{lifted}"), RenameFlags::NOREPLACE) {
            Err(Errno::EXIST) => {}
            other => return Ok(other?),
        }
    }
}

/// The first directory in one; what is none and comes before it is removed.
fn first_directory(directory: &OwnedFd) -> io::Result<Option<CString>> {
    for entry in Dir::read_from(directory)? {
        let name = entry?.file_name().to_owned();
        if matches!(name.as_bytes(), b"." | b"..") {
            continue;
        }
        let status = statat(directory, &name, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(status.st_mode) == FileType::Directory {
            return Ok(Some(name));
        }
        unlinkat(directory, &name, AtFlags::empty())?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn all_is_removed_that_code_may_leave() {
        let place =
            Place::make(&std::env::temp_dir(), &format!("llm-sandbox-place-{}", std::process::id()), None).unwrap();
        let own = place.furnish(Path::new("/sandbox"), None).unwrap();
        assert!(own.contains(&place.at(Path::new("/sandbox"))));
        let host = std::env::temp_dir().join(format!("llm-sandbox-host-{}", std::process::id()));
        fs::create_dir_all(host.join("in")).unwrap();
        symlink(&host, place.path().join("sandbox/link")).unwrap();
        fs::write(place.path().join("tmp/file"), "text").unwrap();
        fs::create_dir(place.path().join("tmp/shut")).unwrap();
        fs::create_dir(place.path().join("tmp/shut/inner")).unwrap();
        fs::set_permissions(place.path().join("tmp/shut"), fs::Permissions::from_mode(0o0)).unwrap();
        let mut deep = openat(CWD, place.path(), DIRECTORY, Mode::empty()).unwrap();
        for _ in 0..3000 {
            rustix::fs::mkdirat(&deep, "d", Mode::RWXU).unwrap();
            deep = openat(&deep, "d", DIRECTORY, Mode::empty()).unwrap();
        }
        place.remove().unwrap();
        assert!(!place.path().exists());
        assert!(host.join("in").exists(), "a link is not followed");
        fs::remove_dir_all(host).unwrap();
    }
}
