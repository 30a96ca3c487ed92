//! Sessions that several processes of one user share.
//!
//! The process that opened a session serves it on a socket. Whoever connects says in one line of JSON what is wanted and
//! is answered by one: what there is to know, a run's result, or the session itself. Then the connection becomes a
//! stream of the protocol that agents speak, and the process that has the session passes everything on between it and
//! streams of its own. What comes from a client is checked as what comes from a sandbox is: it can end that client.

mod ask;
mod attach;
mod forms;
mod lane;
mod line;
mod relay;
mod serve;
mod socket;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

pub(super) use ask::{Feed, Owner};

use self::socket::SocketFile;
use super::Session;
use crate::Error;

/// The sockets that a session is served on.
#[derive(Default)]
pub(super) struct Shares {
    files: Mutex<Vec<Arc<SocketFile>>>,
}

impl Shares {
    fn add(&self, file: &Arc<SocketFile>) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(file));
    }

    /// Takes one away; `None` where none of them is at this path.
    fn take(&self, path: &Path) -> Option<Arc<SocketFile>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let at = files.iter().position(|file| file.path() == path)?;
        Some(files.swap_remove(at))
    }

    /// Takes the sockets away.
    pub(super) fn remove(&self) {
        let files = std::mem::take(&mut *self.files.lock().unwrap_or_else(PoisonError::into_inner));
        files.iter().for_each(|file| file.remove());
    }
}

impl Drop for Shares {
    fn drop(&mut self) {
        self.remove();
    }
}

impl Session {
    /// Lets other processes of the same user use the session: they [attach](Session::attach) to a socket at this path,
    /// which is there until the session is over. A socket that a dead process left is replaced.
    ///
    /// The session stays this process's: it ends with it, and when it is closed here, whoever else uses it. What a client
    /// started ends when the client goes, unless it is [detached](crate::Run::detached). Up to 64 clients are served at
    /// once.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where a session is shared at that path already, or something else is there;
    /// [`Error::HostFile`] where the socket cannot be made; [`Error::Unsupported`] in a process that attached itself;
    /// [`Error::Closed`], [`Error::Expired`] and others where the session is over.
    pub async fn share(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let pulse = self.connection()?.pulse();
        if !self.is_own() {
            return Err(Error::Unsupported {
                operation: "sharing a session of another process".to_owned(),
                reason: "only the process that opened it can".to_owned(),
                remedy: Some("attach to the socket that it is shared at".to_owned()),
            });
        }
        let (file, listener) = socket::listen(path.as_ref()).await?;
        let file = Arc::new(file);
        self.inner.shares.add(&file);
        tokio::spawn(serve::serve(self.downgrade(), pulse, listener, file));
        Ok(())
    }

    /// Ends the sharing at a path: nobody attaches there any more. Whoever is attached stays, and the session goes on.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where this process shares the session at no such path.
    pub fn unshare(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let Some(file) = self.inner.shares.take(&whole) else {
            let reason = "the session is not shared there by this process";
            return Err(Error::invalid(format!("socket {}", path.display()), reason)
                .with_remedy("name the path that share() was given"));
        };
        file.remove();
        Ok(())
    }

    /// Closes the session itself, also from a process that only attached to it: destroys the sandbox and all runs in it,
    /// whoever uses it.
    ///
    /// # Errors
    ///
    /// As [`Session::close`]; [`Error::SandboxDied`] where the process that has the session does not answer.
    pub async fn destroy_shared(&self) -> Result<(), Error> {
        if let Some(owner) = &self.inner.owner {
            owner.close().await?;
        }
        self.close().await
    }
}
