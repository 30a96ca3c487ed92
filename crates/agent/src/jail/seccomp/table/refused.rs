//! What no program in a sandbox needs, and no agent.

use libc::{ENOSYS, EPERM};

use super::super::number;
use super::super::policy::{Group, calls, refuse};

pub(super) const REFUSED: &[Group] = &[
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
