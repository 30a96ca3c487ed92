//! The backend, and what only backends with containers have.

use std::sync::Arc;

use llm_sandbox::{Backend, ContainerOptions, Docker, Engine, Error};
use serde_json::Value;

use crate::{arguments::SandboxArguments, progress::ProgressLine, text};

/// The backend that was named, with what was said of its containers.
pub(crate) fn backend(
    arguments: &SandboxArguments,
    options: &ContainerOptions,
    progress: Option<&ProgressLine>,
) -> Result<Option<Arc<dyn Backend>>, Error> {
    let name = arguments.backend.as_ref().map(text);
    let engine = match name.as_deref() {
        Some("podman") => Engine::Podman,
        Some("docker" | "micromamba") => Engine::Docker,
        other => return without_containers(arguments, other),
    };
    let mut docker = Docker::new(engine).options(options.clone()).keep_template(arguments.keep_template);
    match (name.as_deref(), &arguments.environment) {
        (Some("micromamba"), environment) => {
            docker = docker.micromamba(environment.as_ref().map_or("base".into(), text));
        }
        (_, Some(_)) => {
            let reason = format!("the backend {} has none", engine.name());
            let remedy = "name the one that has environments: --backend micromamba";
            return Err(Error::invalid("environment", reason).with_remedy(remedy));
        }
        _ => {}
    }
    if let Some(image) = &arguments.image {
        docker = docker.image(text(image));
    }
    if let Some(path) = &arguments.dockerfile {
        docker = docker.dockerfile(path);
    }
    if let Some(progress) = progress.cloned() {
        docker = docker.on_progress(move |image| progress.show(image));
    }
    if let Some(container) = &arguments.container {
        docker = docker.container(text(container));
    }
    Ok(Some(Arc::new(docker)))
}

/// A backend without containers, of which nothing may have been said.
fn without_containers(arguments: &SandboxArguments, name: Option<&str>) -> Result<Option<Arc<dyn Backend>>, Error> {
    let backend = match name {
        Some(name) => format!("the backend {name}"),
        None => "the native backend".to_owned(),
    };
    let refused = |what: &str, lacks: &str, has: &str| {
        let remedy = format!("name one that has {has}: --backend docker or --backend podman");
        Err(Error::invalid(what, format!("{backend} has {lacks}")).with_remedy(remedy))
    };
    let SandboxArguments { image, dockerfile, container, environment, container_options, .. } = arguments;
    if image.is_some() {
        return refused("image", "none", "images");
    }
    if dockerfile.is_some() {
        return refused("dockerfile", "none", "images");
    }
    if container.is_some() {
        return refused("container", "none", "containers");
    }
    if !container_options.is_empty() {
        return refused("container option", "no containers", "them");
    }
    if environment.is_some() {
        let remedy = "name the one that has environments: --backend micromamba";
        return Err(Error::invalid("environment", format!("{backend} has none")).with_remedy(remedy));
    }
    name.map(llm_sandbox::backend).transpose()
}

/// Reads every `NAME=VALUE`. What is not JSON is a text.
pub(crate) fn container_options(arguments: &SandboxArguments) -> Result<ContainerOptions, Error> {
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
