//! A host process that is to be killed while its containers are at work: `container_victim IMAGE`. It says `ready`.

#![expect(clippy::print_stdout, reason = "what it prints is how it talks to the test")]

use std::{error::Error, sync::Arc};

use llm_sandbox_core::{Language, Session};
use llm_sandbox_docker::{Docker, Engine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let image = std::env::args().nth(1).ok_or("IMAGE")?;
    let mut alive = Vec::new();
    for _ in 0..2 {
        let docker = Arc::new(Docker::new(Engine::Docker).image(image.as_str()));
        let session = Session::builder_on(docker, Language::Python).no_timeout().open().await?;
        let mut run = session.start("import time\nprint('on')\ntime.sleep(1000)").await?;
        run.next_event().await.ok_or("the run ended")?;
        alive.push((session, run));
    }
    println!("ready");
    std::future::pending::<()>().await;
    Ok(())
}
