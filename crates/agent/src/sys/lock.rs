#![expect(unsafe_code, reason = "locks on parts of files have no safe wrapper")]

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

/// Locks one byte of a file until this process ends or closes the file; `false` where another process has it.
pub(crate) fn try_lock_byte(file: &OwnedFd, byte: u32) -> io::Result<bool> {
    // SAFETY: flock is plain numbers, for which all zeroes are a value.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    (lock.l_type, lock.l_whence) = (libc::F_WRLCK as libc::c_short, libc::SEEK_SET as libc::c_short);
    (lock.l_start, lock.l_len) = (byte.into(), 1);
    // SAFETY: the lock is a local that outlives the call.
    match super::check(unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLK, &raw const lock) }.into()) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::EACCES)) => Ok(false),
        Err(error) => Err(error),
    }
}
