use std::time::Duration;

use llm_sandbox_core::{Error, Outcome, Run, RunHandle, RunResult, TimeLimit};

use super::{Lane, program::Program};

/// A run and what may become of it.
#[derive(Debug)]
struct Trial {
    program: Program,
    token: String,
    run: Run,
    input: Vec<u8>,
    /// How much output is kept.
    cap: Option<u64>,
    /// It has a deadline that it may miss.
    is_hurried: bool,
    /// Signals that are sent to it from here; 9 stands for a kill.
    sent: Option<i32>,
}

const KILL: i32 = 9;

/// Long enough for any program but one that sleeps.
const AMPLE: Duration = Duration::from_secs(40);

impl Lane {
    fn trial(&mut self) -> Trial {
        let program = match self.dice.below(9) {
            0..3 => Program::Exit(i32::try_from(self.dice.below(200)).expect("small")),
            3 => Program::Print(self.dice.index(200_000)),
            4 if self.dice.one_in(4) => Program::Print(1_500_000),
            5 => Program::Sleep,
            6 => Program::Die(*self.dice.pick(&[KILL, 15, 6])),
            _ => Program::Echo,
        };
        let token = self.token();
        let is_code = self.dice.one_in(3);
        let (run, input) = (program.run(&token, is_code).timeout(AMPLE), Vec::new());
        let mut trial = Trial { program, token, run, input, cap: None, is_hurried: false, sent: None };
        if matches!(program, Program::Print(_)) && self.dice.one_in(2) {
            trial.cap = Some(self.dice.below(5_000));
        }
        if program == Program::Sleep || self.dice.one_in(20) {
            trial.is_hurried = true;
            trial.run = trial.run.timeout(Duration::from_millis(self.dice.below(40)));
        }
        if let Some(cap) = trial.cap {
            trial.run = trial.run.output_limit(cap);
        }
        trial
    }

    /// Runs something and waits for its result.
    pub(super) async fn run_to_end(&mut self) {
        let mut trial = self.trial();
        if trial.program == Program::Echo {
            trial.input = self.dice.bytes(3_000);
            trial.run = trial.run.stdin(trial.input.clone());
        }
        let session = self.session.clone();
        if let Some(Ok(result)) = self.call("run", session.run(trial.run.clone())).await {
            self.check(&trial, &result);
        }
    }

    /// Starts something, follows it, feeds it, perhaps stops it, and waits for its result.
    pub(super) async fn follow(&mut self) {
        let mut trial = self.trial();
        trial.run = trial.run.stdin_stream();
        let session = self.session.clone();
        let Some(Ok(mut handle)) = self.call("start", session.start(trial.run.clone())).await else { return };
        // From its first word on the program is there to be steered.
        let first = handle.next_event().await;
        if first.is_some() && !trial.is_hurried && self.dice.one_in(3) {
            self.steer(&mut trial, &handle).await;
        }
        if trial.sent.is_none() && !self.feed(&mut trial, &handle).await {
            return;
        }
        for _ in 0..self.dice.below(4) {
            handle.next_event().await;
        }
        let result = handle.wait().await;
        self.world.judge("wait", result.as_ref().err(), false, &self.session);
        if let Ok(result) = result {
            self.check(&trial, &result);
        }
    }

    async fn steer(&mut self, trial: &mut Trial, handle: &RunHandle) {
        // None that a shell or Python handles: both forget one that comes at the wrong moment.
        let signal = *self.dice.pick(&[KILL, 15, 1]);
        if trial.program == Program::Sleep || trial.program == Program::Echo {
            trial.sent = Some(signal);
            match signal {
                KILL => handle.kill().await,
                signal => handle.signal(signal).await.expect("it is a signal"),
            }
        } else {
            handle.resize(10, 20).await;
        }
    }

    /// Writes to a run's input and closes it; `false` where that was given up.
    async fn feed(&mut self, trial: &mut Trial, handle: &RunHandle) -> bool {
        if trial.program != Program::Echo {
            return true;
        }
        for _ in 0..self.dice.below(3) {
            let piece = self.dice.bytes(2_000);
            match handle.write_stdin(&piece).await {
                Ok(()) => trial.input.extend(piece),
                Err(error) => {
                    assert!(matches!(error, Error::StdinClosed), "{error}");
                    break;
                }
            }
        }
        if self.dice.one_in(10) {
            return false;
        }
        handle.close_stdin();
        assert!(matches!(handle.write_stdin("late").await, Err(Error::StdinClosed)));
        true
    }

    /// Starts something and lets go of it.
    pub(super) async fn start_and_leave(&mut self) {
        let trial = self.trial();
        let session = self.session.clone();
        if let Some(Ok(mut handle)) = self.call("start", session.start(trial.run)).await {
            if self.dice.one_in(2) {
                handle.next_event().await;
            }
            drop(handle);
        }
    }

    /// Whether a result is one that this run can have.
    fn check(&self, trial: &Trial, result: &RunResult) {
        if !self.world.is_fair() {
            return;
        }
        let (program, outcome) = (trial.program, &result.outcome);
        let is_stopped = match *outcome {
            Outcome::TimedOut { limit: TimeLimit::Wall } => trial.is_hurried || self.world.excuse.is_given(),
            Outcome::Killed => trial.sent == Some(KILL),
            Outcome::Signalled { signal } => trial.sent == Some(signal),
            _ => false,
        };
        let is_natural = match program {
            Program::Exit(code) => *outcome == Outcome::Exited { code },
            Program::Print(_) | Program::Echo => *outcome == Outcome::Exited { code: 0 },
            Program::Die(signal) => *outcome == Outcome::Signalled { signal },
            Program::Sleep => false,
        };
        assert!(is_stopped || is_natural, "{trial:?} became {result:?}");
        let expected = program.output(&trial.token, &trial.input);
        let output = &result.stdout;
        if is_natural {
            assert_eq!(output.written, expected.len() as u64, "{program:?}");
        }
        match trial.cap {
            Some(cap) => assert!(output.bytes.len() as u64 <= cap && expected.len() as u64 >= output.written),
            None if is_natural => assert!(output.bytes == expected, "the output of another {program:?}"),
            None => assert!(expected.starts_with(&output.bytes), "the output of another {program:?}"),
        }
    }
}
