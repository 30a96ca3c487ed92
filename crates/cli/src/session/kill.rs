//! `llm-sandbox kill`: ends a session, or one of its runs.

use std::ffi::OsString;

use llm_sandbox::Error;

use super::attach;
use crate::{arguments::KillArguments, status::ExitStatus, text};

/// Ends it; when this returns nothing of it is left.
pub(crate) async fn kill(arguments: KillArguments) -> Result<ExitStatus, Error> {
    let number = arguments.run.as_ref().map(number).transpose()?;
    let session = attach(&arguments.session).await?;
    match number {
        Some(number) => session.stop(number).await.map_err(|error| error.with_remedy(LISTED))?,
        None => session.destroy_shared().await?,
    }
    Ok(ExitStatus::Code(0))
}

/// Where the numbers are found.
const LISTED: &str = "llm-sandbox ps SESSION lists the runs by their numbers";

fn number(word: &OsString) -> Result<u64, Error> {
    let word = text(word);
    word.parse().map_err(|_| Error::invalid("run", format!("{word:?} is no number")).with_remedy(LISTED))
}
