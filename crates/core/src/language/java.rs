use super::{LanguageSpec, Naming, Tool, spec::words};

pub(super) fn spec() -> LanguageSpec {
    let tool = |name: &str, variable: &str| Tool {
        name: name.into(),
        programs: words(&[name]),
        variable: Some(variable.into()),
        package: "default-jdk-headless".into(),
        ..Tool::default()
    };
    LanguageSpec {
        name: "java".into(),
        aliases: words(&["jdk"]),
        endings: words(&["java"]),
        source: "Main.java".into(),
        naming: Naming::PublicClass,
        tools: vec![tool("java", "LLM_SANDBOX_JAVA"), tool("javac", "LLM_SANDBOX_JAVAC")],
        // The compiler runs for a moment: a small heap, one collector thread and the quick compiler start sooner.
        compile: words(&[
            "{javac}",
            "-J-XX:MaxRAM={memory}",
            "-J-XX:+UseSerialGC",
            "-J-XX:TieredStopAtLevel=1",
            "-J-XX:-UsePerfData",
            "-encoding",
            "UTF-8",
            "-d",
            "{build}",
            "-cp",
            "{directory}:{env:CLASSPATH}",
            "{compiler-options}",
            "{sources}",
        ]),
        // What the machine sees of memory and processors is the host's, not the sandbox's.
        run: words(&[
            "{java}",
            "-XX:MaxRAM={memory}",
            "-XX:MaxRAMPercentage=60",
            "-XX:ActiveProcessorCount={cpus}",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            "{build}:{directory}:{env:CLASSPATH}",
            "{runtime-options}",
            "{class}",
        ]),
        image: Some("eclipse-temurin:21-jdk".into()),
        ..LanguageSpec::default()
    }
}
