//! `llm-sandbox kill`: ends a session, or one of its runs.

use llm_sandbox::Error;

use super::{LISTED, attach, run_number};
use crate::{arguments::KillArguments, status::ExitStatus};

/// Ends it; when this returns nothing of it is left.
pub(crate) async fn kill(arguments: KillArguments) -> Result<ExitStatus, Error> {
    let number = arguments.run.as_ref().map(run_number).transpose()?;
    let session = attach(&arguments.session).await?;
    match number {
        Some(number) => session.stop(number).await.map_err(|error| error.with_remedy(LISTED))?,
        None => session.destroy_shared().await?,
    }
    Ok(ExitStatus::Code(0))
}
