use super::{LanguageSpec, Tool, spec::words};

pub(super) fn spec() -> LanguageSpec {
    LanguageSpec {
        name: "ruby".into(),
        aliases: words(&["rb"]),
        endings: words(&["rb"]),
        source: "main.rb".into(),
        tools: vec![Tool {
            name: "ruby".into(),
            programs: words(&["ruby"]),
            variable: Some("LLM_SANDBOX_RUBY".into()),
            package: "ruby".into(),
            question: words(&["-e", "puts RbConfig.ruby, RbConfig::CONFIG['prefix']"]),
            ..Tool::default()
        }],
        run: words(&["{ruby}", "{runtime-options}", "{source}"]),
        image: Some("ruby:3.4-slim".into()),
        ..LanguageSpec::default()
    }
}
