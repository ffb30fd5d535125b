//! The floor: one thread, one epoll, and one `send()` for each client. What a POST brings goes out as it is, framed.

use std::collections::HashMap;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};

use flickr_conduit::frame::Frames;
use rustix::buffer::spare_capacity;
use rustix::event::epoll;
use rustix::net::{RecvFlags, SendFlags, recv, send};
use tungstenite::handshake::derive_accept_key;

use crate::machine::Fallible;

/// Answers on a port that it writes to standard error.
pub(crate) fn run() -> Fallible<()> {
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    rustix::net::listen(&listener, 4096)?;
    listener.set_nonblocking(true)?;
    eprintln!("{}", listener.local_addr()?.port());
    let poll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    add(&poll, &listener, 0)?;
    let mut key = 0;
    let mut http: HashMap<u64, (TcpStream, Vec<u8>)> = HashMap::new();
    let mut clients: Vec<(u64, TcpStream)> = Vec::new();
    let mut events = Vec::with_capacity(256);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        events.clear();
        epoll::wait(&poll, spare_capacity(&mut events), None)?;
        for event in &events {
            let at = event.data.u64();
            if at == 0 {
                while let Ok((stream, _)) = listener.accept() {
                    stream.set_nonblocking(true)?;
                    stream.set_nodelay(true)?;
                    key += 1;
                    add(&poll, &stream, key)?;
                    http.insert(key, (stream, Vec::new()));
                }
                continue;
            }
            let Some((stream, had)) = http.get_mut(&at) else {
                // A client that says something goes.
                if let Some(n) = clients.iter().position(|it| it.0 == at) {
                    clients.swap_remove(n);
                }
                continue;
            };
            let n = recv(&*stream, &mut buffer[..], RecvFlags::empty()).map_or(0, |it| it.0);
            if n == 0 {
                http.remove(&at);
                continue;
            }
            had.extend_from_slice(&buffer[..n]);
            let Some(end) = memchr::memmem::find(had, b"\r\n\r\n").map(|it| it + 4) else { continue };
            let head = String::from_utf8_lossy(&had[..end]).into_owned();
            let header = |name: &str| {
                let line = head.lines().filter_map(|it| it.split_once(':')).find(|it| it.0.eq_ignore_ascii_case(name));
                line.map(|it| it.1.trim().to_owned())
            };
            if let Some(asked) = header("sec-websocket-key") {
                let accept = derive_accept_key(asked.as_bytes());
                write!(
                    stream,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Accept: {accept}\r\n\r\n"
                )?;
                let (stream, _) = http.remove(&at).ok_or("it was there")?;
                clients.push((at, stream));
                continue;
            }
            let len: usize = header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
            if had.len() < end + len {
                continue;
            }
            // Several lines are several messages, in one send.
            let lines = had[end..end + len].split(|it| *it == b'\n').filter(|it| !it.is_empty());
            let bytes: Vec<u8> = lines.flat_map(|it| Frames::text(it).bytes().to_vec()).collect();
            had.drain(..end + len);
            for (_, client) in &clients {
                if send(client, &bytes, SendFlags::NOSIGNAL)? < bytes.len() {
                    return Err("a client takes too little".into());
                }
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
        }
    }
}

fn add(poll: &OwnedFd, fd: impl AsFd, key: u64) -> Fallible<()> {
    epoll::add(poll, fd, epoll::EventData::new_u64(key), epoll::EventFlags::IN)?;
    Ok(())
}
