//! The backend, and what only backends with containers have.

use std::sync::Arc;

use llm_sandbox::{Backend, ContainerOptions, Docker, Engine, Error};
use serde_json::Value;

use crate::{arguments::RunArguments, text};

/// The backend that was named, with what was said of its containers.
pub(crate) fn backend(arguments: &RunArguments, options: &ContainerOptions) -> Result<Option<Arc<dyn Backend>>, Error> {
    let name = arguments.backend.as_ref().map(text);
    let engine = match name.as_deref() {
        Some("podman") => Engine::Podman,
        Some("docker") => Engine::Docker,
        other => return without_containers(arguments, other),
    };
    let mut docker = Docker::new(engine).options(options.clone());
    if let Some(image) = &arguments.image {
        docker = docker.image(text(image));
    }
    Ok(Some(Arc::new(docker)))
}

/// A backend without containers, of which nothing may have been said.
fn without_containers(arguments: &RunArguments, name: Option<&str>) -> Result<Option<Arc<dyn Backend>>, Error> {
    let backend = match name {
        Some(name) => format!("the backend {name}"),
        None => "the native backend".to_owned(),
    };
    let refused = |what: &str, lacks: &str, has: &str| {
        let remedy = format!("name one that has {has}: --backend docker or --backend podman");
        Err(Error::invalid(what, format!("{backend} has {lacks}")).with_remedy(remedy))
    };
    match (&arguments.image, arguments.container_options.is_empty()) {
        (Some(_), _) => refused("image", "none", "images"),
        (None, false) => refused("container option", "no containers", "them"),
        (None, true) => name.map(llm_sandbox::backend).transpose(),
    }
}

/// Reads every `NAME=VALUE`. What is not JSON is a text.
pub(crate) fn container_options(arguments: &RunArguments) -> Result<ContainerOptions, Error> {
    let mut options = ContainerOptions::default();
    for argument in &arguments.container_options {
        let argument = text(argument);
        let Some((name, value)) = argument.split_once('=') else {
            let what = format!("container option {argument:?}");
            return Err(Error::invalid(what, "it has no value").with_remedy("write NAME=VALUE, such as mem_limit=512m"));
        };
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        options.set(name, &value)?;
    }
    Ok(options)
}
