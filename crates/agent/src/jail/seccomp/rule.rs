//! The calls whose arguments decide.

use libc::{EAFNOSUPPORT, EPERM, EPROTONOSUPPORT};

use super::policy::{Case, Condition, Rule, Verdict};

/// `clone(flags, …)` without a new namespace.
pub(super) static CLONE: Rule =
    Rule { cases: &[deny(&[Condition::AnyBit { argument: 0, bits: NEW_NAMESPACES }])], otherwise: Verdict::Allow };

const NEW_NAMESPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWTIME) as u32;

/// `ioctl(descriptor, request, …)` without the requests that attack whoever shares a terminal.
pub(super) static TERMINAL: Rule = Rule {
    cases: &[deny(&[Condition::one_of(1, &[libc::TIOCSTI as u32, libc::TIOCLINUX as u32, libc::TIOCSETD as u32])])],
    otherwise: Verdict::Allow,
};

/// The same without those that change a file's flags: on descriptors that may be of the caller's own files.
pub(super) static TERMINAL_AS_THE_CALLER: Rule = Rule {
    cases: &[deny(&[Condition::one_of(
        1,
        &[libc::TIOCSTI as u32, libc::TIOCLINUX as u32, libc::TIOCSETD as u32, FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR],
    )])],
    otherwise: Verdict::Allow,
};

/// As in linux/fs.h.
const FS_IOC_SETFLAGS: u32 = 0x4008_6602;
const FS_IOC_FSSETXATTR: u32 = 0x401c_5820;

/// `fcntl(descriptor, command, …)` without leases and watches.
pub(super) static NO_LEASES: Rule = Rule {
    cases: &[deny(&[Condition::one_of(1, &[libc::F_SETLEASE as u32, libc::F_NOTIFY as u32])])],
    otherwise: Verdict::Allow,
};

/// `personality(persona)`: `PER_LINUX`, or all ones to ask.
pub(super) static PERSONALITY: Rule =
    Rule { cases: &[permit(&[Condition::one_of(0, &[0, u32::MAX])])], otherwise: Verdict::Refuse(EPERM) };

/// `prctl(option, …)`.
pub(super) static PROCESS_CONTROL: Rule =
    Rule { cases: &[deny(&[Condition::one_of(0, &[libc::PR_SET_MM as u32])])], otherwise: Verdict::Allow };

/// `seccomp(operation, flags, …)` without a listener.
pub(super) static FURTHER_FILTERS: Rule = Rule {
    cases: &[deny(&[
        Condition::one_of(0, &[libc::SECCOMP_SET_MODE_FILTER]),
        Condition::AnyBit { argument: 1, bits: libc::SECCOMP_FILTER_FLAG_NEW_LISTENER as u32 },
    ])],
    otherwise: Verdict::Allow,
};

/// `prctl(option, …)` of a run: no filters of its own either.
pub(super) static RUN_CONTROL: Rule = Rule {
    cases: &[deny(&[Condition::one_of(0, &[libc::PR_SET_MM as u32, libc::PR_SET_SECCOMP as u32])])],
    otherwise: Verdict::Allow,
};

/// `prlimit64(process, …)` and others whose first argument is a process: any but the first.
pub(super) static BESIDE_THE_INIT: Rule = Rule { cases: &[deny(&[the_init(0)])], otherwise: Verdict::Allow };
/// `setpriority(kind, which, …)`, the same.
pub(super) static PRIORITY: Rule =
    Rule { cases: &[deny(&[Condition::one_of(0, &[libc::PRIO_PROCESS]), the_init(1)])], otherwise: Verdict::Allow };
/// `ioprio_set(kind, which, …)`, the same.
pub(super) static IO_PRIORITY: Rule =
    Rule { cases: &[deny(&[Condition::one_of(0, &[IOPRIO_WHO_PROCESS]), the_init(1)])], otherwise: Verdict::Allow };

/// The same calls on the caller alone, which is process 0 to itself.
pub(super) static ITSELF: Rule = Rule { cases: &[permit(&[itself(0)])], otherwise: Verdict::Refuse(EPERM) };
/// `setpriority(kind, which, …)`, the same.
pub(super) static OWN_PRIORITY: Rule = Rule {
    cases: &[permit(&[Condition::one_of(0, &[libc::PRIO_PROCESS]), itself(1)])],
    otherwise: Verdict::Refuse(EPERM),
};
/// `ioprio_set(kind, which, …)`, the same.
pub(super) static OWN_IO_PRIORITY: Rule = Rule {
    cases: &[permit(&[Condition::one_of(0, &[IOPRIO_WHO_PROCESS]), itself(1)])],
    otherwise: Verdict::Refuse(EPERM),
};

const fn itself(argument: u8) -> Condition {
    Condition::one_of(argument, &[0])
}

/// As in linux/ioprio.h.
const IOPRIO_WHO_PROCESS: u32 = 1;

const fn the_init(argument: u8) -> Condition {
    Condition::one_of(argument, &[1])
}

/// `seccomp(operation, …)` without new filters.
pub(super) static NO_FILTERS: Rule =
    Rule { cases: &[deny(&[Condition::one_of(0, &[libc::SECCOMP_SET_MODE_FILTER])])], otherwise: Verdict::Allow };

/// `setsockopt(socket, level, option, …)` without programs.
pub(super) static SOCKET_OPTION: Rule = Rule {
    cases: &[deny(&[
        Condition::one_of(1, &[libc::SOL_SOCKET as u32]),
        Condition::one_of(
            2,
            &[
                libc::SO_ATTACH_FILTER as u32,
                libc::SO_ATTACH_BPF as u32,
                libc::SO_ATTACH_REUSEPORT_CBPF as u32,
                libc::SO_ATTACH_REUSEPORT_EBPF as u32,
            ],
        ),
    ])],
    otherwise: Verdict::Allow,
};

/// `openat(directory, path, flags, mode)`: what is made gains nobody's rights, and nothing is opened for neither reading
/// nor writing, which Landlock lets pass though modes and attributes can be changed through it.
pub(super) static OPEN_AT: Rule =
    Rule { cases: &[deny(&[creates(2), gains(3)]), deny(&[neither(2)])], otherwise: Verdict::Allow };
/// `open(path, flags, mode)`, the same.
#[cfg(target_arch = "x86_64")]
pub(super) static OPEN: Rule =
    Rule { cases: &[deny(&[creates(1), gains(2)]), deny(&[neither(1)])], otherwise: Verdict::Allow };
/// `fchmod(file, mode)` and others whose second argument is a mode.
pub(super) static MODE_SECOND: Rule = Rule { cases: &[deny(&[gains(1)])], otherwise: Verdict::Allow };
/// `fchmodat(directory, path, mode)` and others whose third argument is a mode.
pub(super) static MODE_THIRD: Rule = Rule { cases: &[deny(&[gains(2)])], otherwise: Verdict::Allow };

/// Whether the flags make a file: `O_CREAT`, or what `O_TMPFILE` has beside `O_DIRECTORY`.
const fn creates(argument: u8) -> Condition {
    Condition::AnyBit { argument, bits: (libc::O_CREAT | (libc::O_TMPFILE & !libc::O_DIRECTORY)) as u32 }
}

/// Whether the access mode is the fourth, which has no name. (With `O_PATH` the kernel ignores it.)
const fn neither(argument: u8) -> Condition {
    Condition::OneOf { argument, mask: libc::O_ACCMODE as u32, values: &[libc::O_ACCMODE as u32] }
}

/// Whether the mode is set-user-id or set-group-id.
const fn gains(argument: u8) -> Condition {
    Condition::AnyBit { argument, bits: libc::S_ISUID | libc::S_ISGID }
}

/// `mknodat(directory, path, mode, …)` without devices.
pub(super) static NODE_AT: Rule = Rule { cases: &[deny(&[device(2)]), deny(&[gains(2)])], otherwise: Verdict::Allow };
/// `mknod(path, mode, …)` without devices.
#[cfg(target_arch = "x86_64")]
pub(super) static NODE: Rule = Rule { cases: &[deny(&[device(1)]), deny(&[gains(1)])], otherwise: Verdict::Allow };

/// `socket(family, type, protocol)`: local, TCP, UDP.
pub(super) static SOCKET: Rule =
    Rule { cases: &[LOCAL, INTERNET, RAW, OTHER_KINDS], otherwise: Verdict::Refuse(EAFNOSUPPORT) };

/// `socketpair(family, type, protocol, …)`: local and connected.
pub(super) static SOCKET_PAIR: Rule = Rule {
    cases: &[permit(&[
        family(&[libc::AF_UNIX as u32]),
        kind(&[libc::SOCK_STREAM as u32, libc::SOCK_SEQPACKET as u32]),
    ])],
    otherwise: Verdict::Refuse(EPERM),
};

const LOCAL: Case = permit(&[
    family(&[libc::AF_UNIX as u32]),
    kind(&[libc::SOCK_STREAM as u32, libc::SOCK_DGRAM as u32, libc::SOCK_SEQPACKET as u32]),
]);

/// Protocols are named, or the kernel would load the module of any other (sctp, dccp, l2tp) because a program asked.
const INTERNET: Case = permit(&[
    INTERNET_FAMILY,
    kind(&[libc::SOCK_STREAM as u32, libc::SOCK_DGRAM as u32]),
    Condition::one_of(2, &[0, libc::IPPROTO_TCP as u32, libc::IPPROTO_UDP as u32]),
]);

/// What any unprivileged process hears.
const RAW: Case = deny(&[INTERNET_FAMILY, kind(&[libc::SOCK_RAW as u32])]);

/// What runtimes that would rather speak mptcp (Go) expect of a kernel without it.
const OTHER_KINDS: Case = Case {
    when: &[family(&[libc::AF_UNIX as u32, libc::AF_INET as u32, libc::AF_INET6 as u32])],
    then: Verdict::Refuse(EPROTONOSUPPORT),
};

const INTERNET_FAMILY: Condition = family(&[libc::AF_INET as u32, libc::AF_INET6 as u32]);

const fn family(values: &'static [u32]) -> Condition {
    Condition::one_of(0, values)
}

/// The type shares its argument with `SOCK_CLOEXEC` and `SOCK_NONBLOCK`.
const fn kind(values: &'static [u32]) -> Condition {
    Condition::OneOf { argument: 1, mask: 0xf, values }
}

const fn device(argument: u8) -> Condition {
    Condition::OneOf { argument, mask: libc::S_IFMT, values: &[libc::S_IFCHR, libc::S_IFBLK] }
}

const fn permit(when: &'static [Condition]) -> Case {
    Case { when, then: Verdict::Allow }
}

const fn deny(when: &'static [Condition]) -> Case {
    Case { when, then: Verdict::Refuse(EPERM) }
}
