//! Encodings in which texts are hidden.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::value::Value;

/// What an encoding makes of a text. Those that leave ASCII alone leave it alone.
pub(crate) fn decoded(text: &str, encoding: &str) -> Value {
    match encoding.to_ascii_lowercase().replace('_', "-").as_str() {
        "rot13" | "rot-13" => Value::text(text.chars().map(rotated).collect::<String>()),
        "hex" | "hex-codec" => from_bytes(from_hex(text)),
        "base64" | "base-64" | "base64-codec" | "base64url" => from_bytes(from_base64(text)),
        "utf-7" | "utf-16" | "utf-32" | "punycode" | "idna" | "zlib" | "bz2" | "zip" => Value::Unknown,
        _ => Value::text(text),
    }
}

pub(crate) fn from_bytes(bytes: Option<Vec<u8>>) -> Value {
    bytes.map_or(Value::Unknown, |bytes| Value::text(String::from_utf8_lossy(&bytes).into_owned()))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect()
}

/// What `%41` and the like stand for in an address; what is no such thing stays.
pub(crate) fn from_percent(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, behind @ ..] = rest {
        let pair = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn rotated(letter: char) -> char {
    let turn = |first: u8| char::from(first + (letter as u8 - first + 13) % 26);
    match letter {
        'a'..='z' => turn(b'a'),
        'A'..='Z' => turn(b'A'),
        other => other,
    }
}

/// Of either alphabet, padded or not.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    let standard: String = letters
        .map(|letter| match letter {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    GeneralPurpose::new(&STANDARD, lenient).decode(standard).ok()
}
