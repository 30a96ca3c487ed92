/// What all runs of a sandbox may use together.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupLimits {
    /// Bytes of memory that is not files.
    pub(crate) memory: u64,
    /// Bytes of files in memory.
    pub(crate) disk: u64,
    /// Microseconds of CPU time in each [`CPU_PERIOD`].
    pub(crate) cpu_quota: u64,
    /// Processes and threads of one run.
    pub(crate) processes: u64,
}

/// In microseconds; `JailSpec::cpu_quota` is stated for it.
pub(super) const CPU_PERIOD: u64 = 100_000;

/// What the runs' own inits and the kernel's book-keeping take, beside what the code was promised.
const OVERHEAD: u64 = 8 << 20;

/// The tiny init that every run has, and runs that overlap: the limit for one run is exact, this one only bounds.
const EXTRA_PROCESSES: u64 = 64;

impl GroupLimits {
    /// Bytes of memory and files together.
    pub(super) fn bound(&self) -> u64 {
        self.memory.saturating_add(self.disk).saturating_add(OVERHEAD)
    }

    /// Processes of all runs together.
    pub(super) fn all_processes(&self) -> u64 {
        self.processes.saturating_add(EXTRA_PROCESSES)
    }

    /// Processes of one run, its init included.
    pub(super) fn run_processes(&self) -> u64 {
        self.processes.saturating_add(1)
    }
}
