//! A practice Flickr that listens, and a conduit that is signed in there.

use std::time::Duration;

use flickr_conduit::Conduit;
use flickr_conduit::clock::Clock;
use flickr_conduit::config::{Config, FlickrHub, Secret};
use flickr_conduit::hub::engine::Settings;
use flickr_conduit::hub::people::{self, Person};
use flickr_conduit::practice::stage::{Act, play};
use flickr_conduit::practice::{Choice, KEY, Practice, SECRET};
use flickr_conduit::subscriber::Rhythm;
use jiff::SignedDuration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Served;
use super::visitor::Visitor;

/// A practice Flickr in which nothing happens by itself.
pub(crate) struct PracticeFlickr {
    pub(crate) practice: Practice,
    pub(crate) base: String,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// The hub in haste: for tests that wait for it.
pub(crate) fn haste() -> Settings {
    Settings {
        delay: Duration::from_millis(50),
        refill: Duration::from_millis(200),
        late: Duration::from_millis(600),
        aside: Duration::from_millis(600),
        verified_late: Duration::from_millis(1500),
        sync_limit: Duration::from_millis(700),
        ..Settings::default()
    }
}

impl PracticeFlickr {
    pub(crate) async fn new(hub: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let choice = Choice { base: base.clone(), rate: 0.0, seed: 7, hub };
        let practice = Practice::new(choice, Clock::system()).unwrap();
        let stop = CancellationToken::new();
        let (router, run, running) = (practice.router(), practice.clone(), stop.clone());
        let tasks = vec![
            tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }),
            tokio::spawn(async move { run.run(running).await }),
        ];
        Self { practice, base, stop, tasks }
    }

    /// Somebody does something there.
    pub(crate) fn play(&self, person: &'static Person, act: Act) {
        play(self.practice.realm(), person, act).unwrap();
    }

    /// The newest photo of `owner`'s.
    pub(crate) fn newest(&self, owner: &Person) -> u64 {
        self.practice.realm().world(|world| world.photos_of(owner, Some(owner))[0].id)
    }

    /// The subscriptions of `person` at this hub that are verified.
    pub(crate) fn subscriptions(&self, person: &Person) -> Vec<String> {
        let all = self.practice.realm().hub.subscriptions(person.nsid);
        all.iter().filter(|it| !it.pending).map(|it| it.callback.to_string()).collect()
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
    }
}

/// Looks after its subscriptions in haste.
pub(crate) fn hasty() -> Rhythm {
    Rhythm {
        check: SignedDuration::from_millis(300),
        verification: SignedDuration::from_millis(500),
        silence: SignedDuration::from_secs(1),
        first_pause: SignedDuration::from_millis(200),
        longest_pause: SignedDuration::from_secs(1),
        ..Rhythm::default()
    }
}

/// A conduit that listens, and whose Flickr is `flickr`.
pub(crate) async fn serve(flickr: &PracticeFlickr, dir: TempDir, patience: SignedDuration) -> Served {
    serve_at(flickr, dir, patience, 0).await
}

/// The same on a port of one's choice: callbacks are for one port.
pub(crate) async fn serve_at(flickr: &PracticeFlickr, dir: TempDir, patience: SignedDuration, port: u16) -> Served {
    let push_only = |config: Config| Config { flickr_hub: FlickrHub::Flickr, patience, ..config };
    serve_with(flickr, dir, port, push_only, |conduit| conduit).await
}

/// The same, with the bridge where the push does not work, unless `configure` says otherwise; `build` makes it hasty.
pub(crate) async fn serve_with(
    flickr: &PracticeFlickr,
    dir: TempDir,
    port: u16,
    configure: impl FnOnce(Config) -> Config,
    build: impl FnOnce(Conduit) -> Conduit,
) -> Served {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Config {
        flickr_app: Some((Secret::new(KEY), Secret::new(SECRET))),
        flickr_url: Some(flickr.base.parse().unwrap()),
        ..Config::local(dir.path())
    };
    let conduit = build(Conduit::open(&configure(config), port).unwrap().with_rhythm(hasty()));
    Served::start(conduit, listener, dir, port)
}

/// Somebody who has signed in.
pub(crate) async fn visitor(served: &Served, person: &Person) -> Visitor {
    let mut visitor = Visitor::new(&format!("http://localhost:{}", served.port));
    visitor.sign_in(person.nsid).await;
    visitor
}

/// Two people of whom the first has the second as a contact.
pub(crate) fn friends() -> (&'static Person, &'static Person) {
    let me = &people::PEOPLE[0];
    (me, people::contacts(me.nsid)[0])
}

/// The practice Flickr's pictures alone, on a port of their own; with its base.
pub(crate) async fn practice_pictures() -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let serving =
        tokio::spawn(async move { axum::serve(listener, flickr_conduit::practice::pictures::router()).await.unwrap() });
    (base, serving)
}

/// The address of a practice photo's picture, for its entry.
pub(crate) fn practice_picture(base: &str, id: u64, size: &str) -> String {
    use flickr_conduit::hub::picture::{Picture, SERVER, Size};
    format!("{base}/{SERVER}/{}", Picture::of(id).file(Size::of(size).unwrap()))
}
