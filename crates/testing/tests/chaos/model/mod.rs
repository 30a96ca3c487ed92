//! An agent in memory that keeps to the protocol, as far as these suites use it: files, and programs of five kinds.

mod files;
mod run;
mod tree;

use std::collections::BTreeMap;

use llm_sandbox_protocol::{Control, Event, Frame, Hello, Kind, Message, Request};
use llm_sandbox_testing::FakeAgent;
use tokio::time::{Instant, timeout_at};

use crate::mischief::Mischief;
use files::{Answer, Put};
use run::Run;
use tree::Tree;

/// Serves a host until one of them is gone.
pub(crate) async fn serve(agent: FakeAgent, mischief: Mischief) {
    let (tree, runs, puts, answers) = (Tree::default(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    // `None` says that it is over, nothing else.
    let _ = Model { agent, mischief, tree, runs, puts, answers }.talk().await;
}

struct Model {
    agent: FakeAgent,
    mischief: Mischief,
    tree: Tree,
    runs: BTreeMap<u32, Run>,
    puts: BTreeMap<u32, Put>,
    answers: BTreeMap<u32, Answer>,
}

impl Model {
    async fn talk(&mut self) -> Option<()> {
        self.message(0, Kind::Hello, &Hello::ours("model")).await?;
        loop {
            let deadline = self.runs.values().filter_map(|run| run.deadline).min();
            let next = self.agent.next_frame();
            match deadline {
                None => {
                    let frame = next.await?;
                    self.take(frame).await?;
                }
                Some(deadline) => match timeout_at(deadline, next).await {
                    Ok(frame) => self.take(frame?).await?,
                    Err(_) => self.end_overdue().await?,
                },
            }
        }
    }

    async fn take(&mut self, frame: Frame) -> Option<()> {
        let stream = frame.stream;
        match frame.kind {
            Kind::Open => self.open(stream, frame.decode().ok()?).await,
            Kind::Data => self.data(&frame).await,
            Kind::End => self.end(stream, frame.channel).await,
            Kind::Credit => {
                let bytes = frame.granted().ok()?;
                if let Some(run) = self.runs.get_mut(&stream) {
                    run.credit = run.credit.saturating_add(bytes);
                }
                if let Some(answer) = self.answers.get_mut(&stream) {
                    answer.credit = answer.credit.saturating_add(bytes);
                }
                self.go_on(stream).await?;
                self.print(stream).await
            }
            Kind::Control => self.control(stream, frame.decode().ok()?).await,
            Kind::Reset => {
                self.runs.remove(&stream);
                self.puts.remove(&stream);
                self.answers.remove(&stream);
                Some(())
            }
            Kind::Hello | Kind::Pong | Kind::Ping | Kind::Event => Some(()),
        }
    }

    async fn open(&mut self, stream: u32, request: Request) -> Option<()> {
        match request {
            Request::Run(request) => {
                let run = Run::new(request);
                let starts = !run.needs_source;
                self.runs.insert(stream, run);
                if starts { self.start(stream).await } else { Some(()) }
            }
            request => self.open_files(stream, request).await,
        }
    }

    async fn data(&mut self, frame: &Frame) -> Option<()> {
        let stream = frame.stream;
        let bytes = frame.data().ok()?.2;
        let is_taken = if let Some(run) = self.runs.get_mut(&stream) {
            run.take(frame.channel, bytes);
            true
        } else if let Some(put) = self.puts.get_mut(&stream) {
            put.content.extend_from_slice(bytes);
            true
        } else {
            false
        };
        if is_taken {
            self.say(Frame::credit(stream, bytes.len() as u64)).await?;
        }
        self.print(stream).await
    }

    async fn control(&mut self, stream: u32, control: Control) -> Option<()> {
        match control {
            Control::Kill => self.condemn(stream, llm_sandbox_protocol::RunEnd::Killed).await,
            Control::Signal(signal) => self.condemn(stream, llm_sandbox_protocol::RunEnd::Signalled(signal)).await,
            Control::Entry(entry) => self.announce(stream, entry).await,
            Control::Finish => self.finish_put(stream).await,
            _ => Some(()),
        }
    }

    async fn end_overdue(&mut self) -> Option<()> {
        let now = Instant::now();
        let overdue = self.runs.iter().filter(|(_, run)| run.deadline.is_some_and(|deadline| deadline <= now));
        for stream in overdue.map(|(stream, _)| *stream).collect::<Vec<_>>() {
            self.condemn(stream, llm_sandbox_protocol::RunEnd::WallTimeExceeded).await?;
        }
        Some(())
    }

    async fn event(&mut self, stream: u32, event: &Event) -> Option<()> {
        self.message(stream, Kind::Event, event).await
    }

    async fn message<M: Message>(&mut self, stream: u32, kind: Kind, message: &M) -> Option<()> {
        self.say(Frame::message(stream, kind, message)).await
    }

    async fn say(&mut self, frame: Frame) -> Option<()> {
        self.mischief.say(&mut self.agent, frame).await
    }
}
