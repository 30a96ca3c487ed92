//! The parts of an image's name.

/// The registry that names without one are looked for in.
pub(super) const DEFAULT_REGISTRY: &str = "docker.io";

/// The registry's host, with its port where it has one, and the repository within it.
pub(super) fn split(image: &str) -> (&str, &str) {
    let repository = without_version(image);
    match repository.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (host, rest),
        _ => (DEFAULT_REGISTRY, repository),
    }
}

/// The name with a tag: an engine would pull every tag of one without.
pub(super) fn with_tag(image: &str) -> String {
    if without_version(image).len() < image.len() { image.to_owned() } else { format!("{image}:latest") }
}

/// The name without tag and digest.
fn without_version(image: &str) -> &str {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    match name.rsplit_once(':') {
        // A colon before the last slash is that of a port.
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_told_from_a_namespace() {
        for (image, parts) in [
            ("python", ("docker.io", "python")),
            ("python:3.13", ("docker.io", "python")),
            ("somebody/python", ("docker.io", "somebody/python")),
            ("docker.io/library/python:3", ("docker.io", "library/python")),
            ("localhost/a/b", ("localhost", "a/b")),
            ("localhost:5000/a", ("localhost:5000", "a")),
            ("registry.invalid/a/b:c", ("registry.invalid", "a/b")),
            ("127.0.0.1:5000/a@sha256:00", ("127.0.0.1:5000", "a")),
        ] {
            assert_eq!(split(image), parts, "{image}");
        }
    }

    #[test]
    fn only_what_has_no_version_gets_a_tag() {
        assert_eq!(with_tag("localhost:5000/a"), "localhost:5000/a:latest");
        for image in ["a:b", "localhost:5000/a:b", "a@sha256:00"] {
            assert_eq!(with_tag(image), image);
        }
    }
}
