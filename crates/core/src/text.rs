//! Words that came out of a sandbox, made fit to be shown.

/// The most characters of a sandbox's words that an error repeats.
const MOST: usize = 2000;

/// Cuts words to a sane length and takes control characters out.
pub(crate) fn brief(words: &str) -> String {
    let clean = words.trim().chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c });
    clean.take(MOST).collect()
}
