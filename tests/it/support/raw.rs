//! A WebSocket client that looks at the bytes themselves: it takes what it likes, when it likes, and sees half a frame.

use bytes::{Buf, BytesMut};
use flate2::{Decompress, FlushDecompress};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::{LIMIT, path};

pub(crate) struct Raw {
    stream: TcpStream,
    unread: BytesMut,
    /// What the server agreed to beside RFC 6455 itself.
    pub(crate) extensions: Option<String>,
    /// How many of its messages were compressed.
    pub(crate) n_deflated: usize,
}

/// What the server sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Sent {
    Text(String),
    Ping,
    Pong(Vec<u8>),
    Close(Option<u16>),
    /// The connection is at its end, and so many bytes of a frame are left over.
    End(usize),
}

impl Raw {
    /// Opens the stream at `address` with a small buffer in the kernel, so that it is soon full.
    pub(crate) async fn open(address: &str, extensions: Option<&str>) -> Self {
        let port = address.split('/').nth(2).unwrap().rsplit_once(':').unwrap().1;
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(32 * 1024).unwrap();
        let to = ([127, 0, 0, 1], port.parse().unwrap()).into();
        let mut stream = timeout(LIMIT, socket.connect(to)).await.unwrap().unwrap();
        let extensions = extensions.map(|it| format!("Sec-WebSocket-Extensions: {it}\r\n")).unwrap_or_default();
        let hello = format!(
            "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n{extensions}\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            path(address)
        );
        stream.write_all(hello.as_bytes()).await.unwrap();
        let mut unread = BytesMut::new();
        let end = loop {
            if let Some(at) = unread.windows(4).position(|it| it == b"\r\n\r\n") {
                break at + 4;
            }
            let n = timeout(LIMIT, stream.read_buf(&mut unread)).await.expect("an answer").unwrap();
            assert!(n > 0, "{}", String::from_utf8_lossy(&unread));
        };
        let head = String::from_utf8(unread.split_to(end).to_vec()).unwrap();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        // The example of RFC 6455 section 1.3.
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        let line = head.lines().find(|it| it.to_ascii_lowercase().starts_with("sec-websocket-extensions:"));
        let extensions = line.map(|it| it.split_once(':').unwrap().1.trim().to_owned());
        Self { stream, unread, extensions, n_deflated: 0 }
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> Sent {
        loop {
            if let Some(sent) = self.parse() {
                return sent;
            }
            match timeout(LIMIT, self.stream.read_buf(&mut self.unread)).await.expect("a frame in time") {
                Ok(n) if n > 0 => {}
                _ => return Sent::End(self.unread.len()),
            }
        }
    }

    fn parse(&mut self) -> Option<Sent> {
        let (first, second) = (*self.unread.first()?, *self.unread.get(1)?);
        let (header, len) = match second {
            126 => (4, usize::from(u16::from_be_bytes([*self.unread.get(2)?, *self.unread.get(3)?]))),
            127 => panic!("no message of ours is so long"),
            len => (2, usize::from(len)),
        };
        if self.unread.len() < header + len {
            return None;
        }
        self.unread.advance(header);
        let payload = self.unread.split_to(len).to_vec();
        Some(match first {
            0x81 => Sent::Text(String::from_utf8(payload).unwrap()),
            0xC1 => {
                assert!(self.extensions.is_some(), "compressed without having been agreed");
                self.n_deflated += 1;
                Sent::Text(inflate(payload))
            }
            0x88 => Sent::Close((payload.len() >= 2).then(|| u16::from_be_bytes([payload[0], payload[1]]))),
            0x89 => Sent::Ping,
            0x8A => Sent::Pong(payload),
            _ => panic!("a frame that begins with {first:#x}"),
        })
    }

    /// Sends one frame: its first byte, and what is in it. It is lost when the connection is.
    pub(crate) async fn say(&mut self, first: u8, payload: &[u8]) {
        let len = 0x80 | u8::try_from(payload.len()).unwrap();
        // A mask of zeros is one too.
        let _ = self.stream.write_all(&[&[first, len, 0, 0, 0, 0], payload].concat()).await;
    }
}

fn inflate(mut payload: Vec<u8>) -> String {
    payload.extend_from_slice(&[0, 0, 0xff, 0xff]);
    let mut text = Vec::with_capacity(64 * 1024);
    Decompress::new(false).decompress_vec(&payload, &mut text, FlushDecompress::Sync).unwrap();
    String::from_utf8(text).unwrap()
}
