//! The agent as an archive that an engine takes.

use crate::image::tar::{self, Header, Kind};

/// The agent's name in its volume.
pub(crate) const NAME: &str = "agent";

/// An archive with one program in it, for its owner to change and for everybody to execute.
pub(crate) fn of_program(bytes: &[u8]) -> Vec<u8> {
    let size = bytes.len() as u64;
    let header = Header { name: NAME.as_bytes(), kind: &Kind::File { size }, mode: 0o755, modified: 0 };
    let mut archive = Vec::new();
    // Writing into memory cannot fail.
    let _ = header.write(&mut archive);
    archive.extend_from_slice(bytes);
    archive.resize(archive.len() + tar::rest_of_block(size), 0);
    let _ = tar::end(&mut archive);
    archive
}
