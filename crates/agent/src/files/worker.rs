use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use llm_sandbox_protocol::{Event, Request};

use super::failure::Failure;
use super::peer::Peer;
use super::{read, write};

/// Does one file operation as the code's user and reports it.
pub(super) fn work(request: &Request, socket: OwnedFd, stream: u32) -> io::Result<()> {
    let mut peer = Peer::new(socket, stream);
    let done = match request {
        Request::Put(put) => write::put(put, &mut peer),
        Request::Get(get) => read::get(get, &mut peer),
        Request::List(list) => read::list(list, &mut peer),
        Request::Stat(stat) => read::stat(stat, &mut peer),
        Request::Remove(remove) => write::remove(remove),
        Request::MakeDirectory(make) => write::make_directory(make),
        _ => Err(Failure::io(b"", io::ErrorKind::Unsupported)),
    };
    let last = match done {
        Ok(()) => Event::Done,
        Err(failure) => Event::Failed(failure.into_message()),
    };
    peer.event(&last)
}

pub(super) fn as_path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}
