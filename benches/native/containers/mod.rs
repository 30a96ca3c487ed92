//! Containers: the same session on engines, beside their own clients and the Python library of PyPI.

mod peer;

use std::{
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use llm_sandbox_core::{Backend, Language, Session, SessionBuilder};
use llm_sandbox_docker::{Docker, Engine};

use crate::{
    Trouble,
    host::Host,
    memory::Peak,
    report::{Line, Section},
    scratch::Scratch,
    statistics::Samples,
    target::{Target, Unit},
};

/// Has Python; scripts/engines makes it.
const IMAGE: &str = "llm-sandbox-test:base";

const FRESH_ROUNDS: usize = 20;
const FRESH_ROUNDS_OF_THE_PEER: usize = 3;
const OPEN_ROUNDS: usize = 200;
const OPEN_ROUNDS_OF_THE_PEER: usize = 10;
const AT_ONCE: usize = 32;
const FILE_BYTES: u64 = 1 << 30;

fn builder(engine: Engine) -> SessionBuilder {
    let image = match engine {
        Engine::Docker => IMAGE.to_owned(),
        Engine::Podman => format!("localhost/{IMAGE}"),
    };
    Session::builder_on(Arc::new(Docker::new(engine).image(image)) as Arc<dyn Backend>, Language::Python)
}

async fn print(session: &Session) -> Result<(), Trouble> {
    let result = session.run("print(1)").await?;
    if result.stdout_text() == "1\n" { Ok(()) } else { Err(format!("{:?}", result.outcome).into()) }
}

async fn fresh(engine: Engine) -> Result<Duration, Trouble> {
    let begun = Instant::now();
    let session = builder(engine).open().await?;
    print(&session).await?;
    session.close().await?;
    Ok(begun.elapsed())
}

fn client() -> Result<Duration, Trouble> {
    let mut command = Command::new("docker");
    command.args(["run", "--rm", IMAGE, "python3", "-c", "print(1)"]).stdin(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let output = command.output()?;
    let took = begun.elapsed();
    if output.stdout == b"1\n" { Ok(took) } else { Err("docker run --rm failed".into()) }
}

/// Open, run, close.
pub(crate) async fn of_fresh() -> Result<Section, Trouble> {
    let (mut ours, mut theirs) = (Samples::default(), Samples::default());
    fresh(Engine::Docker).await?;
    client()?;
    for round in 0..FRESH_ROUNDS {
        if round % 2 == 0 {
            ours.push(fresh(Engine::Docker).await?);
            theirs.push(client()?);
        } else {
            theirs.push(client()?);
            ours.push(fresh(Engine::Docker).await?);
        }
    }
    let ratio = ours.median() / theirs.median();
    let mut section = Section::new("container-fresh", "A fresh container, Python print(1) in it, removed")
        .line(Line::duration("docker: open, run, close", &ours))
        .line(Line::duration("docker run --rm", &theirs))
        .line(Line::figure("ours / docker run", Unit::Times, ratio).target(Target::AtMost(1.2)));
    match of_peer("fresh", FRESH_ROUNDS_OF_THE_PEER) {
        Ok(peer) => {
            let ratio = ours.median() / peer.median();
            section = section.line(Line::duration("llm-sandbox 0.3.46 of PyPI", &peer)).line(Line::figure(
                "ours / PyPI's",
                Unit::Times,
                ratio,
            ));
        }
        Err(trouble) => section = section.note(trouble.to_string()),
    }
    if let Ok(podman) = several(FRESH_ROUNDS, || fresh(Engine::Podman)).await {
        section = section.line(Line::duration("podman: open, run, close", &podman));
    }
    Ok(section)
}

fn of_peer(word: &str, rounds: usize) -> Result<Samples, Trouble> {
    let mut peer = peer::start()?;
    peer.once(word)?;
    (0..rounds).map(|_| peer.once(word)).collect()
}

async fn several<F: Future<Output = Result<Duration, Trouble>>>(
    rounds: usize,
    once: impl Fn() -> F,
) -> Result<Samples, Trouble> {
    once().await?;
    let mut samples = Samples::default();
    for _ in 0..rounds {
        samples.push(once().await?);
    }
    Ok(samples)
}

/// A run in an open session, in turn on each.
pub(crate) async fn of_open(host: &Host) -> Result<Section, Trouble> {
    let mut section = Section::new("container-open", "A run in an open session, Python print(1)");
    // The image's own comes from the same packages; others start at another pace.
    let native = host.session().interpreter("/usr/bin/python3").open().await?;
    let mut sessions = vec![("native", native)];
    for engine in [Engine::Docker, Engine::Podman] {
        match builder(engine).open().await {
            Ok(session) => sessions.push((engine.name(), session)),
            Err(error) => section = section.note(format!("{}: {error}", engine.name())),
        }
    }
    let mut samples = vec![Samples::default(); sessions.len()];
    for round in 0..=OPEN_ROUNDS {
        for ((_, session), samples) in sessions.iter().zip(&mut samples) {
            let begun = Instant::now();
            print(session).await?;
            let took = begun.elapsed();
            // The first one warms up.
            if round > 0 {
                samples.push(took);
            }
        }
    }
    for ((name, session), own) in sessions.iter().zip(&samples) {
        section = section.line(Line::duration(*name, own));
        if *name != "native" {
            let above = (own.median() - samples[0].median()) * 1000.0;
            let line = Line::figure(format!("{name} above native"), Unit::Milliseconds, above);
            section = section.line(line.target(Target::AtMost(1.0)));
        }
        session.close().await?;
    }
    Ok(match of_peer("print", OPEN_ROUNDS_OF_THE_PEER) {
        Ok(peer) => section.line(Line::duration("llm-sandbox 0.3.46 of PyPI", &peer)),
        Err(trouble) => section.note(trouble.to_string()),
    })
}

/// A large file in and out, and what this process needs for it.
pub(crate) async fn of_files() -> Result<Section, Trouble> {
    let scratch = Scratch::new()?;
    let (from, to) = (scratch.file("from"), scratch.file("to"));
    std::fs::File::create(&from)?.set_len(FILE_BYTES)?;
    let session = builder(Engine::Docker).memory_mib(4096).open().await?;
    print(&session).await?;
    let peak = Peak::begin()?;
    let begun = Instant::now();
    session.upload(&from, "file").await?;
    let (upload, begun) = (begun.elapsed(), Instant::now());
    session.download("file", &to).await?;
    let download = begun.elapsed();
    let growth = peak.growth()?;
    if std::fs::metadata(&to)?.len() != FILE_BYTES {
        return Err("the file is not whole".into());
    }
    session.close().await?;
    let rate = |took: Duration| FILE_BYTES as f64 / 1e6 / took.as_secs_f64();
    Ok(Section::new("container-files", "1 GiB copied into a container and out")
        .line(Line::figure("docker: upload, from a file", Unit::MegabytesPerSecond, rate(upload)))
        .line(Line::figure("docker: download, to a file", Unit::MegabytesPerSecond, rate(download)))
        .line(Line::figure("memory of the host's process on top", Unit::Megabytes, growth)))
}

/// Many containers at once, to the last one removed.
pub(crate) async fn of_many() -> Result<Section, Trouble> {
    let begun = Instant::now();
    let jobs: Vec<_> = (0..AT_ONCE).map(|_| tokio::spawn(fresh(Engine::Docker))).collect();
    let mut each = Samples::default();
    for job in jobs {
        each.push(job.await??);
    }
    let all = begun.elapsed().as_secs_f64();
    let clients: Vec<_> = (0..AT_ONCE).map(|_| std::thread::spawn(client)).collect();
    let begun = Instant::now();
    for client in clients {
        client.join().map_err(|_| "a client panicked")??;
    }
    let theirs = begun.elapsed().as_secs_f64();
    Ok(Section::new("container-many", format!("{AT_ONCE} containers at once: open, run, close"))
        .line(Line::duration("docker: each", &each))
        .line(Line::figure("docker: per second", Unit::PerSecond, AT_ONCE as f64 / all))
        .line(Line::figure("docker run --rm: per second", Unit::PerSecond, AT_ONCE as f64 / theirs)))
}
