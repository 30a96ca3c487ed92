//! Patterns of names: `*`, `?` and `[a-z]` within one part of a path, `**` across parts.

/// A pattern in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Byte(u8),
    /// One character of a name. Bytes above ASCII go together.
    Any,
    /// One character of these, or of all but these.
    Class {
        ranges: Vec<(u8, u8)>,
        is_negated: bool,
    },
    /// Any part of a name.
    Star,
    /// Any number of directories with their slashes.
    Directories,
    /// All that is left.
    Rest,
}

impl Glob {
    /// `None` where a bracket or a backslash is left open.
    pub(super) fn new(pattern: &[u8]) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = pattern;
        while let [first, after @ ..] = rest {
            rest = after;
            pieces.push(match (first, after) {
                (b'*', [b'*', after @ ..]) => {
                    rest = after.strip_prefix(b"/").unwrap_or(after);
                    if rest.is_empty() { Piece::Rest } else { Piece::Directories }
                }
                (b'*', _) => Piece::Star,
                (b'?', _) => Piece::Any,
                (b'\\', [escaped, after @ ..]) => {
                    rest = after;
                    Piece::Byte(*escaped)
                }
                (b'\\', []) => return None,
                (b'[', _) => {
                    let (class, after) = class(after)?;
                    rest = after;
                    class
                }
                (byte, _) => Piece::Byte(*byte),
            });
        }
        Some(Self(pieces))
    }

    /// Whether it means the whole of a path.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        // Which pieces may come next; one more than there are stands for the end. Linear, whatever the pattern.
        let mut now = vec![false; self.0.len() + 1];
        self.reach(0, &mut now);
        for (at, byte) in path.iter().enumerate() {
            let mut next = vec![false; now.len()];
            for (piece, _) in now.iter().enumerate().filter(|(_, is_reached)| **is_reached) {
                self.step(piece, *byte, path.get(at + 1), &mut next);
            }
            now = next;
        }
        now[self.0.len()]
    }

    /// Marks a piece and what may come in its place.
    fn reach(&self, piece: usize, marks: &mut [bool]) {
        marks[piece] = true;
        if matches!(self.0.get(piece), Some(Piece::Star | Piece::Directories | Piece::Rest)) {
            self.reach(piece + 1, marks);
        }
    }

    fn step(&self, piece: usize, byte: u8, following: Option<&u8>, next: &mut [bool]) {
        let is_within_character = following.is_some_and(|following| following & 0xc0 == 0x80);
        match self.0.get(piece) {
            Some(Piece::Byte(own)) if *own == byte => self.reach(piece + 1, next),
            Some(Piece::Any) if byte != b'/' && is_within_character => next[piece] = true,
            Some(Piece::Any) if byte != b'/' => self.reach(piece + 1, next),
            Some(Piece::Class { ranges, is_negated })
                if byte != b'/' && ranges.iter().any(|(from, to)| (*from..=*to).contains(&byte)) != *is_negated =>
            {
                self.reach(piece + 1, next);
            }
            Some(Piece::Star) if byte != b'/' => self.reach(piece, next),
            Some(Piece::Rest) => self.reach(piece, next),
            Some(Piece::Directories) => {
                next[piece] = true;
                if byte == b'/' {
                    self.reach(piece + 1, next);
                }
            }
            _ => {}
        }
    }
}

/// A class, the text after its opening bracket given, and what follows it.
fn class(text: &[u8]) -> Option<(Piece, &[u8])> {
    let is_negated = text.first() == Some(&b'^');
    let mut rest = &text[usize::from(is_negated)..];
    let mut ranges = Vec::new();
    loop {
        match rest {
            [b']', after @ ..] if !ranges.is_empty() => return Some((Piece::Class { ranges, is_negated }, after)),
            [b'\\', byte, after @ ..] => {
                ranges.push((*byte, *byte));
                rest = after;
            }
            [from, b'-', to, after @ ..] if *to != b']' => {
                ranges.push((*from, *to));
                rest = after;
            }
            [byte, after @ ..] => {
                ranges.push((*byte, *byte));
                rest = after;
            }
            [] => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Glob::new(pattern.as_bytes()).expect("it is one").matches(path.as_bytes())
    }

    #[test]
    fn what_is_meant_is_matched_and_nothing_else() {
        for (pattern, yes, no) in [
            ("a", &["a"][..], &["", "b", "aa", "a/b"][..]),
            ("*", &["a", "abc", ".x"], &["a/b"]),
            ("*.pyc", &["a.pyc", ".pyc"], &["a.py", "a/b.pyc"]),
            ("*/*.pyc", &["a/b.pyc"], &["b.pyc", "a/b/c.pyc"]),
            ("**/*.pyc", &["b.pyc", "a/b.pyc", "a/b/c.pyc"], &["a.pyc/x"]),
            ("a/**", &["a/b", "a/b/c"], &["a", "ab"]),
            ("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["ab", "a/xb"]),
            ("**", &["a", "a/b"], &[]),
            ("?", &["a", "é"], &["", "/", "ab"]),
            ("[a-c]x", &["ax", "cx"], &["dx", "x"]),
            ("[^a-c]x", &["dx"], &["ax", "/x"]),
            ("[]]", &["]"], &["a"]),
            (r"\*", &["*"], &["a"]),
            (r"[\]]", &["]"], &["\\"]),
            ("a*b*c", &["abc", "axbxc"], &["ab", "a/bc"]),
        ] {
            for path in yes {
                assert!(matches(pattern, path), "{pattern} {path}");
            }
            for path in no {
                assert!(!matches(pattern, path), "{pattern} {path}");
            }
        }
        assert!(Glob::new(b"[a").is_none() && Glob::new(b"a\\").is_none());
    }

    #[test]
    fn no_pattern_takes_long() {
        assert!(!matches(&"*a".repeat(50), &"a".repeat(5000).replace("aaaaa", "aaaab")));
    }
}
