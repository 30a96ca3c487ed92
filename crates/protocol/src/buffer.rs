use crate::{Channel, Frame, HEADER, Kind, MAX_PAYLOAD, ProtocolError};

/// Gathers bytes as they arrive and gives out whole frames without copying them.
///
/// It holds at most one frame of the largest size and what was read behind it.
#[derive(Debug, Default)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl FrameBuffer {
    /// An empty buffer; it takes memory at first use.
    pub fn new() -> Self {
        Self::default()
    }

    /// Room for at least `size` bytes behind those gathered: read into it, then call [`FrameBuffer::filled`].
    pub fn space(&mut self, size: usize) -> &mut [u8] {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        if self.bytes.len() - self.end < size && self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.bytes.len() - self.end < size {
            self.bytes.resize(self.end + size, 0);
        }
        &mut self.bytes[self.end..]
    }

    /// Says that so many bytes of the space were filled.
    pub fn filled(&mut self, size: usize) {
        self.end = self.end.saturating_add(size).min(self.bytes.len());
    }

    /// Copies bytes in.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.space(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.filled(bytes.len());
    }

    /// Whether bytes of an unfinished frame are held: an end of the stream now would cut it off.
    pub fn is_mid_frame(&self) -> bool {
        self.start < self.end
    }

    /// How many more bytes the frame at hand needs at the least.
    pub fn wanted(&self) -> usize {
        let held = self.end - self.start;
        match self.announced() {
            Some(size) => (HEADER + size.min(MAX_PAYLOAD)).saturating_sub(held).max(1),
            None => HEADER - held,
        }
    }

    fn announced(&self) -> Option<usize> {
        let size = self.bytes[self.start..self.end].first_chunk::<4>()?;
        Some(u32::from_le_bytes(*size) as usize)
    }

    /// Whether a whole frame is there.
    ///
    /// # Errors
    ///
    /// As [`FrameBuffer::next_frame`].
    pub fn has_frame(&self) -> Result<bool, ProtocolError> {
        match self.announced() {
            Some(size) if size > MAX_PAYLOAD => {
                Err(ProtocolError::FrameTooLarge { size: u32::try_from(size).unwrap_or(u32::MAX) })
            }
            Some(size) => Ok(self.end - self.start >= HEADER + size),
            None => Ok(false),
        }
    }

    /// The next whole frame, or `None` until more bytes are there.
    ///
    /// # Errors
    ///
    /// The stream cannot be used any further after an error: where the next frame starts is unknown.
    pub fn next_frame(&mut self) -> Result<Option<Frame<&[u8]>>, ProtocolError> {
        let held = &self.bytes[self.start..self.end];
        let Some(header) = held.first_chunk::<HEADER>() else { return Ok(None) };
        let size = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
        if size as usize > MAX_PAYLOAD {
            return Err(ProtocolError::FrameTooLarge { size });
        }
        let (kind, channel) = (Kind::try_from(header[8])?, Channel::try_from(header[9])?);
        let stream = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        let whole = HEADER + size as usize;
        if held.len() < whole {
            return Ok(None);
        }
        let from = self.start;
        self.start += whole;
        Ok(Some(Frame { stream, kind, channel, payload: &self.bytes[from + HEADER..from + whole] }))
    }
}
