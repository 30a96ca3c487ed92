use super::{LanguageSpec, Tool, spec::words};

pub(super) fn spec() -> LanguageSpec {
    LanguageSpec {
        name: "r".into(),
        aliases: words(&["rscript", "rlang"]),
        endings: words(&["r"]),
        source: "main.R".into(),
        tools: vec![Tool {
            name: "rscript".into(),
            programs: words(&["Rscript"]),
            variable: Some("LLM_SANDBOX_RSCRIPT".into()),
            package: "r-base-core".into(),
            question: words(&[
                "-e",
                "cat(file.path(R.home('bin'), 'Rscript'), R.home(), dirname(dirname(R.home())), sep = '\\n')",
            ]),
            // Debian keeps the configuration of R there.
            beside: vec!["/etc/R".into()],
        }],
        run: words(&["{rscript}", "{runtime-options}", "{source}"]),
        image: Some("r-base:4.5.0".into()),
        ..LanguageSpec::default()
    }
}
