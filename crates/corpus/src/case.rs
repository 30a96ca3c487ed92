use llm_sandbox_core::Guarantee;

use crate::Target;

/// An attack and what must be seen of it.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its name, unique.
    pub name: &'static str,
    /// What is attacked.
    pub guarantee: Guarantee,
    /// A Python program, to be run behind [`PRELUDE`].
    pub program: &'static str,
    /// What must be seen.
    pub required: Required,
    /// What on the host it aims at; its address is the program's argument.
    pub target: Target,
    /// The run's wall-clock limit, in seconds.
    pub seconds: f64,
    /// The run's limit of CPU time, in seconds.
    pub cpu_seconds: Option<f64>,
    /// Whether it may be tried on a user's own host, where the sandbox may not hold.
    pub harmless: bool,
    /// How it is seen to succeed without a sandbox.
    pub control: Control,
}

/// What must be seen of an attack. In every case nothing says `ESCAPED`, and the next run of the session succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    /// The program says that it was refused.
    Denied,
    /// The program does not get to its end, or says that it was refused.
    Stopped,
    /// The outcome is «out of memory».
    OutOfMemory,
    /// The wall-clock limit ends it.
    WallLimit,
    /// The limit of CPU time ends it.
    CpuLimit,
    /// A signal ends it: this one.
    Signalled(i32),
    /// Its output is cut, and the result says so.
    Truncated,
    /// Run again in the same session it finds nothing of the first time.
    GoneInNextRun,
    /// Run again in another session it finds nothing of the first time.
    GoneInNextSession,
    /// What it leaves in `planted` cannot be read from outside, or holds nothing of the host's.
    NotReadOut,
}

/// How a case is seen to succeed where there is no sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The program says `ESCAPED` there, the second time at the latest.
    Escapes,
    /// The same in a tree of processes of its own, where it may look at the first one.
    EscapesBesideItsFirst,
    /// It prints at least so many bytes.
    Prints(usize),
    /// It cannot be shown: why.
    Not(&'static str),
}

impl Case {
    const fn new(name: &'static str, guarantee: Guarantee, required: Required, program: &'static str) -> Self {
        Self {
            name,
            guarantee,
            program,
            required,
            target: Target::Nothing,
            seconds: 30.0,
            cpu_seconds: None,
            harmless: true,
            control: Control::Escapes,
        }
    }

    /// A program that must be refused.
    pub(crate) const fn denied(name: &'static str, guarantee: Guarantee, program: &'static str) -> Self {
        Self::new(name, guarantee, Required::Denied, program)
    }

    /// A program of which this must be seen.
    pub(crate) const fn seen(
        name: &'static str,
        guarantee: Guarantee,
        required: Required,
        program: &'static str,
    ) -> Self {
        Self::new(name, guarantee, required, program)
    }

    pub(crate) const fn aimed_at(self, target: Target) -> Self {
        Self { target, ..self }
    }

    pub(crate) const fn within(self, seconds: f64) -> Self {
        Self { seconds, ..self }
    }

    pub(crate) const fn cpu(self, seconds: f64) -> Self {
        Self { cpu_seconds: Some(seconds), ..self }
    }

    /// It takes much of the host where the sandbox does not hold.
    pub(crate) const fn heavy(self) -> Self {
        Self { harmless: false, ..self }
    }

    pub(crate) const fn control(self, control: Control) -> Self {
        Self { control, ..self }
    }

    /// The number in the list of attacks that its name begins with.
    pub fn number(&self) -> u32 {
        self.name.split('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// The whole program text.
    pub fn text(&self) -> String {
        format!("{PRELUDE}{}", self.program)
    }
}

/// What every program begins with.
pub const PRELUDE: &str = include_str!("prelude.py");
