//! What the agent needs and the code does not, and what the code may do to processes.

use libc::{ENOSYS, EPERM};

use super::super::policy::{Group, calls, examine, refuse};
use super::super::{number, rule};

pub(super) const FOR_RUNS: &[Group] = &[
    examine(
        &rule::CLONE,
        "threads and children, but no namespaces: a user namespace would give every capability inside it",
        calls! { SYS_clone },
    ),
    refuse(ENOSYS, "its flags lie behind a pointer; C libraries fall back to clone", calls! { SYS_clone3 }),
    refuse(EPERM, "makes or enters namespaces", calls! { SYS_unshare SYS_setns }),
    refuse(
        EPERM,
        "changes what the jail's tree is made of",
        calls! {
            SYS_mount SYS_umount2 SYS_pivot_root SYS_chroot SYS_fsopen SYS_fsconfig SYS_fsmount SYS_fspick
            SYS_open_tree SYS_open_tree_attr SYS_move_mount SYS_mount_setattr
        },
    ),
    refuse(EPERM, "the sandbox's name is its owner's to give", calls! { SYS_sethostname SYS_setdomainname }),
    examine(
        &rule::NODE_AT,
        "fifos, sockets and plain files; Linux would let anybody make a character device 0:0",
        calls! { SYS_mknodat },
    ),
    #[cfg(target_arch = "x86_64")]
    examine(&rule::NODE, "the same through its first form", calls! { SYS_mknod }),
    examine(&rule::OPEN_AT, NO_GAIN, calls! { SYS_openat }),
    #[cfg(target_arch = "x86_64")]
    examine(&rule::OPEN, NO_GAIN, calls! { SYS_open }),
    #[cfg(target_arch = "x86_64")]
    examine(&rule::MODE_SECOND, NO_GAIN, calls! { SYS_creat }),
    refuse(ENOSYS, "its mode lies behind a pointer; programs fall back to openat", calls! { SYS_openat2 }),
    examine(
        &rule::SOCKET_OPTION,
        "not: programs attached to sockets; the kernel compiles each, and freeing thousands at once can wedge it",
        calls! { SYS_setsockopt },
    ),
    examine(
        &rule::RUN_CONTROL,
        "concerns the caller alone, but PR_SET_MM rewrites what the kernel tells others about it, and filters of its \
         own are compiled by the kernel like programs on sockets",
        calls! { SYS_prctl },
    ),
    examine(&rule::NO_FILTERS, "the same for filters: only asking", calls! { SYS_seccomp }),
];

pub(super) const MODES_OF_OPEN_FILES: &[Group] = &[examine(&rule::MODE_SECOND, NO_GAIN, calls! { SYS_fchmod })];

pub(super) const MODES_BY_NAME: &[Group] = &[
    examine(&rule::MODE_THIRD, NO_GAIN, calls! { SYS_fchmodat SYS_fchmodat2 }),
    #[cfg(target_arch = "x86_64")]
    examine(&rule::MODE_SECOND, NO_GAIN, calls! { SYS_chmod }),
];

pub(super) const BESIDE_THE_INIT: &[Group] = &[
    examine(
        &rule::BESIDE_THE_INIT,
        "limits and scheduling of the code's own processes, not of the run's init, which may have the same user",
        calls! { SYS_prlimit64 SYS_sched_setaffinity SYS_sched_setscheduler SYS_sched_setparam SYS_sched_setattr },
    ),
    examine(&rule::PRIORITY, "the same for priorities", calls! { SYS_setpriority }),
    examine(&rule::IO_PRIORITY, "the same for those of input and output", calls! { SYS_ioprio_set }),
];

pub(super) const ITSELF: &[Group] = &[
    examine(
        &rule::ITSELF,
        "limits and scheduling of the caller, by no number: others of the same user are not the code's",
        calls! { SYS_prlimit64 SYS_sched_setaffinity SYS_sched_setscheduler SYS_sched_setparam SYS_sched_setattr },
    ),
    examine(&rule::OWN_PRIORITY, "the same for priorities", calls! { SYS_setpriority }),
    examine(&rule::OWN_IO_PRIORITY, "the same for those of input and output", calls! { SYS_ioprio_set }),
];

const NO_GAIN: &str =
    "not: files that run with their owner's rights; on a directory shared by the host, they would there";
