//! What an image has every program start with: its variables, and an environment of micromamba's.
//!
//! No registry in reach has micromamba, so a script stands in for it that does of `micromamba run` what its manual says.

use llm_sandbox_core::{ErrorKind, Run};
use llm_sandbox_docker::{Docker, Engine};

use crate::engine::{build, image, open_on};

#[tokio::test]
async fn an_images_variables_are_the_codes() {
    let image = build(
        "llm-sandbox-test:variables",
        &format!(
            "FROM {}\nENV PATH=/odd:/usr/bin GREETING='hello  you' LANG=C PYTHONUNBUFFERED=\n\
             RUN mkdir /odd && printf '#!/bin/sh\\necho found' > /odd/tool && chmod 755 /odd/tool\n",
            image()
        ),
    );
    let session = open_on(Docker::new(Engine::Docker).image(image)).await;
    let code = "import os, subprocess
print(subprocess.run(['tool'], capture_output=True, text=True).stdout.strip())
print([os.environ.get(name) for name in ('PATH', 'GREETING', 'LANG', 'HOME', 'PYTHONUNBUFFERED')])";
    let result = session.run(code).await.expect("the sandbox lives");
    let expected = "found\n['/odd:/usr/bin:/usr/local/bin:/bin', 'hello  you', 'C', '/home/sandbox', '1']\n";
    assert_eq!(result.stdout_text(), expected, "{}", result.stderr_text());
    let result = session.run(Run::code("import os; print(os.environ['GREETING'])").env("GREETING", "mine")).await;
    assert_eq!(result.expect("the sandbox lives").stdout_text(), "mine\n");
    session.close().await.expect("it closes");
}

/// As `micromamba run -n NAME PROGRAM...`.
const STAND_IN: &str = r#"#!/bin/sh
[ "$1" = run ] && [ "$2" = -n ] || exit 64
prefix=$MAMBA_ROOT_PREFIX
[ "$3" = base ] || prefix=$MAMBA_ROOT_PREFIX/envs/$3
[ -d "$prefix/bin" ] || { echo "critical libmamba The given prefix does not exist: $prefix" >&2; exit 1; }
name=$3
shift 3
CONDA_DEFAULT_ENV=$name CONDA_PREFIX=$prefix PATH=$prefix/bin:$PATH exec "$@"
"#;

fn image_with_micromamba() -> String {
    let script = STAND_IN.replace('\\', "\\\\").replace('\n', "\\n").replace('\'', "'\\''");
    let recipe = format!(
        "FROM {}\nENV MAMBA_ROOT_PREFIX=/opt/conda\n\
         RUN mkdir -p /opt/conda/bin /opt/conda/envs/other/bin && printf '%b' '{script}' > /usr/local/bin/micromamba\n\
         RUN chmod 755 /usr/local/bin/micromamba && ln -s /usr/bin/python3 /opt/conda/envs/other/bin/python3\n",
        image()
    );
    build("llm-sandbox-test:micromamba", &recipe)
}

#[tokio::test]
async fn everything_runs_inside_the_environment() {
    let docker = || Docker::new(Engine::Docker).micromamba("other").image(image_with_micromamba());
    let session = open_on(docker()).await;
    assert_eq!(session.backend(), "micromamba");
    let code = "import os, sys
print(os.environ['CONDA_DEFAULT_ENV'], os.environ['CONDA_PREFIX'], sys.argv[1:], input())
sys.exit(3)";
    let run = Run::code(code).args(["a b", "$c"]).stdin("typed");
    let result = session.run(run).await.expect("the sandbox lives");
    assert_eq!(result.stdout_text(), "other /opt/conda/envs/other ['a b', '$c'] typed\n", "{}", result.stderr_text());
    assert_eq!(result.exit_code(), Some(3));
    let result = session.run(Run::shell("command -v python3")).await.expect("the sandbox lives");
    assert_eq!(result.stdout_text(), "/opt/conda/envs/other/bin/python3\n");
    session.close().await.expect("it closes");

    let session = open_on(docker().micromamba("absent").image("llm-sandbox-test:micromamba")).await;
    let result = session.run("print(1)").await.expect("the sandbox lives");
    assert_eq!(result.exit_code(), Some(1));
    assert!(result.stderr_text().contains("/opt/conda/envs/absent"), "{}", result.stderr_text());
    session.close().await.expect("it closes");

    let session = open_on(Docker::new(Engine::Docker).micromamba("base").image(image())).await;
    let error = session.run("print(1)").await.expect_err("there is no micromamba");
    assert_eq!(error.kind(), ErrorKind::InterpreterMissing, "{error}");
    assert!(error.to_string().contains("micromamba"), "{error}");
    session.close().await.expect("it closes");
}
