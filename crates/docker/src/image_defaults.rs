use std::ffi::OsString;

use llm_sandbox_core::ImageDefaults;

use crate::Engine;

/// What Podman adds to every container's variables: code has neither a terminal nor a need to know what it is in.
const OF_PODMAN: [&str; 4] = ["container", "TERM", "HOSTNAME", "HOME"];

/// What programs of a container start with, by its variables `NAME=VALUE`, inside an environment of micromamba where one
/// is named.
pub(crate) fn image_defaults(
    engine: Engine,
    variables: Option<Vec<String>>,
    micromamba: Option<&str>,
) -> ImageDefaults {
    let is_engines = |name: &str| engine == Engine::Podman && OF_PODMAN.contains(&name);
    let pair = |variable: String| -> Option<(OsString, OsString)> {
        let (name, value) = variable.split_once('=').filter(|(name, _)| !name.is_empty() && !is_engines(name))?;
        Some((name.into(), value.into()))
    };
    let launcher = micromamba.into_iter().flat_map(|name| ["micromamba", "run", "-n", name]);
    ImageDefaults {
        name: None,
        environment: variables.into_iter().flatten().filter_map(pair).collect(),
        launcher: launcher.map(OsString::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_pairs() {
        let variables =
            ["PATH=/a:/b", "EMPTY=", "TWO=a=b", "=none", "none", "container=podman"].map(str::to_owned).to_vec();
        let found = image_defaults(Engine::Podman, Some(variables), Some("base"));
        let expected = [("PATH", "/a:/b"), ("EMPTY", ""), ("TWO", "a=b")];
        assert_eq!(found.environment, expected.map(|(name, value)| (name.into(), value.into())));
        assert_eq!(found.launcher, ["micromamba", "run", "-n", "base"]);
        assert_eq!(image_defaults(Engine::Docker, None, None), ImageDefaults::default());
    }
}
