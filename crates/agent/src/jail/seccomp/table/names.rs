//! What is named by a path, an address or a number: harmless where it is the sandbox's own.

use libc::{ENOSYS, ENOTSUP, EPERM};

use super::super::policy::{Group, allow, calls, examine, refuse};
use super::super::{number, rule};

pub(super) const OWNERS_BY_NAME: &[Group] = &[
    allow("owners and times of files by name: only a file's owner may set them", calls! { SYS_fchownat SYS_utimensat }),
    #[cfg(target_arch = "x86_64")]
    allow("the same through their first forms", calls! { SYS_chown SYS_lchown SYS_utime SYS_utimes SYS_futimesat }),
];

pub(super) const ATTRIBUTES_BY_NAME: &[Group] = &[allow(
    "attributes and watches of files by name: no file of others is in reach",
    calls! {
        SYS_setxattr SYS_lsetxattr SYS_removexattr SYS_lremovexattr SYS_setxattrat SYS_removexattrat
        SYS_getxattr SYS_lgetxattr SYS_listxattr SYS_llistxattr SYS_getxattrat SYS_listxattrat
        SYS_file_getattr SYS_file_setattr SYS_inotify_add_watch
    },
)];

pub(super) const NO_OWNERS_BY_NAME: &[Group] = &[
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

pub(super) const NO_ATTRIBUTES_BY_NAME: &[Group] = &[
    refuse(
        EPERM,
        "files that anybody may write are in reach by name, and Landlock knows nothing of attributes and watches",
        calls! {
            SYS_setxattr SYS_lsetxattr SYS_removexattr SYS_lremovexattr SYS_setxattrat SYS_removexattrat
            SYS_file_setattr SYS_inotify_add_watch
        },
    ),
    refuse(
        ENOTSUP,
        "the same for reading them; programs that copy files take them for absent",
        calls! {
            SYS_getxattr SYS_lgetxattr SYS_listxattr SYS_llistxattr SYS_getxattrat SYS_listxattrat SYS_file_getattr
        },
    ),
];

pub(super) const OWNERS_OF_OPEN_FILES: &[Group] = &[
    allow(
        "owners and attributes of open files, leases on them, what devices do: only their owners may",
        calls! { SYS_fchown SYS_fsetxattr SYS_fremovexattr SYS_fcntl },
    ),
    examine(&rule::TERMINAL, TERMINALS, calls! { SYS_ioctl }),
];

pub(super) const NO_OWNERS_OF_OPEN_FILES: &[Group] = &[
    refuse(
        EPERM,
        "what the code may read of the caller's is the caller's own: to open it must not be enough to change its owner, \
         its mode or its attributes",
        calls! { SYS_fchown SYS_fchmod SYS_fsetxattr SYS_fremovexattr },
    ),
    examine(&rule::NO_LEASES, "not: leases on what is the caller's, and watches", calls! { SYS_fcntl }),
    examine(&rule::TERMINAL_AS_THE_CALLER, TERMINALS, calls! { SYS_ioctl }),
];

const TERMINALS: &str = "not: typing into a terminal for whoever reads it next, pasting on a console, loading line disciplines; where the \
     files are the caller's own, their flags";

pub(super) const OWN_NAMESPACES: &[Group] = &[
    examine(
        &rule::SOCKET,
        "local, TCP and UDP: netlink, packet, vsock, alg and the rest lead into rarely used kernel code. Without \
         netlink, only listing interfaces fails: C libraries then take every address family for usable",
        calls! { SYS_socket SYS_socketpair },
    ),
    allow("addresses: of the sandbox's own network namespace", calls! { SYS_bind SYS_listen SYS_connect }),
    allow(
        "queues, semaphores and shared memory: of the sandbox's own ipc namespace",
        calls! {
            SYS_mq_open SYS_mq_unlink SYS_mq_timedsend SYS_mq_timedreceive SYS_mq_notify SYS_mq_getsetattr
            SYS_msgget SYS_msgctl SYS_msgrcv SYS_msgsnd SYS_semget SYS_semctl SYS_semop SYS_semtimedop
            SYS_shmget SYS_shmctl SYS_shmat SYS_shmdt
        },
    ),
];

pub(super) const NO_NAMESPACES: &[Group] = &[
    refuse(
        EPERM,
        "the host's network, and its local sockets, are in reach by name",
        calls! { SYS_socket SYS_bind SYS_listen SYS_connect },
    ),
    examine(
        &rule::SOCKET_PAIR,
        "two ends of the code's own, connected: not of datagrams, which can be sent to any local socket by name",
        calls! { SYS_socketpair },
    ),
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
