//! The contract of every backend, on containers of a real Podman engine that is an ordinary user's.
//!
//! `LLM_SANDBOX_TEST_IMAGE` names an image with Python and Node.js in it.

#![cfg(target_os = "linux")]

use std::sync::Arc;

use llm_sandbox_core::{Backend, ErrorKind, Guarantee, Isolation, Language, Session};
use llm_sandbox_docker::{Docker, Engine};

#[path = "support/mod.rs"]
mod support;

fn backend() -> Docker {
    let image =
        std::env::var("LLM_SANDBOX_TEST_IMAGE").unwrap_or_else(|_| "localhost/llm-sandbox-test:base".to_owned());
    Docker::new(Engine::Podman).address(support::ROOTLESS_PODMAN).image(image)
}

llm_sandbox_testing::contract_tests!(Arc::new(backend()));

/// Whether the engine holds a limit depends on the host; whoever names one that it does not hold is refused.
#[tokio::test]
async fn a_limit_is_held_or_refused() {
    let capabilities = backend().capabilities(Isolation::Full).await.expect("it answers");
    for limit in [Guarantee::MemoryLimit, Guarantee::ProcessLimit, Guarantee::CpuLimit] {
        let builder = Session::builder_on(Arc::new(backend()), Language::Python).require([limit]);
        match builder.open().await {
            Ok(session) => {
                assert!(capabilities.holds(limit), "{limit}");
                session.close().await.expect("it closes");
            }
            Err(error) => {
                assert!(!capabilities.holds(limit), "{limit}: {error}");
                assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
                assert!(error.hint().is_some(), "{error:?}");
            }
        }
    }
}

/// A promise is what the container's own group says, not what the engine says of itself.
#[tokio::test]
async fn what_is_promised_is_what_the_group_says() {
    let builder = Session::builder_on(Arc::new(backend()), Language::Python);
    let session = builder.memory_mib(64).accept_weaker([Guarantee::MemoryLimit]).open().await.expect("it opens");
    let code = "import glob
print([open(path).read().strip() for path in glob.glob('/sys/fs/cgroup/memory.max')
    + glob.glob('/sys/fs/cgroup/memory/memory.limit_in_bytes')])";
    let said = session.run(code).await.expect("the sandbox lives");
    let is_held = said.stdout_text() == format!("['{}']\n", 64 << 20);
    assert_eq!(session.capabilities().holds(Guarantee::MemoryLimit), is_held, "{}", said.stdout_text());
    session.close().await.expect("it closes");
}
