//! Where one WebSocket frame ends and the next begins (RFC 6455, section 5.2), so that something can be put between.

use std::collections::VecDeque;

use bytes::Bytes;

/// How the answer to a handshake begins.
const SWITCH: &[u8] = b"HTTP/1.1 101";

/// Follows what a server sends on one connection.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    head: Vec<u8>,
    is_upgraded: bool,
    /// Bytes of the frame that are still to come.
    rest: u64,
    queued: VecDeque<Bytes>,
}

impl Frames {
    /// Takes note of bytes that are passed on.
    pub(crate) fn pass(&mut self, mut bytes: &[u8]) {
        if !self.is_upgraded {
            // The answer to the handshake, of which the first frames may be a part.
            self.head.extend_from_slice(bytes);
            let end = self.head.windows(4).position(|it| it == b"\r\n\r\n");
            if !SWITCH.starts_with(&self.head[..self.head.len().min(SWITCH.len())]) {
                self.head.clear(); // Another answer, of a connection that may be used for more.
                return;
            }
            let Some(end) = end else { return };
            bytes = &bytes[bytes.len() - (self.head.len() - end - 4)..];
            self.is_upgraded = true;
            self.head.clear();
        }
        while !bytes.is_empty() {
            if self.rest > 0 {
                let n = usize::try_from(self.rest).unwrap_or(usize::MAX).min(bytes.len());
                self.rest -= n as u64;
                bytes = &bytes[n..];
                continue;
            }
            self.head.push(bytes[0]);
            bytes = &bytes[1..];
            if let Some(length) = payload(&self.head) {
                self.rest = length;
                self.head.clear();
            }
        }
    }

    /// To be sent between two frames, if this is a WebSocket.
    pub(crate) fn queue(&mut self, frame: Bytes) {
        if self.is_upgraded {
            self.queued.push_back(frame);
        }
    }

    /// The next queued one, if this is the place for it.
    pub(crate) fn next(&mut self) -> Option<Bytes> {
        (self.rest == 0 && self.head.is_empty()).then(|| self.queued.pop_front()).flatten()
    }
}

/// The length of the payload, once the head of an unmasked frame is whole.
fn payload(head: &[u8]) -> Option<u64> {
    match (*head.get(1)? & 0x7f, head.len()) {
        (126, 4) => Some(u64::from(u16::from_be_bytes([head[2], head[3]]))),
        (127, 10) => Some(u64::from_be_bytes(head[2..10].try_into().expect("eight bytes"))),
        (length @ 0..126, 2) => Some(u64::from(length)),
        _ => None,
    }
}

/// A frame with this text in it.
pub(crate) fn text_frame(text: &str) -> Bytes {
    let mut frame = vec![0x81];
    match text.len() {
        length @ 0..126 => frame.push(u8::try_from(length).expect("short")),
        length @ 126..65536 => {
            frame.push(126);
            frame.extend(u16::try_from(length).expect("not long").to_be_bytes());
        }
        length => {
            frame.push(127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(text.as_bytes());
    frame.into()
}

#[test]
fn frames_are_followed_in_whatever_pieces_they_come() {
    let long = "x".repeat(70_000);
    let all = ["a", &"y".repeat(300), &long, ""].map(text_frame).concat();
    let stream = [b"HTTP/1.1 101 Switching Protocols\r\n\r\n".as_slice(), &all].concat();
    for size in [1, 7, 1000, stream.len()] {
        let mut frames = Frames::default();
        for piece in stream.chunks(size) {
            frames.pass(piece);
        }
        frames.queue(text_frame("between"));
        assert_eq!(frames.next(), Some(text_frame("between")), "pieces of {size}");
        frames.pass(&text_frame("more")[..3]);
        frames.queue(text_frame("not yet"));
        assert_eq!(frames.next(), None);
    }
}
