use super::{
    LanguageSpec, Tool,
    spec::{variables, words},
};

pub(super) fn spec() -> LanguageSpec {
    LanguageSpec {
        name: "javascript".into(),
        aliases: words(&["js", "node", "nodejs"]),
        endings: words(&["js", "cjs", "mjs"]),
        source: "main.js".into(),
        run: words(&["{node}", "{runtime-options}", "{source}"]),
        tools: vec![Tool {
            name: "node".into(),
            programs: words(&["node", "nodejs"]),
            variable: Some("LLM_SANDBOX_NODE".into()),
            package: "nodejs".into(),
            // The prefix is where `bin` stands in, unless the program lies elsewhere.
            question: words(&[
                "-p",
                "const p = require('path'), b = p.dirname(process.execPath); \
                 process.execPath + '\\n' + (p.basename(b) === 'bin' ? p.dirname(b) : process.execPath)",
            ]),
            ..Tool::default()
        }],
        environment: variables(&[("NO_UPDATE_NOTIFIER", "1")]),
        image: Some("node:22-slim".into()),
        ..LanguageSpec::default()
    }
}
