//! A host process with an environment of its own: `container_opener image IMAGE` or `container_opener
//! dockerfile PATH` opens a session on docker, closes it, and says `opened`; or how opening failed.

#![expect(clippy::print_stdout, reason = "what it prints is how it talks to the test")]

use std::{error::Error, sync::Arc};

use llm_sandbox_core::{Language, Session};
use llm_sandbox_docker::{Docker, Engine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let docker = match words.as_slice() {
        ["image", image] => Docker::new(Engine::Docker).image(*image),
        ["dockerfile", path] => Docker::new(Engine::Docker).dockerfile(path),
        _ => return Err("image IMAGE, or dockerfile PATH".into()),
    };
    match Session::builder_on(Arc::new(docker), Language::Python).open().await {
        Ok(session) => {
            session.close().await?;
            println!("opened");
        }
        Err(error) => println!("{}: {error:?}", error.kind().as_str()),
    }
    Ok(())
}
