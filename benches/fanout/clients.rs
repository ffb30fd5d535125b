//! Many clients and some publishers in one epoll loop, every delivery accounted for.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::epoll;

use crate::machine::Fallible;

/// Stands before the number of an event in its title.
pub(crate) const MARK: &str = "@@";
const LIMIT: Duration = Duration::from_secs(60);
/// Keys of publishers in the epoll begin here.
const PUBLISHERS: u64 = 1 << 32;

/// A client that reads.
struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
    next: usize,
}

/// A connection that delivers, one request at a time.
struct Publisher {
    stream: TcpStream,
    answer: Vec<u8>,
    is_waiting: bool,
}

/// All of them.
pub(crate) struct Clients {
    poll: std::os::fd::OwnedFd,
    clients: Vec<Client>,
    publishers: Vec<Publisher>,
    _stalled: Vec<TcpStream>,
    events: Vec<epoll::Event>,
    buffer: Vec<u8>,
    /// Events received by all clients together, and answers.
    received: usize,
    answers: usize,
    finder: memchr::memmem::Finder<'static>,
}

impl Clients {
    pub(crate) fn new() -> Fallible<Self> {
        Ok(Self {
            poll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            clients: Vec::new(),
            publishers: Vec::new(),
            _stalled: Vec::new(),
            events: Vec::with_capacity(1024),
            buffer: vec![0; 256 * 1024],
            received: 0,
            answers: 0,
            finder: memchr::memmem::Finder::new(MARK),
        })
    }

    /// Opens a WebSocket, that expects the event with the number `next`.
    pub(crate) fn open(&mut self, port: u16, path: &str, next: usize) -> Fallible<()> {
        let (stream, unread) = shake_hands(port, path)?;
        stream.set_nonblocking(true)?;
        self.add(&stream, self.clients.len() as u64)?;
        self.clients.push(Client { stream, unread, next });
        Ok(())
    }

    /// Opens one that never reads, with a small buffer.
    pub(crate) fn open_stalled(&mut self, port: u16, path: &str) -> Fallible<()> {
        let (stream, _) = shake_hands(port, path)?;
        socket2::SockRef::from(&stream).set_recv_buffer_size(4096)?;
        self._stalled.push(stream);
        Ok(())
    }

    /// Opens a connection to deliver by.
    pub(crate) fn publisher(&mut self, port: u16) -> Fallible<()> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        self.add(&stream, PUBLISHERS + self.publishers.len() as u64)?;
        self.publishers.push(Publisher { stream, answer: Vec::new(), is_waiting: false });
        Ok(())
    }

    fn add(&self, stream: &TcpStream, key: u64) -> Fallible<()> {
        epoll::add(&self.poll, stream, epoll::EventData::new_u64(key), epoll::EventFlags::IN)?;
        Ok(())
    }

    /// Delivers `request` by a publisher that waits for no answer; whether there was one.
    pub(crate) fn deliver(&mut self, request: &[u8]) -> Fallible<bool> {
        let Some(publisher) = self.publishers.iter_mut().find(|it| !it.is_waiting) else { return Ok(false) };
        publisher.is_waiting = true;
        let mut left = request;
        while !left.is_empty() {
            match publisher.stream.write(left) {
                Ok(n) => left = &left[n..],
                Err(cause) if cause.kind() == std::io::ErrorKind::WouldBlock => std::thread::yield_now(),
                Err(cause) => return Err(cause.into()),
            }
        }
        Ok(true)
    }

    /// Reads until so many events were received and so many answers came; both count from the beginning.
    pub(crate) fn until(&mut self, received: usize, answers: usize) -> Fallible<()> {
        let begun = Instant::now();
        while self.received < received || self.answers < answers {
            self.poll(Some(Duration::from_secs(1)))?;
            if begun.elapsed() > LIMIT {
                return Err(format!(
                    "{} of {received} events received, {} of {answers} answers",
                    self.received, self.answers
                )
                .into());
            }
        }
        Ok(())
    }

    /// Reads what is there, or comes within `wait`.
    pub(crate) fn poll(&mut self, wait: Option<Duration>) -> Fallible<()> {
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        let wait = wait.and_then(|it| rustix::event::Timespec::try_from(it).ok());
        epoll::wait(&self.poll, spare_capacity(&mut events), wait.as_ref())?;
        for event in &events {
            match event.data.u64() {
                key if key >= PUBLISHERS => self.answer(usize::try_from(key - PUBLISHERS)?)?,
                key => self.read(usize::try_from(key)?)?,
            }
        }
        self.events = events;
        Ok(())
    }

    pub(crate) fn received(&self) -> usize {
        self.received
    }

    pub(crate) fn answers(&self) -> usize {
        self.answers
    }

    fn answer(&mut self, at: usize) -> Fallible<()> {
        let publisher = &mut self.publishers[at];
        let n = publisher.stream.read(&mut self.buffer)?;
        publisher.answer.extend_from_slice(&self.buffer[..n]);
        let Some(end) = memchr::memmem::find(&publisher.answer, b"\r\n\r\n") else { return Ok(()) };
        let head = String::from_utf8_lossy(&publisher.answer[..end]).to_ascii_lowercase();
        let len = head.lines().find_map(|it| it.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if publisher.answer.len() >= end + 4 + len.unwrap_or(0) {
            if !head.starts_with("http/1.1 20") {
                return Err(String::from_utf8_lossy(&publisher.answer).into());
            }
            publisher.answer.clear();
            publisher.is_waiting = false;
            self.answers += 1;
        }
        Ok(())
    }

    fn read(&mut self, at: usize) -> Fallible<()> {
        let client = &mut self.clients[at];
        let had = client.unread.len();
        self.buffer[..had].copy_from_slice(&client.unread);
        let n = client.stream.read(&mut self.buffer[had..])?;
        if n == 0 {
            return Err("a client was sent away".into());
        }
        let mut bytes = &self.buffer[..had + n];
        while let Some((first, payload, rest)) = frame(bytes) {
            bytes = rest;
            match first & 0x0F {
                1 => {
                    let Some(mark) = self.finder.find(payload) else { continue };
                    let number = &payload[mark + MARK.len()..][..9];
                    let number: usize = std::str::from_utf8(number)?.parse()?;
                    if number != client.next {
                        return Err(format!("event {number} where {} was to come", client.next).into());
                    }
                    client.next += 1;
                    self.received += 1;
                }
                // A pong; the mask is zero.
                9 => client.stream.write_all(&[0x8A, 0x80, 0, 0, 0, 0])?,
                8 => return Err(format!("closed: {}", String::from_utf8_lossy(payload)).into()),
                _ => {}
            }
        }
        client.unread.clear();
        client.unread.extend_from_slice(bytes);
        Ok(())
    }
}

/// The first frame, its payload, and what follows.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (header, len) = match second {
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        len => (2, usize::from(len)),
    };
    let rest = bytes.get(header..)?;
    (rest.len() >= len).then(|| (first, &rest[..len], &rest[len..]))
}

/// A socket, and what came behind the handshake.
fn shake_hands(port: u16, path: &str) -> Fallible<(TcpStream, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    // Ends with a reset: thousands of sockets in TIME_WAIT would be in the way of the next ones.
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    stream.set_nodelay(true)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )?;
    let mut had = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            return Err("no WebSocket".into());
        }
        had.extend_from_slice(&buffer[..n]);
        if let Some(end) = memchr::memmem::find(&had, b"\r\n\r\n") {
            if !had.starts_with(b"HTTP/1.1 101") {
                return Err(String::from_utf8_lossy(&had).into());
            }
            return Ok((stream, had.split_off(end + 4)));
        }
    }
}
