//! What code sees of the machine and of those around it.

use std::{fs, process};

use llm_sandbox_core::Run;

use crate::support::{marker, open, printed, python};

#[tokio::test]
async fn processes_of_the_host_are_invisible() {
    let session = open(python()).await;
    let code = "
import os
pids = sorted(int(name) for name in os.listdir('/proc') if name.isdigit())
print(pids == [1, os.getpid()], os.getppid())
alive = []
for pid in range(2, 70000):
    if pid == os.getpid(): continue
    try: os.kill(pid, 0)
    except ProcessLookupError: continue
    except PermissionError: pass
    alive.append(pid)
print(alive)";
    assert_eq!(printed(&session, code).await, "True 1\n[]\n");
}

#[tokio::test]
async fn descriptors_are_the_three_standard_ones() {
    let session = open(python()).await;
    let listing = Run::shell("cd /proc/self/fd && for n in *; do test ! -e $n || echo $n; done");
    assert_eq!(printed(&session, listing).await, "0\n1\n2\n");
    let code = "
import os
found = []
for number in range(0, 4096):
    try: os.fstat(number); found.append(number)
    except OSError: pass
print(found, os.readlink('/proc/self/fd/0'), os.readlink('/proc/self/fd/1')[:5], os.readlink('/proc/self/cwd'))";
    assert_eq!(printed(&session, code).await, "[0, 1, 2] /dev/null pipe: /sandbox\n");
}

#[tokio::test]
async fn the_environment_is_nothing_of_the_hosts() {
    let session = open(python()).await;
    let shown = printed(&session, Run::command("env")).await;
    let names: Vec<&str> = shown.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    let known = ["PATH", "HOME", "USER", "LANG", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
    let code = "
import glob
seen = b''
for path in glob.glob('/proc/[0-9]*/environ'):
    try: seen += open(path, 'rb').read()
    except OSError: pass
print(seen.count(b'CARGO'), seen.count(b'NEXTEST'), seen.count(b'HOME='))";
    assert_eq!(printed(&session, code).await, "0 0 1\n");
}

#[tokio::test]
async fn the_host_name_is_generic() {
    let session = open(python()).await;
    let code = "import os, socket
print(socket.gethostname(), os.uname().nodename, open('/proc/sys/kernel/hostname').read().strip(),
      open('/etc/hostname').read().strip())";
    assert_eq!(printed(&session, code).await, "sandbox sandbox sandbox sandbox\n");
}

#[tokio::test]
async fn what_proc_tells_of_the_kernel_is_masked() {
    let session = open(python()).await;
    let code = "
import os, re
for name in ('kcore', 'keys', 'kallsyms', 'timer_list', 'kmsg', 'sysrq-trigger', 'kpagecount', 'kpageflags', 'vmallocinfo',
             'slabinfo', 'sched_debug', 'iomem', 'ioports', 'modules', 'key-users', 'scsi/scsi', 'acpi/wakeup'):
    try:
        text = open('/proc/' + name, 'rb').read(4096)
    except OSError: continue
    # The names of devices are left, their addresses are not.
    if name in ('iomem', 'ioports'): text = b''.join(re.findall(rb'[0-9a-f]+-[0-9a-f]+ :', text)).translate(None, b'0- :')
    if name in ('modules', 'key-users'): continue
    if text: print(name, text[:60])
print('end')";
    assert_eq!(printed(&session, code).await, "end\n");
}

#[tokio::test]
async fn the_kernels_settings_cannot_be_changed() {
    let before = fs::read_to_string("/proc/sys/kernel/core_pattern").expect("/proc is there");
    let session = open(python()).await;
    let code = "
import os
written = []
for directory, _, names in os.walk('/proc/sys'):
    for name in names:
        path = os.path.join(directory, name)
        try: text = open(path).read()
        except OSError: text = '0'
        try:
            with open(path, 'w') as file: file.write(text)
            written.append(path)
        except OSError: pass
for path, text in (('/proc/sysrq-trigger', 'c'), ('/proc/sys/kernel/core_pattern', '|/sandbox/x'),
                   ('/proc/sys/vm/drop_caches', '3'), ('/proc/sys/kernel/sysrq', '1'), ('/proc/sys/kernel/modprobe', '/sandbox/x')):
    try:
        with open(path, 'w') as file: file.write(text)
        if path != '/proc/sysrq-trigger': written.append(path)
    except OSError: pass
print(written)";
    assert_eq!(printed(&session, code).await, "[]\n");
    assert_eq!(fs::read_to_string("/proc/sys/kernel/core_pattern").expect("/proc is there"), before);
}

#[tokio::test]
async fn control_groups_are_out_of_reach() {
    let session = open(python()).await;
    let code = "
import os
print(sorted({line.split(':')[2] for line in open('/proc/self/cgroup').read().splitlines()}))
print([line for line in open('/proc/self/mountinfo') if 'cgroup' in line])
print(os.path.exists('/sys/fs/cgroup'))";
    assert_eq!(printed(&session, code).await, "['/']\n[]\nFalse\n");
}

#[tokio::test]
async fn mounts_tell_nothing_that_is_secret() {
    let session = open(python()).await;
    let shown = printed(&session, "print(open('/proc/self/mountinfo').read())").await;
    let user = std::env::var("HOSTNAME").unwrap_or_default();
    assert!(user.is_empty() || !shown.contains(&user));
    let writable = shown.lines().filter(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields.get(4).is_some_and(|point| point.starts_with("/usr")) && !fields[5].split(',').any(|word| word == "ro")
    });
    assert_eq!(writable.collect::<Vec<_>>(), [""; 0]);
}

#[tokio::test]
async fn the_hosts_objects_between_processes_are_invisible() {
    let name = marker();
    fs::write(format!("/dev/shm/{name}"), "host").expect("it is written");
    let made = process::Command::new("ipcmk").args(["-M", "4096"]).output().expect("ipcmk is there");
    let words = String::from_utf8_lossy(&made.stdout).into_owned();
    let id = words.rsplit(' ').next().expect("an id").trim().to_owned();
    let session = open(python()).await;
    let code = format!("ls /dev/shm | grep -c {name}; ipcs -m | grep -c ^0x; test -e /dev/shm/{name}; echo $?");
    let shown = printed(&session, Run::shell(code)).await;
    fs::remove_file(format!("/dev/shm/{name}")).expect("it is ours");
    process::Command::new("ipcrm").args(["-m", &id]).status().expect("ipcrm is there");
    assert_eq!(shown, "0\n0\n1\n");
}
