//! Escapes in literals, as C and its descendants write them.

/// A literal's text with its escapes resolved: `\n`, `\101`, `\x41`, `\u0041`, `\U00000041`.
pub(crate) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match rest.next() {
            Some('\n') | None => {}
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('a') => out.push('\x07'),
            Some('b') => out.push('\x08'),
            Some('f') => out.push('\x0c'),
            Some('v') => out.push('\x0b'),
            Some('s') => out.push(' '),
            Some('x') => push_code(&mut out, &mut rest, 0, 16, 2),
            Some('u') => push_code(&mut out, &mut rest, 0, 16, 4),
            Some('U') => push_code(&mut out, &mut rest, 0, 16, 8),
            Some(digit @ '0'..='7') => {
                let first = digit.to_digit(8).unwrap_or(0);
                push_code(&mut out, &mut rest, first, 8, if first < 4 { 2 } else { 1 });
            }
            Some(other) => out.push(other),
        }
    }
    out
}

/// Takes up to `most` digits after what `code` is so far and appends the character of that number.
fn push_code(out: &mut String, rest: &mut std::str::Chars<'_>, code: u32, base: u32, most: usize) {
    let mut code = code;
    for _ in 0..most {
        let mut ahead = rest.clone();
        let Some(digit) = ahead.next().and_then(|letter| letter.to_digit(base)) else { break };
        code = code.wrapping_mul(base).wrapping_add(digit);
        *rest = ahead;
    }
    out.extend(char::from_u32(code));
}
