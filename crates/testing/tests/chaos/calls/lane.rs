use std::{collections::BTreeMap, future::Future, sync::Arc};

use llm_sandbox_core::{Error, ErrorKind, Session};

use super::{Scratch, World, impatient::Impatient};
use crate::dice::Dice;

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    Absent,
    Content(Vec<u8>),
    /// A call that changes it was given up on the way.
    Nothing,
}

/// One of several users of a sandbox, who makes one call after another and has a directory to itself.
pub(crate) struct Lane {
    pub(super) world: Arc<World>,
    pub(super) session: Session,
    pub(super) dice: Dice,
    pub(super) scratch: Arc<Scratch>,
    pub(super) directory: String,
    pub(super) files: BTreeMap<&'static str, Known>,
    calls: u64,
}

/// The names of a lane's files.
pub(super) const NAMES: [&str; 3] = ["one", "two", "below/three"];

impl Lane {
    pub(crate) fn new(world: Arc<World>, session: Session, number: u64, dice: Dice, scratch: Arc<Scratch>) -> Self {
        let files = NAMES.into_iter().map(|name| (name, Known::Absent)).collect();
        Self { world, session, dice, scratch, directory: format!("lane-{number}"), files, calls: 0 }
    }

    /// Makes so many calls.
    pub(crate) async fn live(mut self, calls: u64) {
        self.make_directory(&self.directory.clone()).await;
        for _ in 0..calls {
            self.calls += 1;
            match self.dice.below(22) {
                0..4 => self.run_to_end().await,
                4..8 => self.follow().await,
                8 => self.start_and_leave().await,
                9..12 => self.write().await,
                12..14 => self.read().await,
                14 => self.list().await,
                15 => self.remove().await,
                16 => self.make_directory(&format!("{}/below", self.directory)).await,
                17 => self.upload().await,
                18 => self.download().await,
                19 => self.misuse().await,
                20 => self.session = self.session.clone(),
                _ if self.dice.one_in(4) => self.close().await,
                _ => self.stat().await,
            }
        }
    }

    /// A word that no other call has.
    pub(super) fn token(&mut self) -> String {
        format!("{}-{}-{:x}", self.directory, self.calls, self.dice.roll())
    }

    /// Makes a call, or gives it up on the way: then `None`.
    pub(super) async fn call<T>(
        &mut self,
        what: &str,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<Result<T, Error>> {
        let was_over = self.world.is_over();
        let result = match self.dice.one_in(8) {
            true => Impatient::new(call, self.dice.below(12)).await,
            false => Some(call.await),
        };
        if let Some(result) = &result {
            self.world.judge(what, result.as_ref().err(), was_over, &self.session);
        }
        result
    }

    /// Calls that cannot be: each is refused by name, and nothing happens.
    async fn misuse(&mut self) {
        let session = self.session.clone();
        let error = match self.dice.below(3) {
            0 => session.run("").await.map(drop),
            1 => session.write("../outside", "text").await,
            _ => session.read("nul\0").await.map(drop),
        };
        let error = error.expect_err("it cannot be");
        let is_refused = error.kind() == ErrorKind::InvalidInput;
        assert!(is_refused || session.is_over(), "{error}");
        assert!(!is_refused || error.hint().is_some(), "{error}");
    }

    /// Ends it for everybody.
    async fn close(&mut self) {
        self.world.excuse.give();
        let session = self.session.clone();
        let closing = session.close();
        let result = match self.dice.one_in(4) {
            true => Impatient::new(closing, self.dice.below(4)).await,
            false => Some(closing.await),
        };
        self.world.end();
        if let Some(Err(error)) = result {
            assert_eq!(error.kind(), ErrorKind::Backend, "{error}");
        }
        assert!(session.is_over(), "it was closed");
    }
}
