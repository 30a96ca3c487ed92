//! Frames come out as they went in, however their bytes are cut, and what is none is refused by its header.

use llm_sandbox_protocol::{
    Channel, DATA_PREFIX, Frame, FrameBuffer, HEADER, Kind, MAX_PAYLOAD, ProtocolError, data_header,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// The number behind the last kind, and behind the last channel.
const KINDS: u8 = 11;
const CHANNELS: u8 = 6;

fn frames() -> impl Strategy<Value = Vec<Frame>> {
    let size = prop_oneof![8 => 0..64_usize, 1 => 0..100_000_usize, 1 => Just(MAX_PAYLOAD)];
    let frame =
        (any::<u32>(), 1..KINDS, 0..CHANNELS, size, any::<u8>()).prop_map(|(stream, kind, channel, size, fill)| {
            let kind = Kind::try_from(kind).expect("a kind that is known");
            let channel = Channel::try_from(channel).expect("a channel that is known");
            Frame { stream, kind, channel, payload: vec![fill; size] }
        });
    vec(frame, 0..6)
}

fn wire(frames: &[Frame]) -> Vec<u8> {
    let mut wire = Vec::new();
    frames.iter().for_each(|frame| frame.encode(&mut wire));
    wire
}

fn owned(frame: &Frame<&[u8]>) -> Frame {
    Frame { stream: frame.stream, kind: frame.kind, channel: frame.channel, payload: frame.payload.to_vec() }
}

/// Takes out every whole frame.
fn drain(buffer: &mut FrameBuffer) -> Result<Vec<Frame>, ProtocolError> {
    let mut frames = Vec::new();
    while buffer.has_frame()? {
        frames.push(owned(&buffer.next_frame()?.expect("it says it has one")));
    }
    assert_eq!(buffer.next_frame()?, None);
    Ok(frames)
}

fn header(size: u32, kind: u8, channel: u8) -> [u8; HEADER] {
    let [a, b, c, d] = size.to_le_bytes();
    [a, b, c, d, 7, 0, 0, 0, kind, channel, 0, 0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_cutting_gives_the_same_frames(frames in frames(), sizes in vec(1..9000_usize, 1..8)) {
        let wire = wire(&frames);
        let (mut buffer, mut got, mut rest) = (FrameBuffer::new(), Vec::new(), wire.as_slice());
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, behind) = rest.split_at((*size).min(rest.len()));
            buffer.extend(piece);
            got.extend(drain(&mut buffer).expect("every frame is fair"));
            rest = behind;
        }
        prop_assert_eq!(got, frames);
        prop_assert!(!buffer.is_mid_frame());
    }

    #[test]
    fn reading_what_is_wanted_never_reads_too_far(frames in frames()) {
        let wire = wire(&frames);
        let (mut buffer, mut rest) = (FrameBuffer::new(), wire.as_slice());
        for frame in &frames {
            loop {
                if let Some(got) = buffer.next_frame().expect("every frame is fair") {
                    prop_assert_eq!(&owned(&got), frame);
                    break;
                }
                let wanted = buffer.wanted();
                prop_assert!(wanted > 0 && wanted <= rest.len(), "{} of {}", wanted, rest.len());
                buffer.space(wanted)[..wanted].copy_from_slice(&rest[..wanted]);
                buffer.filled(wanted);
                rest = &rest[wanted..];
            }
            prop_assert!(!buffer.is_mid_frame());
        }
        prop_assert!(rest.is_empty());
    }

    #[test]
    fn noise_is_an_error_or_frames(pieces in vec(vec(any::<u8>(), 0..64), 0..16)) {
        let mut buffer = FrameBuffer::new();
        for piece in &pieces {
            buffer.extend(piece);
            match drain(&mut buffer) {
                Ok(frames) => {
                    for frame in frames {
                        let data = frame.data().map(|(_, _, bytes)| bytes.len());
                        prop_assert_eq!(data.ok(), frame.payload.len().checked_sub(DATA_PREFIX));
                        prop_assert_eq!(frame.granted().is_ok(), frame.payload.len() == 8);
                    }
                }
                // An error stays one.
                Err(error) => {
                    prop_assert_eq!(drain(&mut buffer).expect_err("still"), error);
                    break;
                }
            }
        }
    }

    #[test]
    fn data_frames_carry_number_time_and_bytes(
        stream in any::<u32>(),
        number in any::<u64>(),
        time in any::<u64>(),
        bytes in vec(any::<u8>(), 0..100),
    ) {
        let mut buffer = FrameBuffer::new();
        buffer.extend(&data_header(stream, Channel::Stderr, number, time, bytes.len()));
        buffer.extend(&bytes);
        let frame = buffer.next_frame().expect("a fair frame").expect("a whole one");
        prop_assert_eq!((frame.stream, frame.kind, frame.channel), (stream, Kind::Data, Channel::Stderr));
        prop_assert_eq!(frame.data(), Ok((number, time, &bytes[..])));
    }

    #[test]
    fn a_payload_too_large_is_refused_by_its_header(size in (MAX_PAYLOAD as u32 + 1).., kind in any::<u8>()) {
        let mut buffer = FrameBuffer::new();
        buffer.extend(&header(size, kind, 0));
        prop_assert_eq!(buffer.next_frame(), Err(ProtocolError::FrameTooLarge { size }));
        prop_assert_eq!(buffer.has_frame(), Err(ProtocolError::FrameTooLarge { size }));
        // Nor does anybody wait for it, or make room for it.
        prop_assert!(buffer.wanted() <= HEADER + MAX_PAYLOAD);
    }

    #[test]
    fn unknown_kinds_and_channels_are_refused_before_the_payload(kind in any::<u8>(), channel in any::<u8>()) {
        let mut buffer = FrameBuffer::new();
        buffer.extend(&header(1000, kind, channel));
        let expected = match (kind, channel) {
            (1..KINDS, 0..CHANNELS) => Ok(None),
            (1..KINDS, _) => Err(ProtocolError::UnknownChannel(channel)),
            _ => Err(ProtocolError::UnknownKind(kind)),
        };
        prop_assert_eq!(buffer.next_frame(), expected);
    }
}

/// A reader that asks for a chunk at a time and takes out every frame holds one frame and one chunk, whatever comes.
#[test]
fn memory_is_bounded_by_a_frame_and_a_chunk() {
    const CHUNK: usize = 64 << 10;
    let frames = [1, MAX_PAYLOAD, 0, MAX_PAYLOAD - 1, 100_000, MAX_PAYLOAD].map(|size| Frame {
        stream: 1,
        kind: Kind::Ping,
        channel: Channel::None,
        payload: vec![7; size],
    });
    let wire = wire(&frames);
    let (mut buffer, mut largest, mut count) = (FrameBuffer::new(), 0, 0);
    for _ in 0..4 {
        for piece in wire.chunks(CHUNK) {
            let space = buffer.space(CHUNK);
            space[..piece.len()].copy_from_slice(piece);
            buffer.filled(piece.len());
            count += drain(&mut buffer).expect("every frame is fair").len();
            // All the room there is: that behind the bytes held, of which there are at most a frame's.
            largest = largest.max(buffer.space(0).len());
        }
    }
    assert_eq!(count, 4 * frames.len());
    assert!(largest <= HEADER + MAX_PAYLOAD + 2 * CHUNK, "{largest} bytes");
}

#[test]
fn more_than_there_is_room_for_is_not_filled() {
    let mut buffer = FrameBuffer::new();
    buffer.extend(&[0; 3]);
    let room = buffer.space(4).len();
    buffer.filled(usize::MAX);
    assert_eq!(buffer.wanted(), HEADER - (3 + room).min(HEADER - 1));
}
