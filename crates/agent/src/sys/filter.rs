#![expect(unsafe_code, reason = "seccomp has no safe wrapper")]

use std::io;

/// Puts a system-call filter on this process and all it will become.
pub(crate) fn load_filter(filter: &[libc::sock_filter]) -> io::Result<()> {
    let len = u16::try_from(filter.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let program = libc::sock_fprog { len, filter: filter.as_ptr().cast_mut() };
    // SAFETY: the kernel copies `len` instructions from `filter` and keeps no pointer.
    let result = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) };
    super::check(result).map(drop)
}
