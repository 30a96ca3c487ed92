use std::ffi::OsString;

use crate::{
    Trouble,
    contender::{Contender, Work, alternate},
    host::Host,
    peers,
    report::{Line, Section},
    target::{Target, Unit},
};

const ROUNDS: usize = 100;

/// A container takes long.
const CONTAINER_ROUNDS: usize = 8;

const OURS: &str = "native: open, run, close";

/// A fresh sandbox that runs `/bin/true`, beside bubblewrap and a container.
pub(crate) async fn of_true(host: &Host) -> Result<Section, Trouble> {
    let mut section = Section::new("fresh", "A fresh sandbox, /bin/true in it, destroyed");
    section = match peers::bwrap() {
        Some(argv) => {
            let bwrap = Contender::Process(argv);
            let bare = Contender::Process(Vec::new());
            let contenders = [&Contender::Fresh, &bwrap, &bare];
            let [ours, bwrap, bare] = alternate(host, Work::Nothing, contenders, (ROUNDS, 1)).await?;
            let ratio = ours.median() / bwrap.median();
            section
                .line(Line::duration(OURS, &ours))
                .line(Line::duration("bwrap --unshare-all", &bwrap))
                .line(Line::duration("bare process", &bare))
                .line(Line::figure("native / bwrap", Unit::Times, ratio).target(Target::AtMost(0.5)))
        }
        None => section.note("bwrap: not present; install bubblewrap"),
    };
    Ok(match peers::docker() {
        Err(why) => section.note(why),
        Ok(argv) => match beside_container(host, argv).await {
            Ok(lines) => lines.into_iter().fold(section, Section::line),
            Err(trouble) => section.failed(trouble.to_string()),
        },
    })
}

async fn beside_container(host: &Host, argv: Vec<OsString>) -> Result<[Line; 3], Trouble> {
    let (container, rounds) = (Contender::Process(argv), (CONTAINER_ROUNDS, 1));
    let [ours, container] = alternate(host, Work::Nothing, [&Contender::Fresh, &container], rounds).await?;
    let ratio = ours.median() / container.median();
    Ok([
        Line::duration("native, in turn with docker", &ours),
        Line::duration("docker run --rm", &container),
        Line::figure("native / docker run", Unit::Times, ratio),
    ])
}

/// A fresh sandbox that runs Python, beside the bare interpreter.
pub(crate) async fn of_python(host: &Host) -> Result<Section, Trouble> {
    let bare = Contender::Process(Vec::new());
    let [ours, bare] = alternate(host, Work::Print, [&Contender::Fresh, &bare], (ROUNDS, 1)).await?;
    let ratio = ours.median() / bare.median();
    Ok(Section::new("fresh-python", "A fresh sandbox, Python print(1) in it, destroyed")
        .line(Line::duration(OURS, &ours))
        .line(Line::duration("bare python3 -c", &bare))
        .line(Line::figure("native / bare", Unit::Times, ratio).target(Target::AtMost(1.3))))
}
