//! Head and tail are kept exactly, however the bytes come.

use llm_sandbox_protocol::{Capture, Captured, Tail, head_of};
use proptest::collection::vec;
use proptest::prelude::*;

/// Some bytes, and the pieces they come in.
fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 0..40), 0..12)
}

/// The same in one piece, by the definition.
fn model(whole: &[u8], cap: usize) -> Captured {
    if whole.len() <= cap {
        let gap = whole.len().min(cap - cap / 2);
        return Captured { bytes: whole.to_vec(), gap, omitted: 0 };
    }
    let (head, tail) = (&whole[..cap - cap / 2], &whole[whole.len() - cap / 2..]);
    Captured { bytes: [head, tail].concat(), gap: head.len(), omitted: (whole.len() - cap) as u64 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_capture_keeps_head_and_tail(pieces in pieces(), cap in 0..300_usize) {
        let mut capture = Capture::new(cap as u64);
        pieces.iter().for_each(|piece| capture.push(piece));
        prop_assert_eq!(capture.finish(), model(&pieces.concat(), cap));
    }

    #[test]
    fn a_tail_keeps_the_last_bytes(pieces in pieces(), cap in 0..300_usize) {
        let whole = pieces.concat();
        let mut tail = Tail::new(cap as u64);
        for piece in &pieces {
            tail.push(piece);
        }
        let from = whole.len().saturating_sub(cap);
        prop_assert_eq!(tail.omitted(), from as u64);
        prop_assert_eq!(tail.is_empty(), from == whole.len());
        prop_assert_eq!(tail.take(usize::MAX), &whole[from..]);
    }

    #[test]
    fn what_is_taken_out_makes_room(steps in vec((vec(any::<u8>(), 0..40), 0..40_usize), 0..12), cap in 0..100_usize) {
        let (mut tail, mut kept, mut omitted) = (Tail::new(cap as u64), Vec::new(), 0);
        for (piece, most) in steps {
            tail.push(&piece);
            kept.extend(piece);
            let excess = kept.len().saturating_sub(cap);
            omitted += excess as u64;
            kept.drain(..excess);
            let taken: Vec<u8> = kept.drain(..most.min(kept.len())).collect();
            prop_assert_eq!(tail.take(most), taken);
            prop_assert_eq!(tail.omitted(), omitted);
        }
    }
}

#[test]
fn no_cap_is_too_large() {
    let mut capture = Capture::new(u64::MAX);
    capture.push(b"all of it");
    assert_eq!(capture.finish(), Captured { bytes: b"all of it".to_vec(), gap: 9, omitted: 0 });
    assert_eq!((head_of(u64::MAX), head_of(1), head_of(0)), (1 << 63, 1, 0));
}
