//! The servers, and what is delivered to them.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flickr_conduit::bus::item::Item;
use flickr_conduit::bus::position::{Epoch, Position};
use flickr_conduit::conduit::{Minted, mint};
use flickr_conduit::config::PublicUrl;
use flickr_conduit::event_name::EventName;
use flickr_conduit::feed;
use flickr_conduit::signing::Keys;

use crate::clients::MARK;
use crate::machine::{Fallible, Process};

const SECRET_KEY: &str = "a secret of some length";
const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// A kind of server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Peer {
    Floor,
    Ours,
    Bun(PathBuf),
    Nchan,
}

/// One that runs.
pub(crate) struct Server {
    pub(crate) process: Process,
    pub(crate) port: u16,
    peer: Peer,
}

impl Peer {
    /// The floor, ours, and what else is installed; what is not is said.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::Floor, Self::Ours];
        match std::env::var_os("BENCH_BUN") {
            Some(path) => all.push(Self::Bun(path.into())),
            None => println!("bun is absent: BENCH_BUN names no program"),
        }
        if Path::new(NCHAN).exists() {
            all.push(Self::Nchan);
        } else {
            println!("nchan is absent: there is no {NCHAN}");
        }
        all
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Ours => "ours",
            Self::Bun(_) => "bun",
            Self::Nchan => "nchan",
        }
    }

    /// Starts one, with a folder of its own.
    pub(crate) fn start(&self) -> Fallible<Server> {
        self.start_in(tempfile::tempdir()?)
    }

    pub(crate) fn start_in(&self, folder: tempfile::TempDir) -> Fallible<Server> {
        let path = folder.path().display().to_string();
        let mut command = match self {
            Self::Floor => {
                let mut command = Command::new(std::env::current_exe()?);
                command.arg("floor");
                command
            }
            Self::Ours => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_flickr-conduit"));
                command.args(["serve", "--port", "0"]).env_clear();
                command.env("DATA_DIR", &path).env("SECRET_KEY", SECRET_KEY);
                command
            }
            Self::Bun(bun) => {
                std::fs::write(folder.path().join("bun.ts"), BUN)?;
                let mut command = Command::new(bun);
                command.arg(folder.path().join("bun.ts"));
                command
            }
            Self::Nchan => {
                std::fs::write(folder.path().join("nginx.conf"), NGINX.replace("@FOLDER@", &path))?;
                let mut command = Command::new("nginx");
                command.arg("-c").arg(folder.path().join("nginx.conf"));
                command
            }
        };
        let tells = matches!(self, Self::Floor | Self::Ours);
        command.stderr(if tells { Stdio::piped() } else { Stdio::null() });
        let mut process = Process::start(command, folder)?;
        let port = match self {
            Self::Bun(_) => 9107,
            Self::Nchan => 9101,
            Self::Floor | Self::Ours => {
                let mut lines = BufReader::new(process.stderr().ok_or("no stderr")?).lines();
                let port = loop {
                    let line = lines.next().ok_or("it ended before it listened")??;
                    if let Ok(port) = line.parse() {
                        break port;
                    }
                    let line: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                    if line["message"] == "listening" {
                        let address = line["address"].as_str().unwrap_or_default();
                        break address.rsplit_once(':').ok_or("no port")?.1.parse()?;
                    }
                };
                std::thread::spawn(move || lines.for_each(drop));
                port
            }
        };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if begun.elapsed() > Duration::from_secs(5) {
                return Err(format!("{} does not listen on {port}", self.name()).into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Server { process, port, peer: self.clone() })
    }
}

/// The addresses of the event with this number.
pub(crate) fn minted(port: u16, name: usize) -> Fallible<Minted> {
    Ok(mint(&Keys::derive(SECRET_KEY), &PublicUrl::localhost(port), &event(name))?)
}

/// The event name with this number.
pub(crate) fn event(name: usize) -> String {
    format!("bench-{name}")
}

fn path(address: &str) -> Fallible<&str> {
    Ok(&address[address.match_indices('/').nth(2).ok_or("a path")?.0..])
}

impl Server {
    /// Where a client follows the event name with this number, from now on.
    pub(crate) fn stream(&self, name: usize) -> Fallible<String> {
        Ok(match self.peer {
            Peer::Ours => format!("{}&last=0", path(&minted(self.port, name)?.stream)?),
            _ => "/ws".into(),
        })
    }

    /// A delivery of the photos `first..first + n` under this name: Atom for us, and for the others the messages that we
    /// make of it.
    pub(crate) fn request(&self, name: usize, first: usize, n: usize) -> Fallible<Vec<u8>> {
        let (path, body) = match self.peer {
            Peer::Ours => (path(&minted(self.port, name)?.callback)?.to_owned(), atom(first, n)),
            _ => ("/pub".into(), messages(name, first, n)?),
        };
        let port = self.port;
        let head = format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\n\r\n", body.len());
        Ok((head + &body).into_bytes())
    }
}

/// What a stream says of the same photos, a line each.
fn messages(name: usize, first: usize, n: usize) -> Fallible<String> {
    let read = feed::read(atom(first, n).as_bytes())?;
    let event: EventName = event(name).parse()?;
    let mut lines = Vec::new();
    for (at, photo) in read.events.iter().enumerate() {
        let position = Position { epoch: Epoch::from_random([7; 8]), offset: i64::try_from(first + at + 1)? };
        let item = Item::new(event.clone(), position, &serde_json::to_string(photo)?);
        lines.push(String::from_utf8(item.json.to_vec())?);
    }
    Ok(lines.join("\n"))
}

/// A feed as Flickr pushed it.
pub(crate) fn atom(first: usize, n: usize) -> String {
    let mut feed = String::from(
        r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:flickr="urn:flickr:user" xmlns:media="http://search.yahoo.com/mrss/">
  <title>Photos from your contacts</title>
"#,
    );
    for number in first..first + n {
        let id = 53_000_000_000 + number;
        let _ = write!(
            feed,
            r#"  <entry>
    <title>{MARK}{number:09} in the evening</title>
    <link rel="alternate" type="text/html" href="https://www.flickr.com/photos/12345678@N00/{id}/"/>
    <id>tag:flickr.com,2005:/photo/{id}</id>
    <published>2026-11-22T11:00:00Z</published>
    <updated>2026-11-22T11:00:00Z</updated>
    <content type="html">&lt;p&gt;&lt;a href=&quot;https://www.flickr.com/people/nolan/&quot;&gt;Nolan&lt;/a&gt; posted a photo:&lt;/p&gt;
&lt;p&gt;&lt;img src=&quot;https://live.staticflickr.com/65535/{id}_0123456789_m.jpg&quot; width=&quot;240&quot; height=&quot;160&quot; /&gt;&lt;/p&gt;</content>
    <author><name>Nolan</name><uri>https://www.flickr.com/people/nolan/</uri><flickr:nsid>12345678@N00</flickr:nsid></author>
    <flickr:update type="created"/>
    <media:content url="https://live.staticflickr.com/65535/{id}_0123456789_b.jpg" type="image/jpeg" height="683" width="1024"/>
    <media:category scheme="urn:flickr:tags">kitten cat sofa</media:category>
  </entry>
"#
        );
    }
    feed + "</feed>\n"
}

const BUN: &str = r#"const server = Bun.serve({
  hostname: "127.0.0.1", port: 9107,
  async fetch(req, server) {
    if (new URL(req.url).pathname === "/ws") return server.upgrade(req) ? undefined : new Response("no", { status: 400 });
    server.publish("photos", await req.text());
    return new Response("");
  },
  websocket: { perMessageDeflate: false, open(ws) { ws.subscribe("photos"); }, message() {} },
});
"#;

const NGINX: &str = "load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
user root;
pid @FOLDER@/nginx.pid;
error_log @FOLDER@/nginx.err error;
worker_processes 1;
worker_rlimit_nofile 20000;
events { worker_connections 16384; }
http {
  access_log off;
  client_body_temp_path @FOLDER@/body; proxy_temp_path @FOLDER@/proxy; fastcgi_temp_path @FOLDER@/fcgi;
  uwsgi_temp_path @FOLDER@/uwsgi; scgi_temp_path @FOLDER@/scgi;
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:9101 backlog=4096;
    location = /pub { nchan_publisher; nchan_channel_id photos; }
    location = /ws { nchan_subscriber websocket; nchan_channel_id photos; nchan_subscriber_first_message newest; }
  }
}
";
