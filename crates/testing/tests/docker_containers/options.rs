//! Options of containers: what code sees of each, or what the engine's own client does where code cannot.

use std::{fs, os::unix::fs::PermissionsExt, sync::Arc};

use llm_sandbox_core::{ErrorKind, Guarantee, Language, Outcome, Session, Strength};
use llm_sandbox_docker::{ContainerOptions, Docker, Engine};
use serde_json::{Value, json};

use crate::{
    engine::{image, inspected, own},
    support::marker,
};

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

/// The value of a control group's file, whose version decides its name.
const GROUP: &str = "import os
def group(*names):
    for name in names:
        if os.path.exists('/sys/fs/cgroup/' + name): return open('/sys/fs/cgroup/' + name).read().strip()
";

#[tokio::test]
async fn limits_are_the_engines() {
    let given = [
        ("mem_limit", json!("96m")),
        ("cpu_quota", json!(25_000)),
        ("cpu_period", json!(50_000)),
        ("cpu_shares", json!(512)),
        ("cpuset_cpus", json!("0")),
        ("pids_limit", json!(40)),
        (
            "ulimits",
            json!([{"Name": "nofile", "Soft": 100, "Hard": 100}, {"Name": "nproc", "Soft": 5000, "Hard": 5001}]),
        ),
        ("shm_size", json!("8m")),
    ];
    let code = format!(
        "{GROUP}import resource
print(group('memory.max', 'memory/memory.limit_in_bytes'), group('pids.max', 'pids/pids.max'))
print(group('cpu.max') or group('cpu/cpu.cfs_quota_us') + ' ' + group('cpu/cpu.cfs_period_us'))
print(os.sched_getaffinity(0), [resource.getrlimit(limit) for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC)])
shm = os.statvfs('/dev/shm')
print(shm.f_blocks * shm.f_frsize)"
    );
    let seen = "100663296 40\n25000 50000\n{0} [(100, 100), (5000, 5001)]\n8388608";
    for engine in engines() {
        assert_eq!(printed(engine, &given, &code).await, seen, "{engine:?}");
    }
}

#[tokio::test]
async fn processors_are_counted_in_either_way() {
    let code = format!("{GROUP}print(group('cpu.max') or group('cpu/cpu.cfs_quota_us'))");
    for (name, value) in [("nano_cpus", json!(500_000_000)), ("cpu_count", json!(2))] {
        for engine in engines() {
            let quota = if name == "nano_cpus" { "50000" } else { "200000" };
            let seen = printed(engine, &[(name, value.clone())], &code).await;
            assert_eq!(seen.split(' ').next(), Some(quota), "{engine:?} {name}");
        }
    }
}

#[tokio::test]
async fn memory_by_option_is_a_limit_like_any_other() {
    for engine in engines() {
        let session = open(engine, &[("mem_limit", json!("64m"))]).await;
        let code = "held = bytearray(256 << 20)\nfor at in range(0, len(held), 4096): held[at] = 1";
        assert_eq!(session.run(code).await.expect("the sandbox lives").outcome, Outcome::OutOfMemory, "{engine:?}");
        session.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn no_limit_is_none_and_said_so() {
    let given = [("mem_limit", json!(-1)), ("pids_limit", json!(-1)), ("cpu_quota", json!(-1))];
    let code = format!(
        "{GROUP}memory = group('memory.max', 'memory/memory.limit_in_bytes')
print(memory == 'max' or int(memory) > 1 << 40, group('pids.max', 'pids/pids.max'))"
    );
    for engine in engines() {
        let session = open(engine, &given).await;
        let result = session.run(code.as_str()).await.expect("the sandbox lives");
        assert_eq!(result.stdout_text(), "True max\n", "{engine:?}: {}", result.stderr_text());
        for guarantee in [Guarantee::MemoryLimit, Guarantee::ProcessLimit, Guarantee::CpuLimit] {
            assert_eq!(session.capabilities().strength(guarantee), Strength::Absent, "{guarantee}");
        }
        session.close().await.expect("it closes");
    }
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
    let given = [("read_only", json!(true)), ("user", json!("1234:1235")), ("group_add", json!([44]))];
    let code = "import errno, os
try: open('/usr/here', 'w')
except OSError as error: print(errno.errorcode[error.errno], os.getuid(), os.getgid(), 44 in os.getgroups())
open('here', 'w').close()";
    for engine in engines() {
        assert_eq!(printed(engine, &given, code).await, "EROFS 1234 1235 True", "{engine:?}");
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
}

/// The environment of runs is the session's; [`ContainerOptions::apply_to`] is what passes it on.
#[tokio::test]
async fn variables_reach_code_by_way_of_the_session() {
    let given = [("environment", json!({"A": "1=2", "HOME": "/elsewhere"}))];
    let code = "import os; print(os.environ.get('A'), os.environ['HOME'])";
    for engine in engines() {
        assert_eq!(printed(engine, &given, code).await, "1=2 /elsewhere", "{engine:?}");
    }
    let bare = backend(Engine::Docker).options(options(&given));
    let session = Session::builder_on(Arc::new(bare), Language::Python).open().await.expect("it opens");
    let result = session.run(code).await.expect("the sandbox lives");
    assert_eq!(result.stdout_text(), "None /home/sandbox\n", "the container has them, runs have the session's");
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
