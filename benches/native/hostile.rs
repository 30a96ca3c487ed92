use std::time::{Duration, Instant};

use llm_sandbox_core::{Batch, Guarantee, Job, Run};
use llm_sandbox_corpus::cases;

use crate::{
    Trouble,
    host::Host,
    options,
    report::{Line, Section},
    statistics::Samples,
    target::{Target, Unit},
};

const JOBS: usize = 500;
const JOBS_IN_FULL: usize = 5_000;

/// One in so many is hostile.
const SHARE: usize = 100;

/// Attacks that take what they can get of what all share.
const ATTACKS: [&str; 5] = ["1-fork-bomb", "2-thread-bomb", "3-allocation", "11-ignored-signals", "12-endless-output"];

/// How much longer other jobs may take beside hostile ones.
const SLOWER: Target = Target::AtMost(1.5);

/// What came of a batch.
struct Done {
    /// How long the programs ran that are not hostile.
    ordinary: Samples,
    wrong: usize,
    took: Duration,
}

/// A batch of which one in a hundred is an attack, beside the same without any.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let count = if options::is_full() { JOBS_IN_FULL } else { JOBS };
    let peaceful = batch(host, count, false).await?;
    let mixed = batch(host, count, true).await?;
    let slower = mixed.ordinary.median() / peaceful.ordinary.median();
    Ok(Section::new("hostile", format!("{count} jobs, {} of them hostile, {} at once", count / SHARE, host.cores))
        .line(Line::duration("an ordinary job: beside hostile ones", &mixed.ordinary))
        .line(Line::duration("an ordinary job: among its like", &peaceful.ordinary))
        .line(Line::figure("beside hostile ones / among its like", Unit::Times, slower).target(SLOWER))
        .line(
            Line::figure("ordinary results that are wrong", Unit::Number, mixed.wrong as f64)
                .target(Target::AtMost(0.0)),
        )
        .line(Line::figure("the whole batch, in seconds", Unit::Number, mixed.took.as_secs_f64())))
}

async fn batch(host: &Host, count: usize, has_hostile: bool) -> Result<Done, Trouble> {
    let attacks: Vec<_> = cases().filter(|case| ATTACKS.contains(&case.name)).collect();
    let jobs = (0..count).map(|number| match has_hostile && number % SHARE == SHARE / 2 {
        true => {
            let case = &attacks[number / SHARE % attacks.len()];
            Job::new("hostile", Run::code(case.text()).timeout_seconds(case.seconds.min(5.0)))
        }
        false => Job::new(number.to_string(), format!("print(sum(range({number})))")),
    });
    let jobs: Vec<Job> = jobs.collect();
    let builder = host.session().accept_weaker(Guarantee::ALL.iter().copied());
    let (started, mut wrong, mut ordinary) = (Instant::now(), 0, Vec::new());
    let mut results = Batch::new(builder).concurrency(host.cores).run(jobs);
    while let Some(done) = results.next().await {
        let result = done.result?;
        if let Ok(number) = done.id.parse::<u64>() {
            let expected = format!("{}\n", number * number.saturating_sub(1) / 2);
            wrong += usize::from(result.stdout.bytes != expected.as_bytes());
            ordinary.extend(result.usage.wall);
        }
    }
    Ok(Done { ordinary: Samples::from_iter(ordinary), wrong, took: started.elapsed() })
}
