use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use llm_sandbox_protocol::{
    Channel, Control, Entry, EntryKind, GetFiles, ListFiles, MakeDirectory, PutFiles, RemoveFile, Request, StatFile,
    TreeBounds,
};

use super::{
    FileInfo, Session,
    transfer::{BOUNDS, EVENT_BYTES, Incoming, Piece, Transfer},
};
use crate::{Error, input::inside_path};

/// How much [`Session::read`] reads at most, in bytes.
const READ_MOST: u64 = 256 << 20;

/// How much of a file is sent at once, in bytes.
const CHUNK: usize = 256 << 10;

impl Session {
    /// Writes a file; it and its parents are made where they are absent. Relative paths stand below `/sandbox`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a path that cannot be; [`Error::File`] where the sandbox refuses; [`Error::UnsafeCode`]
    /// and [`Error::Unsupported`] for code, under a policy that is [enforced](crate::SessionBuilder::enforce).
    pub async fn write(&self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Result<(), Error> {
        self.write_files([(path, bytes)]).await
    }

    /// Writes several files at once, as [`Session::write`] does each. Those before one that fails are written.
    ///
    /// # Errors
    ///
    /// As [`Session::write`].
    pub async fn write_files<P: AsRef<Path>, B: Into<Vec<u8>>>(
        &self,
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Result<(), Error> {
        let files = files.into_iter().map(|(path, bytes)| Ok((self.inside(path.as_ref())?, bytes.into())));
        let files: Vec<(PathBuf, Vec<u8>)> = files.collect::<Result<_, Error>>()?;
        self.admit_files(&files).await?;
        self.write_admitted(files).await
    }

    /// Writes files that a policy need not look at any more, at paths inside.
    pub(crate) async fn write_admitted(&self, files: Vec<(PathBuf, Vec<u8>)>) -> Result<(), Error> {
        let Some((first, _)) = files.first() else { return Ok(()) };
        files.iter().try_for_each(|(path, _)| split(path).map(drop))?;
        let bytes = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        let depth = files.iter().map(|(path, _)| path.components().count()).max().unwrap_or(0);
        let entries = files.len() as u64;
        let bounds = TreeBounds { bytes, entries, depth: u32::try_from(depth).unwrap_or(u32::MAX) };
        // Their directories may be any.
        let put = PutFiles { directory: b"/".to_vec(), bounds };
        let mut transfer = self.transfer("write", first, &Request::Put(put)).await?;
        let sender = transfer.stream.sender().clone();
        for (path, bytes) in &files {
            let below_root = path.strip_prefix("/").unwrap_or(path);
            let entry = Control::Entry(file_entry(below_root, bytes.len() as u64, 0o644, SystemTime::now()));
            transfer.sent(sender.control(&entry)).await?;
            for piece in bytes.chunks(CHUNK) {
                transfer.sent(sender.send_slice(Channel::Content, piece)).await?;
            }
            sender.end(Channel::Content);
        }
        transfer.sent(sender.control(&Control::Finish)).await?;
        transfer.finish().await
    }

    /// Reads a file of at most 256 MiB.
    ///
    /// # Errors
    ///
    /// As [`Session::read_limited`].
    pub async fn read(&self, path: impl AsRef<Path>) -> Result<Vec<u8>, Error> {
        self.read_limited(path, READ_MOST).await
    }

    /// Reads a file of at most so many bytes.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a path that cannot be; [`Error::File`] where the sandbox refuses, or the file is
    /// larger.
    pub async fn read_limited(&self, path: impl AsRef<Path>, most: u64) -> Result<Vec<u8>, Error> {
        let path = self.inside(path.as_ref())?;
        let bounds = TreeBounds { bytes: most, entries: 1, depth: 1 };
        let get = GetFiles { path: bytes_of(&path), recursive: false, bounds: bounds.clone() };
        let transfer = self.transfer("read", &path, &Request::Get(get)).await?;
        let mut incoming = Incoming::new(transfer, bounds, true);
        let mut content = Vec::new();
        while let Some(piece) = incoming.next().await? {
            match piece {
                Piece::Bytes(bytes) if content.is_empty() => content = bytes,
                Piece::Bytes(bytes) => content.extend_from_slice(&bytes),
                Piece::Entry(..) | Piece::End => {}
            }
        }
        Ok(content)
    }

    /// Lists a directory, sorted by name.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a path that cannot be; [`Error::File`] where the sandbox refuses, or there are more
    /// than 100,000 entries.
    pub async fn list(&self, path: impl AsRef<Path>) -> Result<Vec<FileInfo>, Error> {
        self.list_entries(path.as_ref(), false).await
    }

    /// Lists a directory and all below it, sorted by path.
    ///
    /// # Errors
    ///
    /// As [`Session::list`]; also where it is more than 64 deep.
    pub async fn list_tree(&self, path: impl AsRef<Path>) -> Result<Vec<FileInfo>, Error> {
        self.list_entries(path.as_ref(), true).await
    }

    async fn list_entries(&self, path: &Path, recursive: bool) -> Result<Vec<FileInfo>, Error> {
        let path = self.inside(path)?;
        let bounds = TreeBounds { bytes: u64::MAX, ..BOUNDS };
        let request = ListFiles { path: bytes_of(&path), recursive, bounds: bounds.clone() };
        let transfer = self.transfer("list", &path, &Request::List(request)).await?;
        let mut entries = described(&mut Incoming::new(transfer, bounds, false)).await?;
        entries.retain(|entry| !entry.path.as_os_str().is_empty());
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(entries)
    }

    /// Describes a path without following a last symbolic link.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a path that cannot be; [`Error::File`] where the sandbox refuses.
    pub async fn stat(&self, path: impl AsRef<Path>) -> Result<FileInfo, Error> {
        let path = self.inside(path.as_ref())?;
        let transfer = self.transfer("stat", &path, &Request::Stat(StatFile { path: bytes_of(&path) })).await?;
        let bounds = TreeBounds { bytes: 0, entries: 1, depth: 1 };
        let mut incoming = Incoming::new(transfer, bounds, false);
        let first = described(&mut incoming).await?.into_iter().next();
        first.ok_or_else(|| incoming.transfer.stream.misbehaved("it described nothing"))
    }

    /// Removes a file or an empty directory.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a path that cannot be; [`Error::File`] where the sandbox refuses.
    pub async fn remove(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.remove_path(path.as_ref(), false).await
    }

    /// Removes a file, or a directory with all below it.
    ///
    /// # Errors
    ///
    /// As [`Session::remove`].
    pub async fn remove_tree(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.remove_path(path.as_ref(), true).await
    }

    async fn remove_path(&self, path: &Path, recursive: bool) -> Result<(), Error> {
        let path = self.inside(path)?;
        let request = Request::Remove(RemoveFile { path: bytes_of(&path), recursive });
        self.transfer("remove", &path, &request).await?.finish().await
    }

    /// Makes a directory and its parents.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a path that cannot be; [`Error::File`] where the sandbox refuses.
    pub async fn make_directory(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = self.inside(path.as_ref())?;
        let request = Request::MakeDirectory(MakeDirectory { path: bytes_of(&path) });
        self.transfer("make directory", &path, &request).await?.finish().await
    }

    pub(super) fn inside(&self, path: &Path) -> Result<PathBuf, Error> {
        inside_path("path", &self.defaults().directory, path)
    }

    pub(super) async fn transfer<'a>(
        &self,
        operation: &'static str,
        path: &'a Path,
        request: &Request,
    ) -> Result<Transfer<'a>, Error> {
        let stream = self.connection()?.open(request, EVENT_BYTES).await?;
        Ok(Transfer { stream, operation, path })
    }
}

async fn described(incoming: &mut Incoming<'_>) -> Result<Vec<FileInfo>, Error> {
    let mut entries = Vec::new();
    while let Some(piece) = incoming.next().await? {
        if let Piece::Entry(path, entry) = piece {
            entries.push(FileInfo::new(path, entry));
        }
    }
    Ok(entries)
}

pub(super) fn bytes_of(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

/// The directory of a file and its name in there.
pub(super) fn split(path: &Path) -> Result<(Vec<u8>, &OsStr), Error> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Ok((bytes_of(parent), name)),
        _ => Err(Error::invalid("path", format!("{} is no file", path.display())).with_remedy("name a file in it")),
    }
}

pub(super) fn file_entry(path: impl AsRef<OsStr>, size: u64, mode: u32, modified: SystemTime) -> Entry {
    Entry {
        path: path.as_ref().as_bytes().to_vec(),
        kind: EntryKind::File,
        size,
        mode,
        modified: nanoseconds_of(modified),
        target: None,
    }
}

pub(super) fn nanoseconds_of(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
