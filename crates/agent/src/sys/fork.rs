#![expect(unsafe_code, reason = "clone3 and wait4 have no safe wrapper")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use rustix::process::Pid;

/// The kinds of namespaces a child starts in afresh.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Namespaces(u64);

impl Namespaces {
    /// None: the child shares everything with its parent.
    pub(crate) const SHARED: Self = Self(0);
    /// What a jail needs: nothing of the host's stays in reach.
    pub(crate) const JAIL: Self = Self(
        (libc::CLONE_NEWUSER | libc::CLONE_NEWNS | libc::CLONE_NEWPID | libc::CLONE_NEWNET | libc::CLONE_NEWIPC) as u64
            | (libc::CLONE_NEWUTS | libc::CLONE_NEWCGROUP) as u64,
    );
    /// The same for a process that starts in a control group of version 2 beside those it is to divide: a namespace of
    /// control groups would hide them from it.
    pub(crate) const JAIL_IN_GROUP: Self = Self(Self::JAIL.0 & !(libc::CLONE_NEWCGROUP as u64));
    /// What a run needs inside a jail: a process tree that dies as one, mounts and System V objects of its own.
    pub(crate) const RUN: Self = Self((libc::CLONE_NEWPID | libc::CLONE_NEWNS | libc::CLONE_NEWIPC) as u64);
    /// Mounts of its own, and processes whose numbers end with it, with no more rights over the host's than a jail has.
    pub(crate) const VOID: Self = Self((libc::CLONE_NEWUSER | libc::CLONE_NEWPID | libc::CLONE_NEWNS) as u64);
    /// A user namespace alone.
    pub(crate) const USER: Self = Self(libc::CLONE_NEWUSER as u64);
}

/// As in linux/sched.h; libc's constant of this name is too narrow for it.
const CLONE_INTO_CGROUP: u64 = 1 << 33;

/// A child process and the descriptor that stands for it.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) pid: Pid,
    pub(crate) pidfd: OwnedFd,
}

/// Where a fork has arrived.
#[derive(Debug)]
pub(crate) enum Fork {
    Parent(Child),
    Child,
}

/// Starts a copy of this process, in new namespaces where asked for.
pub(crate) fn fork(namespaces: Namespaces) -> io::Result<Fork> {
    fork_into(None, namespaces)
}

/// The same in a control group of version 2, by its directory.
pub(crate) fn fork_into(group: Option<BorrowedFd<'_>>, namespaces: Namespaces) -> io::Result<Fork> {
    let mut pidfd: RawFd = -1;
    // As `struct clone_args` of Linux 5.7.
    let mut arguments = [0u64; 11];
    arguments[0] = namespaces.0 | libc::CLONE_PIDFD as u64;
    arguments[1] = &raw mut pidfd as u64;
    arguments[4] = libc::SIGCHLD as u64;
    if let Some(group) = group {
        arguments[0] |= CLONE_INTO_CGROUP;
        arguments[10] = group.as_raw_fd().cast_unsigned().into();
    }
    // SAFETY: no stack and no shared memory are asked for, so the child runs on a copy of this thread's stack, as after
    // fork; the process has no other thread that could hold a lock in that copy. The arguments outlive the call.
    let result = unsafe { libc::syscall(libc::SYS_clone3, arguments.as_ptr(), size_of_val(&arguments)) };
    let result = match super::check(result) {
        // Filters of containers refuse the whole call, for they cannot see its flags.
        Err(error) if error.raw_os_error() == Some(libc::ENOSYS) && group.is_none() => {
            clone(arguments[0] | arguments[4], &raw mut pidfd)
        }
        other => other,
    };
    match result? {
        0 => Ok(Fork::Child),
        pid => {
            // SAFETY: the kernel has just put a new descriptor here (CLONE_PIDFD), which nothing else owns.
            let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd) };
            let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidData)?;
            Ok(Fork::Parent(Child { pid, pidfd }))
        }
    }
}

/// The older way to start a copy, which has no place for a control group.
fn clone(flags: u64, pidfd: *mut RawFd) -> io::Result<libc::c_long> {
    let nothing = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: as for clone3 above: without a stack and CLONE_VM the child runs on a copy. The descriptor is put where the
    // parent's number of the child would be, which outlives the call.
    super::check(unsafe { libc::syscall(libc::SYS_clone, flags, nothing, pidfd, nothing, nothing) })
}

/// From here on this process sees its own control group as the root of all.
pub(crate) fn enter_cgroup_namespace() -> io::Result<()> {
    // SAFETY: a cgroup namespace concerns no memory and no descriptors.
    super::check(unsafe { libc::unshare(libc::CLONE_NEWCGROUP) }.into()).map(drop)
}

/// From here on this process is in a user namespace of its own, with all capabilities in it, and may change its mounts.
pub(crate) fn enter_user_and_mount_namespace() -> io::Result<()> {
    // SAFETY: neither namespace concerns memory or descriptors; the process has a single thread, as the kernel asks.
    super::check(unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNS) }.into()).map(drop)
}

/// Kills every process of this pid namespace but the first, which is the caller; an error where there is none.
pub(crate) fn kill_all_others() -> io::Result<()> {
    // SAFETY: a signal to others touches no memory of ours.
    super::check(unsafe { libc::kill(-1, libc::SIGKILL) }.into()).map(drop)
}

/// A child that was waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reaped {
    pub(crate) pid: Pid,
    /// As `waitpid(2)` gives it.
    pub(crate) status: i32,
    pub(crate) user_time: u64,
    pub(crate) system_time: u64,
    /// Bytes.
    pub(crate) peak_memory: u64,
}

/// Waits for a child (`None`: any) that has ended; `None` where none has yet and `block` is false, or none is left.
pub(crate) fn reap(child: Option<Pid>, block: bool) -> io::Result<Option<Reaped>> {
    let mut status = 0;
    let options = libc::__WALL | if block { 0 } else { libc::WNOHANG };
    // SAFETY: rusage is plain numbers, for which all zeroes are a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    let target = child.map_or(-1, |pid| pid.as_raw_nonzero().get());
    // SAFETY: both pointers are to locals that outlive the call.
    let pid = unsafe { libc::wait4(target, &raw mut status, options, &raw mut usage) };
    match super::check(pid.into()) {
        Ok(_) => Ok(Pid::from_raw(pid).map(|pid| Reaped {
            pid,
            status,
            user_time: nanoseconds(usage.ru_utime),
            system_time: nanoseconds(usage.ru_stime),
            peak_memory: u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024,
        })),
        Err(error) if error.raw_os_error() == Some(libc::ECHILD) && child.is_none() => Ok(None),
        Err(error) => Err(error),
    }
}

fn nanoseconds(time: libc::timeval) -> u64 {
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_usec).unwrap_or(0) * 1000
}
