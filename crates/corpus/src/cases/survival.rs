use llm_sandbox_core::Guarantee::{ProcessesHidden, TreeKill};

use crate::Required::{GoneInNextRun, Stopped, WallLimit};
use crate::{Case, Control};

pub(super) const CASES: &[Case] = &[
    Case::seen(
        "26-daemon",
        TreeKill,
        GoneInNextRun,
        "
import time
if os.path.exists('beat'):
    before = os.stat('beat').st_mtime_ns
    time.sleep(0.5)
    if os.stat('beat').st_mtime_ns != before: escaped('it lives')
    denied('it is dead')
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3): os.close(number)
        end = time.monotonic() + 4
        while time.monotonic() < end:
            open('beat', 'w').close()
            time.sleep(0.02)
    os._exit(0)
while not os.path.exists('beat'): time.sleep(0.01)
denied('started')",
    ),
    Case::denied(
        "27-zombies",
        TreeKill,
        "
for count in range(40):
    if os.fork() == 0: os._exit(0)
denied('40 of them are left')",
    )
    .control(Control::Not("whoever starts it reaps its orphans")),
    Case::seen(
        "28-held-output",
        TreeKill,
        crate::Required::Denied,
        "
import time
if os.fork() == 0:
    time.sleep(3)
    escaped('it still writes')
os.write(1, b'DENIED the program is over\\n')
os._exit(0)",
    ),
    Case::seen(
        "29-process-groups",
        TreeKill,
        GoneInNextRun,
        "
import time
if os.path.exists('beat'):
    before = os.stat('beat').st_mtime_ns
    time.sleep(0.5)
    if os.stat('beat').st_mtime_ns != before: escaped('one lives')
    denied('all are dead')
for child in range(5):
    if os.fork() == 0:
        os.setpgid(0, 0)
        for number in range(3): os.close(number)
        end = time.monotonic() + 4
        while time.monotonic() < end:
            open('beat', 'w').close()
            time.sleep(0.02)
        os._exit(0)
while not os.path.exists('beat'): time.sleep(0.01)
denied('started')",
    ),
    Case::seen(
        "32-kill-everybody",
        ProcessesHidden,
        Stopped,
        "
if os.fork() == 0:
    os.kill(-1, 9)
    os._exit(0)
os.wait()
sys.exit(1)",
    )
    .heavy()
    .control(Control::Not("it would kill whatever its user runs")),
    Case::seen(
        "33-stopped-program",
        TreeKill,
        WallLimit,
        "
import signal, time
own = os.getpid()
if os.fork() == 0:
    time.sleep(3)
    os.kill(own, signal.SIGCONT)
    os._exit(0)
os.kill(own, signal.SIGSTOP)
escaped('it went on')",
    )
    .within(1.0),
];
