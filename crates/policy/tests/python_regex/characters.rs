//! Classes and cases of all characters that Python knows. This program may know more, of a later Unicode.

use crate::python::Question;
use crate::{asked, compared};

const LAST_OF_PLANE: u32 = 0xFFFF;

#[test]
fn classes_have_the_characters_of_python() {
    const TEST: &str = "characters::classes_have_the_characters_of_python";
    let Some(characters) = known(TEST) else {
        return;
    };
    let text: String = characters.iter().collect();
    let patterns =
        [r"\w+", r"\d+", r"\s+", r"(?a)\w+", r"(?a)\d+", r"(?a)\s+", r"(?i)[\W\d]+", r"\b.", "(?i)[a-\u{10400}]+"];
    let questions = patterns.map(|pattern| Question { pattern: pattern.to_owned(), texts: vec![text.clone()] });
    assert_same(TEST, &questions);
}

#[test]
fn characters_have_the_cases_of_python() {
    const TEST: &str = "characters::characters_have_the_cases_of_python";
    let Some(characters) = known(TEST) else {
        return;
    };
    let cased: Vec<char> = characters.iter().copied().filter(|one| is_cased(*one, &characters)).collect();
    let text: String = cased.iter().collect();
    let question = |pattern: String| Question { pattern, texts: vec![text.clone()] };
    let alone = cased.iter().map(|character| format!("(?i){character}"));
    let in_sets = cased.iter().step_by(7).map(|character| format!("(?i)[{character}0]"));
    let ranges = cased.windows(20).step_by(11).map(|some| format!("(?i)[{}-{}]+", some[0], some[19]));
    let negated = cased.windows(20).step_by(31).map(|some| format!("(?i)[^{}-{}]+", some[0], some[19]));
    let ascii = cased.iter().take(80).map(|character| format!("(?ai){character}"));
    let references = [r"(?i)(.)\1".to_owned(), r"(?ai)(.)\1".to_owned()];
    let all = alone.chain(in_sets).chain(ranges).chain(negated).chain(ascii).chain(references);
    assert_same(TEST, &all.map(question).collect::<Vec<_>>());
}

/// Whether a character has another case that Python knows. A later Unicode has given some characters their first.
fn is_cased(character: char, known: &[char]) -> bool {
    let other = |other: char| other != character && known.binary_search(&other).is_ok();
    let (mut lower, mut upper) = (character.to_lowercase(), character.to_uppercase());
    u32::from(character) <= LAST_OF_PLANE && (lower.any(other) || upper.any(other))
}

/// The characters that Python knows, if there is one.
fn known(test: &str) -> Option<Vec<char>> {
    let ranges = asked(test, &[])?.assigned;
    Some(ranges.into_iter().flat_map(|(first, last)| first..=last).filter_map(char::from_u32).collect())
}

fn assert_same(test: &str, questions: &[Question]) {
    let tally = compared(test, questions).expect("Python has answered before");
    assert_eq!((tally.accepted, tally.not_exact, tally.gave_up), (questions.len(), 0, 0), "all were compared");
}
