#![expect(unsafe_code, reason = "Landlock has no safe wrapper")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

const CREATE_RULESET_VERSION: libc::c_uint = 1;
const RULE_PATH_BENEATH: libc::c_int = 1;

/// `struct landlock_ruleset_attr`. Older kernels know only its beginning and accept the rest if it is zero.
#[repr(C)]
struct RulesetAttributes {
    handled_fs: u64,
    handled_net: u64,
    scoped: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct PathBeneath {
    allowed: u64,
    parent: RawFd,
}

/// The version of Landlock that the kernel offers; `None` where it has none or it is switched off.
pub(crate) fn landlock_abi() -> Option<u32> {
    let nothing = std::ptr::null::<RulesetAttributes>();
    // SAFETY: asked for its version, the kernel reads nothing: pointer and size must be zero, and are.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, nothing, 0_usize, CREATE_RULESET_VERSION) };
    u32::try_from(version).ok()
}

/// A ruleset that forbids these accesses to files wherever no rule allows them, and reaching beyond these scopes.
pub(crate) fn landlock_create_ruleset(handled_fs: u64, scoped: u64) -> io::Result<OwnedFd> {
    let attributes = RulesetAttributes { handled_fs, handled_net: 0, scoped };
    let size = size_of_val(&attributes);
    // SAFETY: the kernel reads `size` bytes of a local with the layout it expects, and keeps no pointer.
    let result = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, &raw const attributes, size, 0) };
    let descriptor = RawFd::try_from(super::check(result)?).map_err(|_| io::ErrorKind::InvalidData)?;
    // SAFETY: the kernel has just returned this descriptor, which nothing else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// Allows accesses to a file, or to a directory and everything beneath it.
pub(crate) fn landlock_add_path(ruleset: &OwnedFd, parent: BorrowedFd<'_>, access: u64) -> io::Result<()> {
    let rule = PathBeneath { allowed: access, parent: parent.as_raw_fd() };
    // SAFETY: the kernel reads one rule from a local with the layout it expects, and keeps no pointer; both descriptors
    // stay open during the call because they are borrowed.
    let result = unsafe {
        libc::syscall(libc::SYS_landlock_add_rule, ruleset.as_raw_fd(), RULE_PATH_BENEATH, &raw const rule, 0)
    };
    super::check(result).map(drop)
}

/// Puts this process and all it will become under the ruleset as it is now; later rules don't count.
pub(crate) fn landlock_restrict_self(ruleset: &OwnedFd) -> io::Result<()> {
    // SAFETY: no pointers are passed, and the descriptor stays open during the call because it is borrowed.
    let result = unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0) };
    super::check(result).map(drop)
}
