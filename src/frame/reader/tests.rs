//! The reader against tungstenite's own, and against itself on other splits.

use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use tungstenite::{Error, Message};

use super::*;

/// What a reader has heard at the end of everything.
#[derive(Debug, Default, PartialEq)]
struct Told {
    pings: Vec<Bytes>,
    close: Option<Close>,
    wrong: Option<Wrong>,
}

fn told<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> Told {
    let mut reader = FrameReader::new(false);
    let mut told = Told::default();
    for piece in pieces {
        match reader.read(piece) {
            Ok(heard) => {
                told.pings.extend(heard.ping);
                told.close = heard.close;
            }
            Err(wrong) => told.wrong = Some(wrong),
        }
        if told.close.is_some() || told.wrong.is_some() {
            break;
        }
    }
    told
}

fn by_byte(bytes: &[u8]) -> Told {
    told(bytes.chunks(1))
}

/// A client's frame.
fn frame(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match u8::try_from(payload.len()) {
        Ok(len) if len < 126 => bytes.push(0x80 | len),
        _ => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&u16::try_from(payload.len()).unwrap().to_be_bytes());
        }
    }
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().enumerate().map(|(i, byte)| byte ^ mask[i % 4]));
    bytes
}

/// Bytes to be read, and nowhere to write to.
struct Wire(Cursor<Vec<u8>>);

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(into)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The same by tungstenite's whole protocol.
fn tungstenite_told(bytes: &[u8]) -> Told {
    let most = usize::try_from(MAX_MESSAGE).ok();
    let config = WebSocketConfig::default().max_message_size(most).max_frame_size(most);
    let mut socket = WebSocket::from_raw_socket(Wire(Cursor::new(bytes.to_vec())), Role::Server, Some(config));
    let mut told = Told::default();
    loop {
        match socket.read() {
            Ok(Message::Ping(payload)) => told.pings.push(payload),
            Ok(Message::Close(said)) => {
                // It answers a code that nobody may send with a protocol error, as we do.
                match said {
                    Some(said) if u16::from(said.code) == 1002 && said.reason == "Protocol violation" => {
                        told.wrong = Some(Wrong::Protocol);
                    }
                    said => told.close = Some(Close { code: said.map(|it| it.code.into()) }),
                }
                return told;
            }
            Ok(_) => {}
            Err(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => return told,
            Err(Error::Utf8(_)) => {
                told.wrong = Some(Wrong::Text);
                return told;
            }
            Err(Error::Capacity(_)) => {
                told.wrong = Some(Wrong::TooLong);
                return told;
            }
            Err(_) => {
                told.wrong = Some(Wrong::Protocol);
                return told;
            }
        }
    }
}

/// Frames that make sense for the most part.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        4 => Just(0x81_u8), 2 => Just(0x82), 2 => Just(0x01), 3 => Just(0x80), 1 => Just(0x00),
        4 => Just(0x89), 3 => Just(0x8A), 1 => Just(0x88), 1 => any::<u8>(),
    ];
    let payload = prop_oneof![
        6 => "[a-z]{0,140}".prop_map(String::into_bytes),
        1 => (0..5000_usize).prop_map(|len| vec![b'x'; len]),
        1 => prop::collection::vec(any::<u8>(), 0..8),
        1 => (1000..1015_u16, "[a-z]{0,20}").prop_map(|(code, reason)| [&code.to_be_bytes()[..], reason.as_bytes()].concat()),
    ];
    let one = (first, any::<[u8; 4]>(), payload).prop_map(|(first, mask, payload)| frame(first, mask, &payload));
    prop::collection::vec(one, 0..8).prop_map(|all| all.concat())
}

proptest! {
    #[test]
    fn frames_are_read_as_tungstenite_reads_them(bytes in frames()) {
        let (ours, theirs) = (by_byte(&bytes), tungstenite_told(&bytes));
        // What a text says is not read, so that it may be no UTF-8 and nobody minds.
        if theirs.wrong != Some(Wrong::Text) {
            // Where two rules are broken at once, each may name another.
            prop_assert_eq!((ours.pings, ours.close, ours.wrong.is_some()), (theirs.pings, theirs.close, theirs.wrong.is_some()));
        }
    }

    #[test]
    fn arbitrary_bytes_do_no_harm_and_mean_the_same_however_they_are_split(
        bytes in prop_oneof![frames(), prop::collection::vec(any::<u8>(), 0..600)],
        cuts in prop::collection::vec(0..600_usize, 0..6),
    ) {
        let mut cuts: Vec<_> = cuts.into_iter().map(|it| it.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let split = told(cuts.windows(2).map(|it| &bytes[it[0]..it[1]]));
        let whole = by_byte(&bytes);
        prop_assert_eq!((split.close, split.wrong), (whole.close, whole.wrong));
        // Of several pings in one piece only the last is told.
        let mut all = whole.pings.iter();
        prop_assert!(split.pings.iter().all(|ping| all.any(|it| it == ping)));
        // Whoever broke off in the middle of a frame leaves no more here than that frame may have.
        let mut reader = FrameReader::new(true);
        let _ = reader.read(&bytes);
        prop_assert!(reader.payload.len() <= MAX_CONTROL && reader.message.unwrap_or(0) <= MAX_MESSAGE);
    }
}

#[test]
fn every_rule_has_its_close_code() {
    let mask = [1, 2, 3, 4];
    let check = |bytes: Vec<u8>, expected| assert_eq!(by_byte(&bytes).wrong, expected, "{bytes:?}");
    check(frame(0x81, mask, b"hello"), None);
    check(vec![0x81, 0x05, b'h', b'e', b'l', b'l', b'o'], Some(Wrong::Protocol));
    check(frame(0xC1, mask, b"compressed and not agreed"), Some(Wrong::Protocol));
    check(frame(0x80, mask, b"goes on with nothing"), Some(Wrong::Protocol));
    check([frame(0x01, mask, b"begun"), frame(0x81, mask, b"and begun again")].concat(), Some(Wrong::Protocol));
    check(frame(0x09, mask, b"a ping in parts"), Some(Wrong::Protocol));
    check(frame(0x89, mask, &[b'x'; 126]), Some(Wrong::Protocol));
    check(frame(0x83, mask, b""), Some(Wrong::Protocol));
    check(frame(0x88, mask, b"\x03"), Some(Wrong::Protocol));
    check(frame(0x88, mask, b"\x03\xed"), Some(Wrong::Protocol));
    check(frame(0x88, mask, b"\x03\xe8\xff"), Some(Wrong::Text));
    check(frame(0x82, mask, &[0; 4097]), Some(Wrong::TooLong));
    check([frame(0x01, mask, &[b'x'; 4000]), frame(0x80, mask, &[b'x'; 97])].concat(), Some(Wrong::TooLong));
    assert_eq!([Wrong::Protocol, Wrong::Text, Wrong::TooLong].map(Wrong::code), [1002, 1007, 1009]);
    // Compressed, where that was agreed: it is passed over like everything else.
    assert_eq!(FrameReader::new(true).read(&frame(0xC1, mask, b"\x01\x02")), Ok(Heard::default()));
    assert!(FrameReader::new(true).read(&frame(0xC9, mask, b"")).is_err());
}
