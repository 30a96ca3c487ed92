//! Mounts with nothing of the host's among them, for jails to begin in.
//!
//! A jail that begins among the host's mounts has to leave them: the kernel then looks at every process of the host, and
//! waits for all processors. Copied from here there is nothing to leave.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::process::{chdir, chroot, fchdir};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::maps::write_maps;
use super::mount;
use crate::sys::{Fork, Namespaces, fork, set_read_only};

/// Tells that user ids mean something.
const MAPPED: &[u8] = b"+";

/// A mount namespace that holds an empty directory, and the way back.
#[derive(Debug)]
pub(super) struct Void {
    mounts: OwnedFd,
    own: OwnedFd,
    root: OwnedFd,
}

impl Void {
    /// Makes one; as root only. Not where a jail that begins among the host's mounts is refused, in a directory that
    /// stands for the root or under a masked `/proc`: its maker has no more rights over those than a jail has.
    pub(super) fn make() -> io::Result<Self> {
        let (mut held, theirs) = UnixStream::pair()?;
        match fork(Namespaces::VOID)? {
            Fork::Child => {
                drop(held);
                crate::leave(i32::from(empty_and_hold(theirs).is_err()))
            }
            Fork::Parent(child) => {
                drop(theirs);
                write_maps(child.pid, &[(0, 0)], &[(0, 0)])?;
                held.write_all(MAPPED)?;
                held.read_exact(&mut [0; 1])?;
                let void = Self::open(&format!("/proc/{}/ns/mnt", child.pid))?;
                void.try_out()?;
                Ok(void)
            }
        }
    }

    /// Goes there and back in another process: one that did not find the way would be lost.
    fn try_out(&self) -> io::Result<()> {
        let (mut held, mut theirs) = UnixStream::pair()?;
        match fork(Namespaces::SHARED)? {
            Fork::Child => {
                drop(held);
                let tried = self.within(|| ()).and_then(|()| theirs.write_all(b"+"));
                crate::leave(i32::from(tried.is_err()))
            }
            Fork::Parent(_) => {
                drop(theirs);
                held.read_exact(&mut [0; 1])
            }
        }
    }

    fn open(mounts: &str) -> io::Result<Self> {
        let open = |path, flags| openat(CWD, path, flags | OFlags::CLOEXEC, Mode::empty());
        let own = open("/proc/self/ns/mnt", OFlags::RDONLY)?;
        Ok(Self { mounts: open(mounts, OFlags::RDONLY)?, own, root: open("/", OFlags::PATH | OFlags::DIRECTORY)? })
    }

    /// Does something in there.
    pub(super) fn within<T>(&self, act: impl FnOnce() -> T) -> io::Result<T> {
        let kind = Some(LinkNameSpaceType::Mount);
        move_into_link_name_space(self.mounts.as_fd(), kind)?;
        let done = act();
        move_into_link_name_space(self.own.as_fd(), kind)?;
        // The root of those mounts is not this process's where it was started in a directory that stands for it.
        fchdir(&self.root)?;
        chroot(".")?;
        chdir("/")?;
        Ok(done)
    }
}

/// Leaves this process, in namespaces of its own, with nothing but an empty directory, until the other end is closed. What
/// is in /proc there are the processes of a namespace that ends with this one: the kernel lets a jail mount its own only
/// where one is to be seen.
fn empty_and_hold(mut parent: UnixStream) -> io::Result<()> {
    parent.read_exact(&mut [0; MAPPED.len()])?;
    let root = mount::new_root()?;
    mount::attach(root.as_fd(), &mount::special("proc", &[])?, "/proc".as_ref())?;
    mount::leave_old_root(&root)?;
    set_read_only(root.as_fd())?;
    parent.write_all(b"+")?;
    parent.read(&mut [0; 1]).map(drop)
}
