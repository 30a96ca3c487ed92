//! What both made of the same patterns.

use std::fmt;
use std::ops::Range;
use std::time::{Duration, Instant};

use llm_sandbox_policy::{MatchLimit, Pattern, PatternErrorKind};

use crate::python::{Answer, Answers, Question};

/// What came of many patterns.
#[derive(Default)]
pub(crate) struct Tally {
    /// Those that Python takes.
    pub(crate) accepted: usize,
    /// Those that both refuse.
    pub(crate) refused: usize,
    /// Those that Python takes, and that are refused here because they would not mean the same.
    pub(crate) not_exact: usize,
    /// Those whose spans are not compared, as this Python has a known fault.
    pub(crate) passed_over: usize,
    /// Those on which either took too long, or Python failed.
    pub(crate) gave_up: usize,
    pub(crate) texts: usize,
    pub(crate) spans: usize,
    pub(crate) differences: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} patterns: {} that Python takes (of which {} are not exact here, {} were given up, {} passed over for faults \
             of Python before 3.11.5), {} that both refuse; \
             {} texts, {} matches; {} differences",
            self.accepted + self.refused,
            self.accepted,
            self.not_exact,
            self.gave_up,
            self.passed_over,
            self.refused,
            self.texts,
            self.spans,
            self.differences.len()
        )
    }
}

pub(crate) fn all(questions: &[Question], answers: &Answers) -> Tally {
    let mut tally = Tally::default();
    for (question, answer) in questions.iter().zip(&answers.answers) {
        tally.add(question, answer, answers.has_possessive);
    }
    tally
}

/// Whether a pattern may have a possessive quantifier.
fn may_be_possessive(pattern: &str) -> bool {
    ["*+", "++", "?+", "}+"].iter().any(|quantifier| pattern.contains(quantifier))
}

impl Tally {
    fn add(&mut self, question: &Question, answer: &Answer, has_possessive: bool) {
        let pattern = &question.pattern;
        match (Pattern::new(pattern), answer) {
            (Err(_), Answer::Refused(_)) => self.refused += 1,
            (Ok(_), Answer::Refused(reason)) => {
                self.refused += 1;
                self.differences.push(format!("{pattern:?} is refused by Python: {reason}"));
            }
            (Err(error), Answer::Spans(_)) => {
                self.accepted += 1;
                match error.kind() {
                    PatternErrorKind::NotExact => self.not_exact += 1,
                    _ => self.differences.push(format!("{pattern:?} is refused here: {error}")),
                }
            }
            (Ok(_), Answer::Spans(_)) if !has_possessive && may_be_possessive(pattern) => {
                self.accepted += 1;
                self.passed_over += 1;
            }
            (Ok(ours), Answer::Spans(spans)) => {
                self.accepted += 1;
                let in_time =
                    question.texts.iter().zip(spans).all(|(text, spans)| self.add_text(&ours, text, spans.as_deref()));
                self.gave_up += usize::from(!in_time);
            }
        }
    }

    /// Compares the spans in one text; `false` where either did not find them in time.
    fn add_text(&mut self, pattern: &Pattern, text: &str, theirs: Option<&[(usize, usize)]>) -> bool {
        let limit = MatchLimit::until(Instant::now() + Duration::from_secs(60)).with_steps(10_000_000);
        let (Some(theirs), Ok(ours)) = (theirs, pattern.find_all(text, &limit)) else {
            return false;
        };
        let ours: Vec<_> = ours.into_iter().map(|span| in_characters(text, span)).collect();
        self.texts += 1;
        self.spans += theirs.len();
        if ours != theirs {
            let pattern = pattern.as_str();
            self.differences.push(format!("{pattern:?} on {text:?}: {ours:?} here, {theirs:?} in Python"));
        }
        true
    }
}

fn in_characters(text: &str, span: Range<usize>) -> (usize, usize) {
    let characters = |end: usize| text[..end].chars().count();
    (characters(span.start), characters(span.end))
}
