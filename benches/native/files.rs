use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use llm_sandbox_core::Session;

use crate::{
    Trouble,
    host::Host,
    report::{Line, Section},
    scratch::Scratch,
    statistics::Samples,
    target::{Target, Unit},
};

const BYTES: usize = 256 << 20;

const ROUNDS: usize = 7;

/// After so long no other round is begun, so that something slow does not hold everything up.
const PATIENCE: Duration = Duration::from_secs(30);

const LEAST: Target = Target::AtLeast(500.0);

const INSIDE: &str = "file";

/// What is measured in every round, in this order.
const WAYS: [&str; 6] = [
    "native: write, from memory",
    "native: read, to memory",
    "native: upload, from a file",
    "native: download, to a file",
    "bare: write a file in memory",
    "bare: read a file in memory",
];

/// A large file copied in and out, beside the host's own files.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let scratch = Scratch::new()?;
    let content = content();
    fs::write(scratch.file("from"), &content)?;
    let session = host.session().memory_mib(1024).disk_mib(512).cpus(host.cores as f64).open().await?;
    let mut samples = WAYS.map(|_| Samples::default());
    let started = Instant::now();
    for round in 0..=ROUNDS {
        if round > 1 && started.elapsed() > PATIENCE {
            break;
        }
        let taken = round_trip(&session, &scratch, &content).await?;
        // The first one warms up.
        if round > 0 {
            samples.iter_mut().zip(taken).for_each(|(samples, taken)| samples.push(taken));
        }
    }
    session.close().await?;
    let mut section = Section::new("files", "256 MiB copied in and out");
    for (way, samples) in WAYS.into_iter().zip(&samples) {
        let line = Line::rate(way, Unit::MegabytesPerSecond, BYTES as f64 / 1e6, samples);
        section = section.line(if way.starts_with("native") { line.target(LEAST) } else { line });
    }
    Ok(section)
}

async fn round_trip(session: &Session, scratch: &Scratch, content: &[u8]) -> Result<[Duration; 6], Trouble> {
    let (from, to) = (scratch.file("from"), scratch.file("to"));
    let given = content.to_vec();
    let started = Instant::now();
    session.write(INSIDE, given).await?;
    let write = started.elapsed();
    let started = Instant::now();
    let got = session.read(INSIDE).await?;
    let read = started.elapsed();
    same(&got, content)?;
    drop(got);
    session.remove(INSIDE).await?;
    let started = Instant::now();
    session.upload(&from, INSIDE).await?;
    let upload = started.elapsed();
    let started = Instant::now();
    session.download(INSIDE, &to).await?;
    let download = started.elapsed();
    same(&fs::read(&to)?, content)?;
    session.remove(INSIDE).await?;
    fs::remove_file(&to)?;
    let [bare_write, bare_read] = bare(&to, content)?;
    Ok([write, read, upload, download, bare_write, bare_read])
}

fn bare(path: &Path, content: &[u8]) -> Result<[Duration; 2], Trouble> {
    let started = Instant::now();
    fs::write(path, content)?;
    let write = started.elapsed();
    let started = Instant::now();
    let got = fs::read(path)?;
    let read = started.elapsed();
    same(&got, content)?;
    fs::remove_file(path)?;
    Ok([write, read])
}

fn same(got: &[u8], content: &[u8]) -> Result<(), Trouble> {
    if got == content { Ok(()) } else { Err("what came out is not what went in".into()) }
}

/// Bytes that no shortcut for zeroes or repetitions helps with.
fn content() -> Vec<u8> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut content = Vec::with_capacity(BYTES);
    while content.len() < BYTES {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        content.extend_from_slice(&state.to_le_bytes());
    }
    content
}
