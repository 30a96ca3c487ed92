//! Which bytes a match can begin with, so that most places of a text are passed over quickly.

use super::syntax::{Node, Sequence};
use super::unit::Unit;

/// For each byte, whether a match can begin with it.
pub(super) type FirstBytes = [bool; 256];

/// The bytes that a match can begin with; none where it can be empty.
pub(super) fn first_bytes(sequence: &Sequence) -> Option<FirstBytes> {
    let mut bytes = [false; 256];
    (!add_sequence(sequence, &mut bytes)).then_some(bytes)
}

/// Adds the bytes a sequence can begin with; says whether it can be empty.
fn add_sequence(sequence: &Sequence, bytes: &mut FirstBytes) -> bool {
    sequence.iter().all(|node| add_node(node, bytes))
}

fn add_node(node: &Node, bytes: &mut FirstBytes) -> bool {
    match node {
        Node::Unit(unit) => {
            add_unit(unit, bytes);
            false
        }
        Node::At(_) | Node::Look(_) => true,
        Node::Group { body, .. } | Node::Atomic(body) => add_sequence(body, bytes),
        Node::Alternatives(branches) => {
            let mut empty = false;
            for branch in branches {
                empty |= add_sequence(branch, bytes);
            }
            empty
        }
        Node::Repeat(repeat) => add_sequence(&repeat.body, bytes) || repeat.times.least == 0,
        Node::BackReference { .. } => {
            bytes.fill(true);
            true
        }
        Node::Conditional { yes, no, .. } => {
            let empty = add_sequence(yes, bytes);
            add_sequence(no, bytes) || empty
        }
    }
}

fn add_unit(unit: &Unit, bytes: &mut FirstBytes) {
    for (byte, possible) in (0..=u8::MAX).zip(bytes) {
        *possible |= if byte.is_ascii() { unit.matches_ascii(byte) } else { may_begin_with(unit, byte) };
    }
}

/// Whether a character beyond ASCII that `unit` matches may begin with this byte, as far as that is easy to say.
fn may_begin_with(unit: &Unit, byte: u8) -> bool {
    match unit {
        Unit::Exactly(code) => {
            char::from_u32(*code).is_some_and(|character| character.encode_utf8(&mut [0; 4]).as_bytes()[0] == byte)
        }
        Unit::Any | Unit::AnyButNewline | Unit::Set(_) => byte >= 0xC2,
    }
}
