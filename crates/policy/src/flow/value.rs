use std::rc::Rc;

use super::memory::{count_text, count_values};
use crate::facts::{Argument, Arguments};

/// Bytes that a text may grow to by being put together.
const LONGEST_TEXT: usize = 16 << 10;

/// Values that one name may stand for at once; more are not kept.
pub(super) const MOST_ALTERNATIVES: usize = 16;

/// Values that one loop variable may run through.
pub(super) const MOST_ELEMENTS: usize = 4096;

/// Arguments of a call that rules get to see, of either sort.
const MOST_ARGUMENTS: usize = 64;

/// How deep sequences within sequences are followed.
const DEEPEST: usize = 4;

/// What an expression is, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(crate) enum Value {
    /// Anything.
    #[default]
    Unknown,
    Text(Text),
    Number(i64),
    /// Something that has a name where it comes from, such as `os.system`.
    Named(Named),
    Sequence(Rc<[Value]>),
    Mapping(Rc<[(Value, Value)]>),
    /// A function of the code itself, by the scope it opens.
    Local(usize),
    /// A member of something that has no name of its own.
    Method(Rc<Method>),
    /// What stands between the parentheses of a call.
    Given(Rc<Given>),
    /// One of these. Never nested, never empty.
    OneOf(Rc<[Value]>),
}

/// A text, or the beginning of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub(crate) text: Rc<str>,
    pub(crate) whole: bool,
}

/// Something that has a name where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) path: Rc<str>,
    /// What it was made of, where it is an object: the path of a `pathlib.Path`.
    pub(crate) about: Option<Text>,
}

/// A member of something that has no name of its own: a text, a sequence, an object that is not known.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) receiver: Value,
    pub(crate) name: Rc<str>,
}

/// What a call is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) positional: Vec<Value>,
    pub(crate) named: Vec<(Rc<str>, Value)>,
    /// Whether there may be more.
    pub(crate) open_ended: bool,
}

impl Given {
    pub(crate) fn get(&self, position: usize) -> Value {
        self.positional.get(position).cloned().unwrap_or_default()
    }

    /// The argument at `position`, or else the one of that name.
    pub(crate) fn get_or_named(&self, position: usize, name: &str) -> Value {
        let by_name = || self.named.iter().find(|(given, _)| &**given == name).map(|(_, value)| value);
        self.positional.get(position).or_else(by_name).cloned().unwrap_or_default()
    }

    /// What rules see of it. `about` is what the receiver was made of.
    pub(crate) fn to_arguments(&self, about: Option<&Text>) -> Arguments {
        Arguments {
            positional: self.positional.iter().take(MOST_ARGUMENTS).map(Value::to_argument).collect(),
            named: self.named.iter().take(MOST_ARGUMENTS).map(|(n, v)| (n.to_string(), v.to_argument())).collect(),
            open_ended: self.open_ended || self.positional.len().max(self.named.len()) > MOST_ARGUMENTS,
            receiver: about.map(|about| Value::Text(about.clone()).to_argument()).unwrap_or_default(),
        }
    }
}

impl PartialEq for Value {
    /// Sequences and mappings are the same only if they are one, so that comparing takes no time.
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Unknown, Value::Unknown) => true,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Named(a), Value::Named(b)) => a == b,
            (Value::Local(a), Value::Local(b)) => a == b,
            (Value::Sequence(a), Value::Sequence(b)) => Rc::ptr_eq(a, b),
            (Value::Mapping(a), Value::Mapping(b)) => Rc::ptr_eq(a, b),
            (Value::Method(a), Value::Method(b)) => a.name == b.name && a.receiver == b.receiver,
            _ => false,
        }
    }
}

impl Value {
    /// The number that an integer literal is, in any of the bases that both languages write alike.
    pub(crate) fn integer(literal: &str) -> Self {
        let text = literal.replace('_', "").to_ascii_lowercase();
        let digits = |base, at: usize| i64::from_str_radix(&text[at..], base).ok();
        let number = match text.get(..2) {
            Some("0x") => digits(16, 2),
            Some("0o") => digits(8, 2),
            Some("0b") => digits(2, 2),
            _ => digits(10, 0),
        };
        number.map_or(Self::Unknown, Self::Number)
    }

    pub(crate) fn text(text: impl Into<Rc<str>>) -> Value {
        Value::Text(Text::of(text.into(), true))
    }

    /// A text of which only the beginning is known.
    pub(crate) fn prefix(text: impl Into<Rc<str>>) -> Value {
        Value::Text(Text::of(text.into(), false))
    }

    pub(crate) fn named(path: impl Into<Rc<str>>) -> Value {
        Value::Named(Named { path: path.into(), about: None })
    }

    pub(crate) fn about(path: impl Into<Rc<str>>, about: Option<Text>) -> Value {
        Value::Named(Named { path: path.into(), about })
    }

    pub(crate) fn method(receiver: Value, name: &str) -> Value {
        // What is known of a member of a member is nothing.
        let receiver = if matches!(receiver, Value::Method(_)) { Value::Unknown } else { receiver };
        Value::Method(Rc::new(Method { receiver, name: name.into() }))
    }

    pub(crate) fn sequence(elements: Vec<Value>) -> Value {
        if elements.iter().any(|element| element.nesting() >= DEEPEST) {
            return Value::Unknown;
        }
        count_values(elements.len());
        Value::Sequence(elements.into())
    }

    pub(crate) fn mapping(entries: Vec<(Value, Value)>) -> Value {
        if entries.iter().any(|(_, value)| value.nesting() >= DEEPEST) {
            return Value::Unknown;
        }
        count_values(2 * entries.len());
        Value::Mapping(entries.into())
    }

    /// How many sequences are within each other, looked at no deeper and no wider than needed.
    fn nesting(&self) -> usize {
        match self {
            Value::Sequence(elements) => 1 + elements.iter().take(8).map(Value::nesting).max().unwrap_or(0),
            Value::Mapping(entries) => 1 + entries.iter().take(8).map(|(_, value)| value.nesting()).max().unwrap_or(0),
            Value::OneOf(values) => values.iter().take(8).map(Value::nesting).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// All that it may be, one at least.
    pub(crate) fn alternatives(&self) -> &[Value] {
        match self {
            Value::OneOf(values) => values,
            one => std::slice::from_ref(one),
        }
    }

    /// The same done with each alternative, in order.
    pub(crate) fn map(&self, mut change: impl FnMut(&Value) -> Value) -> Value {
        match self {
            Value::OneOf(values) => Value::each(values.iter().map(change)),
            one => change(one),
        }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// The text, where all of it is known.
    pub(crate) fn whole_text(&self) -> Option<&str> {
        match self {
            Value::Text(Text { text, whole: true }) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_named(&self) -> Option<&Named> {
        match self {
            Value::Named(named) => Some(named),
            _ => None,
        }
    }

    /// Whether it, or one of what it may be, has a name where it comes from.
    pub(crate) fn may_be_named(&self) -> bool {
        self.alternatives().iter().any(|value| value.as_named().is_some())
    }

    /// `self + other` for texts, numbers and sequences.
    pub(crate) fn plus(&self, other: &Value) -> Value {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => a.then(b),
            (Value::Text(a), _) if !matches!(other, Value::OneOf(_)) => Value::Text(a.beginning()),
            (Value::Number(a), Value::Number(b)) => a.checked_add(*b).map_or(Value::Unknown, Value::Number),
            (Value::Sequence(a), Value::Sequence(b)) if a.len() + b.len() <= MOST_ELEMENTS => {
                Value::sequence(a.iter().chain(b.iter()).cloned().collect())
            }
            (Value::OneOf(_), _) | (_, Value::OneOf(_)) => self.map_with(other, Value::plus),
            _ => Value::Unknown,
        }
    }

    /// The same, with elements of what has a name made unknown.
    pub(crate) fn without_elements(self) -> Value {
        match &self {
            Value::Named(named) if named.path.ends_with("[]") => Value::Unknown,
            Value::OneOf(_) => self.map(|one| one.clone().without_elements()),
            _ => self,
        }
    }

    /// What rules see of it.
    pub(crate) fn to_argument(&self) -> Argument {
        match self {
            Value::Text(Text { text, whole: true }) => Argument::Text(text.to_string()),
            Value::Text(Text { text, whole: false }) => Argument::Prefix(text.to_string()),
            Value::Number(number) => Argument::Number(*number),
            Value::Named(Named { about: Some(about), .. }) => Value::Text(about.clone()).to_argument(),
            Value::Named(Named { path, .. }) => Argument::Named(path.to_string()),
            Value::OneOf(values) => {
                Argument::OneOf(values.iter().take(MOST_ALTERNATIVES).map(Value::to_argument).collect())
            }
            Value::Sequence(elements) => match elements.first() {
                Some(Value::Sequence(_)) | None => Argument::Unknown,
                Some(first) => first.to_argument(),
            },
            _ => Argument::Unknown,
        }
    }
}

impl Text {
    fn of(text: Rc<str>, whole: bool) -> Self {
        count_text(&text);
        Text { text, whole }
    }

    /// The same, of which more may follow.
    fn beginning(&self) -> Text {
        Text { text: self.text.clone(), whole: false }
    }

    /// The two put together. What follows a beginning is not known to follow it.
    fn then(&self, other: &Text) -> Value {
        if !self.whole {
            return Value::Text(self.clone());
        }
        if self.text.len() + other.text.len() > LONGEST_TEXT {
            return Value::Text(self.beginning());
        }
        Value::Text(Text::of([&*self.text, &*other.text].concat().into(), other.whole))
    }
}
