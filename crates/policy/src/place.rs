//! Lines and columns.

/// Characters of a line that are shown.
const LONGEST_SHOWN: usize = 200;

/// The lines of a source.
pub(crate) struct Lines<'s> {
    source: &'s [u8],
    starts: Vec<usize>,
}

/// Where something stands.
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) source_line: String,
}

impl<'s> Lines<'s> {
    pub(crate) fn of(source: &'s [u8]) -> Self {
        let breaks = source.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        Lines { source, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line of a byte, counted from 1.
    pub(crate) fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }

    pub(crate) fn place(&self, byte: usize) -> Place {
        let line = self.line(byte);
        let start = self.starts[line - 1];
        let end = self.starts.get(line).map_or(self.source.len(), |next| next - 1);
        let before = String::from_utf8_lossy(self.source.get(start..byte).unwrap_or_default());
        let whole = String::from_utf8_lossy(self.source.get(start..end).unwrap_or_default());
        let source_line = whole.trim().chars().take(LONGEST_SHOWN).collect();
        Place { line, column: before.chars().count() + 1, source_line }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn columns_are_counted_in_characters() {
        let lines = Lines::of("a\n  é = b\n".as_bytes());
        let place = lines.place("a\n  é = ".len());
        assert_eq!((place.line, place.column, place.source_line.as_str()), (2, 7, "é = b"));
        assert_eq!(lines.place(0).line, 1);
        assert_eq!(Lines::of(b"").place(0).column, 1);
    }
}
