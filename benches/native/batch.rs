use std::{
    ffi::OsString,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use llm_sandbox_core::{Batch, Job};

use crate::{
    Trouble,
    host::Host,
    memory, options, peers,
    report::{Line, Section},
    statistics::Samples,
    target::{Target, Unit},
};

/// Some tens of milliseconds of computing.
const PROGRAM: &str = "total = 0\nfor number in range(250000): total += number * number\nprint(total)";

const PRINTED: &[u8] = b"5208302083375000\n";

/// Jobs that are measured together.
const CHUNK: usize = 50;

const JOBS: usize = 1_000;
const JOBS_IN_FULL: usize = 20_000;

/// In how many rounds at most all contenders have their turn, evenly spread; in the others it is the batch alone.
const COMPARED: usize = 40;

/// Who has the jobs done.
enum Contender {
    Batch,
    /// Processes of the host, by means of this other program where one is named.
    Processes(Vec<OsString>),
}

/// The same jobs as a batch, as plain processes and by bubblewrap, in turn, all with as many at once.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let jobs = if options::is_full() { JOBS_IN_FULL } else { JOBS };
    let mut contenders = vec![Contender::Batch, Contender::Processes(Vec::new())];
    contenders.extend(peers::bwrap().map(|argv| Contender::Processes(showing_python(argv, host))));
    let mut samples = vec![Vec::new(); contenders.len()];
    for contender in &contenders {
        contender.chunk(host).await?;
    }
    let (resident, descriptors) = (memory::resident()?, memory::descriptors()?);
    let rounds = jobs / CHUNK;
    for round in 0..rounds {
        if round % rounds.div_ceil(COMPARED) != 0 {
            contenders[0].chunk(host).await?;
            continue;
        }
        for place in 0..contenders.len() {
            let place = (place + round) % contenders.len();
            samples[place].push(contenders[place].chunk(host).await?);
        }
    }
    let (resident, descriptors) = (memory::resident()? - resident, memory::descriptors()? as f64 - descriptors as f64);
    let relative = drift(&samples[0], &samples[1]);
    let mut samples = samples.into_iter().map(Samples::from_iter);
    let mut next = || samples.next().unwrap_or_default();
    let (ours, bare, bwrap) = (next(), next(), next());
    let rate = |what: &str, samples: &Samples| Line::rate(what, Unit::PerSecond, CHUNK as f64, samples);
    let ratio = |other: &Samples| other.median() / ours.median();
    let mut section = Section::new("batch", format!("{jobs} small Python jobs, {} at once", host.cores))
        .line(rate("batch: a fresh sandbox for each", &ours))
        .line(rate("plain processes", &bare))
        .line(Line::figure("batch / plain processes", Unit::Times, ratio(&bare)).target(Target::AtLeast(0.8)));
    section = match bwrap.count() {
        0 => section.note("bwrap: not present; install bubblewrap"),
        _ => section
            .line(rate("bwrap --unshare-all", &bwrap))
            .line(Line::figure("batch / bwrap", Unit::Times, ratio(&bwrap)).target(Target::AtLeast(1.0))),
    };
    Ok(section
        .line(Line::figure("time a job, last tenth / first, by plain ones", Unit::Times, relative))
        .line(Line::figure("this process's growth", Unit::Megabytes, resident))
        .line(Line::figure("descriptors more", Unit::Number, descriptors))
        .note("On a busy machine a sandbox has the share of a group, and a plain process that of one among many; only an idle one compares them."))
}

/// The same with the interpreter's files shown, as a sandbox shows them, where they are not in /usr.
fn showing_python(mut argv: Vec<OsString>, host: &Host) -> Vec<OsString> {
    let prefix = host.python.parent().and_then(Path::parent).filter(|prefix| !prefix.starts_with("/usr"));
    if let Some(prefix) = prefix {
        argv.extend(["--ro-bind".into(), prefix.into(), prefix.into()]);
    }
    argv
}

impl Contender {
    /// How long a chunk of jobs took.
    async fn chunk(&self, host: &Host) -> Result<Duration, Trouble> {
        let started = Instant::now();
        match self {
            Self::Batch => batch(host).await?,
            Self::Processes(before) => tokio::task::block_in_place(|| processes(host, before))?,
        }
        Ok(started.elapsed())
    }
}

async fn batch(host: &Host) -> Result<(), Trouble> {
    let jobs = (0..CHUNK).map(|number| Job::new(number.to_string(), PROGRAM));
    let mut results = Batch::new(host.session()).concurrency(host.cores).run(jobs);
    let mut right = 0;
    while let Some(done) = results.next().await {
        right += usize::from(done.result?.stdout.bytes == PRINTED);
    }
    if right == CHUNK { Ok(()) } else { Err(format!("only {right} of {CHUNK} results are right").into()) }
}

/// A thread for each that runs at once.
fn processes(host: &Host, before: &[OsString]) -> Result<(), Trouble> {
    let next = AtomicUsize::new(0);
    let right = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..host.cores {
            scope.spawn(|| {
                while next.fetch_add(1, Ordering::Relaxed) < CHUNK {
                    let mut argv = before.iter().cloned().chain([host.python.clone().into()]);
                    let Some(program) = argv.next() else { return };
                    let mut command = peers::bare(program);
                    command.args(argv).args(["-c", PROGRAM]).stderr(Stdio::null());
                    let is_right = command.output().is_ok_and(|output| output.stdout == PRINTED);
                    right.fetch_add(usize::from(is_right), Ordering::Relaxed);
                }
            });
        }
    });
    match right.into_inner() {
        CHUNK => Ok(()),
        right => Err(format!("only {right} of {CHUNK} processes were right").into()),
    }
}

/// How much longer a job takes in the last tenth than in the first, what the machine does besides taken out.
fn drift(ours: &[Duration], bare: &[Duration]) -> f64 {
    let tenth = (ours.len() / 10).max(1);
    let of = |samples: &[Duration]| Samples::from_iter(samples.iter().copied()).median();
    let last = |samples: &[Duration]| of(&samples[samples.len() - tenth..]);
    let first = |samples: &[Duration]| of(&samples[..tenth]);
    last(ours) / last(bare) / (first(ours) / first(bare))
}
