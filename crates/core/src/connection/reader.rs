use std::{sync::Arc, time::Duration};

use llm_sandbox_protocol::{Channel, Event, Frame, FrameBuffer, Kind};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Fate, Shared, inbox, writer::Outgoing};
use crate::Sandbox;

/// How much is read at once on a quiet connection; it doubles while reads come back full.
pub(super) const READ_LEAST: usize = 16 << 10;

/// How much is read at once on a busy one.
const READ_MOST: usize = 512 << 10;

/// The longest ping that is answered, in bytes.
const PING_MOST: usize = 64;

/// How long a sandbox may take to say why it ended.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Reads until the stream ends, then settles the sandbox's fate.
pub(super) async fn read(
    shared: Arc<Shared>,
    sandbox: Arc<dyn Sandbox>,
    mut from_agent: impl AsyncRead + Unpin,
    mut buffer: FrameBuffer,
) {
    let fate = tokio::select! {
        // What a condemned agent says counts no more, however fast it says it.
        biased;
        () = shared.doomed.notified() => Fate::Closed,
        fate = frames(&shared, &mut from_agent, &mut buffer) => fate,
    };
    let fate = shared.streams().doom.clone().unwrap_or(fate);
    if matches!(fate, Fate::Died(_)) {
        // One that listens no more may have answered before.
        let _ = tokio::time::timeout(LAST_WORDS, frames(&shared, &mut from_agent, &mut buffer)).await;
    }
    drop(from_agent);
    if shared.streams().fate.is_some() {
        // It was closed: whoever did so destroys it and is told how that went.
        return;
    }
    let fate = match fate {
        Fate::Died(why) => Fate::Died(words(sandbox.as_ref()).await.or(why)),
        fate => fate,
    };
    shared.set_fate(fate);
    // The fate is what callers learn; a destroy that fails is told by `Session::close`, which tries again.
    let _ = sandbox.destroy().await;
}

/// What the sandbox says about its end, cut to a sane length.
pub(super) async fn words(sandbox: &dyn Sandbox) -> Option<String> {
    let words = tokio::time::timeout(LAST_WORDS, sandbox.last_words()).await.ok().flatten()?;
    Some(crate::text::brief(&words)).filter(|words| !words.is_empty())
}

async fn frames(shared: &Shared, from_agent: &mut (impl AsyncRead + Unpin), buffer: &mut FrameBuffer) -> Fate {
    let mut size = READ_LEAST;
    loop {
        loop {
            match buffer.next_frame() {
                Ok(None) => break,
                Ok(Some(frame)) => {
                    if let (Kind::Reset, 0, Some(read)) = (frame.kind, frame.stream, shared.farewell) {
                        return read(frame.payload);
                    }
                    match take(shared, &frame) {
                        Ok(None) => {}
                        Ok(Some(reply)) => answer(shared, &reply).await,
                        Err(reason) => return Fate::Misbehaved(reason),
                    }
                }
                Err(error) => return Fate::Misbehaved(error.to_string()),
            }
        }
        if size > READ_LEAST && !buffer.is_mid_frame() && shared.streams().open.is_empty() {
            (*buffer, size) = (FrameBuffer::new(), READ_LEAST);
        }
        match from_agent.read(buffer.space(size)).await {
            Ok(0) if buffer.is_mid_frame() => return Fate::Died(Some("its stream ended inside a frame".to_owned())),
            Ok(0) => return Fate::Died(None),
            Ok(read) => {
                buffer.filled(read);
                if read >= size {
                    size = (size * 2).min(READ_MOST);
                }
            }
            Err(error) => return Fate::Died(Some(format!("its stream failed: {error}"))),
        }
    }
}

/// Answers a ping, no faster than the agent reads.
async fn answer(shared: &Shared, reply: &Frame) {
    if let Ok(permit) = Arc::clone(&shared.room).acquire_owned().await {
        shared.post(Outgoing::frame(reply).holding(Some(permit)));
    }
}

/// Sorts one frame in; an error where it breaks the protocol.
fn take(shared: &Shared, frame: &Frame<&[u8]>) -> Result<Option<Frame>, String> {
    match frame.kind {
        Kind::Hello => Err("it said hello twice".to_owned()),
        Kind::Open | Kind::Control => Err(format!("it sent {:?}, which only the host may", frame.kind)),
        Kind::Pong => Err("it answered a ping that nobody sent".to_owned()),
        Kind::Ping if frame.payload.len() > PING_MOST => Err("it sent an oversized ping".to_owned()),
        Kind::Ping => {
            let payload = frame.payload.to_vec();
            Ok(Some(Frame { stream: frame.stream, kind: Kind::Pong, channel: Channel::None, payload }))
        }
        Kind::Data | Kind::End | Kind::Credit | Kind::Event | Kind::Reset => deliver(shared, frame).map(|()| None),
    }
}

fn deliver(shared: &Shared, frame: &Frame<&[u8]>) -> Result<(), String> {
    let number = frame.stream;
    let Some(inbox) = find(shared, frame)? else { return Ok(()) };
    let malformed = |error: llm_sandbox_protocol::ProtocolError| error.to_string();
    match frame.kind {
        Kind::Data => inbox
            .accept(frame.channel, frame.data().map_err(malformed)?)
            .map_err(|()| format!("it overran the credit of stream {number}")),
        Kind::Credit => {
            inbox.grant(frame.granted().map_err(malformed)?);
            Ok(())
        }
        Kind::End => inbox.close(frame.channel).map_err(|()| too_much(number)),
        Kind::Reset => {
            shared.forget(number, false);
            inbox.reset();
            Ok(())
        }
        _ => {
            let event: Event = frame.decode().map_err(malformed)?;
            if inbox::is_last(&event) {
                shared.forget(number, false);
            }
            inbox.report(event, frame.payload.len()).map_err(|()| too_much(number))
        }
    }
}

fn too_much(number: u32) -> String {
    format!("it reported more on stream {number} than was asked")
}

/// The stream that a frame belongs to; `None` where it is over in a way that the agent could not know yet.
fn find(shared: &Shared, frame: &Frame<&[u8]>) -> Result<Option<Arc<inbox::Inbox>>, String> {
    let streams = shared.streams();
    let number = frame.stream;
    if let Some(inbox) = streams.open.get(&number) {
        return Ok(Some(Arc::clone(inbox)));
    }
    let was_opened = number % 2 == 1 && number / 2 < streams.opened;
    let is_harmless = matches!(frame.kind, Kind::Credit | Kind::Reset);
    match was_opened {
        true if is_harmless || streams.reset.contains(&number) => Ok(None),
        true => Err(format!("it sent {:?} on stream {number}, which is over", frame.kind)),
        false => Err(format!("it sent {:?} on stream {number}, which was never opened", frame.kind)),
    }
}
