//! The agent as an archive that an engine takes.

/// A block of an archive.
const BLOCK: usize = 512;

/// The agent's name in its volume.
pub(crate) const NAME: &str = "agent";

/// An archive with one program in it, for its owner to change and for everybody to execute (POSIX.1-1988, ustar).
pub(crate) fn of_program(bytes: &[u8]) -> Vec<u8> {
    end([entry(NAME, '0', bytes.len()).as_slice(), bytes].concat())
}

/// The same in a directory.
pub(crate) fn of_program_in(directory: &str, bytes: &[u8]) -> Vec<u8> {
    let program = entry(&format!("{directory}/{NAME}"), '0', bytes.len());
    end([entry(directory, '5', 0).as_slice(), &program, bytes].concat())
}

fn end(mut archive: Vec<u8>) -> Vec<u8> {
    archive.resize(archive.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    archive
}

/// The head of a file or a directory. The name is short and plain.
fn entry(name: &str, kind: char, size: usize) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut field = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    field(0, name);
    field(100, "0000755\0");
    field(108, "0000000\0");
    field(116, "0000000\0");
    field(124, &format!("{:011o}\0", size));
    field(136, "00000000000\0");
    field(148, "        ");
    field(156, kind.encode_utf8(&mut [0; 4]));
    field(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}
