//! Frames and messages that the host and the agent inside a sandbox exchange over one duplex byte stream.
//!
//! This crate does no I/O: it turns values into bytes and bytes into values. Both ends treat what they read as hostile,
//! so every decoder is bounded: a frame's payload by [`MAX_PAYLOAD`], a message by its frame, a list by the bytes it
//! took. Unknown fields are skipped, so that newer peers can add some.
//!
//! ```
//! use llm_sandbox_protocol::{Frame, FrameBuffer, Hello, Kind};
//!
//! let mut wire = Vec::new();
//! Frame::message(0, Kind::Hello, &Hello::ours("build 1")).encode(&mut wire);
//!
//! let mut buffer = FrameBuffer::new();
//! buffer.extend(&wire);
//! let frame = buffer.next_frame()?.expect("a whole frame was given");
//! let hello: Hello = frame.decode()?;
//! assert_eq!(hello.build, "build 1");
//! # Ok::<(), llm_sandbox_protocol::ProtocolError>(())
//! ```
//!
//! # The conversation
//!
//! Each side first sends [`Hello`] on stream 0 and speaks the highest version both know. Then either side may open
//! streams: the host uses odd numbers, the agent even ones, each number once. A stream begins with [`Kind::Open`] carrying a [`Request`]
//! and is over when the side that was asked has sent its last [`Event`] ([`Event::RunEnded`], [`Event::Done`],
//! [`Event::Failed`]) or either side has sent [`Kind::Reset`].
//!
//! [`Kind::Data`] flows only against credit: each side starts with [`Hello::window`] bytes per stream and direction and
//! gets more by [`Kind::Credit`]. Every other kind is exempt, so that control never waits behind data. [`Kind::End`]
//! closes one channel of one direction; the other direction goes on.

mod buffer;
mod capture;
mod error;
mod field;
mod file;
mod frame;
mod hello;
mod jail;
mod message;
mod run;

pub use buffer::FrameBuffer;
pub use capture::{Capture, Captured, Tail, head_of};
pub use error::ProtocolError;
pub use field::{Message, Value};
pub use file::{
    Entry, EntryKind, FailureKind, FileFailure, GetFiles, ListFiles, MakeDirectory, PutFiles, RemoveFile, StatFile,
    TreeBounds,
};
pub use frame::{Channel, DATA_PREFIX, Frame, HEADER, Kind, MAX_PAYLOAD, data_header};
pub use hello::{Hello, VERSION, VERSION_MINIMUM, WINDOW};
pub use jail::{JailFailure, JailGuarantee, JailMount, JailReady, JailReport, JailSpec};
pub use message::{Control, Event, Request};
pub use run::{
    Compilation, ResourceLimits, RunEnd, RunEnded, RunRefusals, RunRequest, RunStarted, RunUsage, StreamTotal,
    TerminalSize,
};
