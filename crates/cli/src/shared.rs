//! What the host shares with the code: mounts, copied files, variables.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use llm_sandbox::{Access, Error, Language, SessionBuilder};

/// A file or directory to be copied into the sandbox before the run.
#[derive(Debug)]
pub(crate) struct Copied {
    /// Where it is on the host.
    pub(crate) source: PathBuf,
    /// Where it goes, below the working directory.
    pub(crate) target: PathBuf,
}

/// Reads `SRC:DST[:ro|:rw]`. The source may contain colons, the target may not.
pub(crate) fn mount(builder: SessionBuilder, argument: &OsStr) -> Result<SessionBuilder, Error> {
    let invalid = |reason: String| {
        let remedy = "write SRC:DST or SRC:DST:rw, DST being an absolute path inside, such as ./data:/data";
        Error::invalid(format!("mount {:?}", argument.to_string_lossy()), reason).with_remedy(remedy)
    };
    let bytes = argument.as_bytes();
    // A target is absolute, so that it begins at the last colon before a slash.
    let at = bytes.windows(2).rposition(|pair| pair == b":/").or_else(|| bytes.iter().position(|byte| *byte == b':'));
    let (source, target) = match at {
        Some(at) if at > 0 => (&bytes[..at], &bytes[at + 1..]),
        _ => return Err(invalid("it has no source and target".to_owned())),
    };
    let (target, access) = match target.iter().position(|byte| *byte == b':') {
        None => (target, Access::ReadOnly),
        Some(at) => match &target[at + 1..] {
            b"ro" => (&target[..at], Access::ReadOnly),
            b"rw" => (&target[..at], Access::ReadWrite),
            other => {
                return Err(invalid(format!("{:?} is no access, only ro and rw are", String::from_utf8_lossy(other))));
            }
        },
    };
    let source = std::path::absolute(OsStr::from_bytes(source)).map_err(|error| invalid(error.to_string()))?;
    Ok(builder.mount(source, OsStr::from_bytes(target), access))
}

/// Reads `NAME=VALUE`.
pub(crate) fn variable(argument: &OsStr) -> Result<(OsString, OsString), Error> {
    let bytes = argument.as_bytes();
    let Some(at) = bytes.iter().position(|byte| *byte == b'=') else {
        let what = format!("environment variable {:?}", argument.to_string_lossy());
        let remedy = "write NAME=VALUE; the host's own variables are never passed on by themselves";
        return Err(Error::invalid(what, "it has no value").with_remedy(remedy));
    };
    Ok((OsStr::from_bytes(&bytes[..at]).to_owned(), OsStr::from_bytes(&bytes[at + 1..]).to_owned()))
}

/// Reads `NAME=VALUE` of a label, which is text.
pub(crate) fn label(argument: &OsStr) -> Result<(String, String), Error> {
    let words = argument.to_string_lossy();
    let Some((name, value)) = words.split_once('=') else {
        let remedy = "write NAME=VALUE, such as owner=ada";
        return Err(Error::invalid(format!("label {words:?}"), "it has no value").with_remedy(remedy));
    };
    Ok((name.to_owned(), value.to_owned()))
}

/// Reads `SRC[:NAME]`, and looks whether the source is there.
pub(crate) fn copied(argument: &OsStr, language: Language) -> Result<Copied, Error> {
    let bytes = argument.as_bytes();
    let (source, name) = match bytes.iter().rposition(|byte| *byte == b':') {
        Some(at) => (&bytes[..at], Some(&bytes[at + 1..])),
        None => (bytes, None),
    };
    let source = Path::new(OsStr::from_bytes(source));
    let what = || format!("file {:?}", source.to_string_lossy());
    source.metadata().map_err(|error| Error::invalid(what(), plain(&error)).with_remedy("name one that is there"))?;
    let target = match name {
        Some(name) => Some(OsStr::from_bytes(name)),
        None => source.file_name(),
    };
    let target = target.filter(|name| !name.is_empty()).map(PathBuf::from);
    let target = target.ok_or_else(|| Error::invalid(what(), "it has no name").with_remedy("write SRC:NAME"))?;
    if target == Path::new(&language.spec().source) {
        let reason = format!("{} is where the program itself goes", &language.spec().source);
        return Err(Error::invalid(what(), reason).with_remedy("give it another name, by SRC:NAME"));
    }
    Ok(Copied { source: source.to_owned(), target })
}

/// What the system said, without its number.
pub(crate) fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    let end = words.find(" (os error").unwrap_or(words.len());
    let mut words = words[..end].to_owned();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    words
}
