#![expect(unsafe_code, reason = "execve and close_range have no safe wrapper")]

use std::ffi::{CString, c_char};
use std::io;
use std::os::fd::RawFd;
use std::ptr;

/// A program to become, its strings laid out before anything is given up.
pub(crate) struct Program {
    candidates: Vec<CString>,
    argv: Vec<CString>,
    environment: Vec<CString>,
}

impl Program {
    /// Fails where a string holds a NUL byte or nothing is to be run.
    pub(crate) fn new(argv: &[Vec<u8>], environment: &[(Vec<u8>, Vec<u8>)]) -> io::Result<Self> {
        let name = argv.first().filter(|name| !name.is_empty()).ok_or(io::ErrorKind::NotFound)?;
        let path = environment.iter().find(|(key, _)| key == b"PATH").map_or(&b""[..], |(_, value)| value);
        let environment = environment.iter().map(|(key, value)| CString::new([key, &b"="[..], value].concat()));
        Ok(Self {
            candidates: candidates(name, path)?,
            argv: argv.iter().map(|argument| CString::new(argument.as_slice())).collect::<Result<_, _>>()?,
            environment: environment.collect::<Result<_, _>>()?,
        })
    }

    /// Becomes the program; returns only where that failed.
    pub(crate) fn execute(&self) -> io::Error {
        let argv = pointers(&self.argv);
        let environment = pointers(&self.environment);
        let mut denied = None;
        for path in &self.candidates {
            // SAFETY: both arrays end with a null pointer and their strings are owned by `self`, alive over the call.
            unsafe { libc::execve(path.as_ptr(), argv.as_ptr(), environment.as_ptr()) };
            let error = io::Error::last_os_error();
            match error.raw_os_error() {
                Some(libc::ENOENT | libc::ENOTDIR) => {}
                Some(libc::EACCES) => denied = Some(error),
                _ => return error,
            }
        }
        denied.unwrap_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))
    }
}

fn candidates(name: &[u8], path: &[u8]) -> io::Result<Vec<CString>> {
    if name.contains(&b'/') {
        return Ok(vec![CString::new(name)?]);
    }
    let directories = path.split(|byte| *byte == b':').filter(|directory| !directory.is_empty());
    Ok(directories.map(|directory| CString::new([directory, b"/", name].concat())).collect::<Result<_, _>>()?)
}

fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([ptr::null()]).collect()
}

/// Closes every descriptor but those named, which are in ascending order after sorting.
///
/// Only for a process that uses none of its other owned descriptors any more and never drops their owners.
pub(crate) fn close_descriptors_but(kept: &[RawFd]) -> io::Result<()> {
    let mut kept: Vec<_> = kept.iter().map(|descriptor| descriptor.cast_unsigned()).collect();
    kept.sort_unstable();
    let mut first = 0;
    for descriptor in kept {
        if first < descriptor {
            close_range(first, descriptor - 1, 0)?;
        }
        first = descriptor + 1;
    }
    close_range(first, libc::c_uint::MAX, 0)
}

/// Has every descriptor from `first` on closed by the next exec.
pub(crate) fn close_descriptors_on_exec(first: libc::c_uint) -> io::Result<()> {
    close_range(first, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC)
}

fn close_range(first: libc::c_uint, last: libc::c_uint, flags: libc::c_uint) -> io::Result<()> {
    // SAFETY: closing descriptors touches no memory, and the callers say whose descriptors are not used again.
    let result = unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) };
    super::check(result).map(drop)
}
