//! System calls that lead into the kernel or out of the sandbox.

use crate::support::{assert_usable, open, printed, python};

/// Makes system calls by number and names what came of each.
const CALL: &str = "
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    ctypes.set_errno(0)
    arguments = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *arguments)
    return errno.errorcode[ctypes.get_errno()] if result == -1 else 'allowed'
";

/// What each call gets, by its name, number and arguments as Python has them.
async fn assert_refused(calls: &[(&str, &str, &str)]) {
    let session = open(python()).await;
    let mut code = CALL.to_owned();
    for (name, arguments, _) in calls {
        code.push_str(&format!("print('{name}', call({arguments}))\n"));
    }
    let shown = printed(&session, code).await;
    let expected: String = calls.iter().map(|(name, _, error)| format!("{name} {error}\n")).collect();
    assert_eq!(shown, expected);
    assert_usable(&session).await;
}

#[tokio::test]
async fn namespaces_can_be_neither_made_nor_entered() {
    let mut calls = Vec::new();
    let flags = ["0x10000000", "0x20000", "0x20000000", "0x40000000", "0x08000000", "0x04000000", "0x02000000", "0x80"];
    let unshare: Vec<String> = flags.iter().map(|flag| format!("272, {flag}")).collect();
    let clone: Vec<String> = flags[..7].iter().map(|flag| format!("56, {flag} | 17, 0, 0, 0, 0")).collect();
    calls.extend(unshare.iter().map(|arguments| ("unshare", arguments.as_str(), "EPERM")));
    calls.extend(clone.iter().map(|arguments| ("clone", arguments.as_str(), "EPERM")));
    calls.push(("clone3", "435, ctypes.create_string_buffer(88), 88", "ENOSYS"));
    calls.push(("setns", "308, os.open('/proc/self/ns/net', os.O_RDONLY), 0", "EPERM"));
    calls.push(("setns", "308, os.pidfd_open(os.getpid()), 0x20000", "EPERM"));
    assert_refused(&calls).await;
}

#[tokio::test]
async fn the_tree_cannot_be_changed() {
    assert_refused(&[
        ("mount", "165, b'none', b'/tmp', b'tmpfs', 0, 0", "EPERM"),
        ("bind", "165, b'/usr', b'/tmp', 0, 4096, 0", "EPERM"),
        ("remount", "165, 0, b'/usr', 0, 32, 0", "EPERM"),
        ("umount2", "166, b'/usr', 2", "EPERM"),
        ("pivot_root", "155, b'/', b'/tmp'", "EPERM"),
        ("chroot", "161, b'/sandbox'", "EPERM"),
        ("open_tree", "428, -100, b'/usr', 1", "EPERM"),
        ("move_mount", "429, -100, b'/usr', -100, b'/tmp', 0", "EPERM"),
        ("fsopen", "430, b'tmpfs', 0", "EPERM"),
        ("fsconfig", "431, 0, 0, 0, 0, 0", "EPERM"),
        ("fsmount", "432, 0, 0, 0", "EPERM"),
        ("fspick", "433, -100, b'/', 0", "EPERM"),
        ("mount_setattr", "442, -100, b'/usr', 0, ctypes.create_string_buffer(32), 32", "EPERM"),
        ("open_by_handle_at", "304, -100, ctypes.create_string_buffer(64), 0", "EPERM"),
        (
            "name_to_handle_at",
            "303, -100, b'/', ctypes.create_string_buffer(64), ctypes.byref(ctypes.c_int()), 0",
            "EPERM",
        ),
    ])
    .await;
}

#[tokio::test]
async fn rare_doors_of_the_kernel_are_shut() {
    assert_refused(&[
        ("bpf", "321, 0, ctypes.create_string_buffer(128), 128", "EPERM"),
        ("perf_event_open", "298, ctypes.create_string_buffer(128), 0, -1, -1, 0", "EPERM"),
        ("userfaultfd", "323, 1", "EPERM"),
        ("io_uring_setup", "425, 8, ctypes.create_string_buffer(128)", "ENOSYS"),
        ("io_uring_enter", "426, 0, 0, 0, 0, 0, 0", "ENOSYS"),
        ("io_uring_register", "427, 0, 0, 0, 0", "ENOSYS"),
        ("add_key", "248, b'user', b'name', b'x', 1, -2", "EPERM"),
        ("request_key", "249, b'user', b'name', 0, -2", "EPERM"),
        ("keyctl", "250, 0, -3, 0", "EPERM"),
        ("init_module", "175, 0, 0, b''", "EPERM"),
        ("finit_module", "313, 0, b'', 0", "EPERM"),
        ("delete_module", "176, b'x', 0", "EPERM"),
        ("kexec_load", "246, 0, 0, 0, 0", "EPERM"),
        ("syslog", "103, 3, ctypes.create_string_buffer(64), 64", "EPERM"),
        ("reboot", "169, 0, 0, 0, 0", "EPERM"),
        ("swapon", "167, b'/sandbox/x', 0", "EPERM"),
        ("acct", "163, 0", "EPERM"),
        ("iopl", "172, 3", "EPERM"),
        ("ioperm", "173, 0, 1, 1", "EPERM"),
        ("clock_settime", "227, 0, ctypes.create_string_buffer(16)", "EPERM"),
        ("fanotify_init", "300, 0, 0", "EPERM"),
        ("memfd_secret", "447, 0", "ENOSYS"),
        ("vmsplice", "278, 0, 0, 0, 0", "ENOSYS"),
        ("sethostname", "170, b'mine', 4", "EPERM"),
        ("unknown", "1999, 0", "ENOSYS"),
        ("personality", "135, 0x0400000", "EPERM"),
        ("TIOCSTI", "16, 0, 0x5412, b'x'", "EPERM"),
        ("TIOCLINUX", "16, 0, 0x541c, b'x'", "EPERM"),
        ("listener", "317, 1, 8, ctypes.create_string_buffer(16)", "EPERM"),
    ])
    .await;
}

#[tokio::test]
async fn other_processes_cannot_be_reached_into() {
    assert_refused(&[
        ("ptrace attach", "101, 16, 1, 0, 0", "EPERM"),
        ("ptrace seize", "101, 0x4206, 1, 0, 0", "EPERM"),
        ("traceme", "101, 0, 0, 0, 0", "EPERM"),
        ("process_vm_readv", "310, 1, 0, 0, 0, 0, 0", "EPERM"),
        ("process_vm_writev", "311, 1, 0, 0, 0, 0, 0", "EPERM"),
        ("pidfd_getfd", "438, os.pidfd_open(1), 0, 0", "EPERM"),
        ("kcmp", "312, 1, 1, 0, 0, 0", "EPERM"),
        ("move_pages", "279, 1, 0, 0, 0, 0, 0", "EPERM"),
        ("migrate_pages", "256, 1, 0, 0, 0", "EPERM"),
    ])
    .await;
}

#[tokio::test]
async fn sockets_are_local_tcp_and_udp() {
    let session = open(python()).await;
    let code = "
import socket
refused = []
families = [f for f in range(0, 46) if f not in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)]
for family in families:
    for kind in (1, 2, 3, 5):
        try: socket.socket(family, kind).close(); print('made', family, kind)
        except OSError: refused.append(family)
for family, kind, protocol in ((2, 3, 1), (2, 3, 255), (10, 3, 58), (2, 2, 1), (2, 1, 132), (2, 1, 262), (2, 5, 132)):
    try: socket.socket(family, kind, protocol).close(); print('made', family, kind, protocol)
    except OSError: pass
for family, kind in ((1, 1), (1, 2), (1, 5), (2, 1), (2, 2), (10, 1), (10, 2)): socket.socket(family, kind).close()
print(len(refused) == len(families) * 4)";
    assert_eq!(printed(&session, code).await, "True\n");
}

#[tokio::test]
async fn calls_of_other_architectures_end_their_process() {
    let session = open(python()).await;
    // mov eax, 20 (getpid of i386); int 0x80; ret. The second asks for getpid with the x32 bit.
    let code = "
import ctypes, mmap, os
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]))
function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
libc = ctypes.CDLL(None, use_errno=True)
for attempt in (lambda: function(), lambda: libc.syscall(ctypes.c_long(0x40000000 | 39))):
    pid = os.fork()
    if pid == 0:
        result = attempt()
        os._exit(0 if result > 0 else 1)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0)";
    assert_eq!(printed(&session, code).await, "True\nTrue\n");
}

#[tokio::test]
async fn the_kernel_compiles_no_program_of_the_codes() {
    // Thousands of them, freed at once, wedge a kernel for good.
    let socket = "__import__('socket').socketpair()[0].fileno()";
    let option = |number: u8| format!("54, {socket}, 1, {number}, ctypes.create_string_buffer(16), 16");
    let options = [26, 50, 51, 52].map(option);
    let mut calls: Vec<_> = options.iter().map(|arguments| ("setsockopt", arguments.as_str(), "EPERM")).collect();
    calls.push(("seccomp", "317, 1, 0, ctypes.create_string_buffer(16)", "EPERM"));
    calls.push(("prctl", "157, 22, 2, ctypes.create_string_buffer(16)", "EPERM"));
    assert_refused(&calls).await;
}
