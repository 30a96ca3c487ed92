//! Programs that a real shell, a real Python and the agent in memory understand alike.

use std::ffi::OsString;

use llm_sandbox_core::Run;

/// What a program does once it has printed its token and a newline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// Leaves with this status.
    Exit(i32),
    /// Prints so many bytes more.
    Print(usize),
    /// Sleeps for longer than anybody waits.
    Sleep,
    /// Prints what it reads.
    Echo,
    /// Is ended by this signal.
    Die(i32),
}

const SHELL: &str = "echo \"$2\"
case $1 in
exit) exit \"$3\";;
print) head -c \"$3\" /dev/zero | tr '\\0' x;;
sleep) sleep 1000;;
echo) cat;;
die) kill -\"$3\" $$;;
esac";

const PYTHON: &str = "import os, sys, time
word, token, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
print(token, flush=True)
if word == 'exit': sys.exit(number)
if word == 'print': sys.stdout.write('x' * number)
if word == 'sleep': time.sleep(1000)
if word == 'echo': sys.stdout.write(sys.stdin.read())
if word == 'die': os.kill(os.getpid(), number)";

impl Program {
    fn words(self) -> (&'static str, String) {
        match self {
            Self::Exit(status) => ("exit", status.to_string()),
            Self::Print(bytes) => ("print", bytes.to_string()),
            Self::Sleep => ("sleep", "0".to_owned()),
            Self::Echo => ("echo", "0".to_owned()),
            Self::Die(signal) => ("die", signal.to_string()),
        }
    }

    /// A run of it, by a shell or in the session's language.
    pub(crate) fn run(self, token: &str, is_code: bool) -> Run {
        let (word, number) = self.words();
        let run = if is_code { Run::code(PYTHON) } else { Run::shell(SHELL) };
        run.args([word, token].map(OsString::from)).arg(number)
    }

    /// What a command line asks for, and its token.
    pub(crate) fn of(argv: &[Vec<u8>]) -> Option<(Self, Vec<u8>)> {
        let [.., word, token, number] = argv else { return None };
        let number: i64 = std::str::from_utf8(number).ok()?.parse().ok()?;
        let program = match word.as_slice() {
            b"exit" => Self::Exit(number.try_into().ok()?),
            b"print" => Self::Print(number.try_into().ok()?),
            b"sleep" => Self::Sleep,
            b"echo" => Self::Echo,
            b"die" => Self::Die(number.try_into().ok()?),
            _ => return None,
        };
        Some((program, token.clone()))
    }

    /// All that it prints where it reads this and nothing stops it.
    pub(crate) fn output(self, token: &str, input: &[u8]) -> Vec<u8> {
        let mut output = format!("{token}\n").into_bytes();
        match self {
            Self::Print(bytes) => output.resize(output.len() + bytes, b'x'),
            Self::Echo => output.extend_from_slice(input),
            _ => {}
        }
        output
    }
}
