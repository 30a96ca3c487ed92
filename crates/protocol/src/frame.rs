use crate::{Message, ProtocolError};

/// The largest payload of one frame, in bytes.
pub const MAX_PAYLOAD: usize = 1 << 20;

/// The size of a frame's header: `payload: u32, stream: u32, kind: u8, channel: u8, reserved: u16`, little endian.
pub const HEADER: usize = 12;

/// What stands before the bytes of a data frame: `number: u64, monotonic nanoseconds: u64`.
pub const DATA_PREFIX: usize = 16;

macro_rules! bytes {
    ($(#[$doc:meta])* pub enum $name:ident, $error:ident { $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$variant_doc])* $variant = $value,)* }

        impl TryFrom<u8> for $name {
            type Error = ProtocolError;
            fn try_from(value: u8) -> Result<Self, ProtocolError> {
                match value {
                    $($value => Ok(Self::$variant),)*
                    _ => Err(ProtocolError::$error(value)),
                }
            }
        }
    };
}

bytes! {
    /// What a frame is.
    pub enum Kind, UnknownKind {
        /// The greeting, first on stream 0 ([`crate::Hello`]).
        Hello = 1,
        /// Opens a stream ([`crate::Request`]).
        Open = 2,
        /// Bytes of one channel, behind a [`DATA_PREFIX`]; needs credit.
        Data = 3,
        /// The sender closes one channel of its own direction.
        End = 4,
        /// Grants the peer so many more bytes of data (`u64`).
        Credit = 5,
        /// What the side that was asked reports ([`crate::Event`]).
        Event = 6,
        /// What the side that asked adds to its request ([`crate::Control`]).
        Control = 7,
        /// Ends a stream at once; whatever it was doing is undone or killed.
        Reset = 8,
        /// Asks for a [`Kind::Pong`] with the same payload.
        Ping = 9,
        /// Answers a [`Kind::Ping`].
        Pong = 10,
    }
}

bytes! {
    /// Which of a stream's byte sequences a frame belongs to.
    pub enum Channel, UnknownChannel {
        /// Frames that carry no bytes of a channel.
        None = 0,
        /// Standard input of a run, or the terminal's input.
        Stdin = 1,
        /// Standard output of a run, or all the terminal shows.
        Stdout = 2,
        /// Standard error of a run.
        Stderr = 3,
        /// The program text that a run's request announced.
        Source = 4,
        /// The bytes of the file announced last.
        Content = 5,
    }
}

/// One frame, its payload borrowed or owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<P = Vec<u8>> {
    /// The stream it belongs to; zero is the connection itself.
    pub stream: u32,
    /// What it is.
    pub kind: Kind,
    /// Which byte sequence, for data and end.
    pub channel: Channel,
    /// What it carries.
    pub payload: P,
}

impl Frame {
    /// A frame around an encoded message.
    pub fn message<M: Message>(stream: u32, kind: Kind, message: &M) -> Self {
        let mut payload = Vec::new();
        message.encode(&mut payload);
        Self { stream, kind, channel: Channel::None, payload }
    }

    /// A frame that closes a channel.
    pub fn end(stream: u32, channel: Channel) -> Self {
        Self { stream, kind: Kind::End, channel, payload: Vec::new() }
    }

    /// A frame that grants `bytes` more.
    pub fn credit(stream: u32, bytes: u64) -> Self {
        Self { stream, kind: Kind::Credit, channel: Channel::None, payload: bytes.to_le_bytes().to_vec() }
    }

    /// A frame that ends a stream at once.
    pub fn reset(stream: u32) -> Self {
        Self { stream, kind: Kind::Reset, channel: Channel::None, payload: Vec::new() }
    }
}

impl<P: AsRef<[u8]>> Frame<P> {
    /// Appends the frame's bytes. Payloads above [`MAX_PAYLOAD`] are refused by the peer.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let payload = self.payload.as_ref();
        out.extend_from_slice(&header(payload.len(), self.stream, self.kind, self.channel));
        out.extend_from_slice(payload);
    }

    /// Reads the payload as a message.
    ///
    /// # Errors
    ///
    /// As [`Message::decode`].
    pub fn decode<M: Message>(&self) -> Result<M, ProtocolError> {
        M::decode(self.payload.as_ref())
    }

    /// Splits a data frame into number, monotonic nanoseconds and bytes.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::Malformed`] where the prefix is cut off.
    pub fn data(&self) -> Result<(u64, u64, &[u8]), ProtocolError> {
        let payload = self.payload.as_ref();
        let cut = ProtocolError::Malformed { message: "Data", field: 0 };
        let (prefix, bytes) = payload.split_first_chunk::<DATA_PREFIX>().ok_or(cut)?;
        Ok((number(prefix, 0), number(prefix, 8), bytes))
    }

    /// The bytes that a credit frame grants.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::Malformed`] where it is not one number.
    pub fn granted(&self) -> Result<u64, ProtocolError> {
        let payload = self.payload.as_ref();
        payload.try_into().map(u64::from_le_bytes).map_err(|_| ProtocolError::Malformed { message: "Credit", field: 0 })
    }
}

fn number(prefix: &[u8; DATA_PREFIX], at: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&prefix[at..at + 8]);
    u64::from_le_bytes(bytes)
}

pub(crate) fn header(payload: usize, stream: u32, kind: Kind, channel: Channel) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&u32::try_from(payload).unwrap_or(u32::MAX).to_le_bytes());
    header[4..8].copy_from_slice(&stream.to_le_bytes());
    header[8] = kind as u8;
    header[9] = channel as u8;
    header
}

/// Header and prefix of a data frame of `size` bytes, to be written before bytes that lie elsewhere.
pub fn data_header(
    stream: u32,
    channel: Channel,
    number: u64,
    nanoseconds: u64,
    size: usize,
) -> [u8; HEADER + DATA_PREFIX] {
    let mut bytes = [0; HEADER + DATA_PREFIX];
    bytes[..HEADER].copy_from_slice(&header(DATA_PREFIX + size, stream, Kind::Data, channel));
    bytes[HEADER..HEADER + 8].copy_from_slice(&number.to_le_bytes());
    bytes[HEADER + 8..].copy_from_slice(&nanoseconds.to_le_bytes());
    bytes
}
