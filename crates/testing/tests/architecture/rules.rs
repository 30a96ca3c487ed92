//! The rules as data.

/// What one crate uses of the others.
pub(crate) struct Arrow {
    pub(crate) from: &'static str,
    /// What it must use.
    pub(crate) to: &'static [&'static str],
    /// What it may use besides: further along its own arrows.
    pub(crate) may: &'static [&'static str],
}

/// All arrows: python → cli, python → facade, cli → corpus → core, cli → facade → native, docker → core → protocol, native and docker → agent-bytes, agent → protocol.
///
/// Any crate may use `llm-sandbox-testing` in its tests, none otherwise.
pub(crate) const ARROWS: [Arrow; 12] = [
    Arrow { from: "llm-sandbox-python", to: &["llm-sandbox", "llm-sandbox-cli"], may: &[] },
    Arrow { from: "llm-sandbox-cli", to: &["llm-sandbox", "llm-sandbox-corpus"], may: &[] },
    Arrow { from: "llm-sandbox-corpus", to: &["llm-sandbox-core"], may: &["llm-sandbox-native"] },
    Arrow { from: "llm-sandbox", to: &["llm-sandbox-core", "llm-sandbox-native", "llm-sandbox-docker"], may: &[] },
    Arrow {
        from: "llm-sandbox-native",
        to: &["llm-sandbox-core", "llm-sandbox-agent-bytes"],
        may: &["llm-sandbox-protocol"],
    },
    Arrow { from: "llm-sandbox-docker", to: &["llm-sandbox-core", "llm-sandbox-agent-bytes"], may: &[] },
    Arrow { from: "llm-sandbox-core", to: &["llm-sandbox-protocol", "llm-sandbox-policy"], may: &[] },
    Arrow { from: "llm-sandbox-agent", to: &["llm-sandbox-protocol"], may: &[] },
    Arrow { from: "llm-sandbox-agent-bytes", to: &[], may: &[] },
    Arrow { from: "llm-sandbox-policy", to: &[], may: &[] },
    Arrow { from: "llm-sandbox-protocol", to: &[], may: &[] },
    Arrow {
        from: "llm-sandbox-testing",
        to: &["llm-sandbox-core"],
        may: &["llm-sandbox", "llm-sandbox-corpus", "llm-sandbox-docker", "llm-sandbox-native", "llm-sandbox-protocol"],
    },
];

/// The one place for `unsafe`: thin wrappers of system calls that no crate wraps.
pub(crate) const UNSAFE_FENCE: &str = "crates/agent/src/sys/";

/// Words that belong to one engine.
pub(crate) const ENGINES: [&str; 9] =
    ["native", "docker", "dockerd", "podman", "kubernetes", "kubectl", "kube", "containerd", "micromamba"];

/// Programs that would take a string apart.
pub(crate) const SHELLS: [&str; 4] = ["sh", "bash", "dash", "busybox"];

/// Where a shell may be named.
pub(crate) const SHELL_FILES: [&str; 3] = [
    // `Command::shell`, whose whole string is the caller's own.
    "crates/core/src/command.rs",
    // The shells that `llm-sandbox shell` starts for somebody at a terminal; nothing is passed to them.
    "crates/cli/src/session/shell.rs",
    // The agent's way into a container that is there: a constant text, to which all values are arguments.
    "crates/docker/src/guest/enter.rs",
];

/// A crate that starts no process: a shell's name in it is a word of the code that it reads.
pub(crate) const STARTS_NOTHING: &str = "crates/policy/";

/// Lines a file may have.
pub(crate) const LONGEST: usize = 500;

/// Files that may have more, each with its reason.
pub(crate) const LONG_FILES: [&str; 0] = [];
