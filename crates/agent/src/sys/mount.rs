#![expect(unsafe_code, reason = "mount_setattr has no safe wrapper")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// What is to change on a mount and all below it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct MountChange<'fd> {
    pub(crate) read_only: bool,
    pub(crate) no_devices: bool,
    /// Show files as owned by others: the user namespace whose map says how.
    pub(crate) owners: Option<BorrowedFd<'fd>>,
}

/// Changes a detached mount tree. Set-user-id bits never count on it, and nothing mounted later elsewhere reaches it.
pub(crate) fn change_mount(mount: BorrowedFd<'_>, change: MountChange<'_>) -> io::Result<()> {
    let mut set = libc::MOUNT_ATTR_NOSUID;
    for (wanted, flag) in [
        (change.read_only, libc::MOUNT_ATTR_RDONLY),
        (change.no_devices, libc::MOUNT_ATTR_NODEV),
        (change.owners.is_some(), libc::MOUNT_ATTR_IDMAP),
    ] {
        set |= if wanted { flag } else { 0 };
    }
    let attributes = libc::mount_attr {
        attr_set: set,
        attr_clr: 0,
        propagation: libc::MS_PRIVATE,
        userns_fd: change.owners.map_or(0, |owners| owners.as_raw_fd().cast_unsigned().into()),
    };
    set_attributes(mount, &attributes, libc::AT_RECURSIVE)
}

/// Makes one mount read-only, and none of those below it.
pub(crate) fn set_read_only(mount: BorrowedFd<'_>) -> io::Result<()> {
    let attributes = libc::mount_attr { attr_set: libc::MOUNT_ATTR_RDONLY, attr_clr: 0, propagation: 0, userns_fd: 0 };
    set_attributes(mount, &attributes, 0)
}

fn set_attributes(mount: BorrowedFd<'_>, attributes: &libc::mount_attr, flags: i32) -> io::Result<()> {
    // SAFETY: the path is a static empty string, the attributes a value of the size given; both outlive the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            c"".as_ptr(),
            flags | libc::AT_EMPTY_PATH,
            std::ptr::from_ref(attributes),
            size_of_val(attributes),
        )
    };
    super::check(result).map(drop)
}
