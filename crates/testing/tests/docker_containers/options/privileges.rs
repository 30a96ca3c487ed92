use std::sync::Arc;

use llm_sandbox_core::{ErrorKind, Guarantee, Language, Session, Strength};
use llm_sandbox_docker::Engine;
use serde_json::json;

use super::{backend, engines, open, options, printed};
use crate::{
    engine::{inspected, own},
    support::marker,
};

#[tokio::test]
async fn code_has_no_privileges_whatever_the_container_has() {
    let code = "status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines())
print([status[name].strip('0') for name in ('CapEff', 'CapPrm', 'CapBnd')], status['NoNewPrivs'], status['Seccomp'])";
    let options = [
        ("cap_drop", json!(["ALL"])),
        ("cap_drop", json!(["NET_RAW", "MKNOD"])),
        ("cap_add", json!(["NET_BIND_SERVICE"])),
        ("security_opt", json!(["seccomp=unconfined"])),
        ("security_opt", json!(["no-new-privileges=false"])),
        ("pid_mode", json!("host")),
    ];
    for engine in engines() {
        for (name, value) in &options {
            let seen = printed(engine, &[(name, value.clone())], code).await;
            assert_eq!(seen, "['', '', ''] 1 2", "{engine:?} {name} {value}");
        }
    }
}

/// Engines that have few privileges themselves can give none.
#[tokio::test]
async fn a_privileged_container_gives_code_none() {
    let docker = backend(Engine::Docker).options(options(&[("privileged", json!(true))]));
    let session = match Session::builder_on(Arc::new(docker), Language::Python).open().await {
        Err(error) if error.to_string().contains("apply caps") => return println!("NOT RUN: {error}"),
        opened => opened.expect("it opens"),
    };
    let code = "print([line.split()[1].strip('0') for line in open('/proc/self/status') if line[:4] == 'CapE'])";
    assert_eq!(session.run(code).await.expect("the sandbox lives").stdout_text(), "['']\n");
    assert_eq!(session.capabilities().strength(Guarantee::Unprivileged), Strength::BestEffort);
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn the_engines_init_comes_first() {
    let code = "print('agent' in open('/proc/1/cmdline').read().split('\\0')[0])";
    assert_eq!(printed(Engine::Docker, &[("init", json!(true))], code).await, "False");
}

#[tokio::test]
async fn devices_and_settings_of_the_kernel_are_shown() {
    let given = [("devices", json!(["/dev/zero:/dev/nought:r"])), ("sysctls", json!({"net.ipv4.ip_default_ttl": 99}))];
    let code = "print(open('/dev/nought', 'rb').read(2), open('/proc/sys/net/ipv4/ip_default_ttl').read())";
    for engine in engines() {
        assert_eq!(printed(engine, &given, code).await, "b'\\x00\\x00' 99", "{engine:?}");
    }
}

#[tokio::test]
async fn what_code_cannot_see_the_engine_says() {
    let unique = marker();
    let given = [
        ("labels", json!({"llm-sandbox-test": unique})),
        ("platform", json!("linux/amd64")),
        ("security_opt", json!(["seccomp=unconfined"])),
        ("cap_drop", json!(["NET_RAW"])),
        ("ipc_mode", json!("private")),
        ("oom_score_adj", json!(500)),
    ];
    let session = open(Engine::Docker, &given).await;
    let found = inspected(&format!("llm-sandbox-test={unique}"));
    let host = &found["HostConfig"];
    assert_eq!(host["SecurityOpt"], json!(["no-new-privileges", "seccomp=unconfined"]));
    assert_eq!((&host["CapDrop"], &host["IpcMode"]), (&json!(["ALL", "NET_RAW"]), &json!("private")));
    assert_eq!((&host["OomScoreAdj"], &host["NetworkMode"]), (&json!(500), &json!("none")));
    assert_eq!(found["Platform"], "linux");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn what_an_engine_refuses_is_its_own_word() {
    for (name, value) in [("runtime", json!("llm-sandbox-none")), ("network", json!("llm-sandbox-none"))] {
        for engine in engines() {
            let docker = backend(engine).options(options(&[(name, value.clone())]));
            let error =
                Session::builder_on(Arc::new(docker), Language::Python).open().await.expect_err("there is none");
            if engine == Engine::Podman && name == "runtime" {
                // It would take another in silence.
                assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            } else {
                assert_eq!(error.kind(), ErrorKind::Backend, "{error}");
                assert!(error.to_string().contains("llm-sandbox-none"), "{engine:?}: {error}");
            }
        }
    }
    assert_eq!(own(), [""; 0], "nothing is left");
}
