//! Where a setting's value comes from.

use std::{fmt, path::PathBuf, rc::Rc};

/// Where a value was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// By an environment variable.
    Variable(String),
    /// In the config file.
    File {
        /// The file.
        path: Rc<PathBuf>,
        /// The line, the first being 1.
        line: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => formatter.write_str(name),
            Self::File { path, line } => write!(formatter, "{}:{line}", path.display()),
        }
    }
}
