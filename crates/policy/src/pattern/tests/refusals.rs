use super::{PatternErrorKind, refusal};

/// Asserts where, and in what words, patterns are refused.
fn assert_refused(kind: PatternErrorKind, cases: &[(&str, usize, &str)]) {
    for (source, offset, says) in cases {
        let error = refusal(source);
        assert_eq!((error.kind(), error.offset()), (kind, *offset), "{source:?}: {error}");
        assert!(error.to_string().contains(says), "{source:?}: {error} does not say {says:?}");
    }
}

#[test]
fn what_python_refuses_is_refused() {
    assert_refused(
        PatternErrorKind::Invalid,
        &[
            ("a**", 2, "repeated already"),
            ("*", 0, "nothing that *"),
            ("^*", 1, "nothing that *"),
            ("é)", 2, "closes nothing"),
            ("a(b", 1, "not closed"),
            ("[a", 0, "not closed"),
            ("a{2,1}", 1, "more than the most"),
            ("[b-a]", 1, "ends before it begins"),
            (r"\q", 0, "means nothing"),
            (r"a\", 1, "ends the pattern"),
            (r"(a\1)", 2, "not closed yet"),
            (r"\1", 0, "no group 1"),
            ("(?P<n>a)(?P<n>b)", 12, "that of group 1"),
            ("a(?i)", 1, "at its start"),
            ("(?L)a", 0, "bytes alone"),
            ("(?<=a|bc)", 0, "same number of characters"),
            (r"(?<=(a)\1)", 7, "same look behind"),
            ("(?<n>a)", 0, "(?P<name>...)"),
            ("(?(2)a)(b)", 3, "no group 2"),
        ],
    );
}

#[test]
fn what_would_mean_something_else_is_refused() {
    assert_refused(
        PatternErrorKind::NotExact,
        &[
            (r"a\N{EM DASH}", 1, "\\uXXXX"),
            ("(?P<é>a)", 4, "ASCII"),
            ("(?t)a", 0, "leave it out"),
            ("(a(?(1)b|c))", 5, "after its end"),
            (r"(?:(a)x|b)*+\1", 12, "(?>(...)*)"),
            ("(?i)[\u{10400}]", 4, "both cases"),
        ],
    );
}

#[test]
fn what_is_too_large_is_refused() {
    let long = "a".repeat(16 * 1024 + 1);
    let deep = "(".repeat(101) + &")".repeat(101);
    assert_refused(
        PatternErrorKind::TooLarge,
        &[(&long, 16 * 1024, "16385 bytes"), (&deep, 100, "deeper than 100"), ("(?<=a{1000001})", 0, "goes back more")],
    );
}

#[test]
fn what_is_as_large_as_allowed_is_taken() {
    super::pattern(&"a".repeat(16 * 1024));
    super::pattern(&("(?:".repeat(100) + &")*".repeat(100)));
}
