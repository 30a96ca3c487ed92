//! The socket that a session is served on: there for one user, whole from its first moment, gone with the session.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::{
    net::{UnixListener, UnixSocket, UnixStream},
    sync::Notify,
};

use crate::{Error, session::identity::random_id};

/// How many clients may wait to be let in.
const WAITING: u32 = 64;

/// The longest path that anybody can connect to, in bytes.
const PATH_MOST: usize = 107;

/// How often a dead socket is taken away before another process that does the same is given way to.
const TRIES: usize = 3;

/// A socket's name in the file system; dropping it removes it.
pub(super) struct SocketFile {
    path: PathBuf,
    /// By what it is told from another one at the same path.
    inode: u64,
    /// Whose it is.
    pub(super) user: u32,
    is_removed: AtomicBool,
    removed: Notify,
}

impl SocketFile {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until its name was taken away.
    pub(super) async fn removed(&self) {
        self.removed.notified().await;
    }

    /// Takes the name away, unless it is another's by now.
    pub(super) fn remove(&self) {
        let is_ours = || fs::symlink_metadata(&self.path).is_ok_and(|found| found.ino() == self.inode);
        if !self.is_removed.swap(true, Ordering::AcqRel) && is_ours() {
            // What cannot be removed is dead, and replaced by the next one.
            let _ = fs::remove_file(&self.path);
        }
        self.removed.notify_one();
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Makes a socket of this user's alone and listens.
pub(super) async fn listen(path: &Path) -> Result<(SocketFile, UnixListener), Error> {
    let failed = |source: io::Error| Error::HostFile { operation: "make the socket", path: path.to_owned(), source };
    let whole = std::path::absolute(path).map_err(failed)?;
    if whole.as_os_str().len() > PATH_MOST {
        let reason =
            format!("{} bytes are more than the {PATH_MOST} that a socket's path may have", whole.as_os_str().len());
        return Err(Error::invalid(format!("socket {}", path.display()), reason).with_remedy("choose a shorter path"));
    }
    let draft = Draft::new(&whole)?;
    let (listener, found) = draft.listen().map_err(failed)?;
    for _ in 0..TRIES {
        // A second name, which is taken only where there is none.
        match fs::hard_link(&draft.path, &whole) {
            Ok(()) => {
                let file = SocketFile {
                    path: whole,
                    inode: found.ino(),
                    user: found.uid(),
                    is_removed: AtomicBool::new(false),
                    removed: Notify::new(),
                };
                return Ok((file, listener));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => take_away(&whole, path).await?,
            Err(error) => return Err(failed(error)),
        }
    }
    Err(taken(path))
}

/// A socket under a name of its own until it listens.
struct Draft {
    path: PathBuf,
}

impl Draft {
    fn new(whole: &Path) -> Result<Self, Error> {
        let id = random_id()?;
        // Short: the system bounds the whole path of a socket.
        Ok(Self { path: whole.with_file_name(format!(".{}", &id[..8])) })
    }

    /// Nobody can connect before it listens, and then only its user can.
    fn listen(&self) -> io::Result<(UnixListener, fs::Metadata)> {
        let socket = UnixSocket::new_stream()?;
        socket.bind(&self.path)?;
        fs::set_permissions(&self.path, Permissions::from_mode(0o600))?;
        let found = fs::symlink_metadata(&self.path)?;
        Ok((socket.listen(WAITING)?, found))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // It may never have been bound.
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes a dead socket away; an error where something else is there.
async fn take_away(whole: &Path, path: &Path) -> Result<(), Error> {
    let failed = |source: io::Error| Error::HostFile { operation: "replace the socket", path: path.to_owned(), source };
    match fs::symlink_metadata(whole) {
        Ok(found) if !found.file_type().is_socket() => {
            let reason = "something that is no socket is there";
            return Err(Error::invalid(format!("socket {}", path.display()), reason)
                .with_remedy("choose a path where nothing is"));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(failed)?,
    };
    if is_live(whole).await {
        return Err(taken(path));
    }
    // By another name it can be looked at once more: a live one may have come in between.
    let aside = Draft::new(whole)?;
    match fs::rename(whole, &aside.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        renamed => renamed.map_err(failed)?,
    }
    if is_live(&aside.path).await {
        fs::hard_link(&aside.path, whole).map_err(failed)?;
        return Err(taken(path));
    }
    Ok(())
}

/// Whether anybody listens.
async fn is_live(path: &Path) -> bool {
    match UnixStream::connect(path).await {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound),
    }
}

fn taken(path: &Path) -> Error {
    Error::invalid(format!("socket {}", path.display()), "a session is shared there already")
        .with_remedy("choose another path, or close that session first")
}
