use std::{
    io::Read,
    process::Stdio,
    time::{Duration, Instant},
};

use llm_sandbox_core::{Run, Session};

use crate::{
    Trouble,
    host::Host,
    memory::{self, Peak},
    peers,
    report::{Line, Section},
    statistics::Samples,
    target::{Target, Unit},
};

const BYTES: u64 = 1 << 30;

const ROUNDS: usize = 5;

/// How much this process may grow while a gibibyte passes through it and still be called flat, in megabytes: the result
/// keeps the head and the tail of what came, 8 MiB, and joins them to one.
const FLAT: f64 = 32.0;

/// A gibibyte of standard output, beside the same through one more `cat`.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let wide = host.session().cpus(host.cores as f64).open().await?;
    let narrow = host.session().open().await?;
    let [mut ours, mut theirs, mut by_default] = [const { Vec::new() }; 3];
    let mut growth: f64 = 0.0;
    let before = memory::resident()?;
    for _ in 0..ROUNDS {
        let peak = Peak::begin()?;
        ours.push(streamed(&wide).await?);
        by_default.push(streamed(&narrow).await?);
        growth = growth.max(peak.growth()?);
        theirs.push(through_cat()?);
    }
    wide.close().await?;
    narrow.close().await?;
    let [ours, theirs, by_default] = [ours, theirs, by_default].map(Samples::from_iter);
    let rate = |what: &str, samples| Line::rate(what, Unit::MegabytesPerSecond, BYTES as f64 / 1e6, samples);
    let ratio = theirs.median() / ours.median();
    Ok(Section::new("stream", "1 GiB of standard output, taken as events")
        .line(rate(&format!("native, {} CPUs", host.cores), &ours))
        .line(rate("native, the default of 1 CPU", &by_default))
        .line(rate("bare, through one more cat", &theirs))
        .line(Line::figure("native / cat, in throughput", Unit::Times, ratio).target(Target::AtLeast(0.7)))
        .line(Line::figure("host's resident memory before", Unit::Megabytes, before))
        .line(Line::figure("its growth at the peak", Unit::Megabytes, growth).target(Target::AtMost(FLAT))))
}

fn producer() -> [String; 4] {
    ["head".into(), "-c".into(), BYTES.to_string(), "/dev/zero".into()]
}

async fn streamed(session: &Session) -> Result<Duration, Trouble> {
    let [program, arguments @ ..] = producer();
    let run = Run::command(program).args(arguments).unlimited_output().no_timeout();
    let started = Instant::now();
    let mut handle = session.start(run).await?;
    let mut taken = 0;
    while let Some(event) = handle.next_event().await {
        taken += event.bytes.len() as u64;
    }
    let result = handle.wait().await?;
    let took = started.elapsed();
    if taken == BYTES && result.is_success() {
        return Ok(took);
    }
    Err(format!("{taken} bytes of {BYTES} came, and the run ended as {:?}", result.outcome).into())
}

fn through_cat() -> Result<Duration, Trouble> {
    let [program, arguments @ ..] = producer();
    let mut buffer = vec![0; 256 << 10];
    let started = Instant::now();
    let mut head = peers::bare(program).args(arguments).stdout(Stdio::piped()).spawn()?;
    let from_head = head.stdout.take().ok_or("head has no output")?;
    let mut cat = peers::bare("cat").stdin(from_head).stdout(Stdio::piped()).spawn()?;
    let mut from_cat = cat.stdout.take().ok_or("cat has no output")?;
    let mut taken = 0;
    loop {
        match from_cat.read(&mut buffer)? {
            0 => break,
            size => taken += size as u64,
        }
    }
    let is_success = head.wait()?.success() && cat.wait()?.success();
    let took = started.elapsed();
    if taken == BYTES && is_success { Ok(took) } else { Err(format!("{taken} bytes came through cat").into()) }
}
