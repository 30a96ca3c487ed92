//! Who the code is, and that it stays so.

use crate::support::{assert_usable, open, printed, python};

#[tokio::test]
async fn code_has_no_privilege_and_can_gain_none() {
    let session = open(python()).await;
    let code = "
status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines())
for name in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'): assert int(status[name], 16) == 0, (name, status[name])
print(status['NoNewPrivs'], status['Seccomp'], status['Uid'].split(), status['Gid'].split(), status['Groups'].split())";
    let own = "['1000', '1000', '1000', '1000']";
    assert_eq!(printed(&session, code).await, format!("1 2 {own} {own} []\n"));
}

#[tokio::test]
async fn identity_cannot_be_changed() {
    let session = open(python()).await;
    let code = "
import ctypes, os
def attempt(name, call):
    try: call(); print(name, 'DONE')
    except OSError: pass
for name, call in (('setuid', lambda: os.setuid(0)), ('setgid', lambda: os.setgid(0)), ('seteuid', lambda: os.seteuid(0)),
        ('setresuid', lambda: os.setresuid(0, 0, 0)), ('other', lambda: os.setuid(65534)),
        ('groups', lambda: os.setgroups([0])), ('nice', lambda: os.nice(-5)),
        ('chown', lambda: os.chown('/sandbox/main.py', 0, 0))): attempt(name, call)
libc = ctypes.CDLL(None, use_errno=True)
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
every = (ctypes.c_uint32 * 6)(*([0xffffffff] * 6))
print(libc.capset(header, every), libc.prctl(38, 0, 0, 0, 0), libc.prctl(47, 2, 21, 0, 0), os.getuid())";
    assert_eq!(printed(&session, code).await, "-1 -1 -1 1000\n");
}

#[tokio::test]
async fn limits_go_only_down() {
    let session = open(python().open_files(100)).await;
    let code = "
import os, resource
for name in ('RLIMIT_NOFILE', 'RLIMIT_CORE', 'RLIMIT_MEMLOCK'):
    limit = getattr(resource, name)
    soft, hard = resource.getrlimit(limit)
    try: resource.setrlimit(limit, (hard + 1, hard + 1)); print(name, 'raised')
    except (ValueError, PermissionError): pass
resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))
print(resource.getrlimit(resource.RLIMIT_NOFILE))
for value in ('-1', '-1000'):
    try: open('/proc/self/oom_score_adj', 'wb', buffering=0).write(value.encode()); print('oom', value)
    except PermissionError: pass";
    assert_eq!(printed(&session, code).await, "(50, 50)\n");
}

#[tokio::test]
async fn the_runs_init_cannot_be_attacked() {
    let session = open(python()).await;
    let code = "
import ctypes, errno, os, resource, signal
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, call):
    try: call(); print(name, 'DONE')
    except OSError as error: assert error.errno in (errno.EPERM, errno.EACCES, errno.ESRCH), (name, error)
for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP, signal.SIGUSR1):
    attempt(f'kill {number}', lambda: os.kill(1, number))
    attempt(f'pidfd {number}', lambda: signal.pidfd_send_signal(os.pidfd_open(1), number))
attempt('prlimit', lambda: resource.prlimit(1, resource.RLIMIT_CPU, (0, 0)))
attempt('prlimit', lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (3, 3)))
attempt('scheduler', lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)))
attempt('priority', lambda: os.setpriority(os.PRIO_PROCESS, 1, 19))
attempt('affinity', lambda: os.sched_setaffinity(1, [0]))
if libc.syscall(251, 1, 1, 3 << 13) != -1: print('ioprio DONE')
attempt('oom', lambda: open('/proc/1/oom_score_adj', 'w').write('1000'))
for name in ('mem', 'environ', 'maps', 'auxv', 'syscall', 'stack', 'io'):
    attempt(name, lambda: open(f'/proc/1/{name}', 'rb').read(1))
for name in ('root', 'cwd', 'exe'): attempt(name, lambda: os.listdir(f'/proc/1/{name}') or os.readlink(f'/proc/1/{name}'))
attempt('fd', lambda: os.listdir('/proc/1/fd'))
attempt('map_files', lambda: os.listdir('/proc/1/map_files'))
print('end')";
    let shown = printed(&session, code).await;
    assert_eq!(shown, "end\n");
    assert_usable(&session).await;
}

#[tokio::test]
async fn the_agents_program_cannot_be_reached() {
    let session = open(python()).await;
    let code = "
import glob, os
for path in glob.glob('/proc/[0-9]*/exe'):
    try: print(os.readlink(path) == os.path.realpath('/proc/self/exe'))
    except OSError: print('denied')
for number in os.listdir('/proc/self/fd'):
    try: target = os.readlink('/proc/self/fd/' + number)
    except OSError: continue
    assert 'memfd' not in target and 'socket' not in target, target
try: open('/proc/self/exe', 'r+b'); print('writable')
except OSError: print('read-only')";
    assert_eq!(printed(&session, code).await, "denied\nTrue\nread-only\n");
}

#[tokio::test]
async fn the_hosts_priority_is_not_the_codes() {
    let own = rustix::process::getpriority_process(None).expect("it is readable");
    rustix::process::setpriority_process(None, -7).expect("root may");
    let session = open(python()).await;
    let found =
        printed(&session, "import os\nprint(os.nice(0), open('/proc/self/oom_score_adj').read().strip())").await;
    rustix::process::setpriority_process(None, own).expect("root may");
    assert_eq!(found, "0 0\n");
}
