//! Compares output with what was promised, in which `...` stands for anything within a line, and for any lines where it
//! stands alone.

const ANYTHING: &str = "...";

/// How the output differs from what is expected, if it does.
pub(crate) fn difference(expected: &str, output: &str) -> Option<String> {
    let promised: Vec<_> = expected.trim_end().lines().map(str::trim_end).collect();
    let printed: Vec<_> = output.trim_end().lines().map(str::trim_end).collect();
    let differs = !matches_lines(&promised, &printed);
    differs.then(|| format!("should print\n{expected}\nbut printed\n{output}"))
}

fn matches_lines(promised: &[&str], printed: &[&str]) -> bool {
    match promised.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line.trim() == ANYTHING => {
            (0..=printed.len()).any(|skipped| matches_lines(rest, &printed[skipped..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| matches_line(line, first) && matches_lines(rest, others)),
    }
}

fn matches_line(promised: &str, printed: &str) -> bool {
    match promised.split_once(ANYTHING) {
        None => promised == printed,
        Some((start, rest)) => printed.strip_prefix(start).is_some_and(|printed| {
            printed.char_indices().map(|(at, _)| at).chain([printed.len()]).any(|at| matches_line(rest, &printed[at..]))
        }),
    }
}

#[test]
fn dots_stand_for_anything() {
    for (promised, printed) in [
        ("a", "a\n"),
        ("a ... c", "a b c"),
        ("took ... ms, ... KiB", "took 0.3 ms, 12 KiB"),
        ("a\n...", "a\nb\nc\n"),
        ("a\n...\nc", "a\nc"),
        ("...\nc", "c"),
        ("a  \n", "a"),
    ] {
        assert_eq!(difference(promised, printed), None, "{promised:?} {printed:?}");
    }
}

#[test]
fn everything_else_must_be_printed_as_it_stands() {
    for (promised, printed) in
        [("a", "b"), ("a", "a\nb"), ("a\nb", "a"), ("a ... c", "a b d"), ("", "a"), ("...b", "a")]
    {
        assert!(difference(promised, printed).is_some(), "{promised:?} {printed:?}");
    }
}
