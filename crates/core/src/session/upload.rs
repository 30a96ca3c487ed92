use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Component, Path, PathBuf},
    time::UNIX_EPOCH,
};

use llm_sandbox_protocol::{Channel, Control, Entry, EntryKind, PutFiles, Request};
use tokio::sync::mpsc;

use super::{
    Session, Transferred,
    files::{bytes_of, file_entry, nanoseconds_of, split},
    gate::Gate,
    transfer::BOUNDS,
};
use crate::{Error, run::SOURCE_MOST};

/// How much of a file is read at once, in bytes.
const CHUNK: usize = 256 << 10;

/// How many pieces may wait between the disk and the stream.
const AHEAD: usize = 4;

/// A piece of what is read on the host.
enum Piece {
    /// What is copied is a directory, or a single file.
    Root {
        is_directory: bool,
    },
    Entry(Entry),
    Bytes(Vec<u8>),
    End,
    /// All was sent.
    Whole,
}

impl Session {
    /// Copies a host file, or a directory with all below it, to this path inside. Its parents are made.
    ///
    /// Links inside a directory are copied as links where they stay inside it and skipped where they don't; pipes,
    /// sockets and devices are skipped.
    ///
    /// # Errors
    ///
    /// [`Error::HostFile`] where the host's files cannot be read, [`Error::InvalidInput`] for more than 1 GiB, 100,000
    /// entries or 64 levels, [`Error::File`] where the sandbox refuses; [`Error::UnsafeCode`] and [`Error::Unsupported`] for
    /// code, under a policy that is [enforced](crate::SessionBuilder::enforce). What was copied before it stays.
    pub async fn upload(&self, host: impl AsRef<Path>, inside: impl AsRef<Path>) -> Result<Transferred, Error> {
        let inside = self.inside(inside.as_ref())?;
        split(&inside)?;
        let host = host.as_ref().to_owned();
        let (sender, mut pieces) = mpsc::channel(AHEAD);
        let name = inside.file_name().unwrap_or_default().to_owned();
        let gate = self.gate().cloned();
        let walk = tokio::task::spawn_blocking(move || {
            Walk { sender, done: Transferred::default(), root: host.clone(), gate }.whole(&host, Path::new(&name))
        });
        if let Some(Piece::Root { is_directory }) = pieces.recv().await {
            self.send_pieces(&inside, is_directory, pieces).await?;
        }
        let walked = walk.await.unwrap_or_else(|error| Err(Stop::Failed(Error::invalid("upload", error.to_string()))));
        walked.map_err(|stop| match stop {
            Stop::Failed(error) => error,
            Stop::Unheard => Error::Aborted { operation: "upload".to_owned() },
        })
    }

    async fn send_pieces(
        &self,
        inside: &Path,
        is_directory: bool,
        mut pieces: mpsc::Receiver<Piece>,
    ) -> Result<(), Error> {
        let directory = if is_directory { bytes_of(inside) } else { split(inside)?.0 };
        let put = Request::Put(PutFiles { directory, bounds: BOUNDS });
        let mut transfer = self.transfer("upload", inside, &put).await?;
        let sender = transfer.stream.sender().clone();
        while let Some(piece) = pieces.recv().await {
            match piece {
                Piece::Root { .. } => {}
                Piece::Whole => {
                    transfer.sent(sender.control(&Control::Finish)).await?;
                    return transfer.finish().await;
                }
                Piece::Entry(entry) => transfer.sent(sender.control(&Control::Entry(entry))).await?,
                Piece::Bytes(bytes) => transfer.sent(sender.send(Channel::Content, bytes)).await?,
                Piece::End => sender.end(Channel::Content),
            }
        }
        // The walk failed and says why; dropping the transfer has the agent stop there.
        Ok(())
    }
}

/// Why a walk ended early.
enum Stop {
    /// The other side stopped listening and knows why.
    Unheard,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Reads a tree on the host.
struct Walk {
    sender: mpsc::Sender<Piece>,
    done: Transferred,
    root: PathBuf,
    /// What code must pass.
    gate: Option<Gate>,
}

impl Walk {
    /// Sends the root and all below it.
    fn whole(mut self, host: &Path, name: &Path) -> Result<Transferred, Stop> {
        let metadata = fs::metadata(host).map_err(host_error("read", host))?;
        let is_directory = metadata.is_dir();
        if !is_directory && !metadata.is_file() {
            let reason = format!("{} is neither a file nor a directory", host.display());
            return Err(Error::invalid("upload", reason).into());
        }
        self.send(Piece::Root { is_directory })?;
        if is_directory {
            self.directory(host, Path::new(""), 0)?;
        } else {
            self.file(host, name, &metadata)?;
        }
        self.send(Piece::Whole)?;
        Ok(self.done)
    }

    fn send(&self, piece: Piece) -> Result<(), Stop> {
        self.sender.blocking_send(piece).map_err(|_| Stop::Unheard)
    }

    fn directory(&mut self, host: &Path, relative: &Path, depth: u32) -> Result<(), Stop> {
        if depth > BOUNDS.depth {
            return Err(self.too_much(&format!("{} levels", BOUNDS.depth)).into());
        }
        for entry in fs::read_dir(host).map_err(host_error("list", host))? {
            let entry = entry.map_err(host_error("list", host))?;
            let (path, relative) = (entry.path(), relative.join(entry.file_name()));
            let metadata = fs::symlink_metadata(&path).map_err(host_error("read", &path))?;
            if metadata.is_dir() {
                self.entry(EntryKind::Directory, &relative, &metadata, None)?;
                self.directory(&path, &relative, depth + 1)?;
            } else if metadata.is_file() {
                self.file(&path, &relative, &metadata)?;
            } else {
                self.link(&path, relative, &metadata)?;
            }
        }
        Ok(())
    }

    fn link(&mut self, path: &Path, relative: PathBuf, metadata: &Metadata) -> Result<(), Stop> {
        match fs::read_link(path) {
            Ok(target) if metadata.is_symlink() && stays_inside(&relative, &target) => {
                if let Some(gate) = self.gate.as_ref().filter(|gate| gate.is_code(&relative).unwrap_or(true)) {
                    return Err(gate.unread(&relative, "it is a link, and what it leads to may change").into());
                }
                self.entry(EntryKind::Link, &relative, metadata, Some(bytes_of(&target)))
            }
            _ => {
                self.done.skipped.push(relative);
                Ok(())
            }
        }
    }

    fn file(&mut self, path: &Path, relative: &Path, metadata: &Metadata) -> Result<(), Stop> {
        let mut file = File::open(path).map_err(host_error("read", path))?;
        if let Some(gate) = &self.gate
            && gate.is_code(relative)?
        {
            return self.code(gate.clone(), file, (path, relative), metadata);
        }
        self.entry(EntryKind::File, relative, metadata, None)?;
        let mut left = metadata.len();
        while left > 0 {
            let size = CHUNK.min(usize::try_from(left).unwrap_or(CHUNK));
            let mut bytes = vec![0; size];
            file.read_exact(&mut bytes).map_err(host_error("read", path))?;
            left -= size as u64;
            self.send(Piece::Bytes(bytes))?;
        }
        self.send(Piece::End)
    }

    /// Sends a file that is code: what was judged, whatever becomes of the file meanwhile.
    fn code(
        &mut self,
        gate: Gate,
        file: File,
        (path, relative): (&Path, &Path),
        metadata: &Metadata,
    ) -> Result<(), Stop> {
        if metadata.len() > SOURCE_MOST as u64 {
            return Err(gate.unread(relative, &format!("it has more than {SOURCE_MOST} bytes")).into());
        }
        let mut content = Vec::new();
        file.take(metadata.len()).read_to_end(&mut content).map_err(host_error("read", path))?;
        if content.len() as u64 != metadata.len() {
            return Err(host_error("read", path)(io::ErrorKind::UnexpectedEof.into()).into());
        }
        gate.admit(Some(relative), &content)?;
        self.entry(EntryKind::File, relative, metadata, None)?;
        for piece in content.chunks(CHUNK) {
            self.send(Piece::Bytes(piece.to_vec()))?;
        }
        self.send(Piece::End)
    }

    fn entry(
        &mut self,
        kind: EntryKind,
        path: &Path,
        metadata: &Metadata,
        target: Option<Vec<u8>>,
    ) -> Result<(), Stop> {
        let is_file = kind == EntryKind::File;
        let size = if is_file { metadata.len() } else { 0 };
        self.done.entries += 1;
        self.done.bytes = self.done.bytes.saturating_add(size);
        if self.done.entries > BOUNDS.entries {
            return Err(self.too_much(&format!("{} entries", BOUNDS.entries)).into());
        }
        if self.done.bytes > BOUNDS.bytes {
            return Err(self.too_much(&format!("{} bytes", BOUNDS.bytes)).into());
        }
        let mode = metadata.permissions().mode() & 0o777;
        let modified = nanoseconds_of(metadata.modified().unwrap_or(UNIX_EPOCH));
        let entry = Entry { kind, target, modified, ..file_entry(path, size, mode, UNIX_EPOCH) };
        self.send(Piece::Entry(entry))
    }

    fn too_much(&self, bound: &str) -> Error {
        Error::invalid("upload", format!("{} holds more than {bound}", self.root.display()))
            .with_remedy("upload less at once, or mount the directory")
    }
}

fn host_error(operation: &'static str, path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::HostFile { operation, path: path.clone(), source }
}

/// Whether a link at this place in a tree cannot lead out of it, whatever the other links in the tree are.
///
/// Ways up are counted only at the front: behind another link they would start from where that one leads.
pub(super) fn stays_inside(link: &Path, target: &Path) -> bool {
    let depth = link.components().count().saturating_sub(1);
    let ups = target.components().take_while(|component| *component == Component::ParentDir).count();
    let mut rest = target.components().skip(ups);
    let is_plain = rest.all(|component| matches!(component, Component::Normal(_) | Component::CurDir));
    !target.as_os_str().as_bytes().is_empty() && ups <= depth && is_plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_could_lead_out_are_told_apart() {
        let stays = |link: &str, target: &str| stays_inside(Path::new(link), Path::new(target));
        assert!(stays("a", "b"));
        assert!(stays("d/a", "../b"));
        assert!(!stays("a", "../b"));
        assert!(!stays("a", "/etc/passwd"));
        assert!(!stays("a", ""));
        // `d` may be a link to `.`, and `d/..` would then be outside.
        assert!(!stays("a", "d/../b"));
    }
}
