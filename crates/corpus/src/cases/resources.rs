use llm_sandbox_core::Guarantee::{
    CpuLimit, DiskLimit, IpcRemoved, MemoryLimit, ProcessLimit, RunLimits, SystemCalls, TreeKill,
};

use crate::Required::{CpuLimit as CpuTime, OutOfMemory, Signalled, Stopped, Truncated, WallLimit};
use crate::{Case, Control};

pub(super) const CASES: &[Case] = &[
    Case::denied(
        "1-fork-bomb",
        ProcessLimit,
        "
import time
for count in range(150):
    try: child = os.fork()
    except BlockingIOError: denied(f'after {count}')
    if child == 0: time.sleep(3); os._exit(0)
escaped('150 processes')",
    )
    .heavy(),
    Case::denied(
        "2-thread-bomb",
        ProcessLimit,
        "
import threading, time
for count in range(150):
    try: threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    except RuntimeError: denied(f'after {count}')
escaped('150 threads')",
    )
    .heavy(),
    Case::seen(
        "3-allocation",
        MemoryLimit,
        OutOfMemory,
        "
held = bytearray(os.urandom(1)) * (256 << 20)
escaped(len(held))",
    )
    .heavy(),
    Case::seen(
        "4-memory-of-ten-children",
        MemoryLimit,
        OutOfMemory,
        "
import time
ready, done = os.pipe()
for child in range(10):
    if os.fork() == 0:
        held = bytearray(b'x') * (30 << 20)
        os.write(done, b'.')
        time.sleep(5)
        os._exit(0)
for child in range(10): os.read(ready, 1)
escaped('300 MiB')",
    )
    .heavy(),
    Case::seen(
        "5-a-child-runs-out-of-memory",
        MemoryLimit,
        OutOfMemory,
        "
child = os.fork()
if child == 0:
    held = bytearray(b'x') * (256 << 20)
    os._exit(0)
if os.waitpid(child, 0)[1] == 0: escaped('256 MiB in a child')",
    )
    .heavy(),
    Case::seen(
        "6-memory-files",
        MemoryLimit,
        OutOfMemory,
        "
for part in range(13):
    file = os.memfd_create('held')
    for chunk in range(20): os.write(file, b'x' * (1 << 20))
escaped('256 MiB')",
    )
    .heavy(),
    Case::seen(
        "6-shared-memory",
        MemoryLimit,
        OutOfMemory,
        "
import mmap
held = mmap.mmap(-1, 256 << 20)
for part in range(256): held.write(b'x' * (1 << 20))
escaped('256 MiB')",
    )
    .heavy(),
    Case::seen(
        "6-files-in-shared-memory",
        DiskLimit,
        Stopped,
        "
for part in range(3):
    with open(f'/dev/shm/{os.getpid()}-{part}', 'wb', buffering=0) as file:
        os.unlink(file.name)
        kept = os.dup(file.fileno())
        for chunk in range(16): refuse_or = os.write(kept, b'x' * (1 << 20))
escaped('48 MiB')",
    )
    .heavy(),
    Case::denied(
        "7-swap",
        SystemCalls,
        "
denied(shut('swapon', b'/nothing', 0))",
    ),
    Case::denied(
        "8-locked-memory",
        SystemCalls,
        "
import mmap
page = mmap.mmap(-1, 4096)
denied(shut('mlock', ctypes.byref(ctypes.c_char.from_buffer(page)), 4096))",
    ),
    Case::seen(
        "9-busy-loop",
        CpuLimit,
        CpuTime,
        "
import time
while time.process_time() < 3: pass
escaped('3 seconds')",
    )
    .cpu(0.5),
    Case::seen(
        "10-sleep",
        RunLimits,
        WallLimit,
        "
import time
time.sleep(4)
escaped('4 seconds')",
    )
    .within(1.0),
    Case::seen(
        "11-ignored-signals",
        TreeKill,
        WallLimit,
        "
import signal, time
for number in range(1, 64):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
end = time.monotonic() + 4
while time.monotonic() < end: pass
escaped('4 seconds')",
    )
    .within(1.0),
    Case::seen(
        "12-endless-output",
        RunLimits,
        Truncated,
        "
for part in range(64): os.write(1, b'x' * (1 << 20))",
    )
    .control(Control::Prints(64 << 20)),
    Case::denied(
        "13-flood-of-errors",
        TreeKill,
        "
for part in range(32): os.write(2, b'x' * (1 << 20))
denied('all was written')",
    )
    .control(Control::Not("whether it blocks depends on who reads")),
    Case::seen(
        "14-closed-output",
        TreeKill,
        WallLimit,
        "
import time
os.close(1)
time.sleep(4)
escaped('4 seconds')",
    )
    .within(1.0),
    Case::denied(
        "15-full-disk",
        DiskLimit,
        "
try:
    for part in range(4):
        with open(f'part-{part}', 'wb', buffering=0) as file:
            for chunk in range(16):
                if file.write(b'x' * (1 << 20)) < 1 << 20: denied('cut short')
except OSError as error:
    for part in range(4):
        if os.path.exists(f'part-{part}'): os.unlink(f'part-{part}')
    if error.errno == errno.ENOSPC: denied('ENOSPC')
escaped('64 MiB')",
    )
    .heavy(),
    Case::denied(
        "16-a-million-files",
        DiskLimit,
        "
os.mkdir('many')
try:
    for count in range(20000): os.close(os.open(f'many/{count}', os.O_CREAT))
except OSError as error:
    import shutil
    shutil.rmtree('many')
    if error.errno == errno.ENOSPC: denied(count)
escaped('20000 files')",
    )
    .heavy(),
    Case::seen(
        "18-largest-file",
        RunLimits,
        Signalled(25),
        "
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
with open('large', 'wb') as file: file.truncate(30 << 20)
escaped('30 MiB')",
    ),
    Case::denied(
        "19-descriptors",
        RunLimits,
        "
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
held = []
try:
    for count in range(3000): held.append(os.open('/dev/null', os.O_RDONLY))
except OSError as error:
    if error.errno == errno.EMFILE:
        for number in held: os.close(number)
        denied(f'EMFILE after {count}')
escaped('3000 descriptors')",
    ),
    Case::seen(
        "23-hoarded-pipes",
        MemoryLimit,
        Stopped,
        "
import fcntl
held = []
for count in range(250):
    reader, writer = os.pipe()
    refused = fcntl.fcntl(writer, 1031, 1 << 20)
    os.set_blocking(writer, False)
    held.append((reader, os.write(writer, b'x' * (1 << 20))))
escaped('250 MiB')",
    )
    .heavy(),
    Case::seen(
        "24-objects-of-system-v",
        IpcRemoved,
        crate::Required::GoneInNextRun,
        "
key, size = 0x6c6c6d73, 1 << 16
if libc.shmget(key, size, 0) != -1: libc.shmctl(libc.shmget(key, size, 0), 0, None); escaped('it was kept')
if libc.shmget(key, size, 0o1600) == -1 and ctypes.get_errno() != errno.ENOSYS: escaped(os.strerror(ctypes.get_errno()))
denied('planted, or there are none')",
    ),
    Case::seen(
        "24-objects-of-posix",
        IpcRemoved,
        crate::Required::GoneInNextRun,
        "
O = os.O_CREAT | os.O_EXCL | os.O_RDWR
librt = ctypes.CDLL('librt.so.1', use_errno=True)
if librt.mq_open(b'/llm-sandbox-corpus', O, 0o600, None) == -1:
    error = errno.errorcode[ctypes.get_errno()]
    if error == 'EEXIST': librt.mq_unlink(b'/llm-sandbox-corpus'); escaped('it was kept')
denied('planted')",
    )
    .control(Control::Not("a host need not have message queues")),
];
