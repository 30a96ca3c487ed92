use std::io::{self, Write};
use std::os::fd::OwnedFd;

use rustix::process::Pid;

use super::identity::Identity;
use crate::sys::{Fork, Namespaces, fork, reap};

/// Writes a process's maps of users and groups: one id each, inside and outside.
pub(super) fn write_maps(pid: Pid, users: &[(u32, u32)], groups: &[(u32, u32)]) -> io::Result<()> {
    for (file, map) in [("uid_map", users), ("gid_map", groups)] {
        let lines: String = map.iter().map(|(inside, outside)| format!("{inside} {outside} 1\n")).collect();
        let path = format!("/proc/{}/{file}", pid.as_raw_nonzero());
        std::fs::OpenOptions::new().write(true).open(path)?.write_all(lines.as_bytes())?;
    }
    Ok(())
}

/// A user namespace whose map shows the files of one owner as the sandbox user's, and no others as anybody's; none where
/// the sandbox's user is the host's own.
pub(super) fn owner_map(identity: &Identity, (user, group): (u32, u32)) -> io::Result<Option<OwnedFd>> {
    let Some((sandbox_user, sandbox_group)) = identity.code() else { return Ok(None) };
    let (lifeline, held) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let child = match fork(Namespaces::USER)? {
        Fork::Parent(child) => child,
        Fork::Child => {
            drop(held);
            let _ = rustix::io::read(&lifeline, &mut [0; 1]);
            crate::leave(0)
        }
    };
    let mapped = write_maps(child.pid, &[(user, sandbox_user)], &[(group, sandbox_group)]).and_then(|()| {
        let path = format!("/proc/{}/ns/user", child.pid.as_raw_nonzero());
        Ok(std::fs::File::open(path)?.into())
    });
    drop(held);
    reap(Some(child.pid), true)?;
    mapped.map(Some)
}
