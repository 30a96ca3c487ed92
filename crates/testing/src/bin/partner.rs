//! Another process that shares a session with a test: `partner own PATH`, `partner use PATH MARKER`.
//!
//! The first opens a session and shares it at the path; it says the session's id and waits. The second attaches there and
//! starts two runs whose processes carry the marker, `MARKER-held` and `MARKER-detached`; it says the number of the
//! detached one and waits.

#![expect(clippy::print_stdout, reason = "what it prints is how it talks to the test")]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::sync::Arc;

    use llm_sandbox_core::{Language, Run, Session};
    use llm_sandbox_native::Native;

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["own", path] => {
            let session = Session::builder_on(Arc::new(Native::new()), Language::Python).open().await?;
            session.share(path).await?;
            println!("{}", session.id());
            std::future::pending::<()>().await;
        }
        ["use", path, marker] => {
            let session = Session::attach(path).await?;
            let sleeper = |kind: &str| {
                Run::shell("echo on; while sleep 1000; do :; done").arg(format!("{marker}-{kind}")).no_timeout()
            };
            let mut held = session.start(sleeper("held")).await?;
            let mut detached = session.start(sleeper("detached").detached()).await?;
            held.next_event().await.ok_or("the run ended")?;
            detached.next_event().await.ok_or("the run ended")?;
            println!("{}", detached.number());
            std::future::pending::<()>().await;
        }
        _ => return Err("partner own PATH, or partner use PATH MARKER".into()),
    }
    Ok(())
}
