//! What code does, as far as reading it tells.

use std::ops::Range;

/// One thing that code does, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it does.
    pub fact: Fact,
    /// The bytes of the source that do it.
    pub span: Range<usize>,
}

/// One thing that code does.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fact {
    /// A module is loaded.
    Import {
        /// Its name, with leading dots where it is relative.
        module: String,
        /// What is taken out of it, one fact for each name: `path` of `from os import path`, `*` for all.
        name: Option<String>,
        /// Whether a statement of the source says so, and no call such as `importlib.import_module`, and no code within a
        /// string.
        by_statement: bool,
    },
    /// Something is named, and perhaps called.
    Use {
        /// What it is called where it comes from, whatever the code calls it: `os.system`.
        path: String,
        /// What it is called with, if it is called.
        call: Option<Arguments>,
    },
    /// What happens cannot be told by reading.
    Dynamic {
        /// What stays open.
        what: Dynamic,
        /// What it is done with: `importlib.import_module`, or the module whose attribute is computed.
        path: String,
    },
}

/// What cannot be told by reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dynamic {
    /// Which module is loaded.
    Import,
    /// Which member of a module is taken.
    Attribute,
    /// Which code is run.
    Code,
    /// What a file holds that is called data and loaded as code.
    Disguise,
    /// What is done with a module that is handed on as a value.
    Escape,
    /// Where a walk over the interpreter's own objects leads.
    Walk,
    /// What the source says, as its declared encoding is not understood.
    Encoding,
}

/// What a call is given, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// By position.
    pub positional: Vec<Argument>,
    /// By name.
    pub named: Vec<(String, Argument)>,
    /// Whether there may be more than are listed (`*more`, `**more`).
    pub open_ended: bool,
    /// What the receiver of the method was made of: `/etc/passwd` in `Path("/etc/passwd").open()`.
    pub receiver: Argument,
}

/// One argument, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Argument {
    /// Anything.
    #[default]
    Unknown,
    /// This text.
    Text(String),
    /// A text that begins like this.
    Prefix(String),
    /// This number.
    Number(i64),
    /// Something with a name: `yaml.SafeLoader`.
    Named(String),
    /// One of several.
    OneOf(Vec<Argument>),
}

impl Arguments {
    /// The argument at `position`, or else the one that is called `name`.
    pub fn get(&self, position: usize, name: &str) -> Option<&Argument> {
        let by_name = || self.named.iter().find(|(given, _)| given == name).map(|(_, argument)| argument);
        self.positional.get(position).or_else(by_name)
    }
}

impl Argument {
    /// All that it may be.
    pub fn alternatives(&self) -> &[Argument] {
        match self {
            Argument::OneOf(alternatives) => alternatives,
            one => std::slice::from_ref(one),
        }
    }

    /// The text it is or begins with.
    pub fn text(&self) -> Option<&str> {
        match self {
            Argument::Text(text) | Argument::Prefix(text) => Some(text),
            _ => None,
        }
    }
}
