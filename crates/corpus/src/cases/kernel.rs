use llm_sandbox_core::Guarantee::{HostFiles, ProcessesHidden, SystemCalls, Unprivileged};

use crate::{Case, Control};

pub(super) const CASES: &[Case] = &[
    Case::denied(
        "53-user-namespace",
        SystemCalls,
        "
denied(shut('unshare', 0x10000000))",
    ),
    Case::denied(
        "53-other-namespaces",
        SystemCalls,
        "
for flag in (0x20000, 0x4000000, 0x8000000, 0x40000000, 0x2000000): seen = shut('unshare', flag)
denied(seen)",
    ),
    Case::denied(
        "54-clone-with-namespaces",
        SystemCalls,
        "
def clone():
    if syscall('clone', 0x10000000 | 17, 0, 0, 0, 0) == 0: os._exit(0)
denied(refuse(clone, 'EPERM', 'ENOSYS'))",
    ),
    Case::denied(
        "54-clone3",
        SystemCalls,
        "
denied(shut('clone3', buffer(8), 8))",
    ),
    Case::denied(
        "55-mount",
        SystemCalls,
        "
denied(shut('mount', b'none', b'/nothing', b'tmpfs', 0, None))",
    ),
    Case::denied(
        "55-new-mount-calls",
        SystemCalls,
        "
shut('fsopen', b'tmpfs', 0)
shut('open_tree', -100, b'/', 1)
denied(shut('mount_setattr', -100, b'/nothing', 0, buffer(32), 32))",
    ),
    Case::denied(
        "56-enter-namespaces",
        SystemCalls,
        "
for name in ('mnt', 'pid', 'net', 'user'):
    try: file = os.open(f'/proc/1/ns/{name}', os.O_RDONLY)
    except OSError: file = os.open('/proc/self/ns/net', os.O_RDONLY)
    seen = shut('setns', file, 0)
denied(seen)",
    ),
    Case::denied(
        "57-trace",
        SystemCalls,
        "
import time
child = os.fork()
if child == 0: time.sleep(2); os._exit(0)
shut('ptrace', 0x4206, child, 0, 0)
shut('process_vm_readv', child, None, 0, None, 0, 0)
shut('pidfd_getfd', os.pidfd_open(child), 0, 0)
denied(shut('kcmp', child, child, 0, 0, 0))",
    ),
    Case::denied(
        "58-io-uring",
        SystemCalls,
        "
denied(shut('io_uring_setup', 1, buffer(120)))",
    )
    .control(Control::Not("hosts may have switched it off")),
    Case::denied(
        "59-bpf",
        SystemCalls,
        "
denied(shut('bpf', 99, buffer(128), 128))",
    ),
    Case::denied(
        "60-perf-events",
        SystemCalls,
        "
denied(shut('perf_event_open', buffer(128), 0, -1, -1, 0))",
    ),
    Case::denied(
        "61-user-faults",
        SystemCalls,
        "
denied(shut('userfaultfd', 1))",
    ),
    Case::denied(
        "62-keyrings",
        SystemCalls,
        "
shut('keyctl', 0, -3, 0)
denied(shut('add_key', b'user', b'llm-sandbox-corpus', b'x', 1, -3))",
    ),
    Case::denied(
        "63-kernel-modules",
        SystemCalls,
        "
denied(shut('init_module', buffer(8), 8, b''))",
    )
    .control(Control::Not("nothing is to be loaded into a kernel, and a kernel without modules has no such door")),
    Case::denied(
        "64-files-by-handle",
        SystemCalls,
        "
shut('name_to_handle_at', -100, b'/', buffer(64), buffer(8), 0)
denied(shut('open_by_handle_at', -100, buffer(64), 0))",
    ),
    Case::denied(
        "65-calls-of-32-bits",
        SystemCalls,
        "
if os.uname().machine != 'x86_64': denied('there is one table')
# getpid by int 0x80, and by the table of x32.
for code in (b'\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3', b'\\xb8\\x27\\0\\0\\x40\\x0f\\x05\\xc3'):
    child = os.fork()
    if child == 0: os._exit(machine_code(code) != os.getpid())
    if os.waitpid(child, 0)[1] == 0: escaped('it was answered')
denied()",
    ),
    Case::denied(
        "66-personality",
        SystemCalls,
        "
denied(shut('personality', 0x0400000))",
    ),
    Case::denied(
        "67-typing-for-others",
        SystemCalls,
        "
import pty
try: terminal = pty.openpty()[1]
except OSError: terminal = 0
denied(shut('ioctl', terminal, 0x5412, b'x'))",
    )
    .control(Control::Not("newer kernels have shut it themselves")),
    Case::denied(
        "68-chroot",
        SystemCalls,
        "
denied(shut('chroot', b'/nothing'))",
    ),
    Case::denied(
        "69-pivot-root",
        SystemCalls,
        "
denied(shut('pivot_root', b'/nothing', b'/nothing'))",
    ),
    Case::denied(
        "70-capabilities",
        Unprivileged,
        "
header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
syscall('capget', header, sets)
if any(sets): escaped(list(sets))
bound = [number for number in range(41) if libc.prctl(23, number, 0, 0, 0) == 1]
if bound: escaped(bound)
if libc.prctl(39, 0, 0, 0, 0) != 1 or libc.prctl(21, 0, 0, 0, 0) != 2: escaped('it may gain some')
denied(refuse(lambda: syscall('capset', header, (ctypes.c_uint32 * 6)(*([1] * 6)))))",
    ),
    Case::denied(
        "71-filter-listener",
        SystemCalls,
        "
denied(shut('seccomp', 1, 8, buffer(16)))",
    )
    .control(Control::Not("it would keep the filter")),
    Case::denied(
        "72-core-pattern",
        HostFiles,
        "
denied(refuse(lambda: open('/proc/sys/kernel/core_pattern', 'r+')))",
    ),
    Case::denied(
        "74-sysrq",
        HostFiles,
        "
for path in ('/proc/sysrq-trigger', '/proc/sys/kernel/sysrq'):
    try: file = os.open(path, os.O_WRONLY)
    except OSError: continue
    if os.fstat(file).st_rdev != os.makedev(1, 3): escaped(path)
denied()",
    )
    .control(Control::Not("a machine need not have it")),
    Case::denied(
        "75-kernel-log",
        SystemCalls,
        "
try: escaped(open('/dev/kmsg'))
except OSError: pass
denied(shut('syslog', 3, buffer(64), 64))",
    ),
    Case::denied(
        "98-other-processes",
        ProcessesHidden,
        "
import signal
seen = [int(name) for name in os.listdir('/proc') if name.isdigit()]
if len(seen) > 4: escaped(f'{len(seen)} processes')
denied()",
    ),
];
