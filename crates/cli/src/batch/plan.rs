use std::{fs, os::unix::fs::MetadataExt, path::Path};

use llm_sandbox::{Batch, Error, Language, Session};

use super::{
    arguments::BatchArguments,
    lines::{Jobs, Origin},
    output::Output,
};
use crate::{
    limits::{self, number},
    progress::ProgressLine,
    sandbox, text,
};

/// What is to be done, everything checked that can be before.
pub(super) struct Plan {
    pub(super) batch: Batch<Session>,
    pub(super) jobs: Jobs,
    /// How many are to be run, where that is known.
    pub(super) total: Option<u64>,
    pub(super) output: Output,
    pub(super) is_quiet: bool,
    /// Where opening sandboxes tells how it comes on.
    pub(super) progress: Option<ProgressLine>,
}

impl Plan {
    pub(super) fn new(arguments: &BatchArguments) -> Result<Self, Error> {
        let language = arguments.language.as_ref().map_or(Ok(Language::Python), |name| text(name).parse())?;
        let limits = limits::read(&arguments.sandbox, arguments.output_limit.as_ref())?;
        let (builder, progress) = sandbox::builder(&arguments.sandbox, language, limits, arguments.quiet)?;
        let names_policy = arguments.sandbox.policy.is_some() || arguments.sandbox.policy_file.is_some();
        if names_policy && !arguments.sandbox.enforce {
            let reason = "a batch has no place for what it finds in jobs that are run all the same";
            return Err(Error::invalid("policy", reason)
                .with_remedy("give --enforce, or look at the code by llm-sandbox check"));
        }
        let mut batch = Batch::new(builder);
        if let Some(word) = &arguments.jobs {
            let remedy = "give a whole number from one up, such as 8";
            let jobs = number("jobs", word, remedy)?;
            if jobs == 0 {
                return Err(Error::invalid("jobs", "0 at once are none").with_remedy(remedy));
            }
            batch = batch.concurrency(jobs);
        }
        if let Some(word) = &arguments.retries {
            batch = batch.retries(number("retries", word, "give a whole number, such as 2")?);
        }
        let origin = Origin::of(&arguments.file);
        let jobs = origin.jobs()?;
        // A mistake far down is not to be found when half of it has run.
        let all = if origin.stays() { Some(ids(origin.jobs()?)?) } else { None };
        let output = match &arguments.output {
            Some(path) if is_same_file(path.as_ref(), arguments.file.as_ref()) => {
                return Err(Error::invalid("output", "it is the file of jobs").with_remedy("name another file"));
            }
            Some(path) => Output::file(path, arguments.resume)?,
            None => Output::standard()?,
        };
        let total = all.map(|ids| ids.iter().filter(|id| !output.done.contains(*id)).count() as u64);
        Ok(Self { batch, jobs, total, output, is_quiet: arguments.quiet, progress })
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(one).is_some_and(|one| identity(other) == Some(one))
}

/// Checks every job.
fn ids(jobs: Jobs) -> Result<Vec<String>, Error> {
    jobs.map(|job| job.map(|job| job.id)).collect()
}
