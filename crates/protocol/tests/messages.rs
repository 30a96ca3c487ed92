//! Every message survives the way there and back; nothing that is no message breaks its decoder.

use llm_sandbox_protocol::{
    Compilation, Control, Entry, EntryKind, Event, FailureKind, FileFailure, GetFiles, Hello, JailFailure,
    JailGuarantee, JailMount, JailReady, JailReport, JailSpec, ListFiles, MakeDirectory, Message, ProtocolError,
    PutFiles, RemoveFile, Request, ResourceLimits, RunEnd, RunEnded, RunRefusals, RunRequest, RunStarted, RunUsage,
    StatFile, StreamTotal, TerminalSize, TreeBounds,
};
use proptest::collection::vec;
use proptest::prelude::*;

mod strategies;

use strategies::{Told, damaged, encoded, every_message};

/// No message has tags from here on.
const UNKNOWN: std::ops::RangeInclusive<u16> = 1000..=u16::MAX;

fn unknown_fields() -> impl Strategy<Value = Vec<u8>> {
    vec((UNKNOWN, vec(any::<u8>(), 0..16)), 0..4).prop_map(|fields| {
        let field = |(tag, value): (u16, Vec<u8>)| {
            let size = u32::try_from(value.len()).expect("it is short");
            [&tag.to_le_bytes()[..], &size.to_le_bytes(), &value].concat()
        };
        fields.into_iter().flat_map(field).collect()
    })
}

/// What decodes is a value: it has bytes of its own, no longer than those it came from, and they mean the same.
fn assert_bounded<M: Told>(bytes: &[u8]) -> Result<(), TestCaseError> {
    match M::decode(bytes) {
        Ok(message) => {
            let again = encoded(&message);
            prop_assert!(again.len() <= bytes.len(), "{} bytes became {}", bytes.len(), again.len());
            prop_assert_eq!(M::decode(&again), Ok(message));
        }
        Err(ProtocolError::Malformed { message, .. } | ProtocolError::MissingField { message, .. }) => {
            prop_assert_eq!(message, M::NAME);
        }
        Err(other) => prop_assert!(false, "{other} says nothing of a message"),
    }
    Ok(())
}

macro_rules! properties {
    ($($name:ident: $message:ty,)*) => {$(
        mod $name {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(64))]

                #[test]
                fn goes_there_and_back(message in <$message>::told()) {
                    prop_assert_eq!(<$message>::decode(&encoded(&message)), Ok(message));
                }

                #[test]
                fn skips_unknown_fields(
                    message in <$message>::told(),
                    before in unknown_fields(),
                    behind in unknown_fields(),
                ) {
                    let bytes = [before, encoded(&message), behind].concat();
                    prop_assert_eq!(<$message>::decode(&bytes), Ok(message));
                }

                #[test]
                fn a_cut_is_never_the_whole(message in <$message>::told(), cut in any::<prop::sample::Index>()) {
                    let bytes = encoded(&message);
                    prop_assume!(!bytes.is_empty());
                    if let Ok(other) = <$message>::decode(&bytes[..cut.index(bytes.len())]) {
                        prop_assert_ne!(other, message);
                    }
                }

                #[test]
                fn damage_is_an_error_or_another_value(bytes in damaged::<$message>()) {
                    assert_bounded::<$message>(&bytes)?;
                }

                #[test]
                fn noise_is_an_error_or_a_value(bytes in vec(any::<u8>(), 0..512)) {
                    assert_bounded::<$message>(&bytes)?;
                }
            }
        }
    )*};
}
every_message!(properties);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn both_sides_agree_on_the_newest_version_that_both_speak(ours in Hello::told(), theirs in Hello::told()) {
        let common = (ours.oldest.max(theirs.oldest), ours.newest.min(theirs.newest));
        prop_assert_eq!(ours.agree(&theirs).is_ok(), common.0 <= common.1);
        prop_assert_eq!(ours.agree(&theirs).ok(), theirs.agree(&ours).ok());
        if let Ok(version) = ours.agree(&theirs) {
            prop_assert_eq!(version, common.1);
        }
    }
}

#[test]
fn versions_meet_at_their_edges() {
    let hello = |oldest, newest| Hello { oldest, newest, ..Hello::ours("") };
    assert_eq!(hello(1, 3).agree(&hello(3, 9)), Ok(3));
    assert_eq!(hello(1, u32::MAX).agree(&hello(0, u32::MAX)), Ok(u32::MAX));
    let error = hello(4, 9).agree(&hello(1, 3)).expect_err("they do not meet");
    assert_eq!(error, ProtocolError::NoCommonVersion { ours: (4, 9), theirs: (1, 3) });
    assert!(hello(2, 1).agree(&hello(1, 2)).is_err(), "a range that is none meets nothing");
}

/// A message of the largest size that holds nothing but list elements of no length makes the longest list there is.
#[test]
fn the_longest_list_takes_a_small_multiple_of_its_bytes() {
    let field = [[4, 0].as_slice(), &4_u32.to_le_bytes(), &0_u32.to_le_bytes()].concat();
    let list = field.repeat(llm_sandbox_protocol::MAX_PAYLOAD / field.len());
    let ready = JailReady::decode(&list).expect("unknown fields are skipped");
    assert!(ready.steps.is_empty(), "tag 4 is unknown there");
    let list: Vec<u8> = field.iter().enumerate().map(|(at, byte)| if at == 0 { 1 } else { *byte }).collect();
    let count = llm_sandbox_protocol::MAX_PAYLOAD / list.len();
    let ready = JailReady::decode(&list.repeat(count)).expect("pairs of no length");
    assert_eq!(ready.steps.len(), count);
    let held = ready.steps.capacity() * size_of::<(Vec<u8>, Vec<u8>)>();
    assert!(held <= 10 * llm_sandbox_protocol::MAX_PAYLOAD, "{held} bytes");
}

#[test]
fn lengths_that_lie_are_malformed() {
    for size in [1, 5, 1 << 20, u32::MAX] {
        let bytes = [&[1, 0][..], &u32::to_le_bytes(size)].concat();
        assert_eq!(StatFile::decode(&bytes), Err(ProtocolError::Malformed { message: "StatFile", field: 1 }));
    }
    // A pair whose key claims to be longer than the pair.
    let bytes = [&[1, 0, 4, 0, 0, 0][..], &u32::MAX.to_le_bytes()].concat();
    assert_eq!(JailReady::decode(&bytes), Err(ProtocolError::Malformed { message: "JailReady", field: 1 }));
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(StatFile::decode(&[]), Err(ProtocolError::MissingField { message: "StatFile", field: 1 }));
    assert_eq!(Event::decode(&[]), Err(ProtocolError::MissingField { message: "Event", field: 0 }));
}
