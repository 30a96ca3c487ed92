//! Opens a session on Docker as its variables say, and prints what code in it says, or the error: `container_opener IMAGE`.

#![expect(clippy::print_stdout, reason = "what it prints is how it talks to the test")]

use std::{process::ExitCode, sync::Arc};

use llm_sandbox_core::{Error, Language, Session};
use llm_sandbox_docker::{Docker, Engine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let image = std::env::args().nth(1).unwrap_or_default();
    match answer(image).await {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn answer(image: String) -> Result<String, Error> {
    let docker = Arc::new(Docker::new(Engine::Docker).image(image));
    let session = Session::builder_on(docker, Language::Python).open().await?;
    let result = session.run("print(6 * 7)").await?;
    session.close().await?;
    Ok(result.stdout_text().into_owned())
}
