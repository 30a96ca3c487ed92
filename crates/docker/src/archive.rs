//! The agent as an archive that an engine takes.

use crate::image::tar::{self, Header, Kind};

/// The agent's name in its volume.
pub(crate) const NAME: &str = "agent";

/// An archive with one program in it, for its owner to change and for everybody to execute.
pub(crate) fn of_program(bytes: &[u8]) -> Vec<u8> {
    let mut archive = Vec::new();
    put_program(&mut archive, NAME, bytes);
    archive
}

/// The same in a directory.
pub(crate) fn of_program_in(directory: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = Vec::new();
    put_header(&mut archive, directory, &Kind::Directory);
    put_program(&mut archive, &format!("{directory}/{NAME}"), bytes);
    archive
}

fn put_header(archive: &mut Vec<u8>, name: &str, kind: &Kind) {
    let header = Header { name: name.as_bytes(), kind, mode: 0o755, modified: 0 };
    // Writing into memory cannot fail.
    let _ = header.write(archive);
}

/// The last of an archive.
fn put_program(archive: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    let size = bytes.len() as u64;
    put_header(archive, name, &Kind::File { size });
    archive.extend_from_slice(bytes);
    archive.resize(archive.len() + tar::rest_of_block(size), 0);
    let _ = tar::end(archive);
}
