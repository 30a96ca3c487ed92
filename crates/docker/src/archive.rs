//! The agent as an archive that an engine takes.

/// A block of an archive.
const BLOCK: usize = 512;

/// The agent's name in its volume.
pub(crate) const NAME: &str = "agent";

/// An archive with one program in it, for its owner to change and for everybody to execute (POSIX.1-1988, ustar).
pub(crate) fn of_program(bytes: &[u8]) -> Vec<u8> {
    let mut header = [0; BLOCK];
    let mut field = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    field(0, NAME);
    field(100, "0000755\0");
    field(108, "0000000\0");
    field(116, "0000000\0");
    field(124, &format!("{:011o}\0", bytes.len()));
    field(136, "00000000000\0");
    field(148, "        ");
    field(156, "0");
    field(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut archive = header.to_vec();
    archive.extend_from_slice(bytes);
    archive.resize(archive.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    archive
}
