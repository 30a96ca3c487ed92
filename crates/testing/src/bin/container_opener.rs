//! A host process with an environment of its own: `container_opener IMAGE` opens a session on docker, closes it, and says
//! `opened`; or how opening failed.

#![expect(clippy::print_stdout, reason = "what it prints is how it talks to the test")]

use std::{error::Error, sync::Arc};

use llm_sandbox_core::{Language, Session};
use llm_sandbox_docker::{Docker, Engine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let image = std::env::args().nth(1).ok_or("IMAGE")?;
    let docker = Arc::new(Docker::new(Engine::Docker).image(image));
    match Session::builder_on(docker, Language::Python).open().await {
        Ok(session) => {
            session.close().await?;
            println!("opened");
        }
        Err(error) => println!("{}: {error:?}", error.kind().as_str()),
    }
    Ok(())
}
