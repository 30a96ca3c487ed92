use std::io;
use std::os::fd::AsFd;

use rustix::net::{RecvFlags, SendFlags, recv, send};

/// What a run's own processes tell the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Its text is about to be compiled.
    Compiling,
    /// The compiler was not content.
    CompileFailed,
    /// The program is about to be executed.
    Started,
    /// It could not be.
    Failed { step: Step, error: i32 },
    /// It ended, with this status as `waitpid(2)` gives it, having used so much (nanoseconds and bytes).
    Ended { status: i32, user_time: u64, system_time: u64, peak_memory: u64 },
}

/// What had to be done before the program could start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Step {
    Group = 1,
    Proc,
    Source,
    Streams,
    Limits,
    User,
    Directory,
    Seal,
    Execute,
    Fork,
    Build,
    Compile,
}

const STEPS: [Step; 12] = [
    Step::Group,
    Step::Proc,
    Step::Source,
    Step::Streams,
    Step::Limits,
    Step::User,
    Step::Directory,
    Step::Seal,
    Step::Execute,
    Step::Fork,
    Step::Build,
    Step::Compile,
];

impl Step {
    /// The step in words that follow «could not».
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Group => "join the run's cgroup",
            Self::Proc => "mount the run's /proc",
            Self::Source => "write the program text",
            Self::Streams => "set up the standard streams",
            Self::Limits => "set the process limits",
            Self::User => "become the run's user",
            Self::Directory => "enter the working directory",
            Self::Seal => "load the system-call filter",
            Self::Execute => "execute",
            Self::Fork => "start the program's process",
            Self::Build => "make the directory to compile into",
            Self::Compile => "start the compiler",
        }
    }
}

const SIZE: usize = 32;

impl Word {
    /// Sends the word; nobody is left to hear of a failure.
    pub(super) fn send(self, socket: impl AsFd) {
        let _ = send(socket, &self.encode(), SendFlags::NOSIGNAL);
    }

    /// The next word, `None` where there is none now.
    pub(super) fn receive(socket: impl AsFd) -> io::Result<Option<Self>> {
        let mut bytes = [0; SIZE];
        match recv(socket, &mut bytes, RecvFlags::DONTWAIT) {
            Ok((_, SIZE)) => Ok(Self::decode(&bytes)),
            Ok(_) | Err(rustix::io::Errno::AGAIN) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn encode(self) -> [u8; SIZE] {
        let (kind, number, figures) = match self {
            Self::Started => ([1, 0, 0, 0], 0, [0; 3]),
            Self::Failed { step, error } => ([2, step as u8, 0, 0], error, [0; 3]),
            Self::Ended { status, user_time, system_time, peak_memory } => {
                ([3, 0, 0, 0], status, [user_time, system_time, peak_memory])
            }
            Self::Compiling => ([4, 0, 0, 0], 0, [0; 3]),
            Self::CompileFailed => ([5, 0, 0, 0], 0, [0; 3]),
        };
        let mut bytes = [0; SIZE];
        bytes[..4].copy_from_slice(&kind);
        bytes[4..8].copy_from_slice(&number.to_ne_bytes());
        for (place, figure) in bytes[8..].chunks_exact_mut(8).zip(figures) {
            place.copy_from_slice(&figure.to_ne_bytes());
        }
        bytes
    }

    fn decode(bytes: &[u8; SIZE]) -> Option<Self> {
        let number = i32::from_ne_bytes(*bytes[4..].first_chunk()?);
        let mut figures =
            bytes[8..].chunks_exact(8).filter_map(|place| Some(u64::from_ne_bytes(place.try_into().ok()?)));
        match bytes[0] {
            1 => Some(Self::Started),
            2 => Some(Self::Failed { step: *STEPS.get(usize::from(bytes[1]).checked_sub(1)?)?, error: number }),
            3 => Some(Self::Ended {
                status: number,
                user_time: figures.next()?,
                system_time: figures.next()?,
                peak_memory: figures.next()?,
            }),
            4 => Some(Self::Compiling),
            5 => Some(Self::CompileFailed),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_socket() {
        let mut words = vec![
            Word::Started,
            Word::Compiling,
            Word::CompileFailed,
            Word::Ended { status: -1, user_time: 1, system_time: u64::MAX, peak_memory: 3 },
        ];
        words.extend(STEPS.map(|step| Word::Failed { step, error: 13 }));
        for word in words {
            assert_eq!(Word::decode(&word.encode()), Some(word));
        }
        assert_eq!(Word::decode(&[9; SIZE]), None);
    }
}
