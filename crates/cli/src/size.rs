//! Sizes as people write them.

use std::ffi::OsString;

use llm_sandbox::Error;

use crate::text;

const REMEDY: &str =
    "write a whole number, alone for bytes or with k, m, g or t (powers of 1024), such as 512m or 64KiB";

/// Reads a size such as `4096`, `512m` or `64KiB`, exactly.
pub(crate) fn parse(what: &str, argument: &OsString) -> Result<u64, Error> {
    let argument = text(argument);
    let digits = argument.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = argument.split_at(digits);
    let invalid = |why: &str| Error::invalid(what, format!("{argument:?} is not a size: {why}")).with_remedy(REMEDY);
    if number.is_empty() {
        return Err(invalid("it does not begin with a whole number"));
    }
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        "t" | "tib" => 40,
        _ => return Err(invalid(&format!("{unit:?} is no unit"))),
    };
    let number: Option<u64> = number.parse().ok();
    number.and_then(|number| number.checked_mul(1 << shift)).ok_or_else(|| invalid("it is too large"))
}

/// The same in words: `512 MiB`, `1000 bytes`.
pub(crate) fn show(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.into_iter().find(|(shift, _)| bytes > 0 && bytes.is_multiple_of(1 << shift));
    unit.map_or_else(|| format!("{bytes} bytes"), |(shift, name)| format!("{} {name}", bytes >> shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(argument: &str) -> Result<u64, String> {
        parse("memory", &argument.into()).map_err(|error| error.to_string())
    }

    #[test]
    fn sizes_are_exact() {
        let sizes = [("0", 0), ("4096", 4096), ("7b", 7), ("1k", 1024), ("64KiB", 65536), ("512m", 512 << 20)];
        let large = [("512M", 512 << 20), ("1g", 1 << 30), ("2GiB", 2 << 30), ("16777215t", 16777215 << 40)];
        for (argument, size) in sizes.into_iter().chain(large) {
            assert_eq!(parsed(argument), Ok(size), "{argument}");
        }
    }

    #[test]
    fn what_is_no_size_is_told_why() {
        let refusals = [
            ("", "memory: \"\" is not a size: it does not begin with a whole number"),
            ("-1", "memory: \"-1\" is not a size: it does not begin with a whole number"),
            ("much", "memory: \"much\" is not a size: it does not begin with a whole number"),
            ("1.5g", "memory: \"1.5g\" is not a size: \".5g\" is no unit"),
            ("64kb", "memory: \"64kb\" is not a size: \"kb\" is no unit"),
            ("16777216t", "memory: \"16777216t\" is not a size: it is too large"),
            ("99999999999999999999", "memory: \"99999999999999999999\" is not a size: it is too large"),
        ];
        for (argument, refusal) in refusals {
            assert_eq!(parsed(argument), Err(refusal.to_owned()));
        }
    }

    #[test]
    fn sizes_are_shown_in_their_largest_whole_unit() {
        assert_eq!(
            ["0 bytes", "1000 bytes", "64 KiB", "512 MiB"],
            [0, 1000, 65536, 512 << 20].map(show).each_ref().map(String::as_str)
        );
    }
}
