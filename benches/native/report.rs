use serde_json::{Value, json};

use crate::{
    host::Host,
    statistics::Samples,
    target::{Target, Unit},
};

/// What belongs together: the ways of doing one thing, and how they compare.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) lines: Vec<Line>,
    /// What a reader has to know besides.
    pub(crate) notes: Vec<String>,
    failure: Option<String>,
}

/// One figure.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) unit: Unit,
    /// The median where there are several.
    pub(crate) value: f64,
    /// What nine in ten are no worse than, and how many there are.
    pub(crate) spread: Option<(f64, usize)>,
    pub(crate) target: Option<Target>,
}

impl Line {
    /// A single figure.
    pub(crate) fn figure(what: impl Into<String>, unit: Unit, value: f64) -> Self {
        Self { what: what.into(), unit, value, spread: None, target: None }
    }

    /// How long something took.
    pub(crate) fn duration(what: impl Into<String>, samples: &Samples) -> Self {
        let milliseconds = |seconds: f64| seconds * 1000.0;
        Self::spread(what, Unit::Milliseconds, samples, milliseconds)
    }

    /// How fast so much of something was done each time.
    pub(crate) fn rate(what: impl Into<String>, unit: Unit, amount: f64, samples: &Samples) -> Self {
        Self::spread(what, unit, samples, |seconds| amount / seconds)
    }

    fn spread(what: impl Into<String>, unit: Unit, samples: &Samples, convert: impl Fn(f64) -> f64) -> Self {
        let spread = (convert(samples.ninth_decile()), samples.count());
        Self { spread: Some(spread), ..Self::figure(what, unit, convert(samples.median())) }
    }

    pub(crate) fn target(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    fn to_json(&self) -> Value {
        json!({
            "what": self.what,
            "unit": self.unit.name(),
            "value": self.value,
            "p90": self.spread.map(|(p90, _)| p90),
            "count": self.spread.map(|(_, count)| count),
            "target": self.target.map(Target::to_json),
            "met": self.target.map(|target| target.is_met(self.value)),
        })
    }
}

impl Section {
    pub(crate) fn new(name: &str, title: impl Into<String>) -> Self {
        Self { name: name.to_owned(), title: title.into(), lines: Vec::new(), notes: Vec::new(), failure: None }
    }

    pub(crate) fn line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(crate) fn failed(mut self, why: String) -> Self {
        self.notes.push(why.clone());
        self.failure = Some(why);
        self
    }

    pub(crate) fn is_measured(&self) -> bool {
        self.failure.is_none()
    }

    fn to_json(&self) -> Value {
        let lines: Vec<_> = self.lines.iter().map(Line::to_json).collect();
        json!({
            "name": self.name, "title": self.title, "lines": lines, "notes": self.notes, "failure": self.failure,
        })
    }
}

/// The whole report, for programs.
pub(crate) fn to_json(host: &Host, sections: &[Section]) -> Value {
    let sections: Vec<_> = sections.iter().map(Section::to_json).collect();
    json!({
        "schema": 1,
        "host": {
            "kernel": host.kernel, "cores": host.cores, "load_average": host.load_average(), "python": host.python,
        },
        "sections": sections,
    })
}
