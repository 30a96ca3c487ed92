use crate::{
    Trouble,
    contender::{Contender, Work, alternate},
    host::Host,
    report::{Line, Section},
    target::Unit,
};

/// So many in a row make one figure.
const BATCH: usize = 20;

const ROUNDS: usize = 8;

/// Short Python runs, one after the other.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let session = host.session().open().await?;
    let (open, bare) = (Contender::Open(session.clone()), Contender::Process(Vec::new()));
    let contenders = [&open, &Contender::Fresh, &bare];
    let [open, fresh, bare] = alternate(host, Work::Print, contenders, (ROUNDS, BATCH)).await?;
    session.close().await?;
    let rate = |what: &str, samples| Line::rate(what, Unit::PerSecond, BATCH as f64, samples);
    Ok(Section::new("throughput", "Short Python runs, one after the other")
        .line(rate("native: in one session", &open))
        .line(rate("native: a fresh session for each", &fresh))
        .line(rate("bare processes", &bare)))
}
