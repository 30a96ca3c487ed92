//! What nobody is harmed by, whoever asks.

use super::super::policy::{Group, allow, calls, examine};
use super::super::{number, rule};

pub(super) const ALLOWED: &[Group] = &[
    allow(
        "files by name: the jail's mounts, owners and Landlock decide what can be named",
        calls! {
            SYS_newfstatat SYS_statx SYS_statfs SYS_readlinkat SYS_faccessat SYS_faccessat2
            SYS_mkdirat SYS_unlinkat SYS_symlinkat SYS_linkat SYS_renameat SYS_renameat2 SYS_truncate
            SYS_umask SYS_getcwd SYS_chdir
            SYS_inotify_init1 SYS_inotify_rm_watch
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
            SYS_pwritev2 SYS_lseek SYS_close SYS_close_range SYS_dup SYS_dup3 SYS_flock SYS_pipe2
            SYS_fstat SYS_fstatfs SYS_getdents64 SYS_fchdir SYS_ftruncate SYS_fallocate
            SYS_fadvise64 SYS_readahead SYS_fsync SYS_fdatasync SYS_sync SYS_syncfs SYS_sync_file_range
            SYS_fgetxattr SYS_flistxattr
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
            SYS_accept SYS_accept4 SYS_getsockname SYS_getpeername
            SYS_getsockopt SYS_shutdown SYS_sendto SYS_recvfrom SYS_sendmsg SYS_recvmsg
            SYS_sendmmsg SYS_recvmmsg
        },
    ),
    allow(
        "fencing oneself in further",
        calls! { SYS_landlock_create_ruleset SYS_landlock_add_rule SYS_landlock_restrict_self },
    ),
];

pub(super) const EXAMINED: &[Group] = &[examine(
    &rule::PERSONALITY,
    "only asking, and the ordinary one: others make every page executable or undo address randomisation",
    calls! { SYS_personality },
)];
