//! Patterns mean what they mean to CPython's `re`: the same are accepted, and the same spans come out.

mod characters;
mod compare;
mod generate;
mod python;
mod random;
mod written;

use compare::Tally;
use python::{Question, ask};
use random::Random;

/// How many patterns are made up.
const GENERATED: usize = 12_000;

/// Of a thousand patterns that Python takes: how many may be refused for not meaning exactly the same.
const MOST_REFUSED: usize = 20;

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
    let Some(tally) = compared("written_patterns_match_as_in_python", &written::questions()) else {
        return;
    };
    assert!(tally.not_exact <= written::not_the_same(), "only what is documented is refused here alone");
    assert_eq!(tally.gave_up, 0, "none takes long");
}

/// Compares the answers of both, and panics with all that differ; none where there is no Python to compare with.
fn compared(test: &str, questions: &[Question]) -> Option<Tally> {
    let answers = match ask(questions) {
        Ok(answers) => answers.answers,
        Err(reason) => {
            println!("NOT RUN: {test}: {reason}");
            return None;
        }
    };
    let tally = compare::all(questions, &answers);
    println!("{test}: {tally}");
    assert!(tally.differences.is_empty(), "{} differ:\n{}", tally.differences.len(), tally.differences.join("\n"));
    Some(tally)
}
