use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use llm_sandbox_core::Session;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    Trouble,
    host::Host,
    memory, options,
    report::{Line, Section},
    target::{Target, Unit},
};

const SESSIONS: usize = 400;
const SESSIONS_IN_FULL: usize = 2000;

/// How many are opened first, and again last, while all others are idle.
const GROUP: usize = 100;

/// How much longer the last ones may take to open than the first.
const FLAT: Target = Target::AtMost(1.25);

/// How many are opened or closed at once, at most.
const AT_ONCE: usize = 64;

/// Until sessions that were opened have nothing left to do but wait: what they made ahead goes after a second.
const SETTLE: Duration = Duration::from_millis(1500);

/// Many sessions opened, left alone and closed.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let count = if options::is_full() { SESSIONS_IN_FULL } else { SESSIONS };
    allow_many_descriptors()?;
    host.session().open().await?.close().await?;
    let (resident, available) = (memory::resident()?, memory::available()?);
    let (mut sessions, mut rates) = (Vec::new(), Vec::new());
    for group in [GROUP, count - 2 * GROUP, GROUP] {
        let started = Instant::now();
        sessions.extend(open_all(host, group).await?);
        rates.push(group as f64 / started.elapsed().as_secs_f64());
        tokio::time::sleep(SETTLE).await;
    }
    let (first, last) = (rates[0], rates[rates.len() - 1]);
    // Those between pay for what each other made ahead.
    let opened = rates[rates.len() / 2];
    let (processes, together) = memory::of_descendants()?;
    let each = |whole: f64| whole / count as f64;
    let (resident, available) = (memory::resident()? - resident, available - memory::available()?);
    let started = Instant::now();
    close_all(sessions).await?;
    let closed = count as f64 / started.elapsed().as_secs_f64();
    Ok(Section::new("idle", format!("{count} idle sessions, at most {AT_ONCE} opened or closed at once"))
        .line(Line::figure("opened", Unit::PerSecond, opened).target(Target::AtLeast(200.0)))
        .line(Line::figure("opening: the last hundred / the first", Unit::Times, first / last).target(FLAT))
        .line(Line::figure("closed", Unit::PerSecond, closed))
        .line(Line::figure("PSS of a session's processes", Unit::Megabytes, each(together)).target(Target::AtMost(3.0)))
        .line(Line::figure("processes of a session", Unit::Number, each(processes as f64)))
        .line(Line::figure("this process's growth a session", Unit::Megabytes, each(resident)))
        .line(Line::figure("all that the machine gave up a session", Unit::Megabytes, each(available))))
}

async fn open_all(host: &Host, count: usize) -> Result<Vec<Session>, Trouble> {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut opening = JoinSet::new();
    for _ in 0..count {
        let (builder, permit) = (host.session(), Arc::clone(&room).acquire_owned().await?);
        opening.spawn(async move {
            let session = builder.open().await;
            drop(permit);
            session
        });
    }
    opening.join_all().await.into_iter().map(|session| session.map_err(Trouble::from)).collect()
}

async fn close_all(sessions: Vec<Session>) -> Result<(), Trouble> {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut closing = JoinSet::new();
    for session in sessions {
        let permit = Arc::clone(&room).acquire_owned().await?;
        closing.spawn(async move {
            let closed = session.close().await;
            drop(permit);
            closed
        });
    }
    closing.join_all().await.into_iter().try_for_each(|closed| closed.map_err(Trouble::from))
}

/// Every session holds a few open.
fn allow_many_descriptors() -> Result<(), Trouble> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}
