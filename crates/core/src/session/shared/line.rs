//! Lines of JSON, of a bounded length.

use std::io;

use serde::Serialize;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Reads on until a line is whole; whether it is, or the other side sends no more. Safe to cancel: what was read stays in
/// `line`.
pub(super) async fn read(
    reader: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
    most: usize,
) -> io::Result<bool> {
    let room = most.saturating_sub(line.len()) as u64;
    reader.take(room).read_until(b'\n', line).await?;
    match line.last() {
        Some(b'\n') => Ok(true),
        _ if line.len() >= most => Err(io::Error::other(format!("a line is longer than {most} bytes"))),
        _ => Ok(false),
    }
}

/// Writes a value as one line.
pub(super) async fn write(writer: &mut (impl AsyncWrite + Unpin), value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    writer.write_all(&line).await?;
    writer.flush().await
}
