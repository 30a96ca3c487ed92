//! Options of containers: what code sees of each, or what the engine's own client does where code cannot.

mod limits;
mod privileges;

use std::{fs, os::unix::fs::PermissionsExt, sync::Arc};

use llm_sandbox_core::{ErrorKind, Guarantee, Language, Session, Strength};
use llm_sandbox_docker::{ContainerOptions, Docker, Engine};
use serde_json::{Value, json};

use crate::{engine::image, support::marker};

fn options(given: &[(&str, Value)]) -> ContainerOptions {
    let mut options = ContainerOptions::default();
    for (name, value) in given {
        options.set(name, value).expect("it can be read");
    }
    options
}

fn backend(engine: Engine) -> Docker {
    let image = match engine {
        Engine::Docker => image(),
        Engine::Podman => format!("localhost/{}", image()),
    };
    Docker::new(engine).image(image)
}

async fn open(engine: Engine, given: &[(&str, Value)]) -> Session {
    let options = options(given);
    let builder = Session::builder_on(Arc::new(backend(engine).options(options.clone())), Language::Python);
    options.apply_to(builder).open().await.expect("it opens")
}

/// What code prints in a sandbox with these options.
async fn printed(engine: Engine, given: &[(&str, Value)], code: &str) -> String {
    let session = open(engine, given).await;
    let result = session.run(code).await.expect("the sandbox lives");
    assert!(result.is_success(), "{given:?}: {:?} {}", result.outcome, result.stderr_text());
    session.close().await.expect("it closes");
    result.stdout_text().trim_end().to_owned()
}

/// The engines that answer here: Podman's suite is asked for by a feature of its own.
fn engines() -> impl Iterator<Item = Engine> {
    [Engine::Docker].into_iter().chain(cfg!(feature = "podman").then_some(Engine::Podman))
}

#[tokio::test]
async fn directories_of_the_host_are_mounted() {
    let host = std::env::temp_dir().join(marker());
    fs::create_dir(&host).expect("a fresh directory");
    fs::set_permissions(&host, fs::Permissions::from_mode(0o777)).expect("it is ours");
    fs::write(host.join("in"), "seen").expect("a file");
    let path = host.display().to_string();
    let binds = json!({&path: {"bind": "/ro", "mode": "ro"}});
    let mount = json!([{"Type": "bind", "Source": path, "Target": "/mounted", "ReadOnly": true}]);
    let code = "import errno, os
print(open('/ro/in').read(), open('/mounted/in').read())
for place in ('/ro/out', '/mounted/out'):
    try: open(place, 'w')
    except OSError as error: print(errno.errorcode[error.errno])
space = os.statvfs('/memory')
print(space.f_blocks * space.f_frsize); open('/memory/file', 'w').close()";
    let given = [("volumes", binds), ("mounts", mount), ("tmpfs", json!({"/memory": "size=4m"}))];
    for engine in engines() {
        assert_eq!(printed(engine, &given, code).await, "seen seen\nEROFS\nEROFS\n4194304", "{engine:?}");
        let given = [("volumes", json!([format!("{}:/rw", host.display())]))];
        printed(engine, &given, "open('/rw/out', 'w').write('left')").await;
        assert_eq!(fs::read_to_string(host.join("out")).expect("it was written"), "left");
        fs::remove_file(host.join("out")).expect("it is ours");
    }
    fs::remove_dir_all(host).expect("it is ours");
}

#[tokio::test]
async fn a_root_that_is_read_only_and_a_user_of_its_own() {
    let read_only = ("read_only", json!(true));
    let given = [read_only.clone(), ("user", json!("1234:1235")), ("group_add", json!([44]))];
    let code = "import errno, os
try: open('/usr/here', 'w')
except OSError as error: print(errno.errorcode[error.errno], os.getuid(), os.getgid(), 44 in os.getgroups())
open('here', 'w').close()";
    for engine in engines() {
        assert_eq!(printed(engine, &given, code).await, "EROFS 1234 1235 True", "{engine:?}");
        let alone = std::slice::from_ref(&read_only);
        assert_eq!(printed(engine, alone, code).await, "EROFS 1000 1000 False", "{engine:?}");
    }
}

#[tokio::test]
async fn networks_names_and_resolvers() {
    let given = [
        ("network_mode", json!("bridge")),
        ("extra_hosts", json!({"far.example": "192.0.2.7"})),
        ("dns", json!(["192.0.2.53"])),
        ("dns_search", json!(["inner.example"])),
        ("hostname", json!("box")),
    ];
    let code = "import os, socket
interfaces = set(os.listdir('/sys/class/net')) - {'lo'}
print(len(interfaces), socket.gethostname(), socket.gethostbyname('far.example'))
lines = open('/etc/resolv.conf').read().split()
print('192.0.2.53' in lines, 'inner.example' in lines)";
    for engine in engines() {
        let session = open(engine, &given).await;
        let result = session.run(code).await.expect("the sandbox lives");
        assert_eq!(result.stdout_text(), "1 box 192.0.2.7\nTrue True\n", "{engine:?}: {}", result.stderr_text());
        let network = session.capabilities().get(Guarantee::NetworkNone).expect("it is told of");
        assert_eq!(network.strength, Strength::Absent);
        assert!(network.form.contains("network_mode"), "{network:?}");
        session.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn hosts_are_named_without_a_network_too() {
    let code = "import os, socket; print(os.listdir('/sys/class/net'), socket.gethostbyname('far.example'))";
    for engine in engines() {
        let given = [("extra_hosts", json!(["far.example:192.0.2.7"]))];
        assert_eq!(printed(engine, &given, code).await, "['lo'] 192.0.2.7", "{engine:?}");
    }
    let code = "print('192.0.2.53' in open('/etc/resolv.conf').read())";
    assert_eq!(printed(Engine::Docker, &[("dns", json!("192.0.2.53"))], code).await, "True");
}

/// Variables of the container are the code's, but for those that are the session's own unless it is told of them, which
/// [`ContainerOptions::apply_to`] does.
#[tokio::test]
async fn variables_reach_code() {
    let given = [("environment", json!({"A": "1=2", "HOME": "/elsewhere"}))];
    let code = "import os; print(os.environ.get('A'), os.environ['HOME'])";
    for engine in engines() {
        assert_eq!(printed(engine, &given, code).await, "1=2 /elsewhere", "{engine:?}");
    }
    let bare = backend(Engine::Docker).options(options(&given));
    let session = Session::builder_on(Arc::new(bare), Language::Python).open().await.expect("it opens");
    let result = session.run(code).await.expect("the sandbox lives");
    assert_eq!(result.stdout_text(), "1=2 /home/sandbox\n");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn code_runs_where_it_is_told_to() {
    let given = [("working_dir", json!("/work"))];
    for engine in engines() {
        let seen = printed(engine, &given, "import os; open('here', 'w').close(); print(os.getcwd())").await;
        assert_eq!(seen, "/work", "{engine:?}");
    }
    let elsewhere = backend(Engine::Docker).options(options(&given));
    let error = Session::builder_on(Arc::new(elsewhere), Language::Python).open().await.expect_err("it differs");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("working_dir"), "{error}");
}
