//! Checks on what callers give: each refusal names the thing, the reason and what would do.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Component, Path, PathBuf},
};

use crate::Error;

/// The longest path, in bytes, as Linux has it.
const PATH_MOST: usize = 4095;

/// Refuses text that the system would cut at a NUL.
pub(crate) fn no_nul(what: &str, text: &OsStr) -> Result<(), Error> {
    match text.as_bytes().iter().position(|byte| *byte == 0) {
        Some(at) => Err(Error::invalid(what, format!("there is a NUL byte at offset {at}"))
            .with_remedy("leave it out: the system ends strings there")),
        None => Ok(()),
    }
}

/// A path without `..`, NUL and needless dots; relative ones stand below `base`.
pub(crate) fn inside_path(what: &str, base: &Path, path: &Path) -> Result<PathBuf, Error> {
    if path.as_os_str().is_empty() {
        return Err(Error::invalid(what, "it is empty").with_remedy(format!("name a path, below {}", base.display())));
    }
    no_nul(what, path.as_os_str())?;
    let mut whole = PathBuf::from(base);
    for component in path.components() {
        match component {
            Component::ParentDir => {
                let reason = format!("{} contains \"..\"", path.display());
                return Err(Error::invalid(what, reason).with_remedy("give the path without \"..\""));
            }
            Component::CurDir => {}
            component => whole.push(component),
        }
    }
    if whole.as_os_str().len() > PATH_MOST {
        return Err(Error::invalid(what, format!("it is longer than {PATH_MOST} bytes")));
    }
    Ok(whole)
}

/// A directory inside to work in or to mount on: absolute, not the root, not one the system needs.
pub(crate) fn inside_directory(what: &str, path: &Path, reserved: &[&str]) -> Result<PathBuf, Error> {
    if !path.is_absolute() {
        let reason = format!("{:?} is not absolute", path.display().to_string());
        return Err(Error::invalid(what, reason).with_remedy("give a path that starts with /"));
    }
    let path = inside_path(what, Path::new("/"), path)?;
    if path == Path::new("/") {
        return Err(Error::invalid(what, "it is the root directory").with_remedy("choose a directory such as /sandbox"));
    }
    match reserved.iter().find(|reserved| path.starts_with(reserved)) {
        Some(reserved) => Err(Error::invalid(what, format!("{} belongs to the system ({reserved})", path.display()))
            .with_remedy("choose a directory such as /sandbox or /data")),
        None => Ok(path),
    }
}

/// A name and value of an environment variable.
pub(crate) fn variable(name: &OsStr, value: &OsStr) -> Result<(), Error> {
    let what = || format!("environment variable {:?}", name.to_string_lossy());
    if name.is_empty() || name.as_bytes().contains(&b'=') {
        return Err(Error::invalid(what(), "a name is not empty and has no \"=\" in it"));
    }
    no_nul(&what(), name)?;
    no_nul(&what(), value)
}

/// A path that came out of a sandbox, relative and without a way up; `None` where it is anything else.
pub(crate) fn outside_name(bytes: &[u8]) -> Option<PathBuf> {
    let is_sane = !bytes.contains(&0) && bytes.len() <= PATH_MOST;
    let path = PathBuf::from(OsString::from_vec(bytes.to_vec()));
    let is_plain = path.components().all(|component| matches!(component, Component::Normal(_)));
    (is_sane && is_plain).then_some(path)
}
