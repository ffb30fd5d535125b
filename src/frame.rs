//! WebSocket frames (RFC 6455 section 5): what a server writes, encoded once for all its clients, and what clients write.
//!
//! A server's frames are not masked (section 5.1), so the bytes of one message are the same for everybody who gets it.
//! [`Frames`] holds whole frames one after another and knows where each ends, so that a write that took a part can go on
//! at the byte, and everything else begins and ends with whole frames. [`reader`] reads what clients send, [`deflate`]
//! compresses.

pub mod deflate;
pub mod reader;

use std::sync::Arc;

use bytes::Bytes;

/// `FIN`: every message of ours is one frame.
const FIN: u8 = 0x80;
/// `RSV1`: the message is compressed (RFC 7692 section 6).
const RSV1: u8 = 0x40;
/// Opcodes, section 5.2.
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;
/// The longest payload of a control frame, section 5.5.
pub const MAX_CONTROL: usize = 125;

/// Whole frames one after another. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Frames {
    bytes: Bytes,
    /// Where each frame ends.
    ends: Arc<[usize]>,
}

impl Frames {
    /// One text message.
    pub fn text(json: &[u8]) -> Self {
        Builder::default().text(json).build()
    }

    /// A pong with the payload of the ping that it answers.
    pub fn pong(payload: &[u8]) -> Self {
        Builder::default().control(PONG, payload).build()
    }

    /// A close; without a code it has no payload at all.
    pub fn close(code: Option<u16>, reason: &str) -> Self {
        let mut payload = Vec::new();
        if let Some(code) = code {
            payload.extend_from_slice(&code.to_be_bytes());
            payload.extend_from_slice(reason.as_bytes());
        }
        Builder::default().control(CLOSE, &payload).build()
    }

    /// How many frames.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no frame.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The bytes from the frame `n` on.
    pub fn from(&self, n: usize) -> &[u8] {
        &self.bytes[self.begin(n)..]
    }

    /// The payload of the frame `n`.
    pub fn payload(&self, n: usize) -> Bytes {
        let (begin, end) = (self.begin(n), self.begin(n + 1));
        let header = match self.bytes.get(begin + 1) {
            Some(127) => 10,
            Some(126) => 4,
            _ => 2,
        };
        self.bytes.slice((begin + header).min(end)..end)
    }

    /// The bytes of the frame `n` alone.
    pub fn frame(&self, n: usize) -> Bytes {
        self.bytes.slice(self.begin(n)..self.begin(n + 1))
    }

    /// Where one stands who began with the frame `n` and wrote so many bytes: the first frame of which nothing was written,
    /// and what is missing of the one before it.
    pub fn after(&self, n: usize, written: usize) -> (usize, Bytes) {
        let at = (self.begin(n) + written).min(self.bytes.len());
        let next = self.ends.partition_point(|end| *end <= at);
        if at == self.begin(next) {
            return (next, Bytes::new());
        }
        (next + 1, self.bytes.slice(at..self.begin(next + 1)))
    }

    fn begin(&self, n: usize) -> usize {
        match n.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).copied().unwrap_or(self.bytes.len()),
        }
    }
}

/// Frames that are being written.
#[derive(Debug, Default)]
pub struct Builder {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Builder {
    /// Adds a text message.
    pub fn text(self, json: &[u8]) -> Self {
        self.frame(FIN | TEXT, json)
    }

    /// Adds a text message that [`deflate`] has compressed.
    pub fn compressed_text(self, deflated: &[u8]) -> Self {
        self.frame(FIN | RSV1 | TEXT, deflated)
    }

    /// Adds a ping without a payload.
    pub fn ping(self) -> Self {
        self.control(PING, &[])
    }

    fn control(self, opcode: u8, payload: &[u8]) -> Self {
        self.frame(FIN | opcode, &payload[..payload.len().min(MAX_CONTROL)])
    }

    fn frame(mut self, first: u8, payload: &[u8]) -> Self {
        self.bytes.push(first);
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(len), _) if len < 126 => self.bytes.push(len),
            (_, Ok(len)) => {
                self.bytes.push(126);
                self.bytes.extend_from_slice(&len.to_be_bytes());
            }
            _ => {
                self.bytes.push(127);
                self.bytes.extend_from_slice(&(payload.len() as u64).to_be_bytes());
            }
        }
        self.bytes.extend_from_slice(payload);
        self.ends.push(self.bytes.len());
        self
    }

    /// The frames.
    pub fn build(self) -> Frames {
        Frames { bytes: self.bytes.into(), ends: self.ends.into() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tungstenite::protocol::{Role, WebSocket};

    use super::*;

    fn frames(lengths: &[usize]) -> Frames {
        lengths.iter().fold(Builder::default(), |builder, len| builder.text(&vec![b'x'; *len])).build()
    }

    #[test]
    fn a_client_reads_what_was_encoded_whatever_its_length() {
        for len in [0, 1, 125, 126, 127, 65_535, 65_536, 100_000] {
            let all = Builder::default().text(&vec![b'x'; len]).ping().build();
            assert_eq!(all.payload(0).len(), len);
            let mut client = WebSocket::from_raw_socket(std::io::Cursor::new(all.bytes().to_vec()), Role::Client, None);
            assert_eq!(client.read().unwrap().into_text().unwrap().len(), len);
            assert!(client.read().unwrap().is_ping());
        }
        let close = Frames::close(Some(1012), "restarting");
        let mut client = WebSocket::from_raw_socket(std::io::Cursor::new(close.bytes().to_vec()), Role::Client, None);
        let said = client.read().unwrap();
        let tungstenite::Message::Close(Some(said)) = said else { panic!("{said:?}") };
        assert_eq!((u16::from(said.code), said.reason.as_str()), (1012, "restarting"));
    }

    proptest! {
        #[test]
        fn whoever_was_interrupted_anywhere_goes_on_with_the_next_byte(
            lengths in prop::collection::vec(0..300_usize, 1..6), n in 0..6_usize, written in 0..2000_usize,
        ) {
            let all = frames(&lengths);
            let n = n.min(all.len() - 1);
            let written = written.min(all.from(n).len());
            let (next, cut) = all.after(n, written);
            let rest = if next < all.len() { all.from(next) } else { &[] };
            prop_assert_eq!([&cut[..], rest].concat(), &all.from(n)[written..]);
            // What is cut is a part of one frame, never a whole one.
            prop_assert!(cut.is_empty() || cut.len() < all.payload(next - 1).len() + 10 && next > n);
        }
    }
}
