//! `llm-sandbox check`: what a policy finds in files, without running them.

mod arguments;
mod checked;
mod sarif;

pub(crate) use arguments::{ABOUT, CheckArguments, EXAMPLES};

use llm_sandbox::{Error, SecurityPolicy, security_policy};
use serde::Serialize;

use crate::{
    policy,
    print::{in_json, print},
    report::line,
    status::ExitStatus,
};
use arguments::Form;
use checked::Checked;

/// The policy where none is named.
const DEFAULT: &str = "production";

#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    safe: bool,
    files: &'a [Checked],
}

/// Judges each file and prints what was found.
pub(crate) fn check(arguments: &CheckArguments) -> Result<ExitStatus, Error> {
    let policy = policy(arguments)?;
    let language = arguments.language()?;
    let files = arguments.files.iter().map(|file| Checked::new(file, language, &policy));
    let files: Vec<Checked> = files.collect::<Result<_, Error>>()?;
    let safe = files.iter().all(|file| file.safe);
    let printed = match arguments.form() {
        Form::Text => print(files.iter().map(Checked::in_lines).collect::<String>())?,
        Form::Json => print(in_json(&Answer { schema: 1, safe, files: &files })?)?,
        Form::Sarif => print(in_json(&sarif::log(&files))?)?,
    };
    if arguments.form() == Form::Text && !arguments.quiet {
        summary(&files);
    }
    match printed {
        ExitStatus::Code(0) if !safe => Ok(ExitStatus::Code(1)),
        other => Ok(other),
    }
}

fn policy(arguments: &CheckArguments) -> Result<SecurityPolicy, Error> {
    match policy::read(arguments.policy.as_ref(), arguments.policy_file.as_deref())? {
        Some(policy) => Ok(policy),
        None => security_policy(DEFAULT).map_err(|error| Error::invalid("policy", error.to_string())),
    }
}

fn summary(files: &[Checked]) {
    let unsafe_ones = files.iter().filter(|file| !file.safe).count();
    let of = if files.len() == 1 { "1 file".to_owned() } else { format!("{} files", files.len()) };
    match unsafe_ones {
        0 => line(format_args!("nothing in {of} blocks")),
        some => line(format_args!("{some} of {of}: the policy is against it")),
    }
}
