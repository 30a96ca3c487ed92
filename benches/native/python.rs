//! The package for Python beside the library under it, and beside the library of PyPI.

use std::{
    ffi::OsString,
    io::ErrorKind,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use llm_sandbox_core::{Run, Session};
use serde_json::json;

use crate::{
    Trouble,
    host::Host,
    report::{Line, Section},
    statistics::Samples,
    target::{Target, Unit},
    told::{Told, python_of_peer},
};

/// What opening and closing may take above Rust's, in milliseconds.
const OPEN_ABOVE: Target = Target::AtMost(0.5);

/// What a run may take above Rust's, in milliseconds.
const RUN_ABOVE: Target = Target::AtMost(0.2);

/// What loading the package may take, in milliseconds.
const IMPORT: Target = Target::AtMost(60.0);

/// Each kind of work, how often it is done, and what may be taken for it above Rust's. An interpreter's start varies by
/// more than that.
const WORK: [(&str, &str, usize, Option<Target>); 3] = [
    ("open", "open and close", 300, Some(OPEN_ABOVE)),
    ("true", "a run of /bin/true", 600, Some(RUN_ABOVE)),
    ("print", "a run of Python's print(1)", 100, None),
];

/// How often the library of PyPI does something: it takes seconds over opening.
const ITS_TIMES: usize = 3;

pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let python = package()?;
    let interpreter = host.python.to_string_lossy();
    let arguments = json!({"backend": "native", "lang": "python", "interpreter": interpreter});
    let mut ours = Told::start("the package", &python, &arguments)?;
    let mut peer = match peer() {
        Ok(peer) => Ok(peer),
        Err(trouble) => Err(trouble.to_string()),
    };
    let session = host.session().open().await?;
    let mut section = Section::new("python", "The package for Python, beside the library under it");
    for (word, what, times, most) in WORK {
        let [package, rust] = alternate(host, &session, &mut ours, word, times).await?;
        let above = (package.median() - rust.median()) * 1000.0;
        let difference = Line::figure(format!("{what}: Python above Rust"), Unit::Milliseconds, above);
        section = section
            .line(Line::duration(format!("{what}: Python"), &package))
            .line(Line::duration(format!("{what}: Rust"), &rust))
            .line(most.into_iter().fold(difference, Line::target));
        if let Ok(peer) = &mut peer {
            let its = (0..ITS_TIMES).map(|_| peer.once(word)).collect::<Result<Samples, _>>()?;
            section = section.line(Line::duration(format!("{what}: llm-sandbox 0.3.46 of PyPI, bubblewrap"), &its));
        }
    }
    session.close().await?;
    section = section.line(Line::duration("import", &imported(&python)?).target(IMPORT));
    Ok(match peer {
        Ok(_) => section,
        Err(why) => section.note(why),
    })
}

/// Both in turn.
async fn alternate(
    host: &Host,
    session: &Session,
    ours: &mut Told,
    word: &str,
    times: usize,
) -> Result<[Samples; 2], Trouble> {
    let (mut package, mut rust) = (Samples::default(), Samples::default());
    for round in 0..times + 5 {
        let took = (ours.once(word)?, once(host, session, word).await?);
        // The first few fill caches.
        if round >= 5 {
            package.push(took.0);
            rust.push(took.1);
        }
    }
    Ok([package, rust])
}

async fn once(host: &Host, session: &Session, word: &str) -> Result<Duration, Trouble> {
    let builder = host.session();
    let begun = Instant::now();
    match word {
        "open" => builder.open().await?.close().await?,
        "true" => drop(session.run(Run::command("/bin/true")).await?),
        _ => drop(session.run("print(1)").await?),
    }
    Ok(begun.elapsed())
}

/// How long a fresh interpreter takes over loading what opens sessions.
fn imported(python: &OsString) -> Result<Samples, Trouble> {
    let program = "import time\nbegun = time.perf_counter()\nfrom llm_sandbox import SandboxSession\n\
                   import llm_sandbox.native, llm_sandbox._native\nprint(time.perf_counter() - begun)";
    let once = |_| {
        let output = Command::new(python).args(["-c", program]).output()?;
        let seconds: f64 = String::from_utf8_lossy(&output.stdout).trim().parse()?;
        Ok::<_, Trouble>(Duration::from_secs_f64(seconds))
    };
    (0..15).map(once).collect()
}

/// A Python that has the package, built for release: what `LLM_SANDBOX_BENCH_PACKAGE` names, or one that is made.
fn package() -> Result<OsString, Trouble> {
    if let Some(python) = std::env::var_os("LLM_SANDBOX_BENCH_PACKAGE") {
        return Ok(python);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let directory = root.join("target/bench-python");
    // A wheel that is there already would be of what the package was then.
    match std::fs::remove_dir_all(&directory) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let made = Command::new(root.join("scripts/python-environment"))
        .arg(&directory)
        .env("LLM_SANDBOX_PROFILE", "release")
        .stderr(Stdio::inherit())
        .output()?;
    if !made.status.success() {
        return Err("the package could not be built".into());
    }
    Ok(format!("{}/bin/python", String::from_utf8(made.stdout)?.trim()).into())
}

/// The library of PyPI on its backend without a daemon.
fn peer() -> Result<Told, Trouble> {
    Told::start("llm-sandbox of PyPI", &python_of_peer()?, &json!({"backend": "bubblewrap", "lang": "python"}))
}
