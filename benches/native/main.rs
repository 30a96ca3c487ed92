//! What sandboxes cost, native and in containers, beside programs that do the same by other means, and how that stands to
//! the targets.
//!
//! `cargo bench --bench native -- [--json] [SECTION …]` measures all sections, or those named. Whatever is compared is
//! measured in turn, in one loop, so that whatever else the machine does falls on all alike; figures are medians, with
//! the value that nine in ten are no worse than. Nothing is asserted: a figure off its target is printed as that.
//!
//! `LLM_SANDBOX_BENCH_FULL=1` takes 2,000 idle sessions in place of 200, and jobs by the thousand; `LLM_SANDBOX_PYTHON`
//! names the interpreter, `LLM_SANDBOX_BENCH_IMAGE` the image for `docker run`, `LLM_SANDBOX_BENCH_PEER` a Python that has
//! PyPI's llm-sandbox. Sections on containers need the image that scripts/engines makes.

mod batch;
mod containers;
mod contender;
mod files;
mod fresh;
mod host;
mod hostile;
mod idle;
mod languages;
mod memory;
mod open;
mod options;
mod peers;
mod policy;
mod python;
mod report;
mod scratch;
mod statistics;
mod steps;
mod stream;
mod table;
mod target;
mod throughput;
mod told;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use host::Host;
use options::Options;
use report::Section;

/// Why something could not be measured.
type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// Every section, in the order they are measured.
const SECTIONS: [&str; 17] = [
    "fresh",
    "fresh-python",
    "open",
    "stream",
    "files",
    "idle",
    "steps",
    "throughput",
    "languages",
    "batch",
    "hostile",
    "policy",
    "python",
    "container-fresh",
    "container-open",
    "container-files",
    "container-many",
];

fn main() -> ExitCode {
    match Options::read(std::env::args().skip(1), &SECTIONS) {
        Ok(Some(options)) => finish(measure_all(&options)),
        Ok(None) => ExitCode::SUCCESS,
        Err(trouble) => finish(Err(trouble)),
    }
}

fn finish(measured: Result<bool, Trouble>) -> ExitCode {
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            // Nobody is left to be told where this fails.
            let _ = writeln!(io::stderr(), "native: {trouble}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every section could be measured.
fn measure_all(options: &Options) -> Result<bool, Trouble> {
    if !rustix::process::geteuid().is_root() {
        return Err("the native backend needs root for now: run this as root".into());
    }
    // As many workers as the blocking interface has.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let host = Host::find()?;
    let mut out = io::stdout().lock();
    if !options.json {
        table::head(&mut out, &host)?;
    }
    let mut sections = Vec::new();
    for name in &options.sections {
        let section = runtime.block_on(measure(name, &host)).unwrap_or_else(|trouble| {
            Section::new(name, format!("{name} could not be measured")).failed(trouble.to_string())
        });
        if !options.json {
            table::section(&mut out, &section)?;
        }
        sections.push(section);
    }
    if options.json {
        writeln!(out, "{:#}", report::to_json(&host, &sections))?;
    }
    Ok(sections.iter().all(Section::is_measured))
}

async fn measure(section: &str, host: &Host) -> Result<Section, Trouble> {
    match section {
        "fresh" => fresh::of_true(host).await,
        "fresh-python" => fresh::of_python(host).await,
        "open" => open::measure(host).await,
        "stream" => stream::measure(host).await,
        "files" => files::measure(host).await,
        "idle" => idle::measure(host).await,
        "steps" => steps::measure(host).await,
        "languages" => languages::measure(host).await,
        "throughput" => throughput::measure(host).await,
        "hostile" => hostile::measure(host).await,
        "policy" => policy::measure().await,
        "python" => python::measure(host).await,
        "batch" => batch::measure(host).await,
        "container-fresh" => containers::of_fresh().await,
        "container-open" => containers::of_open(host).await,
        "container-files" => containers::of_files().await,
        "container-many" => containers::of_many().await,
        other => Err(format!("there is no section {other:?}").into()),
    }
}
