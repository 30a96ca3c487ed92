use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, OpenOptionsExt},
    },
    path::{Path, PathBuf},
};

use ring::digest::{Context as Digest, SHA256};
use rustix::fs::OFlags;

use super::{
    ignore::{self, Ignored},
    tar::{self, Header, Kind},
};

/// How much is read of a file at a time, in bytes.
const PIECE: usize = 64 << 10;

/// A directory of the host's as a build is to see it.
#[derive(Debug)]
pub(super) struct Context {
    directory: PathBuf,
    /// The file that the image is built of.
    dockerfile: Vec<u8>,
    /// By path, relative to the directory; a directory comes before what is in it.
    entries: BTreeMap<Vec<u8>, Entry>,
}

#[derive(Debug)]
struct Entry {
    kind: Kind,
    mode: u32,
    modified: u64,
}

/// What kept a context from being read.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) path: PathBuf,
    pub(super) source: io::Error,
}

type Result<T> = std::result::Result<T, Unreadable>;

fn at(path: &Path) -> impl FnOnce(io::Error) -> Unreadable {
    move |source| Unreadable { path: path.to_owned(), source }
}

impl Context {
    /// Looks at everything in a directory but what its `.dockerignore` names. The file that the image is built of, and
    /// that one, are always part of it.
    pub(super) fn read(directory: &Path, dockerfile: &[u8]) -> Result<Self> {
        let mut context =
            Self { directory: directory.to_owned(), dockerfile: dockerfile.to_vec(), entries: BTreeMap::new() };
        let ignored = ignored(directory)?;
        context.read_directory(
            &mut Vec::new(),
            &|path| path != dockerfile && path != ignore::NAME.as_bytes() && ignored.has(path),
            ignored.has_exceptions(),
        )?;
        Ok(context)
    }

    fn read_directory(
        &mut self,
        path: &mut Vec<u8>,
        is_out: &dyn Fn(&[u8]) -> bool,
        has_exceptions: bool,
    ) -> Result<()> {
        let here = self.host(path);
        for entry in fs::read_dir(&here).map_err(at(&here))? {
            let entry = entry.map_err(at(&here))?;
            let parent = path.len();
            if parent > 0 {
                path.push(b'/');
            }
            path.extend_from_slice(entry.file_name().as_bytes());
            let is_directory = entry.file_type().map_err(at(&entry.path()))?.is_dir();
            let is_in = !is_out(path);
            if is_in {
                self.add(path)?;
            }
            if is_directory && (is_in || has_exceptions) {
                self.read_directory(path, is_out, has_exceptions)?;
            }
            path.truncate(parent);
        }
        Ok(())
    }

    /// Adds a file and the directories that it is in.
    fn add(&mut self, path: &[u8]) -> Result<()> {
        if self.entries.contains_key(path) {
            return Ok(());
        }
        if let Some(slash) = path.iter().rposition(|byte| *byte == b'/') {
            self.add(&path[..slash])?;
        }
        let file = self.host(path);
        if let Some(entry) = Entry::read(&file).map_err(at(&file))? {
            self.entries.insert(path.to_vec(), entry);
        }
        Ok(())
    }

    fn host(&self, path: &[u8]) -> PathBuf {
        self.directory.join(std::ffi::OsStr::from_bytes(path))
    }

    /// Writes it as an archive while its files are read, and gives what it is known by, in hexadecimal digits: made of
    /// names, kinds, modes and bytes, not of times.
    pub(super) fn write(&self, into: &mut impl Write) -> Result<String> {
        let mut digest = Digest::new(&SHA256);
        digest.update(&[&self.dockerfile[..], b"\0"].concat());
        for (name, Entry { kind, mode, modified }) in &self.entries {
            let file = self.host(name);
            let header = |modified| Header { name, kind, mode: *mode, modified };
            header(0).write(&mut DigestWriter(&mut digest)).map_err(at(&file))?;
            header(*modified).write(into).map_err(at(&file))?;
            if let Kind::File { size } = kind {
                copy(&file, *size, &mut digest, into).map_err(at(&file))?;
            }
        }
        tar::end(into).map_err(at(&self.directory))?;
        Ok(digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

fn ignored(directory: &Path) -> Result<Ignored> {
    let file = directory.join(ignore::NAME);
    match fs::read(&file) {
        Ok(text) => Ignored::parse(&text).map_err(|reason| at(&file)(io::Error::new(ErrorKind::InvalidData, reason))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Ignored::default()),
        Err(error) => Err(at(&file)(error)),
    }
}

impl Entry {
    /// `None` for a socket, which nobody can put into an archive.
    fn read(file: &Path) -> io::Result<Option<Self>> {
        use std::os::unix::fs::FileTypeExt;
        let found = file.symlink_metadata()?;
        let kind = match found.file_type() {
            kind if kind.is_file() => Kind::File { size: found.len() },
            kind if kind.is_dir() => Kind::Directory,
            kind if kind.is_symlink() => Kind::Link { target: fs::read_link(file)?.as_os_str().as_bytes().to_vec() },
            kind if kind.is_socket() => return Ok(None),
            _ => return Err(io::Error::new(ErrorKind::InvalidInput, "it is a pipe or a device")),
        };
        Ok(Some(Self { kind, mode: found.mode() & 0o7777, modified: u64::try_from(found.mtime()).unwrap_or(0) }))
    }
}

/// Copies a file of which the size was promised.
fn copy(path: &Path, size: u64, digest: &mut Digest, into: &mut impl Write) -> io::Result<()> {
    let changed = || io::Error::other("it changed while it was read");
    // Whatever has taken its place meanwhile is neither followed nor waited for.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let mut file = File::options().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(changed());
    }
    let mut piece = vec![0; PIECE.min(usize::try_from(size).unwrap_or(PIECE)).max(1)];
    let mut left = size;
    loop {
        // One byte more than is expected would be read.
        let read = file.read(&mut piece)?;
        if read as u64 > left {
            return Err(changed());
        }
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        into.write_all(&piece[..read])?;
        left -= read as u64;
    }
    if left > 0 {
        return Err(changed());
    }
    into.write_all(&vec![0; tar::rest_of_block(size)])
}

/// Takes what is written into a digest.
struct DigestWriter<'a>(&'a mut Digest);

impl Write for DigestWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
