use crate::{ProtocolError, field::message};

/// The newest protocol version this crate speaks.
pub const VERSION: u32 = 1;

/// The oldest one.
pub const VERSION_MINIMUM: u32 = 1;

/// How many bytes of data a stream may carry each way before the first credit.
pub const WINDOW: u32 = 1 << 20;

message! {
    /// The greeting that both sides send first.
    pub struct Hello {
        /// The oldest version the sender speaks.
        1 oldest: u32,
        /// The newest version the sender speaks.
        2 newest: u32,
        /// Which build the sender is; for people, never compared.
        3 build: String,
        /// Bits of optional abilities; unknown ones are ignored.
        4 features: u64,
        /// The credit that the receiver of this greeting has on every new stream, in bytes.
        5 window: u32,
        /// With which a dropped connection can be taken up again; empty where it can't.
        6 token: Vec<u8>,
    }
}

impl Hello {
    /// The feature of an agent that leaves nothing of a run alive, whatever the run's processes do.
    pub const KILLS_WHOLE_TREES: u64 = 1;

    /// This crate's own greeting.
    pub fn ours(build: &str) -> Self {
        Self {
            oldest: VERSION_MINIMUM,
            newest: VERSION,
            build: build.to_owned(),
            features: 0,
            window: WINDOW,
            token: Vec::new(),
        }
    }

    /// The version that both sides speak.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::NoCommonVersion`] where the ranges do not meet.
    pub fn agree(&self, theirs: &Self) -> Result<u32, ProtocolError> {
        let version = self.newest.min(theirs.newest);
        if version < self.oldest.max(theirs.oldest) {
            let (ours, theirs) = ((self.oldest, self.newest), (theirs.oldest, theirs.newest));
            return Err(ProtocolError::NoCommonVersion { ours, theirs });
        }
        Ok(version)
    }
}
