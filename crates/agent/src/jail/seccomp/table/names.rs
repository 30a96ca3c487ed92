//! What is named by a path, an address or a number: harmless where it is the sandbox's own.

use libc::{ENOSYS, EPERM};

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
        SYS_file_setattr SYS_inotify_add_watch
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

pub(super) const NO_ATTRIBUTES_BY_NAME: &[Group] = &[refuse(
    EPERM,
    "files that anybody may write are in reach by name, and Landlock knows nothing of attributes and watches",
    calls! {
        SYS_setxattr SYS_lsetxattr SYS_removexattr SYS_lremovexattr SYS_setxattrat SYS_removexattrat
        SYS_file_setattr SYS_inotify_add_watch
    },
)];

pub(super) const OWN_NAMESPACES: &[Group] = &[
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

pub(super) const NO_NAMESPACES: &[Group] = &[
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
