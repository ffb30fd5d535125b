//! Reads what clients send: pings to be answered, a close, and much that is only a sign of life.
//!
//! Bytes come in pieces of any size. What lies between two pieces is kept here: the beginning of a header, or of a
//! control frame's payload. The data of messages is passed over and not even looked at, since a stream takes no orders;
//! only its length is bounded. So an idle client costs its few numbers and no buffer.

use std::io::Cursor;

use bytes::Bytes;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};
use tungstenite::protocol::frame::{FrameHeader, Utf8Bytes};

use crate::frame::MAX_CONTROL;

/// The longest message that a client may send, in bytes; what we expect are pongs and closes.
pub const MAX_MESSAGE: u64 = 4 * 1024;
/// The longest header: two bytes, a length of eight, a mask of four (RFC 6455 section 5.2).
const MAX_HEADER: usize = 14;

/// What a piece of bytes said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The payload of a ping. Of several, the last: only that one needs an answer (section 5.5.3).
    pub ping: Option<Bytes>,
    /// The client says goodbye. Nothing is read after it.
    pub close: Option<Close>,
}

/// A client's goodbye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// Why, if it says so.
    pub code: Option<u16>,
}

/// Why a client cannot be understood any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It breaks the protocol (close code 1002).
    #[error("the client breaks RFC 6455")]
    Protocol,
    /// A reason that is no UTF-8 (1007).
    #[error("the client's text is no UTF-8")]
    Text,
    /// A message that is too long (1009).
    #[error("the client's message is longer than {MAX_MESSAGE} bytes")]
    TooLong,
}

impl Wrong {
    /// The close code that says it, section 7.4.1.
    pub fn code(self) -> u16 {
        match self {
            Self::Protocol => 1002,
            Self::Text => 1007,
            Self::TooLong => 1009,
        }
    }
}

/// Where the reader stands in a client's bytes.
#[derive(Debug, Default)]
pub struct FrameReader {
    /// The beginning of a header.
    header: [u8; MAX_HEADER],
    had: u8,
    /// How much of the payload is still to come.
    left: u64,
    mask: [u8; 4],
    /// The control frame whose payload is coming.
    control: Option<Control>,
    /// What has come of it, unmasked.
    payload: Vec<u8>,
    /// The length so far of a message whose last frame has not come.
    message: Option<u64>,
    /// Whether messages may be compressed.
    compressed: bool,
}

impl FrameReader {
    /// At the beginning; `compressed` when permessage-deflate was agreed.
    pub fn new(compressed: bool) -> Self {
        Self { compressed, ..Self::default() }
    }

    /// Reads the next piece.
    ///
    /// # Errors
    /// When the client cannot be understood. Then, as after a close, nothing more can be read.
    pub fn read(&mut self, mut bytes: &[u8]) -> Result<Heard, Wrong> {
        let mut heard = Heard::default();
        loop {
            if self.left > 0 {
                let n = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
                let (now, later) = bytes.split_at(n);
                if self.control.is_some() {
                    let at = self.payload.len();
                    self.payload.extend(now.iter().enumerate().map(|(i, byte)| byte ^ self.mask[(at + i) % 4]));
                }
                self.left -= n as u64;
                bytes = later;
            } else if bytes.is_empty() {
                return Ok(heard);
            } else {
                bytes = self.header(bytes)?;
            }
            if self.left == 0
                && self.had == 0
                && let Some(control) = self.control.take()
            {
                // Freed with it: an idle client holds nothing.
                let payload = std::mem::take(&mut self.payload);
                match control {
                    Control::Ping => heard.ping = Some(payload.into()),
                    Control::Close => {
                        heard.close = Some(close(&payload)?);
                        return Ok(heard);
                    }
                    // A sign of life.
                    Control::Pong | Control::Reserved(_) => {}
                }
            }
            if bytes.is_empty() {
                return Ok(heard);
            }
        }
    }

    /// Takes what belongs to the header, and gives the rest back.
    fn header<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Wrong> {
        let had = usize::from(self.had);
        let n = bytes.len().min(MAX_HEADER - had);
        self.header[had..had + n].copy_from_slice(&bytes[..n]);
        let mut cursor = Cursor::new(&self.header[..had + n]);
        let Some((header, len)) = FrameHeader::parse(&mut cursor).map_err(|_| Wrong::Protocol)? else {
            self.had = u8::try_from(had + n).unwrap_or(u8::MAX);
            return Ok(&bytes[n..]);
        };
        let end = usize::try_from(cursor.position()).unwrap_or(had + n);
        self.had = 0;
        self.begin(&header, len)?;
        Ok(&bytes[end.saturating_sub(had)..])
    }

    /// The rules of sections 5.1 to 5.5 for the frame that begins.
    fn begin(&mut self, header: &FrameHeader, len: u64) -> Result<(), Wrong> {
        let is_first = !matches!(header.opcode, OpCode::Data(Data::Continue) | OpCode::Control(_));
        // RSV1 is on the first frame of a compressed message and nowhere else (RFC 7692 section 6).
        if header.rsv2 || header.rsv3 || header.rsv1 && !(self.compressed && is_first) {
            return Err(Wrong::Protocol);
        }
        self.mask = header.mask.ok_or(Wrong::Protocol)?;
        self.left = len;
        match header.opcode {
            OpCode::Control(control) => {
                if !header.is_final || len > MAX_CONTROL as u64 {
                    return Err(Wrong::Protocol);
                }
                self.control = Some(control);
            }
            OpCode::Data(_) => {
                let before = match (is_first, self.message) {
                    (true, None) => 0,
                    (false, Some(before)) => before,
                    _ => return Err(Wrong::Protocol),
                };
                let message = before.saturating_add(len);
                if message > MAX_MESSAGE {
                    return Err(Wrong::TooLong);
                }
                self.message = (!header.is_final).then_some(message);
            }
        }
        Ok(())
    }
}

/// Section 5.5.1: nothing, or a code and a reason.
fn close(payload: &[u8]) -> Result<Close, Wrong> {
    match payload {
        [] => Ok(Close { code: None }),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !CloseCode::from(code).is_allowed() {
                return Err(Wrong::Protocol);
            }
            Utf8Bytes::try_from(reason.to_vec()).map_err(|_| Wrong::Text)?;
            Ok(Close { code: Some(code) })
        }
        [_] => Err(Wrong::Protocol),
    }
}

#[cfg(test)]
mod tests;
