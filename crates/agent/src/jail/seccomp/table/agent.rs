//! What it takes to build namespaces, mounts and runs.

use super::super::policy::{Group, allow, calls, examine};
use super::super::{number, rule};

pub(super) const FOR_THE_AGENT: &[Group] = &[
    allow(
        "builds each run's namespaces",
        calls! { SYS_clone SYS_clone3 SYS_unshare SYS_setns SYS_sethostname SYS_setdomainname },
    ),
    allow(
        "builds the tree, and each run's /proc",
        calls! {
            SYS_mount SYS_umount2 SYS_pivot_root SYS_chroot SYS_fsopen SYS_fsconfig SYS_fsmount SYS_fspick
            SYS_open_tree SYS_open_tree_attr SYS_move_mount SYS_mount_setattr SYS_mknodat
        },
    ),
    #[cfg(target_arch = "x86_64")]
    allow("the same through its first form", calls! { SYS_mknod }),
    allow(
        "files of any mode, options of any socket: it makes neither for the code",
        calls! { SYS_openat SYS_openat2 SYS_fchmod SYS_fchmodat SYS_fchmodat2 SYS_setsockopt },
    ),
    #[cfg(target_arch = "x86_64")]
    allow("the same through their first forms", calls! { SYS_open SYS_creat SYS_chmod }),
    allow(
        "limits and scheduling of any process that it may name",
        calls! {
            SYS_prlimit64 SYS_sched_setaffinity SYS_sched_setscheduler SYS_sched_setparam SYS_sched_setattr
            SYS_setpriority SYS_ioprio_set
        },
    ),
    examine(
        &rule::PROCESS_CONTROL,
        "concerns the caller alone, but PR_SET_MM rewrites what the kernel tells others about it",
        calls! { SYS_prctl },
    ),
    examine(
        &rule::FURTHER_FILTERS,
        "the runs' filter, but a listener answers system calls in another process's stead",
        calls! { SYS_seccomp },
    ),
];
