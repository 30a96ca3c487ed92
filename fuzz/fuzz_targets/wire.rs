//! Bytes that claim to be a stream of frames: the first says how the rest is cut.

#![no_main]

mod every_message;

use llm_sandbox_protocol::{Frame, FrameBuffer, HEADER, MAX_PAYLOAD, ProtocolError};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((cut, wire)) = bytes.split_first() else { return };
    let whole = frames(wire, wire.len().max(1));
    assert_eq!(frames(wire, usize::from(*cut).max(1)), whole, "however it is cut");
    // What was read is what would be sent; only the reserved bytes of a header are not kept.
    let mut again = Vec::new();
    whole.0.iter().for_each(|frame| frame.encode(&mut again));
    assert_eq!(frames(&again, again.len().max(1)).0, whole.0);
});

/// The frames in these bytes when so many come at a time, and what is wrong with the rest.
fn frames(wire: &[u8], size: usize) -> (Vec<Frame>, Option<ProtocolError>) {
    let (mut buffer, mut frames) = (FrameBuffer::new(), Vec::new());
    for piece in wire.chunks(size) {
        buffer.extend(piece);
        loop {
            assert!((1..=HEADER + MAX_PAYLOAD).contains(&buffer.wanted()));
            match buffer.next_frame() {
                Ok(None) => break,
                Err(error) => return (frames, Some(error)),
                Ok(Some(frame)) => {
                    every_message::check_every_message(frame.payload);
                    let (data, credit) = (frame.data().is_ok(), frame.granted().is_ok());
                    assert_eq!((data, credit), (frame.payload.len() >= 16, frame.payload.len() == 8));
                    let Frame { stream, kind, channel, payload } = frame;
                    frames.push(Frame { stream, kind, channel, payload: payload.to_vec() });
                }
            }
        }
    }
    (frames, None)
}
