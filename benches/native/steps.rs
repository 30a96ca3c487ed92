use std::time::{Duration, Instant};

use llm_sandbox_core::Run;

use crate::{
    Trouble,
    host::Host,
    report::{Line, Section},
    statistics::Samples,
};

const ROUNDS: usize = 100;

const WARM_UP: usize = 3;

/// Where opening a session spends its time.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    for _ in 0..WARM_UP {
        one(host, &mut Taken::default()).await?;
    }
    let mut taken = Taken::default();
    for _ in 0..ROUNDS {
        one(host, &mut taken).await?;
    }
    let Taken { steps, open, remainder, run, close } = taken;
    let mut section = Section::new("steps", "The steps of opening a session");
    for (name, samples) in &steps {
        section = section.line(Line::duration(name, samples));
    }
    Ok(section
        .line(Line::duration("the host's share: start, exec, hello", &remainder))
        .line(Line::duration("opened, all together", &open))
        .line(Line::duration("then the first run, /bin/true", &run))
        .line(Line::duration("then closed", &close)))
}

#[derive(Default)]
struct Taken {
    steps: Vec<(String, Samples)>,
    open: Samples,
    /// What of it no step accounts for.
    remainder: Samples,
    run: Samples,
    close: Samples,
}

async fn one(host: &Host, taken: &mut Taken) -> Result<(), Trouble> {
    let builder = host.session();
    let started = Instant::now();
    let session = builder.open().await?;
    let open = started.elapsed();
    let started = Instant::now();
    let result = session.run(Run::command("/bin/true")).await?;
    taken.run.push(started.elapsed());
    let started = Instant::now();
    session.close().await?;
    taken.close.push(started.elapsed());
    if !result.is_success() {
        return Err(format!("the run ended as {:?}", result.outcome).into());
    }
    let steps: Duration = session.opening().iter().map(|step| step.duration).sum();
    taken.open.push(open);
    taken.remainder.push(open.saturating_sub(steps));
    for step in session.opening() {
        match taken.steps.iter_mut().find(|(name, _)| *name == step.name) {
            Some((_, samples)) => samples.push(step.duration),
            None => taken.steps.push((step.name.clone(), Samples::from_iter([step.duration]))),
        }
    }
    Ok(())
}
