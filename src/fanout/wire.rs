//! A client's socket: the shard writes, the client's own task reads.

use std::io::{self, IoSlice};
use std::net::Shutdown;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::frame::reader::{FrameReader, Heard, Wrong};

/// What the kernel keeps for a client that takes nothing. By default it grows to 4 MB for each; events are small, and what
/// does not fit has a place in our own queue, where it is shared with others.
const SEND_BUFFER: usize = 64 * 1024;
/// Pongs and closes fit many times over.
const READ_BUFFER: usize = 1024;

/// A socket that two tasks share.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    born: Instant,
    /// Milliseconds after `born`.
    heard: AtomicU64,
    /// The payload of a ping that is to be answered.
    pong: Mutex<Option<Bytes>>,
}

/// Why nothing more is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheard {
    /// The connection is at its end.
    Lost,
    /// The client cannot be understood.
    Wrong(Wrong),
}

impl Wire {
    /// Makes a plain socket that of a stream.
    pub fn new(stream: TcpStream) -> Self {
        // Whatever the kernel thinks of that, the stream works.
        let _ = SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
        let _ = stream.set_nodelay(true);
        Self { stream, born: Instant::now(), heard: AtomicU64::new(0), pong: Mutex::default() }
    }

    /// Writes what the kernel takes of `bytes` at once.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        again(|| self.stream.try_write(bytes))
    }

    /// The same of several pieces, as if they were one.
    pub fn write_all_of(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        match pieces {
            [one] => self.write(one),
            pieces => again(|| self.stream.try_write_vectored(pieces)),
        }
    }

    /// Whether it may take something again. For one task at a time.
    pub fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<()> {
        // An error shows when something is written.
        self.stream.poll_write_ready(cx).map(drop)
    }

    /// Waits for what the client says next. For one task at a time, which `poll_read_ready` wakes in the place of the
    /// HTTP connection that the socket was, so that what is left of that goes.
    pub fn poll_heard(&self, cx: &mut Context<'_>, reader: &mut FrameReader) -> Poll<Result<Heard, Unheard>> {
        // On the stack of this function and not in the task, since thousands of them wait.
        let mut buffer = [0; READ_BUFFER];
        loop {
            match again(|| self.stream.try_read(&mut buffer)) {
                Ok(0) => return Poll::Ready(Err(Unheard::Lost)),
                Ok(n) => {
                    self.note_heard();
                    return Poll::Ready(reader.read(&buffer[..n]).map_err(Unheard::Wrong));
                }
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {
                    if ready!(self.stream.poll_read_ready(cx)).is_err() {
                        return Poll::Ready(Err(Unheard::Lost));
                    }
                }
                Err(_) => return Poll::Ready(Err(Unheard::Lost)),
            }
        }
    }

    /// When the client gave the last sign of life.
    pub fn last_heard(&self) -> Instant {
        self.born + std::time::Duration::from_millis(self.heard.load(Ordering::Relaxed))
    }

    fn note_heard(&self) {
        let ms = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heard.store(ms, Ordering::Relaxed);
    }

    /// Puts the payload of a pong here; says whether none was waiting.
    pub fn put_pong(&self, payload: Bytes) -> bool {
        self.pong.lock().unwrap_or_else(PoisonError::into_inner).replace(payload).is_none()
    }

    /// Takes it.
    pub fn take_pong(&self) -> Option<Bytes> {
        self.pong.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Ends the connection, so that its task reads the end.
    pub fn cut(&self) {
        let _ = SockRef::from(&self.stream).shutdown(Shutdown::Both);
    }
}

fn again<T>(mut io: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match io() {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
