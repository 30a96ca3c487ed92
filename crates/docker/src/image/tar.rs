//! Archives as they are written: POSIX.1-1988 headers, with GNU's entries before them for names and numbers that have no
//! room there.

use std::io::{self, Write};

/// What an archive is made of.
pub(crate) const BLOCK: usize = 512;

/// The name of entries that hold a name for the next one.
const LONG: &[u8] = b"././@LongLink";

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    File { size: u64 },
    Directory,
    Link { target: Vec<u8> },
}

/// One file of an archive, owned by root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    /// Any bytes but NUL, without a slash at either end.
    pub(crate) name: &'a [u8],
    pub(crate) kind: &'a Kind,
    pub(crate) mode: u32,
    /// Seconds since 1970.
    pub(crate) modified: u64,
}

impl Header<'_> {
    /// Writes it; the bytes of a file are to follow, up to a multiple of [`BLOCK`].
    pub(crate) fn write(&self, into: &mut impl Write) -> io::Result<()> {
        let mut name = self.name.to_vec();
        let (kind, size, target): (u8, u64, &[u8]) = match self.kind {
            Kind::File { size } => (b'0', *size, b""),
            Kind::Directory => {
                name.push(b'/');
                (b'5', 0, b"")
            }
            Kind::Link { target } => (b'2', 0, target),
        };
        for (kind, text) in [(b'K', target), (b'L', &name)] {
            if text.len() > 100 {
                let size = text.len() as u64 + 1;
                into.write_all(&block(LONG, kind, size, b"", 0, 0))?;
                into.write_all(text)?;
                // A byte that ends it, and the rest of its block.
                into.write_all(&vec![0; 1 + rest_of_block(size)])?;
            }
        }
        into.write_all(&block(&name, kind, size, target, self.mode, self.modified))
    }
}

/// How many bytes are missing to a whole block.
pub(crate) fn rest_of_block(size: u64) -> usize {
    (size.next_multiple_of(BLOCK as u64) - size) as usize
}

/// Ends an archive.
pub(crate) fn end(into: &mut impl Write) -> io::Result<()> {
    into.write_all(&[0; 2 * BLOCK])
}

fn block(name: &[u8], kind: u8, size: u64, target: &[u8], mode: u32, modified: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut field = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    field(0, &name[..name.len().min(100)]);
    field(100, format!("{mode:07o}\0").as_bytes());
    field(108, b"0000000\0");
    field(116, b"0000000\0");
    field(124, &number(size));
    field(136, &number(modified));
    field(148, b"        ");
    field(156, &[kind]);
    field(157, &target[..target.len().min(100)]);
    // The magic of GNU, whose entries these may be.
    field(257, b"ustar  \0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// In octal where it fits, else in binary with the first bit set.
fn number(value: u64) -> [u8; 12] {
    let mut field = [0; 12];
    if value < 1 << 33 {
        field[..11].copy_from_slice(format!("{value:011o}").as_bytes());
    } else {
        field[0] = 0x80;
        field[4..].copy_from_slice(&value.to_be_bytes());
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_have_room() {
        assert_eq!(&number(0o777), b"00000000777\0");
        assert_eq!(number(1 << 33), [0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
    }

    #[test]
    fn everything_is_in_whole_blocks() {
        for length in [1, 100, 101, 511, 512, 513] {
            let mut archive = Vec::new();
            let (name, target) = (vec![b'n'; length], vec![b't'; length]);
            let header = Header { name: &name, kind: &Kind::Link { target }, mode: 0o777, modified: 1 };
            header.write(&mut archive).expect("there is room");
            assert_eq!(archive.len() % BLOCK, 0, "{length}");
        }
        assert_eq!([0, 1, 512, 513].map(rest_of_block), [0, 511, 0, 511]);
    }
}
