//! Patterns mean what they mean to CPython's `re`: the same are accepted, and the same spans come out.

mod characters;
mod compare;
mod generate;
mod python;
mod random;
mod written;

use compare::Tally;
use python::{Answers, Question, ask};
use random::Random;

/// How many patterns are made up.
const GENERATED: usize = 10_000;

/// Of a thousand patterns that Python takes: how many may be refused for not meaning exactly the same.
const MOST_REFUSED: usize = 25;

/// Of a thousand: how many may take either of the two too long.
const MOST_GIVEN_UP: usize = 10;

#[test]
fn generated_patterns_match_as_in_python() {
    let mut random = Random::new(20_11);
    let questions: Vec<Question> = (0..GENERATED).map(|_| generate::question(&mut random)).collect();
    let Some(tally) = compared("generated_patterns_match_as_in_python", &questions) else {
        return;
    };
    assert!(tally.accepted > GENERATED / 2, "most patterns are such as Python takes");
    assert!(tally.refused > GENERATED / 20, "and many such as it refuses");
    assert!(tally.spans > GENERATED, "and they match something");
    assert!(tally.not_exact * 1000 <= tally.accepted * MOST_REFUSED, "few are refused here alone");
    assert!(tally.gave_up * 1000 <= tally.accepted * MOST_GIVEN_UP, "few take too long");
}

#[test]
fn written_patterns_match_as_in_python() {
    if let Some(tally) = compared("written_patterns_match_as_in_python", &written::the_same()) {
        assert_eq!((tally.not_exact, tally.gave_up), (0, 0), "all are the same, and none takes long");
    }
}

#[test]
fn patterns_that_are_not_exact_are_refused() {
    if let Some(tally) = compared("patterns_that_are_not_exact_are_refused", &written::not_exact()) {
        assert_eq!(tally.not_exact, tally.accepted, "none is taken");
    }
}

/// Compares the answers of both, and panics where any differ; none where there is no Python to compare with.
fn compared(test: &str, questions: &[Question]) -> Option<Tally> {
    let answers = asked(test, questions)?;
    let tally = compare::all(questions, &answers);
    say(&format!("{test}: {tally}"));
    let some: Vec<String> = tally.differences.iter().take(20).map(|one| one.chars().take(500).collect()).collect();
    assert!(some.is_empty(), "{} differ:\n{}", tally.differences.len(), some.join("\n"));
    Some(tally)
}

/// What Python answers; none where there is no Python that can be asked, which is said.
fn asked(test: &str, questions: &[Question]) -> Option<Answers> {
    ask(questions).map_err(|reason| say(&format!("NOT RUN: {test}: {reason}"))).ok()
}

#[expect(clippy::print_stdout, reason = "scripts/test-suites reads it")]
fn say(line: &str) {
    println!("{line}");
}
