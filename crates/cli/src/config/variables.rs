//! Settings by environment variables, `LLM_SANDBOX_TIMEOUT` for `--timeout`.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
};

use llm_sandbox::Error;

use super::{
    layer::{Entry, Layer},
    origin::Origin,
    setting::{Form, SETTINGS, Setting},
};

/// A variable's value; an empty one counts as none.
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// What the environment says.
pub(super) fn read() -> Result<Layer, Error> {
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
