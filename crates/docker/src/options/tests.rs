mod mapping;

use llm_sandbox_core::{Error, ErrorKind, Language, SandboxSpec, Session, SessionBuilder, nearest};
use serde_json::{Value, json};

use self::mapping::mapped;
use super::{ContainerOptions, refused::REFUSED, table::TABLE};
use crate::{
    Engine,
    container::{body, parameters},
};

fn with(name: &str, value: &Value) -> Result<ContainerOptions, Error> {
    let mut options = ContainerOptions::default();
    options.set(name, value)?;
    options.check(Engine::Docker)?;
    Ok(options)
}

fn asked(options: &ContainerOptions) -> Value {
    serde_json::to_value(body(Engine::Docker, &SandboxSpec::default(), "image", options)).unwrap()
}

fn refusal(name: &str, value: Value) -> String {
    let error = with(name, &value).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().starts_with(&format!("container option {name}: ")), "{error}");
    format!("{}; {}", error, error.hint().unwrap_or_default())
}

#[test]
fn null_takes_an_option_back() {
    for (name, value, ..) in mapped() {
        let mut options = with(name, &value).unwrap();
        options.set(name, &Value::Null).unwrap();
        assert_eq!(options, ContainerOptions::default(), "{name}");
    }
}

#[test]
fn options_beside_the_body() {
    assert_eq!(parameters(&ContainerOptions::default()), None);
    let options = with("platform", &json!("linux/amd64")).unwrap();
    assert_eq!(parameters(&options).unwrap().platform, "linux/amd64");

    let mut options = with("user", &json!(7)).unwrap();
    options.set("group_add", &json!([44, "video"])).unwrap();
    options.check(Engine::Docker).unwrap();
    assert_eq!(asked(&options).pointer("/HostConfig/GroupAdd").unwrap(), &json!(["44", "video"]));
}

#[test]
fn where_code_runs_is_the_sessions_to_say() {
    let options = with("working_dir", &json!("/work")).unwrap();
    let error = options.check_session(&SandboxSpec::default()).unwrap_err();
    assert_eq!(error.to_string(), "container option working_dir: the session works in /sandbox");
    let there = SandboxSpec { directory: "/work".into(), ..SandboxSpec::default() };
    options.check_session(&there).unwrap();
    let builder = options
        .apply_to(Session::builder_on(std::sync::Arc::new(crate::Docker::new(Engine::Docker)), Language::Python));
    assert!(format!("{builder:?}").contains("\"/work\""), "{builder:?}");
    let options = with("ulimits", &json!(["nofile=64", "fsize=100:200"])).unwrap();
    let error = options.check_session(&SandboxSpec::default()).unwrap_err();
    assert_eq!(error.to_string(), "container option ulimits: the session's own nofile is 1024");
    let builder = options.apply_to(SessionBuilder::<Session>::new(Language::Python));
    assert!(format!("{builder:?}").contains("file_size_bytes: Some(100), open_files: Some(64)"), "{builder:?}");
    assert!(refusal("working_dir", json!("work")).contains("\"work\" is not absolute"));
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let error = with("mem_limits", &json!(1)).unwrap_err();
    assert_eq!(error.to_string(), "container option: \"mem_limits\" is unknown");
    assert_eq!(error.hint(), Some("did you mean \"mem_limit\"?"));
    let error = with("colour", &json!(1)).unwrap_err();
    assert!(error.hint().unwrap().starts_with("there are: mem_limit, "), "{error:?}");
}

#[test]
fn what_no_sandbox_can_have_is_refused_with_the_reason() {
    for (name, reason, remedy) in REFUSED {
        assert_eq!(refusal(name, json!(true)), format!("container option {name}: {reason}; {remedy}"));
        assert!(TABLE.iter().all(|known| known.name != *name), "{name}");
    }
}

#[test]
fn values_that_cannot_be_read_are_refused_with_what_is_taken() {
    let size = "give a size in bytes, such as \"512m\" or 536870912";
    assert_eq!(refusal("mem_limit", json!("12x")), format!("container option mem_limit: \"x\" is no unit; {size}"));
    for wrong in
        [json!("much"), json!(true), json!([1]), json!(1.5), json!(""), json!("m"), json!("1bb"), json!("99e99")]
    {
        assert!(refusal("mem_limit", wrong.clone()).ends_with(size), "{wrong}");
    }
    assert_eq!(refusal("read_only", json!("yes")), "container option read_only: \"yes\" is none; give true or false");
    assert!(refusal("user", json!("root")).contains("own list of names; give numbers, such as 1000"));
    assert!(refusal("user", json!("1:2:3")).contains("give numbers"));
    assert!(refusal("dns", json!(["example.org"])).contains("\"example.org\" is no address"));
    assert!(refusal("ulimits", json!([{"Name": "nofile", "Soft": 1, "Hrad": 1}])).contains("unknown field `Hrad`"));
    assert!(refusal("ulimits", json!(["nofile"])).contains("\"nofile\" is none"));
    assert!(refusal("mounts", json!([{"Target": "/in", "Sauce": "/"}])).contains("unknown field `Sauce`"));
    assert!(refusal("mounts", json!([{"Target": "/in", "Type": "bind"}])).contains("has no source"));
    assert!(refusal("volumes", json!(["/only"])).contains("\"/only\" is none"));
    assert!(refusal("volumes", json!({"/h": {"bind": "/in", "mod": "ro"}})).contains("\"mod\" of /h is unknown"));
    assert!(refusal("volumes", json!({"/h": {"mode": "ro"}})).contains("\"bind\" of /h is missing"));
    assert!(refusal("environment", json!(["A"])).contains("\"A\" has no '=' in it"));
    assert!(refusal("environment", json!({"A=B": "c"})).contains("the name \"A=B\""));
    assert!(refusal("gpus", json!(0)).contains("0 is none"));
    for (name, ..) in mapped() {
        let error = with(name, &json!({"\0": [null]})).unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.starts_with("give ")), "{name}: {error:?}");
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut options = with("mem_limit", &json!(1 << 30)).unwrap();
    let before = options.clone();
    options.set("mem_limit", &json!("much")).unwrap_err();
    options.set("labels", &json!({"io.github.llm-sandbox.owner": "1"})).unwrap_err();
    assert_eq!(options, before);
}

#[test]
fn the_agents_own_place_is_kept() {
    for target in ["/", "//", "/.", "/x/..", "/.llm-sandbox", "/.llm-sandbox/agent", "/x/../.llm-sandbox/"] {
        for (name, value) in [
            ("tmpfs", json!([target])),
            ("volumes", json!([format!("/host:{target}")])),
            ("mounts", json!([{"Target": target}])),
        ] {
            assert!(refusal(name, value).contains("where the agent and its root lie"), "{name} {target}");
        }
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let both = |first: (&str, Value), second: (&str, Value)| {
        let mut options = ContainerOptions::default();
        options.set(first.0, &first.1).unwrap();
        options.set(second.0, &second.1).unwrap();
        options.check(Engine::Docker).unwrap_err().to_string()
    };
    assert!(both(("network", json!("a")), ("network_mode", json!("none"))).contains("network_mode names another"));
    assert!(both(("nano_cpus", json!(1)), ("cpu_quota", json!(1))).contains("cpu_quota says how many"));
    assert!(both(("cpu_count", json!(1)), ("cpu_period", json!(1))).contains("cpu_quota says how many"));
    assert!(refusal("group_add", json!([44])).contains("give user as well"));
    for needed in ["KILL", "cap_kill", "CAP_SETUID"] {
        assert!(refusal("cap_drop", json!([needed])).contains("give user as well"), "{needed}");
    }
    let mut options = with("user", &json!(7)).unwrap();
    options.set("cap_drop", &json!(["KILL"])).unwrap();
    options.check(Engine::Docker).unwrap();
}

#[test]
fn what_podman_would_drop_is_refused() {
    let dropped = [
        ("runtime", json!("runsc")),
        ("platform", json!("linux/amd64")),
        ("gpus", json!("all")),
        ("memswap_limit", json!(-1)),
        ("dns", json!("1.1.1.1")),
        ("mounts", json!([{"Target": "/in", "VolumeOptions": {"NoCopy": true}}])),
    ];
    for (name, value) in dropped {
        let error = with(name, &value).unwrap().check(Engine::Podman).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().starts_with(&format!("the container option {name} is not supported: ")), "{error}");
    }
    with("shm_size", &json!("1m")).unwrap().check(Engine::Podman).unwrap();
}

#[test]
fn limits_that_are_the_agents_own_are_refused() {
    assert!(refusal("ulimits", json!(["core=0"])).ends_with("core files are never written; leave core out"));
    assert!(refusal("ulimits", json!(["memlock=-1"])).ends_with("leave memlock out"));
}

#[test]
fn the_default_is_what_it_was() {
    let body = asked(&ContainerOptions::default());
    let host = &body["HostConfig"];
    assert_eq!((&host["NetworkMode"], &host["CapDrop"]), (&json!("none"), &json!(["ALL"])));
    assert_eq!((&host["SecurityOpt"], &host["PidsLimit"]), (&json!(["no-new-privileges"]), &json!(137)));
    assert_eq!((&host["Memory"], &host["MemorySwap"]), (&json!(512 << 20), &json!(512 << 20)));
    assert_eq!((&host["NanoCpus"], &host["Privileged"]), (&json!(1_000_000_000), &Value::Null));
}

#[test]
fn memory_makes_room_for_what_is_mounted() {
    let mut options = with("read_only", &json!(true)).unwrap();
    options.set("volumes", &json!(["/host:/tmp"])).unwrap();
    options.set("tmpfs", &json!({"/sandbox": "size=1m"})).unwrap();
    let memory = asked(&options).pointer("/HostConfig/Tmpfs").cloned().unwrap();
    assert_eq!((&memory["/tmp"], &memory["/sandbox"]), (&Value::Null, &json!("size=1m")));
    assert!(memory["/home/sandbox"].as_str().unwrap().contains("uid=1000"));
}

#[test]
fn misspelt_names_find_theirs() {
    let near = |name| nearest(name, ["mem_limit", "cap_add", "cap_drop", "dns"].into_iter());
    assert_eq!(near("memory_limit"), Some("mem_limit"));
    assert_eq!(near("capadd"), Some("cap_add"));
    assert_eq!(near("dsn"), None);
    assert_eq!(near("dn"), Some("dns"));
    assert_eq!(near("colour"), None);
    assert_eq!(near(&"x".repeat(1 << 20)), None);
}
