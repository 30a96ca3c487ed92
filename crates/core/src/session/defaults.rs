use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::Limits;

/// Where the code's home is in a sandbox that has a root of its own.
const HOME: &str = "/home/sandbox";

/// What the caller gives to the compiler and to the runtime of every program, in the language's own words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) compiler: Vec<OsString>,
    pub(crate) runtime: Vec<OsString>,
}

/// What every run starts from.
pub(crate) struct Defaults {
    pub(crate) limits: Limits,
    /// The caller's.
    pub(crate) environment: Vec<(OsString, OsString)>,
    /// The working directory.
    pub(crate) directory: PathBuf,
    pub(crate) home: PathBuf,
    /// Where temporary files belong, if not where programs look by themselves.
    pub(crate) temporary: Option<PathBuf>,
}

impl Defaults {
    /// `root`: where on the host the sandbox's root is, if it has none of its own.
    pub(super) fn new(
        limits: Limits,
        environment: Vec<(OsString, OsString)>,
        directory: &Path,
        root: Option<&Path>,
    ) -> Self {
        let at = |inside: &Path| match root {
            Some(root) => root.join(inside.strip_prefix("/").unwrap_or(inside)),
            None => inside.to_owned(),
        };
        let temporary = root.map(|_| at(Path::new("/tmp")));
        Self { limits, environment, directory: at(directory), home: at(Path::new(HOME)), temporary }
    }
}
