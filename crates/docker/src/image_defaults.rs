use std::ffi::OsString;

use llm_sandbox_core::ImageDefaults;

/// What programs of a container start with, by its variables `NAME=VALUE`, inside an environment of micromamba where one
/// is named.
pub(crate) fn image_defaults(variables: Option<Vec<String>>, micromamba: Option<&str>) -> ImageDefaults {
    let pair = |variable: String| -> Option<(OsString, OsString)> {
        let (name, value) = variable.split_once('=').filter(|(name, _)| !name.is_empty())?;
        Some((name.into(), value.into()))
    };
    let launcher = micromamba.into_iter().flat_map(|name| ["micromamba", "run", "-n", name]);
    ImageDefaults {
        environment: variables.into_iter().flatten().filter_map(pair).collect(),
        launcher: launcher.map(OsString::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_pairs() {
        let variables = ["PATH=/a:/b", "EMPTY=", "TWO=a=b", "=none", "none"].map(str::to_owned).to_vec();
        let found = image_defaults(Some(variables), Some("base"));
        let expected = [("PATH", "/a:/b"), ("EMPTY", ""), ("TWO", "a=b")];
        assert_eq!(found.environment, expected.map(|(name, value)| (name.into(), value.into())));
        assert_eq!(found.launcher, ["micromamba", "run", "-n", "base"]);
        assert_eq!(image_defaults(None, None), ImageDefaults::default());
    }
}
