//! The policy that was named, by which code is judged.

use std::{ffi::OsString, fs, path::Path};

use llm_sandbox::{Error, SecurityPolicy, SessionBuilder, security_policy};

use crate::{arguments::SandboxArguments, shared::plain, text};

/// The policy of that name or in that file; `None` where neither is named.
pub(crate) fn read(name: Option<&OsString>, file: Option<&Path>) -> Result<Option<SecurityPolicy>, Error> {
    match (name, file) {
        (_, Some(file)) => of_file(file).map(Some),
        (Some(name), None) => match security_policy(&text(name)) {
            Ok(policy) => Ok(Some(policy)),
            Err(error) => Err(Error::invalid("policy", error.to_string()).with_remedy("or give one by --policy-file")),
        },
        (None, None) => Ok(None),
    }
}

fn of_file(file: &Path) -> Result<SecurityPolicy, Error> {
    let what = format!("policy file {:?}", file.to_string_lossy());
    let read = fs::read_to_string(file);
    let policy =
        read.map_err(|error| Error::invalid(&what, plain(&error)).with_remedy("name a file that can be read"))?;
    let policy = SecurityPolicy::from_toml(&policy);
    policy.map_err(|error| {
        Error::invalid(what, error.to_string()).with_remedy("see llm-sandbox check --help for its form")
    })
}

/// Has the session judge code as was said.
pub(crate) fn apply(mut builder: SessionBuilder, arguments: &SandboxArguments) -> Result<SessionBuilder, Error> {
    let policy = read(arguments.policy.as_ref(), arguments.policy_file.as_deref())?;
    if arguments.enforce {
        if policy.is_none() {
            let remedy = "name one by --policy or --policy-file, such as --policy production";
            return Err(Error::invalid("enforce", "there is no policy").with_remedy(remedy));
        }
        builder = builder.enforce();
    }
    Ok(match policy {
        Some(policy) => builder.policy(policy),
        None => builder,
    })
}
