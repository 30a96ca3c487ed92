//! What a sandbox is made of, on the command line; each of these is a setting of the config file, too.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

/// All that the environment and the config file can set, wherever a command has it.
pub(crate) struct Settable<'a> {
    pub(crate) sandbox: &'a mut SandboxArguments,
    pub(crate) language: &'a mut Option<OsString>,
    pub(crate) output: &'a mut Option<OsString>,
    /// What is copied into the sandbox first, where the command does that.
    pub(crate) files: Option<&'a mut Vec<OsString>>,
}

/// What a sandbox is to be, for every command that opens one.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SandboxArguments {
    /// Settings of this name in the config file, over its defaults.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<OsString>,
    /// Wall-clock time, in seconds, or none [default: 60].
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) timeout: Option<OsString>,
    /// CPU time of all its processes, in seconds.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) cpu_time: Option<OsString>,
    /// Memory, files aside [default: 512m].
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) memory: Option<OsString>,
    /// Processors, such as 0.5 or 2 [default: 1].
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) cpus: Option<OsString>,
    /// Processes and threads [default: 128].
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) pids: Option<OsString>,
    /// All written files together [default: 256m].
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) disk: Option<OsString>,
    /// Set an environment variable; can be repeated.
    #[arg(short, long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) env: Vec<OsString>,
    /// Show a host path inside, read-only unless :rw follows; can be repeated.
    #[arg(long, value_name = "SRC:DST[:rw]")]
    pub(crate) mount: Vec<OsString>,
    /// Working directory inside [default: /sandbox].
    #[arg(short, long, value_name = "DIR")]
    pub(crate) workdir: Option<PathBuf>,
    /// Interpreter of the host to run the code by.
    #[arg(long, value_name = "PATH")]
    pub(crate) interpreter: Option<PathBuf>,
    /// Give this to the compiler, such as -std=c++17 or -tags=fast; can be repeated.
    #[arg(long = "compiler-option", value_name = "OPTION", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) compiler_options: Vec<OsString>,
    /// Give this to what runs the program, before its file, such as -Xss4m or -O; can be repeated.
    #[arg(long = "runtime-option", value_name = "OPTION", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) runtime_options: Vec<OsString>,
    /// What makes the sandbox: native, docker, podman or micromamba [default: native].
    #[arg(short, long, value_name = "BACKEND")]
    pub(crate) backend: Option<OsString>,
    /// Image of the container, for docker and podman [default: one of the language].
    #[arg(long, value_name = "IMAGE")]
    pub(crate) image: Option<OsString>,
    /// Container that is there already, for docker and podman; it is left as it was.
    #[arg(long, value_name = "CONTAINER", conflicts_with_all = ["image", "dockerfile"])]
    pub(crate) container: Option<OsString>,
    /// Environment that everything runs inside, for micromamba [default: base].
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(crate) environment: Option<OsString>,
    /// Set an option of the container, for docker and podman; can be repeated.
    ///
    /// Names and values are those of the Docker SDK for Python, such as shm_size=64m, 'dns=["1.1.1.1"]' or 'volumes={"/host": {"bind": "/in", "mode": "ro"}}'.
    #[arg(long = "container-option", value_name = "NAME=VALUE")]
    pub(crate) container_options: Vec<OsString>,
    /// Build the image of this file, its directory being the context; the steps run outside the sandbox.
    #[arg(long, value_name = "PATH", conflicts_with = "image")]
    pub(crate) dockerfile: Option<PathBuf>,
    /// Keep the image that was built, for the next run of the same content.
    #[arg(long, requires = "dockerfile", hide_short_help = true)]
    pub(crate) keep_template: bool,
    /// What keeps the code apart: full, or without-namespaces on hosts that give none [default: full].
    #[arg(long, value_name = "ISOLATION", hide_short_help = true)]
    pub(crate) isolation: Option<OsString>,
    /// Refuse to run where this guarantee does not hold, such as memory-limit; can be repeated.
    #[arg(long, value_name = "GUARANTEE")]
    pub(crate) require: Vec<OsString>,
    /// Take this guarantee in a weaker form, although a limit was named; can be repeated.
    #[arg(long, value_name = "GUARANTEE", hide_short_help = true)]
    pub(crate) accept_weaker: Vec<OsString>,
    /// Judge the code by this policy before it runs: minimal, development, production, strict, educational or data_science.
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<OsString>,
    /// Judge it by the policy in this file; see llm-sandbox check --help.
    #[arg(long, value_name = "FILE", conflicts_with = "policy", hide_short_help = true)]
    pub(crate) policy_file: Option<PathBuf>,
    /// Refuse to run what the policy blocks, with status 126.
    #[arg(long)]
    pub(crate) enforce: bool,
}
