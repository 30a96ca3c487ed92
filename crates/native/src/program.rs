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
    fcntl_add_seals(&file, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
    Ok(file.into())
}
