//! Languages that are not built in, described in TOML.

use std::sync::Arc;

use llm_sandbox_core::{Error, ErrorKind, LanguageSpec, Limits, Outcome, Run, Session};
use llm_sandbox_native::Native;

use crate::support::{WALL, open, run};

const C: &str = r#"
name = "c"
endings = ["c"]
source = "main.c"
compile = ["{cc}", "-o", "{build}/program", "{sources}", "{compiler-options}"]
run = ["{build}/program"]
environment = [["ROOM", "{memory}"]]
tools = [{ name = "cc", programs = ["gcc", "cc"], package = "gcc" }]
"#;

async fn opened(spec: &str) -> Session {
    let spec = LanguageSpec::from_toml(spec).expect("it is one");
    open(Session::builder_on(Arc::new(Native::new()), Arc::new(spec))).await
}

#[tokio::test]
async fn a_compiled_one_runs_as_those_that_are_built_in() {
    let session = opened(C).await;
    let main = "#include <stdio.h>\n#include <stdlib.h>\nint twice(int);\n\
                int main(void) { printf(\"%d %s\\n\", twice(21), getenv(\"ROOM\")); return 3; }";
    let result = run(&session, Run::code(main).file("twice.c", "int twice(int n) { return 2 * n; }")).await;
    assert_eq!(
        (result.stdout_text(), result.exit_code()),
        (format!("42 {}\n", Limits::default().memory_bytes).into(), Some(3)),
        "{}",
        result.stderr_text()
    );
    assert!(result.durations.compile.is_some());
    let wrong = run(&session, "int main(void) { return x; }").await;
    assert_eq!(wrong.outcome, Outcome::CompileFailed);
    assert!(wrong.stderr_text().contains("main.c:1:25"), "{}", wrong.stderr_text());
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_tool_that_the_host_has_not_is_named_with_its_package() {
    let spec = C.replace("[\"gcc\", \"cc\"]", "[\"no-such-compiler\"]");
    let spec = LanguageSpec::from_toml(&spec).expect("it is one");
    let builder = Session::builder_on(Arc::new(Native::new()), Arc::new(spec));
    let error = builder.open().await.expect_err("nobody has it");
    assert_eq!(error.kind(), ErrorKind::InterpreterMissing, "{error}");
    assert!(error.to_string().contains("no-such-compiler"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("apt install gcc")), "{error:?}");
}

#[test]
fn what_describes_none_is_refused_where_it_is_wrong() {
    let refused = |text: &str| -> Error { LanguageSpec::from_toml(text).expect_err("it describes none") };
    let error = refused(&C.replace("endings", "ending"));
    assert!(error.to_string().contains("line 3") && error.to_string().contains("ending"), "{error}");
    let error = refused(&C.replace("{sources}", "{source-file}"));
    assert!(error.to_string().contains("{source-file}"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("source")), "{error:?}");
    let error = refused(&C.replace("run = [\"{build}/program\"]", ""));
    assert!(error.to_string().contains("run"), "{error}");
    let error = refused(&C.replace("main.c", "/etc/main.c"));
    assert!(error.to_string().contains("source"), "{error}");
}

#[tokio::test]
async fn a_compiler_has_the_runs_deadline_and_is_killed_with_it() {
    let spec = r#"
name = "slow"
source = "main.slow"
compile = ["{sleep}", "600"]
run = ["{build}/program"]
tools = [{ name = "sleep", programs = ["sleep"], package = "coreutils" }]
"#;
    let session = opened(spec).await;
    let timed = run(&session, Run::code("x").timeout_seconds(0.3)).await;
    assert_eq!(timed.outcome, WALL);
    let begun = session.start("x").await.expect("it starts");
    begun.kill().await;
    assert_eq!(begun.wait().await.expect("the sandbox lives").outcome, Outcome::Killed);
    assert_eq!(run(&session, Run::command("/bin/echo").arg("on")).await.stdout_text(), "on\n");
    session.close().await.expect("it closes");
}
