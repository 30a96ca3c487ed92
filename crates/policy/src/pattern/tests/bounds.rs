use std::time::{Duration, Instant};

use super::{MatchGaveUp, MatchLimit, minute, pattern};

/// Patterns that take more time than there is, or more memory.
const HOSTILE: [(&str, &str); 8] = [
    ("(a+)+b", "a"),
    ("(?:a|a)*b", "a"),
    ("(?:a*)*b", "a"),
    (".*.*.*.*=", "x"),
    ("(?=(.*.*.*)*b)", "a"),
    (r"(a*)\1*b", "a"),
    ("(?:){4000000000}a", "a"),
    ("(?:(?:(?:a?){1000}){1000}){1000}b", "a"),
];

#[test]
fn hostile_patterns_are_given_up_after_their_steps() {
    for (source, repeated) in HOSTILE {
        let text = repeated.repeat(3000);
        let given_up = pattern(source).find_all(&text, &minute().with_steps(2_000_000));
        assert!(matches!(given_up, Err(MatchGaveUp::Steps | MatchGaveUp::Memory)), "{source}: {given_up:?}");
    }
}

#[test]
fn hostile_patterns_are_given_up_at_the_deadline() {
    let text = "a".repeat(1 << 20);
    for (source, _) in HOSTILE {
        let begin = Instant::now();
        let limit = MatchLimit::until(begin + Duration::from_millis(50)).with_steps(u64::MAX);
        let given_up = pattern(source).find_all(&text, &limit);
        assert!(matches!(given_up, Err(MatchGaveUp::Deadline | MatchGaveUp::Memory)), "{source}: {given_up:?}");
        assert!(begin.elapsed() < Duration::from_secs(10), "{source} took {:?}", begin.elapsed());
    }
}

/// Sets that are slow to look at, all on a text of the last character.
#[test]
fn large_sets_are_given_up_at_the_deadline() {
    let letters: String = ('\u{4E00}'..).take(5000).collect();
    let ranges: String = ('\u{100}'..).step_by(3).take(2000).map(|first| format!("{first}-{first}")).collect();
    let text = "\u{FF5A}".repeat(1 << 20);
    for source in [format!("[{letters}]"), format!("(?i)[^{ranges}]*b"), format!("(?i)(?:[^{ranges}]|b)*c")] {
        let begin = Instant::now();
        let limit = MatchLimit::until(begin + Duration::from_millis(50)).with_steps(u64::MAX);
        let given_up = pattern(&source).find_all(&text, &limit);
        assert!(begin.elapsed() < Duration::from_secs(10), "it took {:?}", begin.elapsed());
        assert!(given_up.is_err() || source == format!("[{letters}]"), "{given_up:?}");
    }
}

#[test]
fn a_deadline_that_has_passed_is_seen_at_once() {
    let passed = MatchLimit::until(Instant::now());
    assert_eq!(pattern("a").find_all("", &passed), Err(MatchGaveUp::Deadline));
}

#[test]
fn choices_without_end_are_given_up_for_memory() {
    let text = "ab".repeat(1 << 20);
    assert_eq!(pattern("(?:a|b)*c").find_all(&text, &minute()), Err(MatchGaveUp::Memory));
}

#[test]
fn long_texts_of_one_character_need_no_memory() {
    let text = "a".repeat(1 << 20);
    assert_eq!(pattern("a*").find_all(&text, &minute()).map(|spans| spans.len()), Ok(2));
    assert_eq!(pattern("(?:ab|a)*+").find_all(&text, &minute()).map(|spans| spans.len()), Ok(2));
}
