//! What is asked of the filters, in numbers taken from the kernel's headers rather than from the table.

use libc::{EAFNOSUPPORT, ENOSYS, ENOTSUP, EPERM, EPROTONOSUPPORT};

use super::interpreter::Call;
use super::{AGENT, POLICIES, RUN, RUN_AMONG_OTHERS, RUN_AS_THE_CALLER, verdict};
use crate::jail::seccomp::number;
use crate::jail::seccomp::policy::{Call as Named, Verdict, calls};

const ALLOWED: Verdict = Verdict::Allow;
const NOT_PERMITTED: Verdict = Verdict::Refuse(EPERM);
/// What the kernel must not look at.
const HIGH: u64 = 0xdead_beef << 32;

/// What the run's filter answers.
fn run(number: libc::c_long, arguments: &[u64]) -> Verdict {
    verdict(&RUN, &Call::new(number, arguments))
}

fn agent(number: libc::c_long, arguments: &[u64]) -> Verdict {
    verdict(&AGENT, &Call::new(number, arguments))
}

#[test]
fn clone_makes_threads_and_children_but_no_namespaces() {
    let thread = 0x003d_0f00;
    let child = 0x0120_0000 | libc::SIGCHLD as u64;
    for flags in [thread, child, libc::SIGCHLD as u64, thread | HIGH] {
        assert_eq!(run(number::SYS_clone, &[flags]), ALLOWED, "{flags:#x}");
    }
    for namespace in [0x80, 0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
        assert_eq!(run(number::SYS_clone, &[child | namespace]), NOT_PERMITTED, "{namespace:#x}");
        assert_eq!(agent(number::SYS_clone, &[child | namespace]), ALLOWED, "{namespace:#x}");
    }
    assert_eq!(run(number::SYS_clone3, &[]), Verdict::Refuse(ENOSYS));
    assert_eq!(agent(number::SYS_clone3, &[]), ALLOWED);
}

#[test]
fn a_terminal_cannot_be_typed_into() {
    for request in [0x5412, 0x541c, 0x5423] {
        for request in [request, request | HIGH] {
            assert_eq!(run(number::SYS_ioctl, &[0, request]), NOT_PERMITTED, "{request:#x}");
            assert_eq!(agent(number::SYS_ioctl, &[0, request]), NOT_PERMITTED, "{request:#x}");
        }
    }
    let (tcgets, tiocgwinsz, fionbio) = (0x5401, 0x5413, 0x5421);
    for request in [tcgets, tiocgwinsz, fionbio] {
        assert_eq!(run(number::SYS_ioctl, &[0x5412, request, 0x5412]), ALLOWED, "{request:#x}");
    }
}

#[test]
fn sockets_are_local_or_internet() {
    let (stream, datagram, raw, sequential) = (1, 2, 3, 5);
    let flags = 0o2000000 | 0o4000;
    let allowed = [
        (1, stream, 0),
        (1, datagram, 0),
        (1, sequential, 0),
        (2, stream, 0),
        (2, stream, 6),
        (2, datagram, 17),
        (10, stream, 0),
        (10, datagram, 0),
    ];
    for (family, kind, protocol) in allowed {
        for arguments in [[family, kind, protocol], [family | HIGH, kind | flags | HIGH, protocol | HIGH]] {
            assert_eq!(run(number::SYS_socket, &arguments), ALLOWED, "{arguments:?}");
            assert_eq!(run(number::SYS_socketpair, &arguments), ALLOWED, "{arguments:?}");
        }
    }
    for family in [2, 10] {
        assert_eq!(run(number::SYS_socket, &[family, raw | flags, 1]), NOT_PERMITTED);
        for (kind, protocol) in [(datagram, 1), (stream, 132), (stream, 262), (sequential, 0), (4, 0), (10, 0)] {
            let refusal = Verdict::Refuse(EPROTONOSUPPORT);
            assert_eq!(run(number::SYS_socket, &[family, kind, protocol]), refusal, "{kind} {protocol}");
        }
    }
    for family in (0..50).filter(|family| ![1, 2, 10].contains(family)).chain([u64::MAX]) {
        for kind in [stream, datagram, raw | flags] {
            assert_eq!(run(number::SYS_socket, &[family, kind, 0]), Verdict::Refuse(EAFNOSUPPORT), "{family}");
        }
    }
}

#[test]
fn personality_may_be_asked_for() {
    let read_implies_exec = 0x040_0000;
    let no_randomisation = 0x004_0000;
    for (_, policy) in POLICIES {
        let personality = |persona| verdict(policy, &Call::new(libc::SYS_personality, &[persona]));
        assert_eq!(personality(0), ALLOWED);
        assert_eq!(personality(0xffff_ffff), ALLOWED);
        assert_eq!(personality(u64::MAX), ALLOWED);
        assert_eq!(personality(read_implies_exec), NOT_PERMITTED);
        assert_eq!(personality(no_randomisation), NOT_PERMITTED);
    }
}

#[test]
fn only_the_agent_adds_filters_and_none_is_listened_to() {
    for (_, policy) in POLICIES {
        let seccomp = |operation, flags| verdict(policy, &Call::new(libc::SYS_seccomp, &[operation, flags]));
        assert_eq!(seccomp(2, 0), ALLOWED);
        assert_eq!(seccomp(1, 8), NOT_PERMITTED);
        assert_eq!(seccomp(1 | HIGH, 8 | 1 | HIGH), NOT_PERMITTED);
    }
    for flags in [0, 1] {
        assert_eq!(agent(number::SYS_seccomp, &[1, flags]), ALLOWED);
        assert_eq!(run(number::SYS_seccomp, &[1, flags]), NOT_PERMITTED);
        assert_eq!(run(number::SYS_seccomp, &[1 | HIGH, flags]), NOT_PERMITTED);
    }
}

#[test]
fn no_program_is_attached_to_a_socket() {
    for option in [26, 50, 51, 52] {
        assert_eq!(run(number::SYS_setsockopt, &[3, 1, option]), NOT_PERMITTED, "{option}");
        assert_eq!(run(number::SYS_setsockopt, &[3, 1 | HIGH, option | HIGH]), NOT_PERMITTED, "{option}");
        assert_eq!(run(number::SYS_setsockopt, &[3, 6, option]), ALLOWED, "{option}");
    }
    let (reuse_address, send_buffer) = (2, 7);
    for option in [reuse_address, send_buffer] {
        assert_eq!(run(number::SYS_setsockopt, &[3, 1, option]), ALLOWED, "{option}");
    }
}

#[test]
fn no_file_is_made_to_run_with_its_owners_rights() {
    let (create, temporary, write) = (0o100, 0o20_200_000, 0o1);
    for mode in [0o4755, 0o2755, 0o6777, 0o4000 | HIGH] {
        for flags in [create | write, temporary | write] {
            assert_eq!(run(number::SYS_openat, &[0, 0, flags, mode]), NOT_PERMITTED, "{flags:o} {mode:o}");
        }
        assert_eq!(run(number::SYS_openat, &[0, 0, write, mode]), ALLOWED, "the mode counts only for new files");
        assert_eq!(run(number::SYS_fchmod, &[0, mode]), NOT_PERMITTED, "{mode:o}");
        assert_eq!(run(number::SYS_fchmodat, &[0, 0, mode]), NOT_PERMITTED, "{mode:o}");
        assert_eq!(run(number::SYS_fchmodat2, &[0, 0, mode]), NOT_PERMITTED, "{mode:o}");
        assert_eq!(run(number::SYS_mknodat, &[0, 0, 0o100_000 | mode, 0]), NOT_PERMITTED, "{mode:o}");
    }
    for mode in [0o644, 0o1777] {
        assert_eq!(run(number::SYS_openat, &[0, 0, create | write, mode]), ALLOWED, "{mode:o}");
        assert_eq!(run(number::SYS_fchmod, &[0, mode]), ALLOWED, "{mode:o}");
        assert_eq!(run(number::SYS_fchmodat, &[0, 0, mode]), ALLOWED, "{mode:o}");
    }
    assert_eq!(run(number::SYS_openat2, &[]), Verdict::Refuse(ENOSYS));
}

#[cfg(target_arch = "x86_64")]
#[test]
fn first_forms_gain_nothing_either() {
    assert_eq!(run(number::SYS_open, &[0, 0o101, 0o4755]), NOT_PERMITTED);
    assert_eq!(run(number::SYS_open, &[0, 0o101, 0o755]), ALLOWED);
    assert_eq!(run(number::SYS_creat, &[0, 0o4755]), NOT_PERMITTED);
    assert_eq!(run(number::SYS_chmod, &[0, 0o2755]), NOT_PERMITTED);
    assert_eq!(run(number::SYS_mknod, &[0, 0o104_755, 0]), NOT_PERMITTED);
}

#[test]
fn devices_are_not_made() {
    let (fifo, socket, plain, character, block) = (0o010000, 0o140000, 0o100000, 0o020000, 0o060000);
    for (kind, answer) in
        [(fifo, ALLOWED), (socket, ALLOWED), (plain, ALLOWED), (character, NOT_PERMITTED), (block, NOT_PERMITTED)]
    {
        assert_eq!(run(number::SYS_mknodat, &[0, 0, kind | 0o644, 0]), answer, "{kind:o}");
        assert_eq!(run(number::SYS_mknodat, &[0, 0, kind | 0o644 | 1 << 16, 0]), answer, "{kind:o}");
        #[cfg(target_arch = "x86_64")]
        assert_eq!(run(number::SYS_mknod, &[0, kind | 0o644, 0]), answer, "{kind:o}");
    }
}

#[test]
fn what_a_process_tells_of_itself_is_not_rewritten() {
    assert_eq!(run(number::SYS_prctl, &[35]), NOT_PERMITTED);
    assert_eq!(run(number::SYS_prctl, &[22]), NOT_PERMITTED);
    assert_eq!(agent(number::SYS_prctl, &[22]), ALLOWED);
    for option in [15, 38, 39] {
        assert_eq!(run(number::SYS_prctl, &[option]), ALLOWED, "{option}");
    }
}

#[test]
fn nobody_may() {
    let calls: &[Named] = calls! {
        SYS_init_module SYS_finit_module SYS_delete_module SYS_kexec_load SYS_kexec_file_load SYS_reboot SYS_swapon
        SYS_swapoff SYS_acct SYS_quotactl SYS_quotactl_fd SYS_syslog SYS_settimeofday SYS_clock_settime
        SYS_adjtimex SYS_clock_adjtime SYS_bpf SYS_perf_event_open SYS_fanotify_init SYS_userfaultfd
        SYS_io_uring_setup SYS_io_uring_enter SYS_io_uring_register SYS_add_key SYS_request_key SYS_keyctl
        SYS_ptrace SYS_process_vm_readv SYS_process_vm_writev SYS_pidfd_getfd SYS_kcmp SYS_move_pages
        SYS_migrate_pages SYS_open_by_handle_at SYS_name_to_handle_at SYS_mlock SYS_mlock2 SYS_mlockall
        SYS_memfd_secret SYS_vmsplice SYS_lookup_dcookie SYS_io_setup SYS_cachestat
    };
    #[cfg(target_arch = "x86_64")]
    let of_this_machine: &[Named] = calls! { SYS_iopl SYS_ioperm SYS_modify_ldt SYS_create_module };
    #[cfg(not(target_arch = "x86_64"))]
    let of_this_machine: &[Named] = &[];
    for &(name, number) in calls.iter().chain(of_this_machine) {
        for (policy_name, policy) in POLICIES {
            let answer = verdict(policy, &Call::new(number, &[]));
            assert!(matches!(answer, Verdict::Refuse(EPERM | ENOSYS)), "{policy_name}: {name} {answer:?}");
        }
    }
}

#[test]
fn only_the_agent_may() {
    let calls = calls! {
        SYS_unshare SYS_setns SYS_mount SYS_umount2 SYS_pivot_root SYS_chroot SYS_fsopen SYS_fsconfig SYS_fsmount
        SYS_fspick SYS_open_tree SYS_open_tree_attr SYS_move_mount SYS_mount_setattr SYS_sethostname
    };
    for &(name, number) in calls {
        assert_eq!(run(number, &[]), NOT_PERMITTED, "{name}");
        assert_eq!(agent(number, &[]), ALLOWED, "{name}");
    }
}

#[test]
fn the_runs_init_is_not_to_be_named() {
    let by_first = [
        number::SYS_prlimit64,
        number::SYS_sched_setaffinity,
        number::SYS_sched_setscheduler,
        number::SYS_sched_setparam,
        number::SYS_sched_setattr,
    ];
    for call in by_first {
        assert_eq!(run(call, &[1]), NOT_PERMITTED);
        assert_eq!(run(call, &[1 << 32 | 1]), NOT_PERMITTED, "the kernel looks at the low half");
        for process in [0, 2, 1 << 32] {
            assert_eq!(run(call, &[process]), ALLOWED);
        }
        assert_eq!(agent(call, &[1]), ALLOWED);
    }
    assert_eq!(run(number::SYS_setpriority, &[0, 1]), NOT_PERMITTED);
    assert_eq!(run(number::SYS_ioprio_set, &[1, 1]), NOT_PERMITTED);
    for other in [[0, 0], [0, 2], [1, 0], [2, 1]] {
        assert_eq!(run(number::SYS_setpriority, &other), ALLOWED);
    }
}

#[test]
fn without_namespaces_nothing_of_the_hosts_is_named() {
    for policy in [&RUN_AMONG_OTHERS, &RUN_AS_THE_CALLER] {
        let run = |number, arguments: &[u64]| verdict(policy, &Call::new(number, arguments));
        for family in 0..50 {
            assert_eq!(run(number::SYS_socket, &[family, 1, 0]), NOT_PERMITTED, "{family}");
        }
        assert_eq!(run(number::SYS_socketpair, &[1, 1 | 0o2000000, 0]), ALLOWED);
        for (family, kind) in [(1, 2), (1, 2 | 0o4000), (2, 1), (10, 1)] {
            assert_eq!(run(number::SYS_socketpair, &[family, kind, 0]), NOT_PERMITTED, "{family} {kind}");
        }
        for call in [number::SYS_bind, number::SYS_connect, number::SYS_listen] {
            assert_eq!(run(call, &[3]), NOT_PERMITTED, "{call}");
        }
        assert_eq!(run(number::SYS_getxattr, &[]), Verdict::Refuse(ENOTSUP));
        for call in [number::SYS_shmget, number::SYS_semget, number::SYS_msgget, number::SYS_mq_open] {
            assert_eq!(run(call, &[]), Verdict::Refuse(ENOSYS), "{call}");
        }
        for call in [number::SYS_prlimit64, number::SYS_sched_setaffinity, number::SYS_sched_setscheduler] {
            assert_eq!(run(call, &[0]), ALLOWED, "{call}");
            for process in [1, 2, 4711, u64::from(u32::MAX)] {
                assert_eq!(run(call, &[process]), NOT_PERMITTED, "{call}");
            }
        }
        for call in [number::SYS_setpriority, number::SYS_ioprio_set] {
            let own = if call == number::SYS_setpriority { 0 } else { 1 };
            assert_eq!(run(call, &[own, 0, 5]), ALLOWED);
            for (kind, which) in [(own, 1), (own + 1, 0), (own + 2, 0)] {
                assert_eq!(run(call, &[kind, which, 5]), NOT_PERMITTED, "{kind} {which}");
            }
        }
    }
    for call in [number::SYS_setxattr, number::SYS_inotify_add_watch] {
        assert_eq!(verdict(&RUN, &Call::new(call, &[])), ALLOWED, "{call}");
        assert_eq!(verdict(&RUN_AMONG_OTHERS, &Call::new(call, &[])), NOT_PERMITTED, "{call}");
    }
    for call in [number::SYS_fchmodat, number::SYS_fchownat, number::SYS_utimensat] {
        assert_eq!(verdict(&RUN_AMONG_OTHERS, &Call::new(call, &[])), ALLOWED, "{call}");
        assert_eq!(verdict(&RUN_AS_THE_CALLER, &Call::new(call, &[])), NOT_PERMITTED, "{call}");
    }
    for call in [number::SYS_fchmod, number::SYS_fchown, number::SYS_fsetxattr, number::SYS_fremovexattr] {
        assert_eq!(verdict(&RUN_AMONG_OTHERS, &Call::new(call, &[3])), ALLOWED, "{call}");
        assert_eq!(verdict(&RUN_AS_THE_CALLER, &Call::new(call, &[3])), NOT_PERMITTED, "{call}");
    }
    let caller = |number, arguments: &[u64]| verdict(&RUN_AS_THE_CALLER, &Call::new(number, arguments));
    for (command, expected) in [(1024, NOT_PERMITTED), (1026, NOT_PERMITTED), (4, ALLOWED), (1030, ALLOWED)] {
        assert_eq!(caller(number::SYS_fcntl, &[3, command]), expected, "{command}");
    }
    for (request, expected) in [(0x4008_6602, NOT_PERMITTED), (0x401c_5820, NOT_PERMITTED), (0x5401, ALLOWED)] {
        assert_eq!(caller(number::SYS_ioctl, &[3, request]), expected, "{request:#x}");
    }
}

#[test]
fn nothing_is_opened_for_neither_reading_nor_writing() {
    for (name, policy) in POLICIES.into_iter().filter(|(name, _)| *name != "agent") {
        let run = |number, arguments: &[u64]| verdict(policy, &Call::new(number, arguments));
        for flags in [0, 1, 2, 0o2000000, 0o200000, 2 | 0o2000] {
            assert_eq!(run(number::SYS_openat, &[0, 0, flags]), ALLOWED, "{name}: {flags:#o}");
        }
        for flags in [3, 3 | 0o2000000, 3 | HIGH] {
            assert_eq!(run(number::SYS_openat, &[0, 0, flags]), NOT_PERMITTED, "{name}: {flags:#o}");
        }
    }
}
