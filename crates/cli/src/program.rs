//! The program text and its language.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read},
    os::unix::ffi::OsStringExt,
    path::Path,
};

use llm_sandbox::{Error, Language};

use crate::{arguments::RunArguments, shared::plain, text};

/// More than any program text may have, in bytes; what is longer is not read.
const READ_MOST: u64 = 64 << 20;

/// Where the program text comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin<'a> {
    Argument(&'a OsString),
    StandardInput,
    File(&'a Path),
}

impl<'a> Origin<'a> {
    /// The origin that the arguments name; their shape has exactly one.
    pub(crate) fn of(arguments: &'a RunArguments) -> Result<Self, Error> {
        match (&arguments.code, &arguments.file) {
            (Some(code), _) => Ok(Self::Argument(code)),
            (None, Some(file)) if file.as_os_str() == "-" => Ok(Self::StandardInput),
            (None, Some(file)) => Ok(Self::File(file)),
            (None, None) => Err(Error::invalid("code", "there is none").with_remedy("give -c CODE, a FILE or -")),
        }
    }

    /// The language that was asked for, else the file's, else Python where there is no file.
    pub(crate) fn language(self, asked: Option<&OsString>) -> Result<Language, Error> {
        match (asked, self) {
            (Some(name), _) => text(name).parse(),
            (None, Self::File(file)) => Language::of_file(file).ok_or_else(|| {
                let all = Language::ALL.map(Language::name).join(", ");
                let reason = "its ending belongs to no language";
                Error::invalid(named(file), reason).with_remedy(format!("name the language by -l; there are: {all}"))
            }),
            (None, _) => Ok(Language::Python),
        }
    }

    /// The program text, byte for byte.
    pub(crate) fn read(self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Argument(code) => Ok(code.clone().into_vec()),
            Self::StandardInput => bounded("code from standard input", io::stdin().lock()),
            Self::File(file) => {
                let opened = File::open(file).map_err(|error| {
                    Error::invalid(named(file), plain(&error)).with_remedy("name a file that can be read")
                })?;
                bounded(&named(file), opened)
            }
        }
    }
}

fn named(file: &Path) -> String {
    format!("file {:?}", file.to_string_lossy())
}

/// Reads to the end, unless that is beyond all measure.
fn bounded(what: &str, source: impl Read) -> Result<Vec<u8>, Error> {
    let mut code = Vec::new();
    let read = source.take(READ_MOST + 1).read_to_end(&mut code);
    read.map_err(|error| Error::invalid(what, plain(&error)).with_remedy("give a program text"))?;
    if code.len() as u64 > READ_MOST {
        let reason = format!("it has more than {READ_MOST} bytes");
        return Err(Error::invalid(what, reason).with_remedy("give data by --file, --mount or standard input"));
    }
    Ok(code)
}
