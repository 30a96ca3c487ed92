use std::time::{Duration, Instant};

use super::{MatchGaveUp, MatchLimit, Pattern, PatternError, PatternErrorKind};

mod bounds;
mod refusals;

fn pattern(source: &str) -> Pattern {
    Pattern::new(source).unwrap_or_else(|error| panic!("{source:?}: {error}"))
}

fn minute() -> MatchLimit {
    MatchLimit::until(Instant::now() + Duration::from_secs(60))
}

/// What a pattern finds.
fn found<'a>(source: &str, text: &'a str) -> Vec<&'a str> {
    let spans = pattern(source).find_all(text, &minute()).expect("it is quick");
    spans.into_iter().map(|span| &text[span]).collect()
}

fn refusal(source: &str) -> PatternError {
    Pattern::new(source).expect_err(source)
}

/// Asserts what patterns find in texts.
fn assert_found(cases: &[(&str, &str, &[&str])]) {
    for (source, text, expected) in cases {
        assert_eq!(found(source, text), *expected, "{source:?} on {text:?}");
    }
}

#[test]
fn the_end_is_before_a_last_newline_too() {
    assert_found(&[
        ("b$", "ab\n", &["b"]),
        (r"b\Z", "ab\n", &[]),
        ("b$", "ab\n\n", &[]),
        ("(?m)b$", "ab\n\n", &["b"]),
        ("$", "a\n", &["", ""]),
        (r"\Aa", "a\na", &["a"]),
        ("(?m)^a", "a\na", &["a", "a"]),
    ]);
}

#[test]
fn classes_are_those_of_python() {
    assert_found(&[
        (r"\w+", "déjà_1 ٣日", &["déjà_1", "٣日"]),
        (r"(?a)\w+", "dé_1", &["d", "_1"]),
        (r"\w", "\u{345}²", &["²"]),
        (r"\d", "1٣²", &["1", "٣"]),
        (r"\s", "\x1c \u{a0}", &["\x1c", " ", "\u{a0}"]),
        (r"(?a)\s", "\x1c ", &[" "]),
        (r"[^\W\d]+", "a1b", &["a", "b"]),
    ]);
}

#[test]
fn boundaries_go_by_words() {
    assert_found(&[
        (r"\bos\b", "os oso os.path", &["os", "os"]),
        (r"\b\w+", "é1 a", &["é1", "a"]),
        (r"(?a)\b\w+", "éa", &["a"]),
        (r"\B", "", &[]),
        (r"\B.", "ab", &["b"]),
    ]);
}

#[test]
fn brackets_and_double_signs_in_sets_mean_themselves() {
    assert_found(&[
        ("[[a]", "[a]", &["[", "a"]),
        ("[a&&b]", "a&b|", &["a", "&", "b"]),
        ("[+--b]", "+,-b.", &["+", ",", "-", "b"]),
        ("[a-]+", "a-", &["a-"]),
        ("[]a]", "]a[", &["]", "a"]),
        ("[^]a]", "]ab", &["b"]),
        ("[||~~]", "|~", &["|", "~"]),
    ]);
}

#[test]
fn escapes_name_characters() {
    assert_found(&[
        (r"\x41\u0042\U00000043", "ABC", &["ABC"]),
        (r"\101\0", "A\0", &["A\0"]),
        (r"[\b]", "\u{8}", &["\u{8}"]),
        (r"\.\-\é", ".-é", &[".-é"]),
    ]);
}

#[test]
fn braces_that_are_no_bounds_mean_themselves() {
    assert_found(&[
        ("a{,2}", "aaa", &["aa", "a", ""]),
        ("a{}", "a{}", &["a{}"]),
        ("a{1", "a{1", &["a{1"]),
        ("{x}", "{x}", &["{x}"]),
    ]);
}

#[test]
fn repetitions_are_greedy_lazy_or_possessive() {
    assert_found(&[
        ("a.*b", "abab", &["abab"]),
        ("a.*?b", "abab", &["ab", "ab"]),
        ("a*+a", "aaa", &[]),
        ("(?:ab|a)*+b", "abab", &["b", "b"]),
        ("a(?:ba|b)*+b", "abab", &[]),
        ("(?>a|ab)c", "abc", &[]),
        ("(?:a|ab){2}+", "aba", &[]),
        ("(?:ab){2,3}?", "ababab", &["abab"]),
    ]);
}

#[test]
fn groups_are_referred_to() {
    assert_found(&[
        (r"(['\x22]).*?\1", r#"'a"' "b'""#, &[r#"'a"'"#, r#""b'""#]),
        ("(?P<q>a|b)(?P=q)", "abba", &["bb"]),
        ("(a)|b\\1", "b", &[]),
        ("(<)?a(?(1)>|!)", "<a> a! <a!", &["<a>", "a!", "a!"]),
    ]);
}

#[test]
fn looks_match_without_taking() {
    assert_found(&[
        (r"\w+(?=\()", "f(x)", &["f"]),
        (r"\w(?!\()", "f(x)", &["x"]),
        ("(?<=日)本", "日本", &["本"]),
        (r"(?<!\.)\bopen", "open io.open", &["open"]),
        ("(?=(a+))a*b\\1", "aaab", &[]),
    ]);
}

#[test]
fn flags_hold_where_they_are_given() {
    assert_found(&[
        ("(?i)os", "OS os", &["OS", "os"]),
        ("o(?i:s)", "oS OS", &["oS"]),
        ("(?i)o(?-i:s)", "Os OS", &["Os"]),
        ("(?s).", "\n", &["\n"]),
        ("(?x) a b # c\n c", "abc", &["abc"]),
        ("(?x:a b)c", "abc", &["abc"]),
        ("a(?#comment)b", "ab", &["ab"]),
    ]);
}

#[test]
fn case_is_ignored_by_unicode() {
    assert_found(&[
        ("(?i)k", "kK\u{212A}", &["k", "K", "\u{212A}"]),
        ("(?i)σ", "σςΣ", &["σ", "ς", "Σ"]),
        ("(?i)[r-t]", "Sſ", &["S", "ſ"]),
        ("(?ai)k", "kK\u{212A}", &["k", "K"]),
    ]);
}

#[test]
fn empty_matches_are_those_of_finditer() {
    assert_found(&[
        ("x*", "axb", &["", "x", "", ""]),
        ("|a", "a", &["", "a", ""]),
        ("", "é", &["", ""]),
        ("(?:a?)*?b", "aab", &["aab"]),
    ]);
}

#[test]
fn spans_are_in_bytes() {
    assert_eq!(pattern("b").find_all("éb", &minute()), Ok(std::iter::once(2..3).collect()));
}

#[test]
fn a_pattern_says_what_it_is() {
    assert_eq!(pattern("a|b").as_str(), "a|b");
    assert_eq!(format!("{:?}", pattern("a|b")), "Pattern(\"a|b\")");
}
