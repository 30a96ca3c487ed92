//! The system calls that no safe wrapper covers. All `unsafe` of the project lives below this module.
//!
//! Every function here may assume that the process has a single thread: the agent never starts another.

mod device;
mod exec;
mod filter;
mod fork;
mod landlock;
mod lock;
mod mount;
mod signal;

pub(crate) use device::raise_loopback;
pub(crate) use exec::{Program, close_descriptors_but, close_descriptors_on_exec};
pub(crate) use filter::load_filter;
pub(crate) use fork::{
    Child, Fork, Namespaces, Reaped, enter_cgroup_namespace, enter_user_and_mount_namespace, fork, fork_into,
    kill_all_others, reap,
};
pub(crate) use landlock::{landlock_abi, landlock_add_path, landlock_create_ruleset, landlock_restrict_self};
pub(crate) use lock::try_lock_byte;
pub(crate) use mount::{MountChange, change_mount, set_read_only};
pub(crate) use signal::{block_child_signals, keep_child_statuses, reset_inherited_signals, reset_signals};

use std::io;

/// Turns a raw result into an error where the kernel says so.
fn check(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
