use std::time::Duration;

use llm_sandbox_protocol::{Frame, FrameBuffer, Hello, Kind, ProtocolError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Fate, reader};
use crate::{AgentStream, Error, Sandbox};

/// How long an agent may take to say hello.
const PATIENCE: Duration = Duration::from_secs(10);

/// What both sides agreed on, and what was read behind the greeting.
pub(super) struct Greeted {
    pub(super) buffer: FrameBuffer,
    pub(super) window_in: u64,
    pub(super) window_out: u64,
    pub(super) features: u64,
}

pub(super) async fn greet(stream: &mut Box<dyn AgentStream>, sandbox: &dyn Sandbox) -> Result<Greeted, Error> {
    match tokio::time::timeout(PATIENCE, exchange(stream)).await {
        Ok(Ok(greeted)) => Ok(greeted),
        Ok(Err(Failure::Gone(why))) => Err(Fate::Died(reader::words(sandbox).await.or(Some(why))).error()),
        Ok(Err(Failure::Wrong(reason))) => Err(Error::AgentMisbehaved { reason }),
        Ok(Err(Failure::Stranger(error))) => Err(Error::Unsupported {
            operation: "talking to the sandbox's agent".to_owned(),
            reason: error.to_string(),
            remedy: Some("use an agent of the same release as this library".to_owned()),
        }),
        Err(_) => Err(Error::AgentMisbehaved { reason: format!("it said no hello within {PATIENCE:?}") }),
    }
}

enum Failure {
    Gone(String),
    Wrong(String),
    Stranger(ProtocolError),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Gone(format!("its stream failed: {error}"))
    }
}

impl From<ProtocolError> for Failure {
    fn from(error: ProtocolError) -> Self {
        Self::Wrong(error.to_string())
    }
}

async fn exchange(stream: &mut Box<dyn AgentStream>) -> Result<Greeted, Failure> {
    let ours = Hello::ours(concat!("llm-sandbox ", env!("CARGO_PKG_VERSION")));
    let mut wire = Vec::new();
    Frame::message(0, Kind::Hello, &ours).encode(&mut wire);
    stream.write_all(&wire).await?;
    stream.flush().await?;
    let mut buffer = FrameBuffer::new();
    loop {
        if let Some(frame) = buffer.next_frame()? {
            if frame.kind != Kind::Hello || frame.stream != 0 {
                return Err(Failure::Wrong("it did not say hello first".to_owned()));
            }
            let theirs: Hello = frame.decode()?;
            ours.agree(&theirs).map_err(Failure::Stranger)?;
            let (window_in, window_out) = (ours.window.into(), theirs.window.into());
            return Ok(Greeted { window_in, window_out, features: theirs.features, buffer });
        }
        let size = stream.read(buffer.space(reader::READ_LEAST)).await?;
        if size == 0 {
            return Err(Failure::Gone("its stream ended before the hello".to_owned()));
        }
        buffer.filled(size);
    }
}
