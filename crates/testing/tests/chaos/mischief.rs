//! What comes between an agent that means well and its host.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use llm_sandbox_core::{Error, ErrorKind};
use llm_sandbox_protocol::Frame;
use llm_sandbox_testing::FakeAgent;

use crate::{dice::Dice, lies};

/// What happens to an agent at one of its frames.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Its stream ends before the frame.
    Dies,
    /// Its stream ends inside the frame.
    IsCut,
    /// It says nothing any more, and listens.
    FallsSilent,
    /// It neither says anything nor listens.
    Freezes,
    /// It takes its time, again and again.
    Dawdles,
}

pub(crate) const FAULTS: [Fault; 5] = [Fault::Dies, Fault::IsCut, Fault::FallsSilent, Fault::Freezes, Fault::Dawdles];

/// What was tried and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) frames: AtomicU64,
    pub(crate) lies: AtomicU64,
    pub(crate) calls: AtomicU64,
    ends: Mutex<BTreeMap<&'static str, u64>>,
}

impl Figures {
    /// Counts how a call ended.
    pub(crate) fn count(&self, error: Option<ErrorKind>) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        *ends.entry(error.map_or("ok", ErrorKind::as_str)).or_default() += 1;
    }

    /// Asserts that calls ended in each of these ways.
    pub(crate) fn assert_seen(&self, ends: &[&str]) {
        let seen = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(ends.iter().all(|end| seen.contains_key(end)), "only {seen:?}");
    }
}

/// Whatever excuses the end of a session.
#[derive(Debug, Default)]
pub(crate) struct Excuse(AtomicBool);

impl Excuse {
    pub(crate) fn give(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_given(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Whether an error is the end of its session.
pub(crate) fn is_end(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::SandboxDied | ErrorKind::AgentMisbehaved | ErrorKind::Closed)
}

/// Changes what an agent says.
pub(crate) struct Mischief {
    pub(crate) dice: Dice,
    /// One frame in so many is a lie; none where it is zero.
    pub(crate) lies: u64,
    /// What happens, and before how many frames.
    pub(crate) fault: Option<(u64, Fault)>,
    pub(crate) excuse: Arc<Excuse>,
    pub(crate) figures: Arc<Figures>,
    /// A frame that comes after the next one.
    pub(crate) held: Option<Frame>,
}

impl Mischief {
    /// Sends a frame, or what is made of it; `None` when nothing more can be said.
    pub(crate) async fn say(&mut self, agent: &mut FakeAgent, frame: Frame) -> Option<()> {
        if let Some((rest, fault)) = &mut self.fault {
            match rest.checked_sub(1) {
                Some(fewer) => *rest = fewer,
                None => {
                    let fault = *fault;
                    self.excuse.give();
                    self.befall(fault, agent, &frame).await?;
                }
            }
        }
        let bytes = self.bytes(frame);
        // A turn for the host: it has seen one frame before the next one comes, but where they come in a row.
        if !self.dice.one_in(8) {
            tokio::task::yield_now().await;
        }
        let is_heard = agent.raw(&bytes).await;
        self.figures.frames.fetch_add(u64::from(is_heard), Ordering::Relaxed);
        is_heard.then_some(())
    }

    fn bytes(&mut self, frame: Frame) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.lies == 0 || !self.dice.one_in(self.lies) {
            frame.encode(&mut bytes);
        } else {
            self.excuse.give();
            self.figures.lies.fetch_add(1, Ordering::Relaxed);
            if self.held.is_none() && self.dice.one_in(10) {
                self.held = Some(frame);
                return bytes;
            }
            bytes = lies::lie(&mut self.dice, frame).bytes;
        }
        if let Some(late) = self.held.take() {
            late.encode(&mut bytes);
        }
        bytes
    }

    async fn befall(&mut self, fault: Fault, agent: &mut FakeAgent, frame: &Frame) -> Option<()> {
        match fault {
            Fault::Dies => None,
            Fault::IsCut => {
                let mut bytes = Vec::new();
                frame.encode(&mut bytes);
                agent.raw(&bytes[..self.dice.index(bytes.len())]).await;
                None
            }
            Fault::FallsSilent => {
                agent.idle().await;
                None
            }
            Fault::Freezes => std::future::pending().await,
            Fault::Dawdles => {
                let pause = Duration::from_millis(self.dice.below(20_000));
                self.fault = Some((self.dice.below(30), Fault::Dawdles));
                tokio::time::sleep(pause).await;
                Some(())
            }
        }
    }
}
