//! A host process with an environment of its own: `container_opener image IMAGE` or `container_opener dockerfile PATH`
//! opens a session on docker as its variables say, closes it, and says `opened`; `container_opener run IMAGE` prints what
//! code in it says. Where that fails it says how.

#![expect(clippy::print_stdout, reason = "what it prints is how it talks to the test")]

use std::{process::ExitCode, sync::Arc};

use llm_sandbox_core::{Error, Language, Session};
use llm_sandbox_docker::{Docker, Engine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let docker = match words.as_slice() {
        ["image" | "run", image] => Docker::new(Engine::Docker).image(*image),
        ["dockerfile", path] => Docker::new(Engine::Docker).dockerfile(path),
        _ => return ExitCode::from(2),
    };
    match answer(docker, words.first() == Some(&"run")).await {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{}: {error}: {error:?}", error.kind().as_str());
            ExitCode::FAILURE
        }
    }
}

async fn answer(docker: Docker, runs: bool) -> Result<String, Error> {
    let session = Session::builder_on(Arc::new(docker), Language::Python).open().await?;
    let said = match runs {
        true => session.run("print(6 * 7)").await?.stdout_text().into_owned(),
        false => "opened\n".to_owned(),
    };
    session.close().await?;
    Ok(said)
}
