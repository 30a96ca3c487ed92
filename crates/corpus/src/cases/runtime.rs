use llm_sandbox_core::Guarantee::{AgentApart, HostFiles, HostHidden, ProcessesHidden};

use crate::{Case, Control, Target};

pub(super) const CASES: &[Case] = &[
    Case::denied("73-kernel-memory-and-symbols", HostFiles, "
for path in ('/proc/kcore', '/proc/kallsyms', '/proc/keys', '/proc/timer_list', '/dev/mem', '/dev/port'):
    try:
        with open(path, 'rb') as file: start = file.read(400)
    except OSError: continue
    if start.strip(b'0 \\n') and not start.startswith(b'0000000000000000'): escaped(path)
denied()"),
    Case::denied("76-release-agent", HostFiles, "
for top, directories, files in os.walk('/sys/fs/cgroup'):
    for name in ('release_agent', 'notify_on_release', 'cgroup.procs'):
        if name in files and os.access(top + '/' + name, os.W_OK): escaped(top + '/' + name)
denied()"),
    Case::denied("77-own-limits", HostFiles, "
for top in ('/sys/fs/cgroup', '/proc/1/root/sys/fs/cgroup'):
    for place, directories, files in os.walk(top):
        for name in ('memory.max', 'pids.max', 'cpu.max', 'memory.limit_in_bytes', 'cpu.cfs_quota_us'):
            if name in files and os.access(place + '/' + name, os.W_OK): escaped(place + '/' + name)
denied()"),
    Case::denied("78-the-agents-program", AgentApart, "
try: escaped(os.readlink(f'/proc/{first}/exe'))
except OSError: pass
refuse(lambda: open(f'/proc/{first}/maps').read(1))
denied(refuse(lambda: open(f'/proc/{first}/mem', 'rb')))").control(Control::EscapesBesideItsFirst),
    Case::denied("79-left-descriptors", HostFiles, "
for number in range(3, 1024):
    try: target = os.readlink(f'/proc/self/fd/{number}')
    except OSError: continue
    if not target.startswith(('/proc/', '/dev/')) and 'main.py' not in target: escaped(target)
denied()"),
    Case::denied("81-environment-of-the-first", HostFiles, "
try: text = open(f'/proc/{first}/environ', 'rb').read()
except OSError: denied('unreadable')
if text: escaped(text[:60])
denied('empty')").control(Control::EscapesBesideItsFirst),
    Case::denied("82-processes-of-the-host", ProcessesHidden, "
seen = [name for name in os.listdir('/proc') if name.isdigit()]
if len(seen) > 4: escaped(len(seen))
denied(len(seen))"),
    Case::denied("83-sockets-of-the-host", HostHidden, "
import socket
with socket.socket(socket.AF_UNIX) as end: seen = refuse(lambda: end.connect(aim))
for path in ('/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock', '/run/systemd/private', '/run/dbus/system_bus_socket'):
    if os.path.exists(path): escaped(path)
denied(seen)").aimed_at(Target::UnixSocket),
    Case::denied("84-tokens-in-the-environment", HostFiles, "
known = {'PATH', 'HOME', 'USER', 'LANG', 'LC_CTYPE', 'PYTHONUNBUFFERED', 'PYTHONDONTWRITEBYTECODE', 'PYTHONPATH', 'PYTHONHASHSEED', 'PYTHONIOENCODING', 'PYTHONUTF8', 'TMPDIR', 'PWD', 'MPLBACKEND'}
left = set(os.environ) - known
if left: escaped(sorted(left))
denied()"),
    Case::denied("85-host-name", ProcessesHidden, "
if os.uname().nodename == aim: escaped(aim)
denied(os.uname().nodename)").aimed_at(Target::HostName),
];
