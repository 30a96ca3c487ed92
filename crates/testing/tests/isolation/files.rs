//! Files of the host, and places that are nobody's to write.

use std::fs;

use llm_sandbox_core::{Access, Run};

use crate::support::{marker, open, printed, python};

#[tokio::test]
async fn the_hosts_secrets_are_absent() {
    // One that lies in somebody's home would show the way to itself, though nothing else in there.
    let session = open(python().interpreter("/usr/bin/python3")).await;
    let code = "
import os
paths = ['/etc/shadow', '/etc/sudoers', '/root', '/home/sandbox/.ssh', '/etc/ssh', '/var/run/docker.sock',
         '/run/docker.sock', '/run/dbus', '/run/systemd', '/var/lib', '/var/log', '/sys', '/boot', '/srv', '/mnt',
         '/etc/machine-id', '/etc/environment', '/etc/crontab', '/dev/mem', '/dev/kmsg', '/dev/sda', '/dev/vda',
         '/dev/fuse', '/dev/kvm', '/dev/net', '/dev/loop0']
print([path for path in paths if os.path.lexists(path)])
print(sorted(os.listdir('/home')), os.listdir('/sandbox'), os.listdir('/home/sandbox'), os.listdir('/tmp'))";
    assert_eq!(printed(&session, code).await, "[]\n['sandbox'] ['main.py'] [] []\n");
}

#[tokio::test]
async fn the_root_holds_only_what_programs_need() {
    let session = open(python().interpreter("/usr/bin/python3")).await;
    let shown = printed(&session, "import os; print(*sorted(os.listdir('/')))").await;
    let known = ["bin", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "proc", "sandbox", "sbin", "tmp"];
    let strange = shown.split_whitespace().filter(|name| !known.contains(name) && !["usr", "var"].contains(name));
    // The agent's own place is closed.
    assert_eq!(strange.collect::<Vec<_>>(), [".agent"]);
    let denied = "import os\ntry: os.listdir('/.agent')\nexcept PermissionError as error: print('denied')";
    assert_eq!(printed(&session, denied).await, "denied\n");
}

#[tokio::test]
async fn a_host_file_that_everybody_may_read_is_absent() {
    let secret = std::env::temp_dir().join(marker());
    fs::write(&secret, "the host's").expect("it is written");
    let session = open(python()).await;
    let path = secret.display();
    let code = format!(
        "import os
print(os.path.exists('{path}'))
for root in ('/proc/self/root', '/proc/1/root', '/proc/self/cwd/..', '/proc/thread-self/root/../..', '/..'):
    try: print(open(root + '{path}').read())
    except OSError: pass"
    );
    let shown = printed(&session, code).await;
    fs::remove_file(&secret).expect("it is ours");
    assert_eq!(shown, "False\n");
}

#[tokio::test]
async fn what_is_shown_of_the_host_is_read_only() {
    let session = open(python()).await;
    let code = "
import errno, os, sys
def attempt(name, call):
    try: call(); print(name, 'DONE')
    except OSError as error: print(name, errno.errorcode[error.errno])
for place in ('/usr', '/usr/bin', '/usr/lib', '/bin', os.path.dirname(os.path.realpath(sys.executable))):
    attempt(place, lambda: open(place + '/planted', 'w'))
for path in ('/usr/bin/env', os.path.realpath(sys.executable), '/bin/sh'):
    attempt(path, lambda: open(path, 'ab'))
    attempt(path, lambda: os.unlink(path))
    attempt(path, lambda: os.chmod(path, 0o777))
    attempt(path, lambda: os.rename(path, path + '2'))
    attempt(path, lambda: os.utime(path))
    attempt(path, lambda: os.link(path, '/sandbox/linked'))
    attempt(path, lambda: os.setxattr(path, 'user.x', b'1'))";
    let shown = printed(&session, code).await;
    assert_eq!(shown.lines().count(), 26, "{shown}");
    let refused = ["EROFS", "EACCES", "EPERM", "EXDEV", "ETXTBSY", "ENOTSUP"];
    for line in shown.lines() {
        assert!(refused.iter().any(|word| line.ends_with(word)), "{line}");
    }
}

#[tokio::test]
async fn the_jails_own_files_are_not_the_codes() {
    let session = open(python()).await;
    let code = "
import errno, os
def attempt(name, call):
    try: call(); print(name, 'DONE')
    except OSError as error: assert error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ENOENT, errno.EXDEV), (name, error)
for path in ('/etc/passwd', '/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf', '/etc/group', '/etc/hostname'):
    attempt(path, lambda: open(path, 'a'))
    attempt(path, lambda: os.unlink(path))
    attempt(path, lambda: os.chmod(path, 0o666))
for place in ('/', '/etc', '/dev', '/home', '/var', '/.agent', '/proc'):
    attempt(place, lambda: open(place + '/planted', 'w'))
    attempt(place, lambda: os.mkdir(place + '/planted'))
    attempt(place, lambda: os.rename(place, '/sandbox/taken'))
print('end')";
    assert_eq!(printed(&session, code).await, "end\n");
}

#[tokio::test]
async fn devices_cannot_be_made() {
    let session = open(python()).await;
    let code = "
import errno, os, stat
for kind in (stat.S_IFCHR, stat.S_IFBLK):
    for device in (os.makedev(0, 0), os.makedev(1, 1), os.makedev(1, 3), os.makedev(8, 0), os.makedev(254, 0)):
        for place in ('/sandbox/d', '/tmp/d', '/dev/shm/d', '/dev/d'):
            try: os.mknod(place, kind | 0o666, device); print('made', place, device)
            except OSError as error: assert error.errno in (errno.EPERM, errno.EACCES), error
os.mkfifo('/sandbox/fifo')
print('end')";
    assert_eq!(printed(&session, code).await, "end\n");
}

#[tokio::test]
async fn devices_that_are_there_are_harmless() {
    let session = open(python()).await;
    let shown = printed(&session, "import os; print(*sorted(os.listdir('/dev')))").await;
    let known = "fd full null ptmx pts random shm stderr stdin stdout tty urandom zero\n";
    assert_eq!(shown, known);
}

#[tokio::test]
async fn a_setuid_program_gains_nothing() {
    let session = open(python()).await;
    let script = "
cp /usr/bin/id /sandbox/id && chmod 6755 /sandbox/id
/sandbox/id -u; /sandbox/id -ru
for program in /usr/bin/su /usr/bin/passwd /usr/bin/mount /usr/bin/chsh; do
    test -u $program || continue
    $program --version >/dev/null 2>&1
done
grep -E '^(Uid|CapEff|CapPrm):' /proc/self/status";
    let shown = printed(&session, Run::shell(script)).await;
    let words: Vec<&str> = shown.split_whitespace().collect();
    let uid = ["1000"; 4];
    assert_eq!(words[..3], ["1000", "1000", "Uid:"], "{shown}");
    assert_eq!(words[3..7], uid);
    assert!(shown.contains("CapEff:\t0000000000000000") && shown.contains("CapPrm:\t0000000000000000"), "{shown}");
}

#[tokio::test]
async fn a_setuid_program_of_a_shared_directory_gains_nothing() {
    let directory = std::env::temp_dir().join(marker());
    fs::create_dir(&directory).expect("a fresh directory");
    fs::copy("/usr/bin/id", directory.join("id")).expect("a copy");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o6755);
    fs::set_permissions(directory.join("id"), mode).expect("it is ours");
    let session = open(python().mount(&directory, "/data", Access::ReadOnly)).await;
    let shown = printed(&session, Run::shell("/data/id -u; /data/id -ru; test -u /data/id && echo setuid")).await;
    session.close().await.expect("it closes");
    fs::remove_dir_all(&directory).expect("it is ours");
    assert_eq!(shown, "1000\n1000\nsetuid\n");
}

#[tokio::test]
async fn no_file_is_made_to_run_with_its_owners_rights() {
    // In a directory shared read-write it would lie on the host, and belong to the directory's owner there.
    let session = open(python()).await;
    let code = "
import os
def attempt(name, call):
    try: call()
    except OSError as error: print(name, os.strerror(error.errno))
    else: print(name, 'done')
open('plain', 'w').close()
attempt('chmod', lambda: os.chmod('plain', 0o4755))
attempt('group', lambda: os.chmod('plain', 0o2755))
descriptor = os.open('plain', os.O_RDONLY)
attempt('fchmod', lambda: os.fchmod(descriptor, 0o6755))
attempt('open', lambda: os.open('new', os.O_CREAT | os.O_WRONLY, 0o4755))
attempt('unnamed', lambda: os.open('.', os.O_TMPFILE | os.O_WRONLY, 0o4755))
attempt('mknod', lambda: os.mknod('node', 0o104755))
attempt('ordinary', lambda: os.chmod('plain', 0o755))
print(oct(os.stat('plain').st_mode), os.listdir('.'))";
    let refused = ["chmod", "group", "fchmod", "open", "unnamed", "mknod"];
    let mut expected: String = refused.iter().map(|name| format!("{name} Operation not permitted\n")).collect();
    expected.push_str("ordinary done\n0o100755 ['main.py', 'plain']\n");
    assert_eq!(printed(&session, code.replace("os.listdir('.')", "sorted(os.listdir('.'))")).await, expected);
}
