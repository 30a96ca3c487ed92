use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::sync::OnceLock;

use llm_sandbox_agent_bytes::{Platform, for_platform};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// The agent as a file that nobody can change, made once per process.
pub(crate) fn agent_program() -> io::Result<PathBuf> {
    static PROGRAM: OnceLock<OwnedFd> = OnceLock::new();
    let file = match PROGRAM.get() {
        Some(file) => file,
        None => {
            let made = sealed_file()?;
            PROGRAM.get_or_init(|| made)
        }
    };
    Ok(PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd())))
}

fn sealed_file() -> io::Result<OwnedFd> {
    let bytes = for_platform(Platform::HERE).ok_or(io::ErrorKind::Unsupported)?;
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Kernels since 6.3 want to be told that it is a program; older ones do not know the word.
    let file = memfd_create("llm-sandbox-agent", flags | MemfdFlags::EXEC)
        .or_else(|_| memfd_create("llm-sandbox-agent", flags))?;
    let mut file = File::from(file);
    file.write_all(bytes)?;
    // Nobody has mapped it, so all writing is future writing. To rule out the past as well the kernel would look whether
    // somebody else holds one of its pages, which on a busy machine it does itself, and then refuse (EBUSY).
    fcntl_add_seals(&file, SealFlags::FUTURE_WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
    Ok(file.into())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};

    use rustix::{
        fs::{FallocateFlags, fallocate, fcntl_get_seals, ftruncate},
        io::Errno,
    };

    use super::*;

    #[test]
    fn nobody_changes_the_agent() {
        let path = agent_program().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(Some(bytes.as_slice()), for_platform(Platform::HERE));
        let mut file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        assert_eq!(file.write(b"x").unwrap_err().raw_os_error(), Some(Errno::PERM.raw_os_error()));
        let size = bytes.len() as u64;
        assert_eq!(ftruncate(&file, size - 1), Err(Errno::PERM));
        assert_eq!(ftruncate(&file, size + 1), Err(Errno::PERM));
        let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        assert_eq!(fallocate(&file, hole, 0, 4096), Err(Errno::PERM));
        let seals = fcntl_get_seals(&file).unwrap();
        assert!(!seals.contains(SealFlags::WRITE), "that seal is refused while a page is in use");
        assert!(seals.contains(SealFlags::SEAL), "{seals:?}");
    }
}
