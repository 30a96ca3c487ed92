mod standard;

use super::{
    LanguageSpec, Layer, Project, Tool,
    spec::{variables, words},
};

pub(super) use standard::standard_library;

pub(super) fn spec() -> LanguageSpec {
    LanguageSpec {
        name: "go".into(),
        aliases: words(&["golang"]),
        endings: words(&["go"]),
        source: "main.go".into(),
        tools: vec![Tool {
            name: "go".into(),
            programs: words(&["go"]),
            variable: Some("LLM_SANDBOX_GO".into()),
            package: "golang-go".into(),
            ..Tool::default()
        }],
        // As `go build` would, but that what was linked is kept: releases from 1.24 on do so for `go run` alone.
        compile: words(&["{go}", "run", "-exec", "cp -T", "{compiler-options}", "{sources}", "{build}/program"]),
        run: words(&["{build}/program"]),
        project: Some(Project { file: "go.mod".into(), sources: words(&["{source-directory}"]) }),
        environment: variables(&[
            // What is compiled with a C compiler takes one, and is not in the layer.
            ("CGO_ENABLED", "0"),
            // Neither another release nor modules can be fetched.
            ("GOTOOLCHAIN", "local"),
            ("GOPROXY", "off"),
            ("GOFLAGS", "-mod=mod"),
            ("GOTELEMETRY", "off"),
            ("GOMAXPROCS", "{cpus}"),
            ("GOMEMLIMIT", "{heap}"),
        ]),
        image: Some("golang:1.24".into()),
        layer: Some(Layer::GoStandardLibrary),
        ..LanguageSpec::default()
    }
}
