use bollard::{
    Docker as Client,
    models::{ContainerConfig, ImageConfig},
    query_parameters::CommitContainerOptionsBuilder,
};
use llm_sandbox_core::Error;

use crate::{
    Engine, owner,
    trouble::{failed, is_missing},
};

/// Whose program a container's first process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstProcess {
    /// The agent: the new image is told the old one's program instead.
    Agent,
    /// Its own.
    Own,
}

/// Keeps what a container's files are now as a new image, and returns its id.
pub(crate) async fn commit(
    engine: Engine,
    client: &Client,
    (container, first): (&str, FirstProcess),
    name: &str,
) -> Result<String, Error> {
    let at = |step: &'static str| move |error| failed(engine, step, &error);
    let (repository, tag) = split(name)?;
    match client.inspect_image(&format!("{repository}:{tag}")).await {
        Ok(_) => {
            let remedy = "choose a name that no image has, or remove that image first";
            return Err(Error::invalid("image", format!("there is one called {name:?} already")).with_remedy(remedy));
        }
        Err(error) if is_missing(&error) => {}
        Err(error) => return Err(at("look for the image")(error)),
    }
    let mut options =
        CommitContainerOptionsBuilder::default().container(container).repo(repository).tag(tag).pause(true);
    let changes;
    let mut config = ContainerConfig::default();
    if first == FirstProcess::Agent {
        let found = client.inspect_container(container, None).await.map_err(at("look at the container"))?;
        let image = client.inspect_image(&found.image.unwrap_or_default()).await.map_err(at("look at its image"))?;
        let image = image.config.unwrap_or_default();
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        changes = undo(engine, &image, labels.keys().map(String::as_str).filter(|name| owner::is_ours(name)));
        options = options.changes(&changes);
        config.entrypoint = Some(image.entrypoint.unwrap_or_default());
    }
    let committed = client.commit_container(options.build(), config).await;
    Ok(committed.map_err(at("commit the container"))?.id)
}

/// Repository and tag of an image's name. The engine checks the rest.
fn split(name: &str) -> Result<(&str, &str), Error> {
    let invalid = |reason: &str| {
        Err(Error::invalid("image", format!("{name:?} {reason}")).with_remedy("write NAME:TAG, such as checkpoint:1"))
    };
    // A colon before a slash belongs to a registry's port.
    let (repository, tag) = match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (name, "latest"),
    };
    if name.contains('@') {
        return invalid("names what it holds");
    }
    if repository.is_empty() || tag.is_empty() || name.contains(|byte: char| !byte.is_ascii_graphic()) {
        return invalid("is no name of an image");
    }
    Ok((repository, tag))
}

/// What makes a container of the new image start as one of the old image would, as lines of a Dockerfile.
fn undo<'a>(engine: Engine, image: &ImageConfig, labels: impl Iterator<Item = &'a str>) -> String {
    let list = |words: &Option<Vec<String>>| serde_json::json!(words.as_deref().unwrap_or_default()).to_string();
    let word = |word: &Option<String>, default: &str| match word.as_deref() {
        None | Some("") => default.to_owned(),
        // A dollar would stand for a variable, and a line's end for that of the instruction.
        Some(word) => word.replace('\\', "\\\\").replace('$', "\\$").replace(['\n', '\r'], " "),
    };
    // Docker takes none in a line for «as before», and for what it is beside the lines; Podman the other way round.
    let has_entrypoint = engine == Engine::Podman || image.entrypoint.as_ref().is_some_and(|words| !words.is_empty());
    let mut lines = Vec::new();
    lines.extend(has_entrypoint.then(|| format!("ENTRYPOINT {}", list(&image.entrypoint))));
    lines.extend([
        format!("CMD {}", list(&image.cmd)),
        format!("USER {}", word(&image.user, "root")),
        format!("WORKDIR {}", word(&image.working_dir, "/")),
    ]);
    // Containers of the new image are not this process's.
    lines.extend(labels.map(|name| format!("LABEL {name}=\"\"")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split() {
        assert_eq!(split("a").ok(), Some(("a", "latest")));
        assert_eq!(split("a:b").ok(), Some(("a", "b")));
        assert_eq!(split("host:5000/a").ok(), Some(("host:5000/a", "latest")));
        assert_eq!(split("host:5000/a:b").ok(), Some(("host:5000/a", "b")));
        for broken in ["", ":b", "a:", "a b", "a@sha256:1", "a\n"] {
            assert!(split(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn an_images_own_program_is_restored() {
        let image = ImageConfig {
            cmd: Some(vec!["sh".to_owned(), "-c\n".to_owned()]),
            working_dir: Some("/a$b".to_owned()),
            ..ImageConfig::default()
        };
        let labels = ["a.b", "a.c/d"];
        let lines = undo(Engine::Docker, &image, labels.into_iter());
        assert!(lines.starts_with("CMD [\"sh\",\"-c\\n\"]\nUSER root\nWORKDIR /a\\$b\nLABEL "), "{lines}");
        assert_eq!(lines.lines().count(), 3 + 2);
        assert!(undo(Engine::Podman, &image, labels.into_iter()).starts_with("ENTRYPOINT []\n"));
    }
}
