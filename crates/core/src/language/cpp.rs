use super::{
    LanguageSpec, Tool,
    spec::{variables, words},
};

pub(super) fn spec() -> LanguageSpec {
    LanguageSpec {
        name: "cpp".into(),
        aliases: words(&["c++", "cxx", "cplusplus"]),
        endings: words(&["cpp", "cc", "cxx", "c++"]),
        source: "main.cpp".into(),
        tools: vec![Tool {
            name: "g++".into(),
            programs: words(&["g++", "c++", "clang++"]),
            variable: Some("LLM_SANDBOX_CXX".into()),
            package: "g++".into(),
            ..Tool::default()
        }],
        // What is linked stands behind what needs it; the caller's options win over those before them.
        compile: words(&[
            "{g++}",
            "-std=c++20",
            "-O2",
            "-I{directory}",
            "-o",
            "{build}/program",
            "{sources}",
            "{compiler-options}",
        ]),
        run: words(&["{build}/program"]),
        // Who looks for leaks at the end stops the program as a debugger does, which no sandbox allows.
        environment: variables(&[("ASAN_OPTIONS", "detect_leaks=0")]),
        image: Some("gcc:14".into()),
        ..LanguageSpec::default()
    }
}
