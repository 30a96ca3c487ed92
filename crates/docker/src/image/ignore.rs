use super::glob::Glob;

/// The file whose lines say what a build is not sent.
pub(super) const NAME: &str = ".dockerignore";

/// What is left out of a context. The last line that means a path decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ignored(Vec<Line>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    glob: Glob,
    /// It takes back what a line before it left out.
    is_exception: bool,
}

impl Ignored {
    /// Reads the lines; the error names the one that is no pattern.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut lines = Vec::new();
        for line in text.split(|byte| *byte == b'\n') {
            if line.starts_with(b"#") {
                continue;
            }
            let (pattern, is_exception) = match line.trim_ascii() {
                [b'!', pattern @ ..] => (pattern.trim_ascii(), true),
                pattern => (pattern, false),
            };
            let pattern = clean(pattern);
            if pattern.is_empty() {
                continue;
            }
            let bad = || format!("{:?} is no pattern", String::from_utf8_lossy(line));
            lines.push(Line { glob: Glob::new(&pattern).ok_or_else(bad)?, is_exception });
        }
        Ok(Self(lines))
    }

    /// Whether a path, relative to the context, is left out: it or a directory that it is in.
    pub(super) fn has(&self, path: &[u8]) -> bool {
        let parents = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &path[..at]);
        let names: Vec<&[u8]> = parents.chain([path]).collect();
        let meant = self.0.iter().rev().find(|line| names.iter().any(|name| line.glob.matches(name)));
        meant.is_some_and(|line| !line.is_exception)
    }

    /// Whether something in a directory that is left out may still be wanted.
    pub(super) fn has_exceptions(&self) -> bool {
        self.0.iter().any(|line| line.is_exception)
    }
}

/// A pattern without what makes no difference: `.`, `..` and doubled slashes, a slash at either end.
fn clean(pattern: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in pattern.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_means_it_decides() {
        let text = "# a comment\n\n/target/\n*.log\n!keep.log\nb/../c\n**/cache\n!d/cache/kept\n./e//f\n";
        let ignored = Ignored::parse(text.as_bytes()).expect("it is well formed");
        for path in ["target", "target/a/b", "a.log", "c", "cache", "x/y/cache/z", "d/cache", "d/cache/other", "e/f"] {
            assert!(ignored.has(path.as_bytes()), "{path}");
        }
        for path in ["x/target", "x/a.log", "keep.log", "b", "d/cache/kept", "d/cache/kept/a", "# a comment", "e"] {
            assert!(!ignored.has(path.as_bytes()), "{path}");
        }
        assert!(ignored.has_exceptions());
    }

    #[test]
    fn all_but_one_can_be_left_out() {
        let ignored = Ignored::parse(b"**\n!a/b\r\n").expect("it is well formed");
        assert!(ignored.has(b"x") && ignored.has(b"a") && ignored.has(b"a/c"));
        assert!(!ignored.has(b"a/b") && !ignored.has(b"a/b/c"));
    }

    #[test]
    fn what_is_no_pattern_is_named() {
        assert_eq!(Ignored::parse(b"a\n[b\n").expect_err("it is open"), "\"[b\" is no pattern");
    }
}
