use crate::field::{choice, message};

message! {
    /// Starts a program in a process tree of its own.
    pub struct RunRequest {
        /// Program and arguments; a program without `/` is looked for in the `PATH` of `environment`.
        1 argv: Vec<Vec<u8>>,
        /// The whole environment.
        2 environment: Vec<(Vec<u8>, Vec<u8>)>,
        /// The working directory, absolute.
        3 directory: Vec<u8>,
        /// Whether the host sends standard input; else it is empty.
        4 stdin: bool,
        /// A terminal instead of pipes, of this size.
        5 terminal: Option<TerminalSize>,
        /// The wall-clock deadline in nanoseconds from the start; zero is a deadline.
        6 wall_limit: Option<u64>,
        /// The CPU time of the whole tree in nanoseconds after which it is killed.
        7 cpu_limit: Option<u64>,
        /// How many bytes of standard output are kept, head and tail; absent: all are sent.
        8 stdout_cap: Option<u64>,
        /// The same for standard error.
        9 stderr_cap: Option<u64>,
        /// Where to write the program text that comes on the source channel; absent: none comes.
        10 source: Option<Vec<u8>>,
        /// Per-process limits.
        11 resources: ResourceLimits,
        /// What makes the program of its text first.
        12 compile: Option<Compilation>,
    }
}

message! {
    /// A compiler that runs before the program, in the same tree and under the same limits: it reads nothing, and its
    /// words go to standard error.
    pub struct Compilation {
        /// The compiler and its arguments, looked for as the program is.
        1 argv: Vec<Vec<u8>>,
        /// A directory that is made anew for what it writes, absolute.
        2 directory: Vec<u8>,
        /// Whether the program text must keep its file's name, even where another run's text has it.
        3 keeps_name: bool,
    }
}

message! {
    /// Per-process limits, in the units of `setrlimit(2)`.
    pub struct ResourceLimits {
        /// The largest file that can be written, in bytes.
        1 file_size: Option<u64>,
        /// The largest number of open descriptors.
        2 open_files: Option<u64>,
    }
}

message! {
    /// The size of a terminal in characters.
    pub struct TerminalSize {
        /// Lines.
        1 rows: u16,
        /// Columns.
        2 columns: u16,
    }
}

message! {
    /// The program is running.
    pub struct RunStarted {
        /// From the request to the start of the program, in nanoseconds.
        1 prepare_time: u64,
    }
}

message! {
    /// The last word on a run: its tree is dead and its output has been sent.
    pub struct RunEnded {
        /// Why it ended.
        1 end: RunEnd,
        /// What it used.
        2 usage: RunUsage,
        /// What became of standard output.
        3 stdout: StreamTotal,
        /// What became of standard error.
        4 stderr: StreamTotal,
        /// From the request to the start of the program, in nanoseconds.
        5 prepare_time: u64,
        /// From the start of the program to its end, in nanoseconds.
        6 run_time: u64,
        /// What is still to be known where the program was never started.
        7 detail: Option<String>,
        /// What the kernel counted of refusals; absent from agents that do not tell.
        8 refusals: Option<RunRefusals>,
        /// How long the compiler took, in nanoseconds; absent where there was none.
        9 compile_time: Option<u64>,
    }
}

message! {
    /// What a run was refused.
    pub struct RunRefusals {
        /// More processes.
        1 processes: bool,
        /// Room for files: there is next to none left.
        2 disk: bool,
        /// A way out to a network.
        3 network: bool,
    }
}

choice! {
    /// Why a run ended.
    pub enum RunEnd {
        /// The program left with this status.
        1 Exited(i32),
        /// This signal ended the program.
        2 Signalled(i32),
        /// The program could not be started; the value is the error number.
        7 NeverStarted(i32),
        |
        /// The wall-clock deadline passed.
        3 WallTimeExceeded,
        /// The CPU time ran out.
        4 CpuTimeExceeded,
        /// The memory limit was reached.
        5 OutOfMemory,
        /// The host asked for it.
        6 Killed,
        /// The compiler left with another status than zero.
        8 CompileFailed,
    }
}

message! {
    /// What a run used; absent figures could not be had.
    pub struct RunUsage {
        /// CPU time in user mode, in nanoseconds.
        1 user_time: Option<u64>,
        /// CPU time in the kernel, in nanoseconds.
        2 system_time: Option<u64>,
        /// The most memory held at once, in bytes.
        3 peak_memory: Option<u64>,
        /// The most processes and threads alive at once.
        4 peak_processes: Option<u64>,
    }
}

message! {
    /// The bytes of one output stream.
    pub struct StreamTotal {
        /// Written by the program, in bytes.
        1 written: u64,
        /// Left out between head and tail, in bytes.
        2 omitted: u64,
    }
}

impl ResourceLimits {
    /// No limits.
    pub const NONE: Self = Self { file_size: None, open_files: None };
}
