//! The two policies as data: every system call Linux knows, what happens to it, and why.
//!
//! Errors are chosen for the caller. `ENOSYS` where programs have a fallback for kernels without the call; `EPERM`
//! where the call is a privilege that nobody in a sandbox has.

use libc::{ENOSYS, EPERM};

use super::policy::{Group, Policy, allow, calls, examine, refuse};
use super::{number, rule};

/// For the code of a run, in namespaces of its own.
pub(crate) static RUN: Policy = Policy {
    groups: &[
        ALLOWED,
        EXAMINED,
        REFUSED,
        OWNERS_BY_NAME,
        MODES_BY_NAME,
        ATTRIBUTES_BY_NAME,
        OWN_NAMESPACES,
        FOR_RUNS,
        BESIDE_THE_INIT,
    ],
};

/// For the code of a run among the host's processes, by a user of its own.
pub(crate) static RUN_AMONG_OTHERS: Policy = Policy {
    groups: &[
        ALLOWED,
        EXAMINED,
        REFUSED,
        OWNERS_BY_NAME,
        MODES_BY_NAME,
        NO_ATTRIBUTES_BY_NAME,
        NO_NAMESPACES,
        FOR_RUNS,
        ITSELF,
    ],
};

/// For the code of a run among the host's processes, by the user who opened the sandbox.
pub(crate) static RUN_AS_THE_CALLER: Policy = Policy {
    groups: &[ALLOWED, EXAMINED, REFUSED, NO_OWNERS_BY_NAME, NO_ATTRIBUTES_BY_NAME, NO_NAMESPACES, FOR_RUNS, ITSELF],
};

/// For the agent, which builds namespaces and mounts before a run's own filter shuts them.
pub(crate) static AGENT: Policy =
    Policy { groups: &[ALLOWED, EXAMINED, REFUSED, OWNERS_BY_NAME, ATTRIBUTES_BY_NAME, OWN_NAMESPACES, FOR_THE_AGENT] };

const ALLOWED: &[Group] = &[
    allow(
        "files by name: the jail's mounts, owners and Landlock decide what can be named",
        calls! {
            SYS_newfstatat SYS_statx SYS_statfs SYS_readlinkat SYS_faccessat SYS_faccessat2
            SYS_mkdirat SYS_unlinkat SYS_symlinkat SYS_linkat SYS_renameat SYS_renameat2 SYS_truncate
            SYS_umask SYS_getcwd SYS_chdir SYS_getxattr SYS_lgetxattr SYS_listxattr SYS_llistxattr
            SYS_getxattrat SYS_listxattrat SYS_file_getattr SYS_inotify_init1 SYS_inotify_rm_watch
        },
    ),
    #[cfg(target_arch = "x86_64")]
    allow(
        "the same through their first forms",
        calls! {
            SYS_stat SYS_lstat SYS_access SYS_readlink SYS_mkdir SYS_rmdir SYS_unlink SYS_symlink
            SYS_link SYS_rename SYS_inotify_init
        },
    ),
    allow(
        "files that are open: the right to use them was given when they were opened",
        calls! {
            SYS_read SYS_write SYS_readv SYS_writev SYS_pread64 SYS_pwrite64 SYS_preadv SYS_pwritev SYS_preadv2
            SYS_pwritev2 SYS_lseek SYS_close SYS_close_range SYS_dup SYS_dup3 SYS_fcntl SYS_flock SYS_pipe2
            SYS_fstat SYS_fstatfs SYS_getdents64 SYS_fchdir SYS_fchown SYS_ftruncate SYS_fallocate
            SYS_fadvise64 SYS_readahead SYS_fsync SYS_fdatasync SYS_sync SYS_syncfs SYS_sync_file_range
            SYS_fsetxattr SYS_fgetxattr SYS_flistxattr SYS_fremovexattr
            SYS_sendfile SYS_splice SYS_tee SYS_copy_file_range
        },
    ),
    #[cfg(target_arch = "x86_64")]
    allow("the same through their first forms", calls! { SYS_pipe SYS_dup2 SYS_getdents }),
    allow(
        "waiting for events on what is open",
        calls! {
            SYS_ppoll SYS_pselect6 SYS_epoll_create1 SYS_epoll_ctl SYS_epoll_pwait SYS_epoll_pwait2 SYS_eventfd2
            SYS_signalfd4 SYS_timerfd_create SYS_timerfd_settime SYS_timerfd_gettime
        },
    ),
    #[cfg(target_arch = "x86_64")]
    allow(
        "the same through their first forms",
        calls! { SYS_poll SYS_select SYS_epoll_create SYS_epoll_wait SYS_eventfd SYS_signalfd },
    ),
    allow(
        "its own memory, executable too: runtimes compile as they go; the cgroup counts the pages",
        calls! {
            SYS_brk SYS_mmap SYS_munmap SYS_mremap SYS_mprotect SYS_msync SYS_madvise SYS_mincore SYS_mseal
            SYS_munlock SYS_munlockall SYS_memfd_create SYS_membarrier SYS_map_shadow_stack
            SYS_pkey_mprotect SYS_pkey_alloc SYS_pkey_free
            SYS_mbind SYS_get_mempolicy SYS_set_mempolicy SYS_set_mempolicy_home_node
        },
    ),
    allow(
        "programs, threads and their ends: the run's pid namespace and cgroup hold them",
        calls! {
            SYS_execve SYS_execveat SYS_exit SYS_exit_group SYS_wait4 SYS_waitid SYS_pidfd_open
            SYS_set_tid_address SYS_set_robust_list SYS_get_robust_list SYS_rseq SYS_rseq_slice_yield
            SYS_futex SYS_futex_waitv SYS_futex_wake SYS_futex_wait SYS_futex_requeue
            SYS_sched_yield SYS_sched_getaffinity SYS_sched_getscheduler SYS_sched_getparam SYS_sched_getattr
            SYS_sched_get_priority_max SYS_sched_get_priority_min SYS_sched_rr_get_interval
            SYS_getpriority SYS_ioprio_get
            SYS_getrlimit SYS_setrlimit SYS_getrusage SYS_getcpu
        },
    ),
    #[cfg(target_arch = "x86_64")]
    allow("the same through their first forms, and the thread pointer", calls! { SYS_fork SYS_vfork SYS_arch_prctl }),
    #[cfg(target_arch = "x86_64")]
    allow("made by the kernel's own trampolines, of no use otherwise", calls! { SYS_uretprobe SYS_uprobe }),
    allow(
        "signals: only processes of the same pid namespace can be named",
        calls! {
            SYS_kill SYS_tkill SYS_tgkill SYS_pidfd_send_signal SYS_rt_sigqueueinfo SYS_rt_tgsigqueueinfo
            SYS_rt_sigaction SYS_rt_sigprocmask SYS_rt_sigpending SYS_rt_sigsuspend SYS_rt_sigtimedwait
            SYS_rt_sigreturn SYS_sigaltstack SYS_restart_syscall
        },
    ),
    allow(
        "identity: without capabilities nothing can be gained",
        calls! {
            SYS_getpid SYS_getppid SYS_gettid SYS_getuid SYS_geteuid SYS_getgid SYS_getegid SYS_getresuid
            SYS_getresgid SYS_getgroups SYS_setuid SYS_setgid SYS_setreuid SYS_setregid SYS_setresuid
            SYS_setresgid SYS_setfsuid SYS_setfsgid SYS_setgroups SYS_setpgid SYS_getpgid SYS_setsid
            SYS_getsid SYS_capget SYS_capset
        },
    ),
    allow("facts about the machine, and randomness", calls! { SYS_uname SYS_sysinfo SYS_getrandom }),
    #[cfg(target_arch = "x86_64")]
    allow("the same through its first form", calls! { SYS_getpgrp }),
    allow(
        "reading clocks, and timers",
        calls! {
            SYS_clock_gettime SYS_clock_getres SYS_clock_nanosleep SYS_nanosleep SYS_gettimeofday SYS_times
            SYS_getitimer SYS_setitimer SYS_timer_create SYS_timer_settime SYS_timer_gettime
            SYS_timer_getoverrun SYS_timer_delete
        },
    ),
    #[cfg(target_arch = "x86_64")]
    allow("the same through their first forms", calls! { SYS_time SYS_alarm SYS_pause }),
    allow(
        "sockets that exist: which kinds may exist is decided at `socket`",
        calls! {
            SYS_bind SYS_listen SYS_accept SYS_accept4 SYS_connect SYS_getsockname SYS_getpeername
            SYS_getsockopt SYS_shutdown SYS_sendto SYS_recvfrom SYS_sendmsg SYS_recvmsg
            SYS_sendmmsg SYS_recvmmsg
        },
    ),
    allow(
        "fencing oneself in further",
        calls! { SYS_landlock_create_ruleset SYS_landlock_add_rule SYS_landlock_restrict_self },
    ),
];

const EXAMINED: &[Group] = &[
    examine(
        &rule::TERMINAL,
        "not: typing into a terminal for whoever reads it next, pasting on a console, loading line disciplines",
        calls! { SYS_ioctl },
    ),
    examine(
        &rule::PERSONALITY,
        "only asking, and the ordinary one: others make every page executable or undo address randomisation",
        calls! { SYS_personality },
    ),
];

const REFUSED: &[Group] = &[
    refuse(
        EPERM,
        "changes the kernel that all sandboxes and the host share",
        calls! {
            SYS_init_module SYS_finit_module SYS_delete_module SYS_kexec_load SYS_kexec_file_load SYS_reboot
            SYS_swapon SYS_swapoff SYS_acct SYS_quotactl SYS_quotactl_fd
        },
    ),
    refuse(EPERM, "reads the host's kernel log", calls! { SYS_syslog }),
    refuse(EPERM, "hangs up a terminal for everybody who uses it", calls! { SYS_vhangup }),
    refuse(
        EPERM,
        "sets the host's clock; reading its state hides behind the same pointer",
        calls! { SYS_settimeofday SYS_clock_settime SYS_adjtimex SYS_clock_adjtime },
    ),
    refuse(
        EPERM,
        "runs programs in the kernel or watches what it and others do",
        calls! { SYS_bpf SYS_perf_event_open SYS_fanotify_init SYS_fanotify_mark },
    ),
    refuse(
        EPERM,
        "pauses the kernel in the middle of a copy, which turns small races into exploits",
        calls! { SYS_userfaultfd },
    ),
    refuse(
        ENOSYS,
        "a second way to most system calls that no filter sees; event loops fall back to epoll",
        calls! { SYS_io_uring_setup SYS_io_uring_enter SYS_io_uring_register },
    ),
    refuse(
        ENOSYS,
        "takes from a count that the whole host shares (fs.aio-max-nr)",
        calls! { SYS_io_setup SYS_io_destroy SYS_io_submit SYS_io_cancel SYS_io_getevents SYS_io_pgetevents },
    ),
    refuse(
        EPERM,
        "the kernel's key rings are not namespaced and hold other sessions' keys",
        calls! { SYS_add_key SYS_request_key SYS_keyctl },
    ),
    refuse(
        EPERM,
        "reaches into another process's memory or descriptors, or compares what only the kernel should know",
        calls! {
            SYS_ptrace SYS_process_vm_readv SYS_process_vm_writev SYS_process_madvise SYS_process_mrelease
            SYS_pidfd_getfd SYS_kcmp SYS_move_pages SYS_migrate_pages
        },
    ),
    refuse(
        EPERM,
        "opens files by number, past every directory on the way: containers were left like that before",
        calls! { SYS_open_by_handle_at SYS_name_to_handle_at },
    ),
    refuse(
        EPERM,
        "keeps memory from being reclaimed; unlocking is allowed",
        calls! { SYS_mlock SYS_mlock2 SYS_mlockall },
    ),
    refuse(
        ENOSYS,
        "memory taken out of the kernel's own map, locked, and off in many kernels anyway",
        calls! { SYS_memfd_secret },
    ),
    refuse(
        ENOSYS,
        "gives a pipe the caller's own pages, which it can still change; callers fall back to write",
        calls! { SYS_vmsplice },
    ),
    refuse(ENOSYS, "tells which pages of a shared read-only file somebody else has used", calls! { SYS_cachestat }),
    refuse(
        ENOSYS,
        "describes mounts, namespaces and security modules of the host; /proc tells a run what it may know",
        calls! {
            SYS_statmount SYS_listmount SYS_listns
            SYS_lsm_get_self_attr SYS_lsm_set_self_attr SYS_lsm_list_modules
        },
    ),
    refuse(
        ENOSYS,
        "removed from the kernel, or kept for programs that are long gone",
        calls! { SYS_nfsservctl SYS_lookup_dcookie SYS_remap_file_pages },
    ),
    #[cfg(target_arch = "x86_64")]
    refuse(EPERM, "speaks to hardware ports directly", calls! { SYS_iopl SYS_ioperm }),
    #[cfg(target_arch = "x86_64")]
    refuse(ENOSYS, "segments for 16-bit programs: rare code, often broken", calls! { SYS_modify_ldt }),
    #[cfg(target_arch = "x86_64")]
    refuse(
        ENOSYS,
        "removed from the kernel, never made, or kept for programs that are long gone",
        calls! {
            SYS_uselib SYS_ustat SYS_sysfs SYS__sysctl SYS_create_module SYS_get_kernel_syms SYS_query_module
            SYS_getpmsg SYS_putpmsg SYS_afs_syscall SYS_tuxcall SYS_security SYS_vserver
            SYS_epoll_ctl_old SYS_epoll_wait_old SYS_set_thread_area SYS_get_thread_area
        },
    ),
];

const FOR_RUNS: &[Group] = &[
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
    examine(&rule::MODE_SECOND, NO_GAIN, calls! { SYS_fchmod }),
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

const OWNERS_BY_NAME: &[Group] = &[
    allow("owners and times of files by name: only a file's owner may set them", calls! { SYS_fchownat SYS_utimensat }),
    #[cfg(target_arch = "x86_64")]
    allow("the same through their first forms", calls! { SYS_chown SYS_lchown SYS_utime SYS_utimes SYS_futimesat }),
];

const ATTRIBUTES_BY_NAME: &[Group] = &[allow(
    "attributes and watches of files by name: no file of others is in reach",
    calls! {
        SYS_setxattr SYS_lsetxattr SYS_removexattr SYS_lremovexattr SYS_setxattrat SYS_removexattrat
        SYS_file_setattr SYS_inotify_add_watch
    },
)];

const NO_OWNERS_BY_NAME: &[Group] = &[
    refuse(
        EPERM,
        "the code has the caller's own user, whose files are in reach by name; Landlock knows nothing of owners, times \
         and modes",
        calls! { SYS_fchownat SYS_utimensat SYS_fchmodat SYS_fchmodat2 },
    ),
    #[cfg(target_arch = "x86_64")]
    refuse(
        EPERM,
        "the same through their first forms",
        calls! { SYS_chown SYS_lchown SYS_utime SYS_utimes SYS_futimesat SYS_chmod },
    ),
];

const NO_ATTRIBUTES_BY_NAME: &[Group] = &[refuse(
    EPERM,
    "files that anybody may write are in reach by name, and Landlock knows nothing of attributes and watches",
    calls! {
        SYS_setxattr SYS_lsetxattr SYS_removexattr SYS_lremovexattr SYS_setxattrat SYS_removexattrat
        SYS_file_setattr SYS_inotify_add_watch
    },
)];

const MODES_BY_NAME: &[Group] = &[
    examine(&rule::MODE_THIRD, NO_GAIN, calls! { SYS_fchmodat SYS_fchmodat2 }),
    #[cfg(target_arch = "x86_64")]
    examine(&rule::MODE_SECOND, NO_GAIN, calls! { SYS_chmod }),
];

const OWN_NAMESPACES: &[Group] = &[
    examine(
        &rule::SOCKET,
        "local, TCP and UDP: netlink, packet, vsock, alg and the rest lead into rarely used kernel code. Without \
         netlink, only listing interfaces fails: C libraries then take every address family for usable",
        calls! { SYS_socket SYS_socketpair },
    ),
    allow(
        "queues, semaphores and shared memory: of the sandbox's own ipc namespace",
        calls! {
            SYS_mq_open SYS_mq_unlink SYS_mq_timedsend SYS_mq_timedreceive SYS_mq_notify SYS_mq_getsetattr
            SYS_msgget SYS_msgctl SYS_msgrcv SYS_msgsnd SYS_semget SYS_semctl SYS_semop SYS_semtimedop
            SYS_shmget SYS_shmctl SYS_shmat SYS_shmdt
        },
    ),
];

const NO_NAMESPACES: &[Group] = &[
    refuse(EPERM, "the host's network, and its local sockets, are in reach by name", calls! { SYS_socket }),
    examine(&rule::SOCKET_PAIR, "two ends of the code's own", calls! { SYS_socketpair }),
    refuse(
        ENOSYS,
        "queues, semaphores and shared memory are those of the host, and outlive the run",
        calls! {
            SYS_mq_open SYS_mq_unlink SYS_mq_timedsend SYS_mq_timedreceive SYS_mq_notify SYS_mq_getsetattr
            SYS_msgget SYS_msgctl SYS_msgrcv SYS_msgsnd SYS_semget SYS_semctl SYS_semop SYS_semtimedop
            SYS_shmget SYS_shmctl SYS_shmat SYS_shmdt
        },
    ),
];

const BESIDE_THE_INIT: &[Group] = &[
    examine(
        &rule::BESIDE_THE_INIT,
        "limits and scheduling of the code's own processes, not of the run's init, which may have the same user",
        calls! { SYS_prlimit64 SYS_sched_setaffinity SYS_sched_setscheduler SYS_sched_setparam SYS_sched_setattr },
    ),
    examine(&rule::PRIORITY, "the same for priorities", calls! { SYS_setpriority }),
    examine(&rule::IO_PRIORITY, "the same for those of input and output", calls! { SYS_ioprio_set }),
];

const ITSELF: &[Group] = &[
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

const FOR_THE_AGENT: &[Group] = &[
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
