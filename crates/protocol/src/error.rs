use std::fmt;

/// What is wrong with bytes that claim to be a frame or a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A frame announces a larger payload than any peer may send.
    FrameTooLarge {
        /// The announced size in bytes.
        size: u32,
    },
    /// The frame's kind is none that this version knows.
    UnknownKind(u8),
    /// The frame's channel is none that this version knows.
    UnknownChannel(u8),
    /// A message ends in the middle of a field, or a field has the wrong size.
    Malformed {
        /// The message that was being read.
        message: &'static str,
        /// The tag of the field, zero where the fault lies between fields.
        field: u16,
    },
    /// A field that the message cannot do without is absent.
    MissingField {
        /// The message that was being read.
        message: &'static str,
        /// The tag of the absent field.
        field: u16,
    },
    /// The two sides share no protocol version.
    NoCommonVersion {
        /// The range this side speaks.
        ours: (u32, u32),
        /// The range the peer speaks.
        theirs: (u32, u32),
    },
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FrameTooLarge { size } => {
                write!(formatter, "a frame claims {size} bytes, more than the {} allowed", crate::MAX_PAYLOAD)
            }
            Self::UnknownKind(kind) => write!(formatter, "frame kind {kind} is unknown"),
            Self::UnknownChannel(channel) => write!(formatter, "channel {channel} is unknown"),
            Self::Malformed { message, field } => write!(formatter, "{message} is malformed at field {field}"),
            Self::MissingField { message, field } => write!(formatter, "{message} lacks field {field}"),
            Self::NoCommonVersion { ours, theirs } => write!(
                formatter,
                "this side speaks protocol versions {} to {}, the peer {} to {}",
                ours.0, ours.1, theirs.0, theirs.1
            ),
        }
    }
}

impl std::error::Error for ProtocolError {}
