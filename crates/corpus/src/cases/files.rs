use llm_sandbox_core::Guarantee::{HostFiles, HostHidden, SystemCalls};

use crate::Required::{GoneInNextSession, NotReadOut};
use crate::{Case, Control, Target};

pub(super) const CASES: &[Case] = &[
    Case::denied("35-secrets", HostFiles, "
for path in ('/etc/shadow', '/root/.bashrc', '/root/.profile', '/proc/1/environ'): seen = refuse(lambda: open(path).read(1))
for path in ('/root/.ssh', '/var/lib/docker', '/var/log/journal', '/boot', '/srv', '/mnt'):
    try: names = os.listdir(path)
    except OSError: continue
    if names: escaped(names)
denied(seen)"),
    Case::denied("35-names-of-secrets", HostHidden, "
if os.path.exists(aim) or os.path.exists(os.path.dirname(aim) + '/..' + aim): escaped(aim)
denied()").aimed_at(Target::File),
    Case::denied("35-a-file-of-the-host", HostFiles, "
denied(refuse(lambda: open(aim).read(), 'ENOENT', 'EACCES'))").aimed_at(Target::File),
    Case::denied("36-system-directories", HostFiles, "
def plant(path):
    open(path, 'w').close()
    os.unlink(path)
for place in ('/usr', '/usr/bin', '/usr/lib', '/etc'): seen = refuse(lambda: plant(place + '/llm-sandbox-corpus'))
denied(seen)"),
    Case::seen("39-link-to-the-host", HostFiles, NotReadOut, "
try: os.unlink('planted')
except OSError: pass
os.symlink(aim, 'planted')
try: text = open('planted').read()
except OSError: text = ''
if 'secret' in text: escaped(text)
denied()").aimed_at(Target::File),
    Case::seen("41-fifo-as-a-file", HostFiles, NotReadOut, "
os.mkfifo('planted')
denied()").control(Control::Not("what matters is who reads it")),
    Case::denied("42-device-nodes", HostFiles, "
import stat
for device in ((1, 1), (1, 3), (8, 0)):
    for kind in (stat.S_IFCHR, stat.S_IFBLK): seen = refuse(lambda: os.mknod(f'node-{device}-{kind}', kind | 0o600, os.makedev(*device)))
denied(seen)"),
    Case::denied("43-hard-link", HostFiles, "
import shutil
place = os.path.dirname(os.path.realpath('/usr/bin/env'))
def link():
    os.link('/usr/bin/env', place + '/llm-sandbox-corpus')
    os.unlink(place + '/llm-sandbox-corpus')
refuse(link)
denied(refuse(lambda: os.link('/usr/bin/env', 'linked')))"),
    Case::denied("44-set-user-id", SystemCalls, "
open('own', 'w').close()
denied(refuse(lambda: os.chmod('own', 0o4755)))"),
    Case::denied("48-remount", SystemCalls, "
denied(shut('mount', b'none', b'/usr', None, 4096 | 32, None))"),
    Case::seen("51-through-proc", HostFiles, NotReadOut, "
for way in ('/proc/self/root', '/proc/1/root', '/proc/1/cwd', '/proc/self/cwd/../..'):
    try: text = open(way + aim).read()
    except OSError: continue
    escaped(text)
try: os.unlink('planted')
except OSError: pass
os.symlink('/proc/self/root' + aim, 'planted')
denied()").aimed_at(Target::File),
    Case::seen("52-files-of-an-earlier-session", HostFiles, GoneInNextSession, "
places = [place for place in ('/tmp', '/dev/shm', os.path.expanduser('~'), '.', os.environ.get('TMPDIR', '.')) if os.access(place, os.W_OK)]
def plant(place):
    try: open(place + '/llm-sandbox-corpus-left', 'w').close()
    except PermissionError: pass
for place in places:
    if os.path.exists(place + '/llm-sandbox-corpus-left'):
        for place in places:
            if os.path.exists(place + '/llm-sandbox-corpus-left'): os.unlink(place + '/llm-sandbox-corpus-left')
        escaped(place)
for place in places: plant(place)
denied('planted')"),
];
