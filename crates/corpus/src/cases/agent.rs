use llm_sandbox_core::Guarantee::{AgentApart, HostFiles, MemoryLimit, Unprivileged};

use crate::Required::OutOfMemory;
use crate::{Case, Control};

pub(super) const CASES: &[Case] = &[
    Case::denied(
        "102-forged-frames",
        AgentApart,
        "
frame = (b'\\x00' * 4 + b'\\xff' * 12) * 64
for number in list(range(3, 1024)):
    try: os.set_blocking(number, False); os.write(number, frame)
    except OSError: continue
    escaped(f'descriptor {number} takes it')
denied()",
    )
    .control(Control::Not("without a sandbox there is nobody to forge for")),
    Case::denied(
        "105-limits-of-the-first",
        AgentApart,
        "
import resource
for limit in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_AS):
    seen = refuse(lambda: resource.prlimit(first, limit, resource.prlimit(first, limit)))
denied(seen)",
    )
    .control(Control::EscapesBesideItsFirst),
    Case::denied(
        "105-scheduling-of-the-first",
        AgentApart,
        "
refuse(lambda: os.sched_setscheduler(first, os.SCHED_OTHER, os.sched_param(0)))
denied(refuse(lambda: os.sched_setaffinity(first, os.sched_getaffinity(0))))",
    )
    .control(Control::EscapesBesideItsFirst),
    Case::denied(
        "105-signals-to-the-first",
        AgentApart,
        "
import signal, time
for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
    try: os.kill(first, number)
    except OSError: pass
time.sleep(0.1)
denied('it is still there')",
    )
    .control(Control::Not("whoever starts it is not to be killed")),
    Case::denied(
        "105-files-of-the-first",
        AgentApart,
        "
for name in ('mem', 'environ', 'maps', 'auxv'): seen = refuse(lambda: open(f'/proc/{first}/{name}', 'rb').read(1))
for name in ('fd', 'map_files'): refuse(lambda: os.listdir(f'/proc/{first}/{name}'))
denied(seen)",
    )
    .control(Control::EscapesBesideItsFirst),
    Case::denied(
        "106-own-limits-raised",
        Unprivileged,
        "
import resource
for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_MEMLOCK):
    soft, hard = resource.getrlimit(limit)
    if hard == resource.RLIM_INFINITY: escaped('there is none')
    try: resource.setrlimit(limit, (hard + 1, hard + 1)); escaped('raised')
    except (ValueError, PermissionError): pass
denied()",
    )
    .control(Control::Not("root of a container need not have this right")),
    Case::denied(
        "106-spared-when-memory-is-short",
        HostFiles,
        "
denied(refuse(lambda: open('/proc/self/oom_score_adj', 'wb', buffering=0).write(b'-1000')))",
    )
    .control(Control::Not("root of a container need not have this right")),
    Case::seen(
        "106-memory-by-many-names",
        MemoryLimit,
        OutOfMemory,
        "
import mmap
held = []
for part in range(32):
    held.append(mmap.mmap(-1, 8 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
    for page in range(0, 8 << 20, 4096): held[-1][page] = 1
escaped('256 MiB')",
    )
    .heavy(),
];
