//! The system-call filters: which parts of the kernel a sandbox can reach at all.
//!
//! Namespaces and mounts decide what code can name; these filters decide what it can ask for. They shut the doors that
//! kernel exploits came through and that no program in a sandbox needs: new namespaces and mounts, other processes'
//! memory, the key rings, bpf, perf, io_uring, userfaultfd, kernel modules, the clock, rare socket families. A refusal
//! is an error number the program can handle, chosen so that runtimes take their fallback; only a call through another
//! instruction set's table (32-bit, x32) kills, for its numbers mean other calls and no honest program makes one here.
//!
//! There are five policies, in [`table`], each a list of every system call known with a reason:
//!
//! - [`run_filter`] for the code itself, loaded last in each run's process. It takes away what the agent still needs.
//!   There is one for code in namespaces of its own, one for code in a container, and two narrower ones for code among the
//!   host's processes.
//! - [`agent_filter`] for the agent, a belt: it may build namespaces and mounts, never load a module or read the keys.
//!
//! Invariants, each held by a test:
//!
//! - A number the table does not know gets `ENOSYS`, so a newer kernel's calls stay shut until somebody lists them.
//! - What the run's filter allows, the agent's allows too: a run stands behind both, and the stricter answer wins.
//! - Arguments are compared on the 32 bits the kernel looks at; what lies behind a pointer is never relied on, for
//!   another thread can change it after the check. That is why `clone3` is refused whole.
//! - Every call allowed whatever its arguments is decided by its number alone and with instructions the kernel can
//!   evaluate when the filter is loaded; it then remembers the answer, and such calls cost nothing at run time.
//!
//! Left to the kernel's own rules, because seccomp cannot see them or need not: `mmap` with `MAP_LOCKED` and `shmctl`
//! with `SHM_LOCK` (`RLIMIT_MEMLOCK` of 0), raising limits and identities (no capabilities), ioctls of devices (the
//! jail's /dev has none worth asking).

mod compile;
mod number;
mod policy;
mod rule;
mod table;
#[cfg(test)]
mod tests;

use libc::sock_filter;

use crate::confinement::CodeUser;
use compile::compile;
use table::{AGENT, RUN, RUN_AMONG_OTHERS, RUN_AS_THE_CALLER, RUN_BESIDE_ITS_AGENT};

/// Where untrusted code lives.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ground {
    /// In a jail of namespaces.
    Jail,
    /// Among the host's processes and files.
    Host(CodeUser),
    /// In a container, among its agent's.
    Container,
}

/// The program for untrusted code.
pub(crate) fn run_filter(ground: Ground) -> Vec<sock_filter> {
    compile(match ground {
        Ground::Jail => &RUN,
        Ground::Host(CodeUser::Other(_)) => &RUN_AMONG_OTHERS,
        Ground::Host(CodeUser::Same(_)) => &RUN_AS_THE_CALLER,
        Ground::Container => &RUN_BESIDE_ITS_AGENT,
    })
}

/// The program for the agent.
pub(crate) fn agent_filter() -> Vec<sock_filter> {
    compile(&AGENT)
}
