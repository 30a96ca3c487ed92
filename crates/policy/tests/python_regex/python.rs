//! CPython's `re`, in a child process.

use std::io::Write;
use std::ops::RangeInclusive;
use std::process::{Command, Stdio};

use serde_json::Value;

const ORACLE: &str = include_str!("oracle.py");

/// The versions 3.x whose `re` is the one that is followed. 3.11 brought atomic groups, 3.14 changes what `\B` is.
const VERSIONS: RangeInclusive<u64> = 11..=13;

/// The first version in which what possessive quantifiers match is right.
const POSSESSIVE: [u64; 3] = [3, 11, 5];

/// A pattern, and the texts it is tried on.
pub(crate) struct Question {
    pub(crate) pattern: String,
    pub(crate) texts: Vec<String>,
}

pub(crate) enum Answer {
    Refused(String),
    /// For each text the spans of all matches, in characters; none where Python took too long or failed.
    Spans(Vec<Option<Vec<(usize, usize)>>>),
}

pub(crate) struct Answers {
    /// Whether this Python matches possessive quantifiers as it ought to.
    pub(crate) has_possessive: bool,
    /// The characters that this Python knows.
    pub(crate) assigned: Vec<(u32, u32)>,
    pub(crate) answers: Vec<Answer>,
}

/// Asks Python; the error is why it cannot be asked here.
pub(crate) fn ask(questions: &[Question]) -> Result<Answers, String> {
    let mut child = Command::new("python3")
        .args(["-I", "-c", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("python3 cannot be started: {error}"))?;
    let mut stdin = child.stdin.take().expect("it is piped");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            for Question { pattern, texts } in questions {
                let line = serde_json::to_string(&(pattern, texts)).expect("strings are JSON");
                writeln!(stdin, "{line}").expect("Python reads on");
            }
        });
        child.wait_with_output().expect("Python can be waited for")
    });
    assert!(output.status.success(), "Python failed");
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
    let about = lines.next().expect("the first line is about Python");
    let version: [u64; 3] = serde_json::from_value(about["version"].clone()).expect("a version has numbers");
    if version[0] != 3 || !VERSIONS.contains(&version[1]) {
        return Err(format!("python3 is {}.{}, and what is followed is 3.11 to 3.13", version[0], version[1]));
    }
    let assigned = serde_json::from_value(about["assigned"].clone()).expect("ranges of characters");
    let answers: Vec<Answer> = lines.map(answer).collect();
    assert_eq!(answers.len(), questions.len(), "each pattern has an answer");
    Ok(Answers { has_possessive: version >= POSSESSIVE, assigned, answers })
}

fn answer(line: Value) -> Answer {
    match line.get("refused") {
        Some(reason) => Answer::Refused(reason.to_string()),
        None => Answer::Spans(serde_json::from_value(line["spans"].clone()).expect("lists of spans")),
    }
}
