use super::{
    LanguageSpec, Tool,
    spec::{variables, words},
};

pub(super) fn spec() -> LanguageSpec {
    LanguageSpec {
        name: "python".into(),
        aliases: words(&["py", "python3"]),
        endings: words(&["py"]),
        source: "main.py".into(),
        run: words(&["{python}", "{runtime-options}", "{source}"]),
        tools: vec![Tool {
            name: "python".into(),
            programs: words(&["python3", "python"]),
            variable: Some("LLM_SANDBOX_PYTHON".into()),
            package: "python3".into(),
            question: words(&[
                "-I",
                "-c",
                "import sys; print(sys.executable, sys.base_prefix, sys.prefix, sys.base_exec_prefix, sys.exec_prefix, sep='\\n')",
            ]),
            ..Tool::default()
        }],
        environment: variables(&[
            // Output is seen as it is printed, and is not lost when the program is killed.
            ("PYTHONUNBUFFERED", "1"),
            // The working directory stays as the program left it.
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ]),
        image: Some("python:3.13-slim".into()),
        ..LanguageSpec::default()
    }
}
