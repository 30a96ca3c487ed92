use crate::{
    Trouble,
    contender::{Contender, Work, alternate},
    host::Host,
    report::{Line, Section},
    statistics::Samples,
    target::{Target, Unit},
};

/// What a run may cost above its bare process, in milliseconds.
const MOST_ABOVE_BARE: Target = Target::AtMost(1.0);

/// Runs in a session that is open, beside bare processes.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let session = host.session().open().await?;
    let (ours, bare) = (Contender::Open(session.clone()), Contender::Process(Vec::new()));
    let [true_ours, true_bare] = alternate(host, Work::Nothing, [&ours, &bare], (300, 1)).await?;
    let [python_ours, python_bare] = alternate(host, Work::Print, [&ours, &bare], (150, 1)).await?;
    session.close().await?;
    Ok(Section::new("open", "A run in an open session")
        .line(Line::duration("native: /bin/true", &true_ours))
        .line(Line::duration("bare: /bin/true", &true_bare))
        .line(above(&true_ours, &true_bare))
        .line(Line::duration("native: Python print(1)", &python_ours))
        .line(Line::duration("bare: python3 -c", &python_bare))
        .line(above(&python_ours, &python_bare)))
}

fn above(ours: &Samples, bare: &Samples) -> Line {
    let milliseconds = (ours.median() - bare.median()) * 1000.0;
    Line::figure("native above bare", Unit::Milliseconds, milliseconds).target(MOST_ABOVE_BARE)
}
