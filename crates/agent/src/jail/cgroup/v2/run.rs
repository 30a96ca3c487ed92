use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, Mode, OFlags, mkdirat, openat, unlinkat};

use super::super::{Consumed, field, open, read_number, read_text, write};
use super::SandboxGroup;

/// The group of one run. Its counters start with it, so it is made anew for each run.
#[derive(Debug)]
pub(crate) struct RunGroup {
    name: String,
    directory: OwnedFd,
    files: Files,
    before: Before,
}

/// What is read of it; absent where the kernel or the controllers lack it.
#[derive(Debug)]
struct Files {
    cpu: Option<OwnedFd>,
    memory: Option<OwnedFd>,
    peak_memory: Option<OwnedFd>,
    memory_events: Option<OwnedFd>,
    peak_processes: Option<OwnedFd>,
}

/// What the preparation of the run had used when it began.
#[derive(Debug, Default, Clone, Copy)]
struct Before {
    user: u64,
    system: u64,
    memory: u64,
}

impl RunGroup {
    pub(crate) fn create(sandbox: &SandboxGroup, number: u32) -> io::Result<Self> {
        let name = format!("run-{number}");
        let directory = make(sandbox, &name)?;
        let files = Files::open(&directory);
        Ok(Self { name, directory, files, before: Before::default() })
    }

    pub(crate) fn renew(&mut self, sandbox: &SandboxGroup) -> io::Result<()> {
        unlinkat(&sandbox.runs, &self.name, AtFlags::REMOVEDIR)?;
        self.directory = make(sandbox, &self.name)?;
        self.files = Files::open(&self.directory);
        Ok(())
    }

    pub(crate) fn entry(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }

    pub(crate) fn begin(&mut self) {
        if let Some(peak) = &self.files.peak_memory {
            // Kernels before 6.12 do not let it be set back: what the run's init took is in the peak there.
            let _ = rustix::io::write(peak, b"reset");
        }
        let [user, system] = self.times().unwrap_or_default();
        self.before = Before { user, system, memory: self.memory() };
    }

    pub(crate) fn cpu_time(&self) -> u64 {
        let [user, system] = self.times().unwrap_or_default();
        (user + system).saturating_sub(self.before.user + self.before.system)
    }

    pub(crate) fn taken_memory(&self) -> u64 {
        self.memory().saturating_sub(self.before.memory)
    }

    pub(crate) fn was_out_of_memory(&self) -> bool {
        let events = self.files.memory_events.as_ref().and_then(read_text);
        events.and_then(|text| field(&text, "oom_kill")).is_some_and(|kills| kills > 0)
    }

    /// Whether the run was refused a process or a thread.
    pub(crate) fn was_refused_processes(&self) -> bool {
        let events = open(&self.directory, "pids.events", OFlags::RDONLY).ok().and_then(read_text);
        events.and_then(|text| field(&text, "max")).is_some_and(|times| times > 0)
    }

    pub(crate) fn consumed(&self) -> Consumed {
        let times = self.times();
        Consumed {
            user_time: times.map(|[user, _]| user.saturating_sub(self.before.user)),
            system_time: times.map(|[_, system]| system.saturating_sub(self.before.system)),
            peak_memory: self.files.peak_memory.as_ref().and_then(read_number),
            // The run's init is not the code's.
            peak_processes: self.files.peak_processes.as_ref().and_then(read_number).map(|peak| peak.saturating_sub(1)),
        }
    }

    /// CPU time in user mode and in the kernel, in nanoseconds.
    fn times(&self) -> Option<[u64; 2]> {
        let text = read_text(self.files.cpu.as_ref()?)?;
        let time = |name| Some(field(&text, name)?.saturating_mul(1000));
        Some([time("user_usec")?, time("system_usec")?])
    }

    fn memory(&self) -> u64 {
        self.files.memory.as_ref().and_then(read_number).unwrap_or(0)
    }
}

impl Files {
    fn open(directory: &OwnedFd) -> Self {
        let read = |name| open(directory, name, OFlags::RDONLY).ok();
        Self {
            cpu: read("cpu.stat"),
            memory: read("memory.current"),
            peak_memory: open(directory, "memory.peak", OFlags::RDWR).ok().or_else(|| read("memory.peak")),
            memory_events: read("memory.events"),
            peak_processes: read("pids.peak"),
        }
    }
}

fn make(sandbox: &SandboxGroup, name: &str) -> io::Result<OwnedFd> {
    match mkdirat(&sandbox.runs, name, Mode::from_raw_mode(0o755)) {
        Err(rustix::io::Errno::EXIST) => {}
        other => other?,
    }
    let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let directory = openat(&sandbox.runs, name, flags, Mode::empty())?;
    let controllers = sandbox.controllers();
    if controllers.processes {
        write(&directory, "pids.max", &sandbox.limits.run_processes().to_string())?;
    }
    if controllers.memory {
        // Where one of its processes must go, the run is over.
        write(&directory, "memory.oom.group", "1")?;
    }
    Ok(directory)
}
