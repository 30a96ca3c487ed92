//! Frames that are not what their sender meant, as bytes for the wire.

use llm_sandbox_protocol::{Channel, DATA_PREFIX, Frame, HEADER, Kind, MAX_PAYLOAD};

use crate::dice::Dice;

pub(crate) const KINDS: [Kind; 10] = [
    Kind::Hello,
    Kind::Open,
    Kind::Data,
    Kind::End,
    Kind::Credit,
    Kind::Event,
    Kind::Control,
    Kind::Reset,
    Kind::Ping,
    Kind::Pong,
];

pub(crate) const CHANNELS: [Channel; 6] =
    [Channel::None, Channel::Stdin, Channel::Stdout, Channel::Stderr, Channel::Source, Channel::Content];

/// Bytes in the place of a frame.
pub(crate) struct Lie {
    pub(crate) bytes: Vec<u8>,
    /// Where the next frame starts is unknown.
    pub(crate) is_cut: bool,
}

impl Lie {
    pub(crate) fn whole(frames: &[Frame]) -> Self {
        let mut bytes = Vec::new();
        frames.iter().for_each(|frame| frame.encode(&mut bytes));
        Self { bytes, is_cut: false }
    }
}

/// Puts something else in the place of a frame, in most cases with the same boundaries.
pub(crate) fn lie(dice: &mut Dice, frame: Frame) -> Lie {
    match dice.below(12) {
        0..8 => Lie::whole(&[altered(dice, frame)]),
        8 => Lie::whole(&[frame.clone(), frame]),
        9 => Lie::whole(&[frame.clone(), altered(dice, frame)]),
        10 => Lie::whole(&[invented(dice, frame.stream), frame]),
        _ => broken(dice, frame),
    }
}

/// The same frame with one thing changed.
fn altered(dice: &mut Dice, mut frame: Frame) -> Frame {
    match dice.below(7) {
        0 => frame.stream = other_stream(dice, frame.stream),
        1 => frame.kind = *dice.pick(&KINDS),
        2 => frame.channel = *dice.pick(&CHANNELS),
        3 => frame.payload.truncate(dice.index(frame.payload.len() + 1)),
        4 => frame.payload.extend(dice.bytes(40)),
        5 => overwrite(dice, &mut frame.payload),
        _ => flip(dice, &mut frame.payload),
    }
    frame
}

/// A number nearby, of nobody, or of the other side.
fn other_stream(dice: &mut Dice, stream: u32) -> u32 {
    match dice.below(6) {
        0 => 0,
        1 => stream.wrapping_add(1),
        2 => u32::MAX,
        3 => stream.wrapping_add(2),
        _ => stream.wrapping_sub(2),
    }
}

fn flip(dice: &mut Dice, bytes: &mut [u8]) {
    for _ in 0..=dice.below(3) {
        if !bytes.is_empty() {
            bytes[dice.index(bytes.len())] ^= 1 << dice.below(8);
        }
    }
}

/// Another number in the place of some bytes: lengths, sizes, tags.
fn overwrite(dice: &mut Dice, bytes: &mut [u8]) {
    let (number, width) = (dice.number().to_le_bytes(), *dice.pick(&[1, 2, 4, 8]));
    if bytes.len() >= width {
        let at = dice.index(bytes.len() - width + 1);
        bytes[at..at + width].copy_from_slice(&number[..width]);
    }
}

/// A frame of fair form that nobody meant.
pub(crate) fn invented(dice: &mut Dice, stream: u32) -> Frame {
    let (kind, channel) = (*dice.pick(&KINDS), *dice.pick(&CHANNELS));
    let payload = match kind {
        Kind::Credit => dice.number().to_le_bytes().to_vec(),
        Kind::Data => [vec![0; DATA_PREFIX], dice.bytes(60)].concat(),
        Kind::End | Kind::Reset => Vec::new(),
        _ => dice.bytes(70),
    };
    Frame { stream: if dice.one_in(3) { other_stream(dice, stream) } else { stream }, kind, channel, payload }
}

/// Bytes after which nobody knows where a frame starts, unless they are refused.
fn broken(dice: &mut Dice, frame: Frame) -> Lie {
    let mut bytes = Lie::whole(&[frame]).bytes;
    match dice.below(6) {
        0 => bytes.truncate(dice.index(bytes.len())),
        1 => bytes[8] = dice.byte(),
        2 => bytes[9] = dice.byte(),
        3 => bytes = dice.bytes(200),
        4 => flip(dice, &mut bytes[..HEADER]),
        _ => {
            let size = dice.number().min(u64::from(u32::MAX));
            let size = u32::try_from(if dice.one_in(2) { size } else { size % (2 * MAX_PAYLOAD as u64) });
            bytes[..4].copy_from_slice(&size.expect("it was brought into range").to_le_bytes());
        }
    }
    Lie { bytes, is_cut: true }
}
