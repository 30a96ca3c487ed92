//! Escapes such as `\u0052`, which Java resolves before it reads anything else: in names, in comments, in strings.

/// A source without such escapes.
pub(super) struct Plain {
    pub(super) bytes: Vec<u8>,
    /// Where an escape ends, in the plain source and in the original.
    ends: Vec<(usize, usize)>,
}

/// The source without escapes; nothing where it has none.
pub(super) fn translated(source: &[u8]) -> Option<Plain> {
    source.windows(2).position(|pair| pair == b"\\u")?;
    let mut plain = Plain { bytes: Vec::with_capacity(source.len()), ends: Vec::new() };
    let mut at = 0;
    while at < source.len() {
        if source[at] != b'\\' {
            plain.bytes.push(source[at]);
            at += 1;
        } else if let Some((letter, length)) = escape(&source[at..]) {
            plain.bytes.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
            at += length;
            plain.ends.push((plain.bytes.len(), at));
        } else {
            // What follows a backslash is taken with it: two of them begin no escape.
            let pair = &source[at..(at + 2).min(source.len())];
            plain.bytes.extend(pair);
            at += pair.len();
        }
    }
    (!plain.ends.is_empty()).then_some(plain)
}

impl Plain {
    /// Where in the original source a place of the plain one is.
    pub(super) fn origin(&self, place: usize) -> usize {
        let before = self.ends.partition_point(|(end, _)| *end <= place);
        let (plain, original) = before.checked_sub(1).map_or((0, 0), |last| self.ends[last]);
        original + (place - plain)
    }
}

/// The character of the escape that the source begins with, and the length of that.
fn escape(source: &[u8]) -> Option<(char, usize)> {
    let (unit, length) = unit(source)?;
    if let Some(letter) = char::from_u32(unit) {
        return Some((letter, length));
    }
    let second = self::unit(&source[length..]).filter(|(second, _)| (0xDC00..0xE000).contains(second));
    let Some((second, more)) = second.filter(|_| (0xD800..0xDC00).contains(&unit)) else {
        return Some((char::REPLACEMENT_CHARACTER, length));
    };
    let letter = char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
    Some((letter.unwrap_or(char::REPLACEMENT_CHARACTER), length + more))
}

fn unit(source: &[u8]) -> Option<(u32, usize)> {
    let letters = source.strip_prefix(b"\\u")?;
    let more = letters.iter().take_while(|letter| **letter == b'u').count();
    let digits = std::str::from_utf8(letters.get(more..more + 4)?).ok()?;
    let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let unit = u32::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?;
    Some((unit, 6 + more))
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn escapes_are_resolved_and_their_places_kept() {
        let plain = translated(b"a \\uu0052un \"\\\\u0041 \\n\" \\uD83D\\uDE00 b").unwrap();
        assert_eq!(String::from_utf8_lossy(&plain.bytes), "a Run \"\\\\u0041 \\n\" \u{1F600} b");
        assert_eq!((plain.origin(0), plain.origin(3), plain.origin(plain.bytes.len() - 1)), (0, 9, 38));
        assert!(translated(b"\"\\\\u0041\" \\u00g1").is_none());
        assert!(translated(b"plain").is_none());
    }
}
