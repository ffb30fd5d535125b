//! A wall as it hangs somewhere: the program, a network with weather, and pictures at the other end of the same network.

use std::collections::BTreeMap;

use flickr_conduit::conduit::Minted;
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use tempfile::TempDir;
use tokio::sync::watch;

use super::feeds::{self, Upload};
use super::network::Network;
use super::path;
use super::pictures::{Fault, Pictures, picture_path};
use super::program::{Program, command, mint_at};

/// People who post: enough that no owner has more than a share of the wall.
const OWNERS: u64 = 12;

/// A photo that was delivered, as a test knows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Photo {
    pub(crate) id: u64,
    pub(crate) title: String,
    pub(crate) owner: String,
    pub(crate) size: (u32, u32),
    pub(crate) fault: Option<Fault>,
}

pub(crate) struct House {
    pub(crate) network: Network,
    pub(crate) pictures: Pictures,
    pub(crate) minted: Minted,
    /// What was delivered and not removed, by id.
    pub(crate) photos: BTreeMap<u64, Photo>,
    dir: TempDir,
    program: Option<Program>,
    server: watch::Sender<u16>,
    public_url: String,
    picture_door: u16,
    client: Client,
    next: u64,
}

impl House {
    /// All of it, with the server up and nothing delivered.
    pub(crate) async fn build() -> Self {
        let (dir, network, pictures) = (tempfile::tempdir().unwrap(), Network::new(), Pictures::serve().await);
        let server = watch::Sender::new(0);
        let door = network.door(server.subscribe()).await;
        let picture_door = network.door(watch::Sender::new(pictures.port).subscribe()).await;
        let public_url = format!("http://127.0.0.1:{door}");
        let minted = mint_at(dir.path(), &public_url, "kittens").await;
        let client = flickr_conduit::hub::endpoint::client().unwrap();
        let mut house = Self {
            network,
            pictures,
            minted,
            photos: BTreeMap::new(),
            dir,
            program: None,
            server,
            public_url,
            picture_door,
            client,
            next: 53_000_000_001,
        };
        house.start().await;
        house
    }

    /// From now on all is about another event name's wall, on which nothing has been yet.
    pub(crate) async fn turn_to(&mut self, event: &str) {
        self.minted = mint_at(self.dir.path(), &self.public_url, event).await;
    }

    /// The server is up, on the same port as before.
    pub(crate) async fn start(&mut self) {
        let mut command = command(self.dir.path());
        let port = self.server.borrow().to_string();
        // Page time runs up to 20 times as fast, and the page knows that a server says something each 25 seconds.
        command.env("HEARTBEAT_SECONDS", "1").args(["serve", "--port", &port, "--public-url", &self.public_url]);
        let program = Program::start(command).await;
        self.server.send_replace(program.port);
        self.program = Some(program);
    }

    /// SIGKILL.
    pub(crate) async fn kill(&mut self) {
        self.program.take().expect("it runs").kill().await;
    }

    /// SIGTERM, as for a new release.
    pub(crate) async fn stop(&mut self) {
        let (status, log) = self.program.take().expect("it runs").terminate().await;
        assert!(status.success(), "{log:#?}");
    }

    /// Another photo, which nobody knows yet.
    pub(crate) fn photo(&mut self, size: (u32, u32)) -> Photo {
        let id = self.next;
        self.next += 1;
        let owner = format!("Owner {}", id % OWNERS);
        Photo { id, title: format!("Photo {id}"), owner, size, fault: None }
    }

    pub(crate) fn broken(&mut self, fault: Fault) -> Photo {
        Photo { fault: Some(fault), ..self.photo((640, 480)) }
    }

    /// A hub delivers these, posted `ahead` of now: what page time is ahead of ours.
    pub(crate) async fn deliver(&mut self, photos: &[Photo], ahead: SignedDuration) {
        let time = (Timestamp::from_second(epoch()).unwrap() + ahead).to_string();
        let upload = |it: &Photo| Upload {
            id: it.id,
            title: it.title.clone(),
            owner: it.owner.clone(),
            nsid: format!("{}@N00", 10_000 + it.owner.len() as u64 * 100 + it.id % OWNERS),
            image: format!("http://127.0.0.1:{}{}", self.picture_door, picture_path(it.id, it.size, it.fault)),
            size: it.size,
            time: time.clone(),
        };
        self.post(feeds::uploads(&photos.iter().map(upload).collect::<Vec<_>>())).await;
        self.photos.extend(photos.iter().map(|it| (it.id, it.clone())));
    }

    /// A photo is deleted at Flickr.
    pub(crate) async fn remove(&mut self, id: u64) {
        self.post(feeds::removed(id)).await;
        self.photos.remove(&id);
    }

    /// Hubs reach the server by another way than browsers do.
    async fn post(&self, body: String) {
        let address = format!("http://127.0.0.1:{}{}", *self.server.borrow(), path(&self.minted.callback));
        let posted = self.client.post(address).body(body).send().await.unwrap();
        assert!(posted.status().is_success(), "{}", posted.text().await.unwrap());
    }
}

/// The time of day, in seconds. Tests that tell a server what a hub would say need the same one as the server.
pub(crate) fn epoch() -> i64 {
    flickr_conduit::clock::Clock::system().now().as_second()
}
