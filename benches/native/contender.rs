use std::{
    ffi::OsString,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use llm_sandbox_core::{Run, RunResult, Session};

use crate::{Trouble, host::Host, peers, statistics::Samples};

/// How often everything is done before it is measured.
const WARM_UP: usize = 3;

/// A piece of work that everybody can do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// `/bin/true`.
    Nothing,
    /// Python's `print(1)`.
    Print,
}

impl Work {
    fn argv(self, host: &Host) -> Vec<OsString> {
        match self {
            Self::Nothing => vec!["/bin/true".into()],
            Self::Print => vec![host.python.clone().into(), "-c".into(), "print(1)".into()],
        }
    }

    fn run(self) -> Run {
        match self {
            Self::Nothing => Run::command("/bin/true"),
            Self::Print => Run::code("print(1)"),
        }
    }

    fn output(self) -> &'static [u8] {
        match self {
            Self::Nothing => b"",
            Self::Print => b"1\n",
        }
    }
}

/// One way of having a piece of work done.
pub(crate) enum Contender {
    /// A process of the host, by means of this other program where one is named.
    Process(Vec<OsString>),
    /// A sandbox made for it and destroyed after it.
    Fresh,
    /// A session that is open already.
    Open(Session),
}

impl Contender {
    /// How long doing it took, to the last trace removed.
    async fn once(&self, work: Work, host: &Host) -> Result<Duration, Trouble> {
        match self {
            Self::Process(before) => {
                let argv: Vec<_> = before.iter().cloned().chain(work.argv(host)).collect();
                let (program, arguments) = argv.split_first().ok_or("there is no program")?;
                // The other program may need its own environment: a client has to find its daemon.
                let mut command = if before.is_empty() { peers::bare(program) } else { Command::new(program) };
                process(command.args(arguments), work)
            }
            Self::Fresh => {
                let builder = host.session();
                let started = Instant::now();
                let session = builder.open().await?;
                let result = session.run(work.run()).await?;
                session.close().await?;
                let took = started.elapsed();
                check(&result, work.output()).map(|()| took)
            }
            Self::Open(session) => {
                let started = Instant::now();
                let result = session.run(work.run()).await?;
                let took = started.elapsed();
                check(&result, work.output()).map(|()| took)
            }
        }
    }

    /// How long doing it so many times took.
    async fn batch(&self, work: Work, host: &Host, times: usize) -> Result<Duration, Trouble> {
        let mut took = Duration::ZERO;
        for _ in 0..times {
            took += self.once(work, host).await?;
        }
        Ok(took)
    }
}

/// Has all do the work in turn, each so many times in a row, so many rounds; another one begins in every round.
pub(crate) async fn alternate<const N: usize>(
    host: &Host,
    work: Work,
    contenders: [&Contender; N],
    (rounds, times): (usize, usize),
) -> Result<[Samples; N], Trouble> {
    let mut samples = [const { Vec::new() }; N];
    for contender in contenders {
        contender.batch(work, host, WARM_UP).await?;
    }
    for round in 0..rounds {
        for place in 0..N {
            let place = (place + round) % N;
            samples[place].push(contenders[place].batch(work, host, times).await?);
        }
    }
    Ok(samples.map(Samples::from_iter))
}

fn process(command: &mut Command, work: Work) -> Result<Duration, Trouble> {
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let (status, output) = finish(command, work)?;
    let took = started.elapsed();
    if status.success() && output == work.output() {
        return Ok(took);
    }
    Err(format!("{} left with {status} and printed {output:?}", command.get_program().display()).into())
}

/// What prints nothing gets no pipe.
fn finish(command: &mut Command, work: Work) -> std::io::Result<(std::process::ExitStatus, Vec<u8>)> {
    if work.output().is_empty() {
        return Ok((command.stdout(Stdio::null()).status()?, Vec::new()));
    }
    command.output().map(|output| (output.status, output.stdout))
}

fn check(result: &RunResult, output: &[u8]) -> Result<(), Trouble> {
    if result.is_success() && result.stdout.bytes == output {
        return Ok(());
    }
    Err(format!("the run ended as {:?}: {} {}", result.outcome, result.stdout_text(), result.stderr_text()).into())
}
