//! What this process or this host has run out of.

use std::fs;

use llm_sandbox_core::Error;
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

/// The error that names the limit, where an error number tells of one.
pub(crate) fn explain(number: Option<i32>) -> Option<Error> {
    let (limit, reason, remedy) = match Errno::from_raw_os_error(number?) {
        Errno::MFILE => of_descriptors(),
        Errno::NFILE => (
            "fs.file-max",
            "the host has as many files open as fs.file-max lets it".to_owned(),
            "close sessions, or as root: sysctl -w fs.file-max=NUMBER".to_owned(),
        ),
        Errno::AGAIN => of_processes(),
        _ => return None,
    };
    Some(Error::Exhausted { limit, reason, remedy })
}

type Words = (&'static str, String, String);

fn of_descriptors() -> Words {
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current.unwrap_or(u64::MAX);
    let reason = format!("this process has as many files open as RLIMIT_NOFILE lets it, {current}");
    let most = limit.maximum.map_or_else(|| "any number".to_owned(), |most| most.to_string());
    let remedy = format!(
        "close sessions (each holds 2 files), or raise the limit before the process starts: ulimit -n, LimitNOFILE= of a \
         service; up to {most} it may be raised without being root"
    );
    ("RLIMIT_NOFILE", reason, remedy)
}

fn of_processes() -> Words {
    let kernel =
        |name: &str| fs::read_to_string(format!("/proc/sys/kernel/{name}")).unwrap_or_default().trim().to_owned();
    let own = getrlimit(Resource::Nproc).current.map_or_else(|| "unlimited".to_owned(), |most| most.to_string());
    let reason = format!(
        "no more processes can be started: one of these is reached: RLIMIT_NPROC ({own}), pids.max of the control group, \
         kernel.pid_max ({}), kernel.threads-max ({})",
        kernel("pid_max"),
        kernel("threads-max"),
    );
    let remedy = "close sessions (each is 2 processes, and 2 more while it is used), or raise that limit: ulimit -u, \
                  TasksMax= of a service, sysctl -w kernel.pid_max=NUMBER";
    ("processes", reason, remedy.to_owned())
}
