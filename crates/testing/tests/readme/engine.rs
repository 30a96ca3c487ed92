//! What commands that use an engine find there: an image `my-image`, a container `my-service`, a `Dockerfile` and a program
//! `analyse.py`.

use std::path::Path;
use std::process::Command;

const IMAGE: &str = "my-image";
const CONTAINER: &str = "my-service";

/// Whether the tests are to use it.
pub(crate) fn is_named(engine: &str) -> bool {
    let named = std::env::var("LLM_SANDBOX_TEST_BACKENDS").unwrap_or_default();
    named.split(',').any(|name| name == engine)
}

/// An engine that was prepared; what was made there goes with it.
pub(crate) struct Prepared(String);

impl Prepared {
    pub(crate) fn on(engine: &str, directory: &Path) -> Self {
        let prepared = Self(engine.to_owned());
        prepared.clear();
        prepared.client(&["tag", "llm-sandbox-test:base", IMAGE]);
        prepared.client(&["run", "--detach", "--name", CONTAINER, "--hostname", CONTAINER, IMAGE, "sleep", "1000"]);
        let files = [("Dockerfile", "FROM my-image\nENV FROM_IMAGE=yes\n"), ("analyse.py", "print('analysed')\n")];
        for (name, text) in files {
            std::fs::write(directory.join(name), text).expect("the directory is ours");
        }
        prepared
    }

    fn clear(&self) {
        self.client(&["rm", "--force", CONTAINER]);
        self.client(&["rmi", IMAGE]);
    }

    /// Where the client fails the commands do, too, and say why.
    fn client(&self, arguments: &[&str]) {
        Command::new(&self.0).args(arguments).output().ok();
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        self.clear();
    }
}
