//! Settings by environment variables, `LLM_SANDBOX_TIMEOUT` for `--timeout`.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
};

use llm_sandbox::{Error, Language};

use super::{
    layer::{Entry, Layer},
    origin::Origin,
    setting::{Form, SETTINGS, Setting},
};

/// A variable's value; an empty one counts as none.
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// What all variables of this program's begin with.
const PREFIX: &str = "LLM_SANDBOX_";

/// Variables that are no settings.
const OTHERS: [&str; 4] = ["CONFIG", "PROFILE", "CACHE", "AGENT"];

/// The shortest name of which a slip is told from another name.
const SHORTEST: usize = 4;

/// A limit that was meant and is misspelt would not hold. What is like no name of ours may be somebody else's.
fn refuse_misspelt() -> Result<(), Error> {
    let tools = Language::ALL.iter().flat_map(|language| language.spec().tools.clone());
    let settings = SETTINGS.iter().map(Setting::variable).chain(tools.filter_map(|tool| tool.variable));
    let settings: Vec<String> = settings.map(|name| name.trim_start_matches(PREFIX).to_owned()).collect();
    let known = || settings.iter().map(String::as_str).chain(OTHERS);
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        if known().any(|known| known == name) {
            continue;
        }
        if let Some(meant) = known().find(|known| known.len() >= SHORTEST && is_slip(name, known)) {
            let remedy = format!("did you mean {PREFIX}{meant}? Else unset it");
            return Err(Error::invalid(format!("variable {PREFIX}{name}"), "it is no setting").with_remedy(remedy));
        }
    }
    Ok(())
}

/// Whether one letter more, less or other, or two that are swapped, lie between a name and the one that is meant.
fn is_slip(name: &str, meant: &str) -> bool {
    let (mut name, mut meant) = (name.as_bytes(), meant.as_bytes());
    while let (Some((first, rest)), Some((other, others))) = (name.split_first(), meant.split_first()) {
        if first != other {
            break;
        }
        (name, meant) = (rest, others);
    }
    while let (Some((last, rest)), Some((other, others))) = (name.split_last(), meant.split_last()) {
        if last != other {
            break;
        }
        (name, meant) = (rest, others);
    }
    match (name, meant) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([a, b], [c, d]) => (a, b) == (d, c),
        _ => false,
    }
}

/// What the environment says.
pub(super) fn read() -> Result<Layer, Error> {
    refuse_misspelt()?;
    let mut layer = Layer::new();
    for setting in &SETTINGS {
        let name = setting.variable();
        let Some(value) = variable(&name) else { continue };
        let origin = Origin::Variable(name);
        for word in words(setting, &value, &origin)? {
            layer.push(Entry { setting, word, origin: origin.clone() });
        }
    }
    Ok(layer)
}

fn words(setting: &Setting, value: &OsStr, origin: &Origin) -> Result<Vec<OsString>, Error> {
    match setting.form {
        Form::List(_) | Form::Table(_) => {
            let lines = value.as_bytes().split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
            Ok(lines.map(|line| OsString::from_vec(line.to_vec())).collect())
        }
        Form::Flag(_) if value != "true" && value != "false" => {
            let reason = format!("{:?} is neither true nor false", value.to_string_lossy());
            Err(Error::invalid(origin.to_string(), reason).with_remedy("set it to true or false, or unset it"))
        }
        _ => Ok(vec![value.to_owned()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        for slip in ["MEMROY", "MEMRY", "MEMORYY", "MEMOTY", "EMORY"] {
            assert!(is_slip(slip, "MEMORY"), "{slip}");
        }
        for other in ["MEMORY", "MEMO", "MEMORY_MB", "METRICS", "", "YROMEM"] {
            assert!(!is_slip(other, "MEMORY"), "{other}");
        }
    }
}
