//! The doctor: everything that can be wrong is provoked, and the true cause is named, with its remedy.

mod causes;
mod program;

use std::time::Duration;

use flickr_conduit::clock::Clock;
use flickr_conduit::conduit::Conduit;
use flickr_conduit::config::{Config, FlickrHub, Secret};
use flickr_conduit::doctor::{Check, Finding, Runs};
use flickr_conduit::hub::people::{PEOPLE, Person};
use flickr_conduit::practice::{KEY, SECRET};
use flickr_conduit::topic::Topic;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::support::Served;
use crate::support::gate::{Habit, gate};
use crate::support::practice::{PracticeFlickr, haste, hasty};
use crate::support::visitor::Visitor;

/// A server at a practice Flickr, behind a proxy with a habit if there is one.
pub(crate) struct Patient {
    pub(crate) flickr: PracticeFlickr,
    pub(crate) served: Served,
}

/// How a patient is made.
struct Making {
    habit: Option<Habit>,
    /// Only when no proxy is asked for.
    public_url: Option<String>,
    hub: FlickrHub,
    key: &'static str,
    secret: &'static str,
    clock: Clock,
    dir: TempDir,
}

impl Default for Making {
    /// As it should be: all that it finds is good.
    fn default() -> Self {
        Self {
            habit: Some(Habit::Passes),
            public_url: None,
            hub: FlickrHub::Auto,
            key: KEY,
            secret: SECRET,
            clock: Clock::system(),
            dir: tempfile::tempdir().unwrap(),
        }
    }
}

impl Patient {
    async fn new() -> Self {
        Self::made(Making::default()).await
    }

    async fn at_hub(hub: FlickrHub) -> Self {
        Self::made(Making { hub, ..Making::default() }).await
    }

    async fn made(it: Making) -> Self {
        let flickr = PracticeFlickr::new(haste()).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let public_url = match it.habit {
            Some(habit) => {
                Some(format!("http://127.0.0.1:{}", gate(habit, watch::Sender::new(port).subscribe()).await))
            }
            None => it.public_url,
        };
        let config = Config {
            public_url: public_url.map(|it| it.parse().unwrap()),
            flickr_app: Some((Secret::new(it.key), Secret::new(it.secret))),
            flickr_url: Some(flickr.base.parse().unwrap()),
            flickr_hub: it.hub,
            ..Config::local(it.dir.path())
        };
        let conduit = Conduit::open_with(&config, port, it.clock).unwrap().with_rhythm(hasty());
        Self { flickr, served: Served::start(conduit, listener, it.dir, port) }
    }

    /// Somebody who signs in.
    async fn sign_in(&self, person: &Person) -> Visitor {
        let mut visitor = Visitor::new(&self.served.conduit.public_url().to_string());
        visitor.sign_in(person.nsid).await;
        visitor
    }

    /// Signs in, and wants a topic; waits until it stands one way or another.
    async fn subscribe(&self, person: &Person, topic: Topic) -> flickr_conduit::store::Subscription {
        self.sign_in(person).await;
        let subscriber = self.served.conduit.subscriber();
        let events = subscriber.want(person.nsid, &[topic]).await.unwrap();
        subscriber.settle(&events, Duration::from_secs(10)).await.unwrap().remove(0)
    }

    async fn examine(&self) -> Vec<Check> {
        self.served.conduit.examine(Runs::Yes).await.unwrap()
    }

    async fn end(self) {
        self.served.stop().await;
        self.flickr.stop().await;
    }
}

/// The causes that were found, and whether each is more than a notice.
fn causes(checks: &[Check]) -> Vec<(&'static str, bool)> {
    let found = |it: &Check| Some((it.cause()?.code(), matches!(it.finding, Finding::Bad(_))));
    checks.iter().filter_map(found).collect()
}

fn lines(checks: &[Check]) -> String {
    checks.iter().map(|it| format!("{}\n", it.told())).collect()
}

#[tokio::test]
async fn where_nothing_is_wrong_nothing_is_found() {
    let patient = Patient::new().await;
    patient.subscribe(&PEOPLE[0], Topic::MyFaves).await;
    let checks = patient.examine().await;
    // To be known all the same: a test can be reached from this machine only, and the bridge may have asked already.
    let beside = ["not-from-outside", "nothing-happened"];
    let found: Vec<_> = causes(&checks).into_iter().filter(|(it, _)| !beside.contains(it)).collect();
    assert_eq!(found, [], "{}", lines(&checks));
    let text = lines(&checks);
    for good in [
        "DATA_DIR",
        "clock",
        "proxy query",
        "proxy stream",
        "proxy socket",
        "Flickr",
        "FLICKR_KEY",
        "budget",
        "permission",
        "subscription",
    ] {
        assert!(text.contains(&format!("{good:<12} ✓")), "{good}\n{text}");
    }
    patient.end().await;
}

#[tokio::test]
async fn an_account_is_told_of_what_is_its_own_and_nobody_elses() {
    let patient = Patient::new().await;
    patient.subscribe(&PEOPLE[0], Topic::MyFaves).await;
    patient.subscribe(&PEOPLE[1], Topic::MyFaves).await;
    let mut ida = patient.sign_in(&PEOPLE[0]).await;
    let page = ida.get("/debug/doctor").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(PEOPLE[0].nsid) && !page.text.contains(PEOPLE[1].nsid));
    assert!(!page.text.contains("DATA_DIR"), "the folder is the operator's");
    let mut stranger = Visitor::new(&patient.served.conduit.public_url().to_string());
    assert_eq!(stranger.get("/debug/doctor").await.status, 403);
    patient.end().await;
}
