//! Classes and cases of all characters that Python knows. This program may know more, of a later Unicode.

use crate::compare;
use crate::python::{Question, ask};

const LAST_OF_PLANE: u32 = 0xFFFF;

#[test]
fn classes_have_the_characters_of_python() {
    let Some(characters) = known("classes_have_the_characters_of_python") else {
        return;
    };
    let text: String = characters.iter().collect();
    let patterns =
        [r"\w+", r"\d+", r"\s+", r"(?a)\w+", r"(?a)\d+", r"(?a)\s+", r"(?i)[\W\d]+", r"\b.", "(?i)[a-\u{10400}]+"];
    let questions = patterns.map(|pattern| Question { pattern: pattern.to_owned(), texts: vec![text.clone()] });
    assert_same(&questions);
}

#[test]
fn characters_have_the_cases_of_python() {
    let Some(characters) = known("characters_have_the_cases_of_python") else {
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
    assert_same(&all.map(question).collect::<Vec<_>>());
}

/// Whether a character has other cases, all of which Python knows: a later Unicode has given some another.
fn is_cased(character: char, known: &[char]) -> bool {
    let other = |other: char| other != character && known.binary_search(&other).is_ok();
    let (mut lower, mut upper) = (character.to_lowercase(), character.to_uppercase());
    u32::from(character) <= LAST_OF_PLANE && (lower.any(other) || upper.any(other))
}

/// The characters that Python knows, if there is one.
fn known(test: &str) -> Option<Vec<char>> {
    match ask(&[]) {
        Ok(answers) => {
            let codes = answers.assigned.iter().flat_map(|(first, last)| *first..=*last);
            Some(codes.filter_map(char::from_u32).collect())
        }
        Err(reason) => {
            println!("NOT RUN: {test}: {reason}");
            None
        }
    }
}

fn assert_same(questions: &[Question]) {
    let answers = ask(questions).expect("Python has answered before").answers;
    let tally = compare::all(questions, &answers);
    println!("{tally}");
    let few: Vec<String> = tally.differences.iter().take(20).map(|one| one.chars().take(300).collect()).collect();
    assert!(few.is_empty(), "{} differ:\n{}", tally.differences.len(), few.join("\n"));
    assert_eq!((tally.accepted, tally.not_exact, tally.gave_up), (questions.len(), 0, 0), "all were compared");
}
