use std::ops::Range;

/// Encodings in which every ASCII character is itself.
const PLAIN: [&str; 10] =
    ["utf-8", "utf8", "ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1", "iso-8859-15", "utf-8-sig", "cp1252"];

/// The encoding that the first two lines declare, where it may make other code of the source than what is read here.
pub(super) fn not_understood(source: &[u8]) -> Option<(String, Range<usize>)> {
    let mut start = 0;
    for line in source.split(|byte| *byte == b'\n').take(2) {
        let text = String::from_utf8_lossy(line);
        if let Some(name) = declared(text.trim_start_matches('\u{feff}').trim_start()) {
            let plain = name.to_ascii_lowercase().replace('_', "-");
            let span = start..start + line.len();
            return (!PLAIN.contains(&plain.as_str())).then_some((name, span));
        }
        start += line.len() + 1;
    }
    None
}

/// The name after `coding:` or `coding=` in a comment.
fn declared(line: &str) -> Option<String> {
    let comment = line.strip_prefix('#')?;
    let (_, rest) = comment.split_once("coding")?;
    let rest = rest.strip_prefix([':', '='])?.trim_start_matches([' ', '\t']);
    let end =
        rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter)).unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].to_owned())
}
