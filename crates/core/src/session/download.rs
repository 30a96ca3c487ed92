use std::path::Path;

use llm_sandbox_protocol::{GetFiles, Request};
use tokio::sync::mpsc;

use super::{
    Session, Transferred,
    files::bytes_of,
    transfer::{BOUNDS, Incoming},
    unpack::{self, Unpacking},
};
use crate::Error;

/// How many pieces may wait between the stream and the disk.
const AHEAD: usize = 4;

impl Session {
    /// Copies a file, or a directory with all below it, from inside to this host path.
    ///
    /// It appears there whole or not at all: a file takes the place of a regular file, a directory that of nothing or
    /// of an empty directory. What comes out keeps only whether it can be executed; links that could lead outside the
    /// tree, pipes, sockets and devices are skipped, and named in the report.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the host path is taken, [`Error::HostFile`] where it cannot be written,
    /// [`Error::File`] where the sandbox refuses, or there are more than 1 GiB, 100,000 entries or 64 levels.
    pub async fn download(&self, inside: impl AsRef<Path>, host: impl AsRef<Path>) -> Result<Transferred, Error> {
        let inside = self.inside(inside.as_ref())?;
        let host = std::path::absolute(host.as_ref()).map_err(|source| Error::HostFile {
            operation: "write",
            path: host.as_ref().to_owned(),
            source,
        })?;
        let get = GetFiles { path: bytes_of(&inside), recursive: true, bounds: BOUNDS };
        let transfer = self.transfer("download", &inside, &Request::Get(get)).await?;
        let mut incoming = Incoming::new(transfer, BOUNDS, true);
        let (sender, pieces) = mpsc::channel(AHEAD);
        let unpacking = tokio::task::spawn_blocking(move || Unpacking::new(host).all(pieces));
        let received = pass_on(&mut incoming, sender).await;
        let unpacked = unpacking.await.unwrap_or_else(|error| Err(Error::invalid("download", error.to_string())));
        received.and(unpacked)
    }
}

/// Passes pieces on until all have come or nobody takes them. Only the last one says that the tree is whole.
async fn pass_on(incoming: &mut Incoming<'_>, sender: mpsc::Sender<unpack::Step>) -> Result<(), Error> {
    while let Some(piece) = incoming.next().await? {
        if sender.send(unpack::Step::Piece(piece)).await.is_err() {
            return Ok(());
        }
    }
    // Where nobody takes it, unpacking has failed and says why.
    let _ = sender.send(unpack::Step::Whole).await;
    Ok(())
}
