use std::time::Duration;

use llm_sandbox_core::{Guarantee, Outcome, Run, Session, SessionBuilder, TimeLimit};
use tokio::task::JoinSet;

/// How long a program may take, compiler and all, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long a program runs that never ends, compiler and all.
pub(super) const SOON: Duration = Duration::from_secs(4);

/// The same where a compiler goes first.
pub(super) const LATER: Duration = Duration::from_secs(20);

/// One program, or several one after another or at once, in a session of its own.
pub(super) struct Case {
    name: &'static str,
    configure: fn(SessionBuilder) -> SessionBuilder,
    /// One list after another, the steps of each at once.
    steps: Vec<Vec<Step>>,
}

/// A run and what must come of it.
pub(super) struct Step {
    run: Run,
    outcome: Outcome,
    stdout: &'static str,
    /// What standard error has among other things; it is empty where this is.
    stderr: &'static [&'static str],
}

/// A case of one program.
pub(super) fn case(name: &'static str, step: Step) -> Case {
    Case { name, configure: |builder| builder, steps: vec![vec![step]] }
}

/// A run that leaves with status zero and prints exactly this.
pub(super) fn prints(run: impl Into<Run>, stdout: &'static str) -> Step {
    Step { run: run.into(), outcome: Outcome::Exited { code: 0 }, stdout, stderr: &[] }
}

/// A run whose program is never started, for its compiler says these words.
pub(super) fn compiles_not(run: impl Into<Run>, stderr: &'static [&'static str]) -> Step {
    Step { outcome: Outcome::CompileFailed, ..prints(run, "").says(stderr) }
}

impl Step {
    /// Its standard error has these words.
    pub(super) fn says(self, stderr: &'static [&'static str]) -> Self {
        Self { stderr, ..self }
    }

    /// It leaves with this status instead.
    pub(super) fn exits(self, code: i32) -> Self {
        Self { outcome: Outcome::Exited { code }, ..self }
    }

    /// It ends by this signal instead.
    pub(super) fn signalled(self, signal: i32) -> Self {
        Self { outcome: Outcome::Signalled { signal }, ..self }
    }

    /// It runs into its wall-clock deadline instead.
    pub(super) fn times_out(self) -> Self {
        Self { outcome: Outcome::TimedOut { limit: TimeLimit::Wall }, ..self }
    }

    /// It runs into the memory limit instead.
    pub(super) fn runs_out_of_memory(self) -> Self {
        Self { outcome: Outcome::OutOfMemory, ..self }
    }

    async fn check(self, session: Session) {
        let result = session.run(self.run).await.expect("the sandbox lives");
        let (stdout, stderr) = (result.stdout_text(), result.stderr_text());
        assert_eq!(result.outcome, self.outcome, "\nstdout: {stdout}\nstderr: {stderr}\n{:?}", result.hints);
        assert_eq!(stdout, self.stdout, "\nstderr: {stderr}");
        assert!(!self.stderr.is_empty() || stderr.is_empty(), "stderr: {stderr}");
        for words in self.stderr {
            assert!(stderr.contains(words), "{words:?} is not in stderr: {stderr}");
        }
    }
}

impl Case {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Its session is another than all have.
    pub(super) fn opened(self, configure: fn(SessionBuilder) -> SessionBuilder) -> Self {
        Self { configure, ..self }
    }

    /// Then this comes.
    pub(super) fn then(mut self, step: Step) -> Self {
        self.steps.push(vec![step]);
        self
    }

    /// This runs at the same time as what came last.
    pub(super) fn beside(mut self, step: Step) -> Self {
        self.steps.last_mut().expect("a case has a step").push(step);
        self
    }

    pub(super) async fn check(self, builder: SessionBuilder) {
        let weaker = [Guarantee::MemoryLimit, Guarantee::CpuLimit];
        let builder = builder.memory_mib(1024).cpus(2.0).accept_weaker(weaker).timeout(PATIENCE);
        let session = (self.configure)(builder).open().await.expect("a session opens");
        for steps in self.steps {
            let mut running: JoinSet<()> = steps.into_iter().map(|step| step.check(session.clone())).collect();
            while let Some(ended) = running.join_next().await {
                ended.expect("it came as it must");
            }
        }
        session.close().await.expect("it closes");
    }
}
