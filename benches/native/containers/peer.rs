use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::json;

use super::IMAGE;
use crate::{
    Trouble,
    told::{Told, python_of_peer},
};

/// The image that it is given: one whose program waits, and with Python by its short name.
const ITS_IMAGE: &str = "llm-sandbox-bench:peer";

/// The Python library of PyPI in a process of its own, as its users have it.
pub(super) fn start() -> Result<Told, Trouble> {
    let python = python_of_peer()?;
    make_image()?;
    let arguments =
        json!({"lang": "python", "image": ITS_IMAGE, "keep_template": true, "skip_environment_setup": true});
    Told::start("llm-sandbox of PyPI", &python, &arguments)
}

fn make_image() -> Result<(), Trouble> {
    let recipe = format!("FROM {IMAGE}\nRUN ln -sf /usr/bin/python3 /usr/bin/python\nCMD [\"python3\"]\n");
    let mut build = Command::new("docker")
        .args(["build", "-q", "-t", ITS_IMAGE, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    build.stdin.take().ok_or("it has no input")?.write_all(recipe.as_bytes())?;
    if build.wait()?.success() { Ok(()) } else { Err("no image could be built for llm-sandbox of PyPI".into()) }
}
