//! Mounts with nothing of the host's among them, for jails to begin in.
//!
//! A jail that begins among the host's mounts has to leave them: the kernel then looks at every process of the host, and
//! waits for all processors. Copied from here there is nothing to leave.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::mount::{MountPropagationFlags, mount_change};
use rustix::process::{chdir, chroot, fchdir};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::mount;
use crate::sys::{Fork, Namespaces, fork, set_read_only};

/// A mount namespace that holds an empty directory, and the way back.
#[derive(Debug)]
pub(super) struct Void {
    mounts: OwnedFd,
    own: OwnedFd,
    root: OwnedFd,
}

impl Void {
    /// Makes one; as root only.
    pub(super) fn make() -> io::Result<Self> {
        let (mut held, mut theirs) = UnixStream::pair()?;
        match fork(Namespaces::VOID)? {
            Fork::Child => {
                drop(held);
                let made = empty().and_then(|()| theirs.write_all(b"+"));
                // It holds the namespace until that is opened.
                let held = made.and_then(|()| theirs.read(&mut [0; 1]));
                crate::leave(i32::from(held.is_err()))
            }
            Fork::Parent(child) => {
                drop(theirs);
                held.read_exact(&mut [0; 1])?;
                Self::open(&format!("/proc/{}/ns/mnt", child.pid))
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

/// Leaves this process, in namespaces of its own, with nothing but an empty directory. What is in /proc there are the
/// processes of a namespace that ends with this one: the kernel lets a jail mount its own only where one is to be seen.
fn empty() -> io::Result<()> {
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    let root = mount::new_root()?;
    mount::attach(root.as_fd(), &mount::special("proc", &[])?, "/proc".as_ref())?;
    mount::leave_old_root(&root)?;
    set_read_only(root.as_fd())
}
