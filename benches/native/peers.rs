use std::{
    ffi::OsString,
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// What a session gives every run, so that bare processes start no slower and no faster for it.
const ENVIRONMENT: [(&str, &str); 5] = [
    ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ("HOME", "/tmp"),
    ("LANG", "C.UTF-8"),
    ("PYTHONUNBUFFERED", "1"),
    ("PYTHONDONTWRITEBYTECODE", "1"),
];

/// Images that may well be there already; none is pulled.
const IMAGES: [&str; 5] = ["busybox", "alpine", "debian:bookworm-slim", "debian", "ubuntu"];

/// A program of the host in an environment like a run's.
pub(crate) fn bare(program: impl Into<OsString>) -> Command {
    let mut command = Command::new(program.into());
    command.env_clear().envs(ENVIRONMENT).stdin(Stdio::null());
    command
}

/// The arguments for bubblewrap that come nearest to a jail; `None` where it is not installed.
pub(crate) fn bwrap() -> Option<Vec<OsString>> {
    if !answers(Command::new("bwrap").arg("--version")) {
        return None;
    }
    let mut argv: Vec<OsString> = ["bwrap", "--unshare-all", "--ro-bind", "/usr", "/usr"].map(Into::into).into();
    for path in ["/bin", "/sbin", "/lib", "/lib32", "/lib64"] {
        match fs::read_link(path) {
            Ok(target) => argv.extend(["--symlink".into(), target.into(), path.into()]),
            Err(_) if Path::new(path).is_dir() => argv.extend(["--ro-bind", path, path].map(Into::into)),
            Err(_) => {}
        }
    }
    argv.extend(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"].map(Into::into));
    Some(argv)
}

/// The arguments for a container that is removed when it ends; why there can be none otherwise.
pub(crate) fn docker() -> Result<Vec<OsString>, String> {
    if !answers(Command::new("docker").args(["version", "--format", "{{.Server.Version}}"])) {
        return Err("docker run: not present, no daemon answers".to_owned());
    }
    let named = std::env::var("LLM_SANDBOX_BENCH_IMAGE").ok();
    let mut images = match &named {
        Some(image) => vec![image.as_str()],
        None => IMAGES.to_vec(),
    };
    images.retain(|image| answers(Command::new("docker").args(["image", "inspect", image])));
    match images.first() {
        Some(image) => Ok(["docker", "run", "--rm", image].map(Into::into).into()),
        None => Err("docker run: no image to run; name one that is present by LLM_SANDBOX_BENCH_IMAGE".to_owned()),
    }
}

fn answers(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}
