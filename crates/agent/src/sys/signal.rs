#![expect(unsafe_code, reason = "signal masks have no safe wrapper")]

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{FromRawFd, OwnedFd};

/// Holds back SIGCHLD and gives a descriptor that is readable whenever it came.
pub(crate) fn block_child_signals() -> io::Result<OwnedFd> {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset initialises the whole set it is given.
    unsafe { libc::sigemptyset(set.as_mut_ptr()) };
    // SAFETY: it has just been initialised.
    let set = unsafe { set.assume_init_mut() };
    // SAFETY: the set is initialised above.
    unsafe { libc::sigaddset(set, libc::SIGCHLD) };
    // SAFETY: as above; no old mask is asked for.
    super::check(unsafe { libc::sigprocmask(libc::SIG_BLOCK, set, std::ptr::null_mut()) }.into())?;
    // SAFETY: as above; the kernel copies the set.
    let descriptor = unsafe { libc::signalfd(-1, set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) };
    super::check(descriptor.into())?;
    // SAFETY: signalfd has just made this descriptor and nothing else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// Whether children that end leave a status to be waited for.
pub(crate) fn keep_child_statuses(keep: bool) -> io::Result<()> {
    // SAFETY: neither the default nor to ignore a signal runs code of ours.
    match unsafe { libc::signal(libc::SIGCHLD, if keep { libc::SIG_DFL } else { libc::SIG_IGN }) } {
        libc::SIG_ERR => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Gives every signal its default back but SIGPIPE: whoever started this process may have had some ignored, and ignored
/// signals outlive forks and execs.
pub(crate) fn reset_inherited_signals() {
    for signal in (1..=libc::SIGRTMAX()).filter(|signal| *signal != libc::SIGPIPE) {
        // SAFETY: the default action runs no code of ours; the two signals that cannot be changed are refused.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// Leaves signals as a program expects to find them: Rust's runtime ignores SIGPIPE, and the init held one back.
pub(crate) fn reset_signals() -> io::Result<()> {
    // SAFETY: the default action runs no code of ours.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset initialises the whole set it is given.
    unsafe { libc::sigemptyset(set.as_mut_ptr()) };
    // SAFETY: the set is initialised above; no old mask is asked for.
    super::check(unsafe { libc::sigprocmask(libc::SIG_SETMASK, set.as_ptr(), std::ptr::null_mut()) }.into()).map(drop)
}
