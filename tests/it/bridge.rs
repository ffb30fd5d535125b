//! The bridge, against a practice Flickr whose push is switched off, and on again: what real Flickr's push is like, and
//! what it might be like one day.

mod browser;
mod gone;

use std::time::Duration;

use flickr_conduit::config::{Config, FlickrHub};
use flickr_conduit::event_name::EventName;
use flickr_conduit::hub::bridge::schedule::Pace;
use flickr_conduit::hub::bridge::{Settings, Wish};
use flickr_conduit::hub::engine::{self, Interest};
use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people::Person;
use flickr_conduit::practice::stage::Act;
use flickr_conduit::store::Subscription;
use flickr_conduit::subscriber::Stage;
use flickr_conduit::topic::Topic;

use crate::support::practice::{PracticeFlickr, friends, haste, serve_with, visitor};
use crate::support::socket::Socket;
use crate::support::{Served, until};

/// The bridge in haste: for tests that wait for it.
pub(crate) fn hurried() -> Settings {
    let ms = Duration::from_millis;
    Settings {
        pace: Pace {
            busiest: ms(150),
            quiet: ms(250),
            backup: ms(300),
            routine: ms(1_000),
            gap: ms(20),
            hourly: 500_000.0,
            ..Pace::default()
        },
        engine: engine::Settings { delay: ms(20), refill: ms(100), ..engine::Settings::default() },
        look: ms(100),
        write: ms(200),
        check: ms(50),
        checks: vec![ms(400), ms(1_500)],
        ..Settings::default()
    }
}

struct Story {
    flickr: PracticeFlickr,
    served: Served,
    me: &'static Person,
    contact: &'static Person,
}

impl Story {
    async fn begin(hub: FlickrHub, push: bool) -> Self {
        let flickr = PracticeFlickr::new(haste()).await;
        flickr.practice.realm().faults.set(Fault::PushOff, u32::from(!push));
        Self::at(flickr, tempfile::tempdir().unwrap(), 0, hub, true).await
    }

    async fn at(flickr: PracticeFlickr, dir: tempfile::TempDir, port: u16, hub: FlickrHub, keyed: bool) -> Self {
        Self::with(flickr, dir, port, hub, keyed, hurried()).await
    }

    async fn with(
        flickr: PracticeFlickr,
        dir: tempfile::TempDir,
        port: u16,
        hub: FlickrHub,
        keyed: bool,
        settings: Settings,
    ) -> Self {
        let configure =
            |config: Config| Config { flickr_hub: hub, flickr_app: config.flickr_app.filter(|_| keyed), ..config };
        let served = serve_with(&flickr, dir, port, configure, |conduit| conduit.with_bridge(settings)).await;
        let (me, contact) = friends();
        Self { flickr, served, me, contact }
    }

    async fn want(&self, topics: &[Topic]) -> Vec<EventName> {
        visitor(&self.served, self.me).await;
        self.served.conduit.subscriber().want(self.me.nsid, topics).await.unwrap()
    }

    async fn record(&self, event: &EventName) -> Subscription {
        let found = self.served.conduit.subscriber().settle(std::slice::from_ref(event), Duration::ZERO).await;
        found.unwrap().remove(0)
    }

    /// Waits until the bridge, or the push, serves it.
    async fn served_by(&self, event: &EventName, bridge: bool) -> Subscription {
        until(if bridge { "the bridge to serve" } else { "the push to serve" }, async || {
            let it = self.record(event).await;
            let serves = it.serving.bridged_at.is_some() == bridge && Stage::of(&it) == Stage::Working;
            serves.then_some(it)
        })
        .await
    }

    async fn follow(&self, event: &EventName) -> Socket {
        let mut socket = Socket::open(&self.served.conduit.mint(event.as_str()).unwrap().stream).await;
        assert_eq!(socket.next().await["type"], "hello");
        socket
    }

    fn post(&self, person: &'static Person) -> String {
        self.flickr.play(person, Act::Upload { title: None, tags: None, latitude: None, longitude: None });
        self.flickr.newest(person).to_string()
    }

    fn push(&self, on: bool) {
        self.flickr.practice.realm().faults.set(Fault::PushOff, u32::from(!on));
    }

    async fn end(self) {
        self.served.stop().await;
        self.flickr.stop().await;
    }
}

/// Waits for this photo; what comes before it must be none of `never`.
async fn see(screen: &mut Socket, photo: &str, never: &[String]) {
    loop {
        let next = screen.photos(1).await.remove(0);
        assert!(!never.contains(&next), "{next} came twice");
        if next == photo {
            return;
        }
    }
}

#[tokio::test]
async fn where_the_push_answers_504_the_bridge_serves_and_says_why() {
    let story = Story::begin(FlickrHub::Auto, false).await;
    let event = story.want(&[Topic::ContactsPhotos]).await.remove(0);
    let mut screen = story.follow(&event).await;
    let record = story.served_by(&event, true).await;
    let why = record.serving.why.unwrap();
    assert!(why.contains("(4: 504)"), "{why}");
    let posted = story.post(story.contact);
    see(&mut screen, &posted, &[]).await;

    let mut me = visitor(&story.served, story.me).await;
    let page = me.get("/subscriptions").await.text;
    for words in ["the bridge, which asks", "(4: 504)", "working", "The bridge made", "of the 3600 calls", "every "] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let metrics = me.get("/metrics").await.text;
    for name in
        ["bridge_calls_total{outcome=\"answered\"}", "bridge_sources 1", "bridge_budget_left", "bridge_oldest_seconds"]
    {
        assert!(metrics.contains(&format!("flickr_conduit_{name}")), "{name} in {metrics}");
    }
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn a_push_that_falls_silent_is_noticed_and_one_that_wakes_serves_again_and_no_screen_sees_it() {
    let story = Story::begin(FlickrHub::Auto, true).await;
    let event = story.want(&[Topic::ContactsPhotos]).await.remove(0);
    let mut screen = story.follow(&event).await;
    story.served_by(&event, false).await;
    let mut seen = Vec::new();
    for on in [true, false, false, true, true, false, true] {
        story.push(on);
        // Flickr tells moments to the second: what is posted in the second of a delivery is no evidence against the push.
        let clock = story.served.conduit.clock();
        let switched = clock.now().as_second();
        until("the next second", async || (clock.now().as_second() > switched).then_some(())).await;
        for _ in 0..2 {
            let posted = story.post(story.contact);
            see(&mut screen, &posted, &seen).await;
            seen.push(posted);
        }
        story.served_by(&event, !on).await;
    }
    // All in the history once, in whatever order.
    let minted = story.served.conduit.mint(event.as_str()).unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let all = client.get(minted.stream + "&last=500").header("accept", "application/json").send().await.unwrap();
    let all: Vec<serde_json::Value> = serde_json::from_str(&all.text().await.unwrap()).unwrap();
    for photo in &seen {
        let times = all.iter().filter(|it| it["photo"]["id"] == photo.as_str()).count();
        assert_eq!(times, 1, "{photo}");
    }
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn titles_change_in_place_and_what_is_hidden_or_deleted_becomes_a_tombstone() {
    let story = Story::begin(FlickrHub::Bridge, false).await;
    let event = story.want(&[Topic::ContactsPhotos]).await.remove(0);
    let mut screen = story.follow(&event).await;
    story.served_by(&event, true).await;
    let (first, second) = (story.post(story.contact), story.post(story.contact));
    see(&mut screen, &second, &[]).await;
    let change = async |screen: &mut Socket, id: &str, change: &str| loop {
        let message = screen.next().await;
        if message["photo"]["id"] == id && message["photo"]["change"] == change {
            return message["photo"].clone();
        }
    };
    story.flickr.play(story.contact, Act::Retitle(first.parse().unwrap(), "Renamed".into()));
    let renamed = change(&mut screen, &first, "updated").await;
    assert_eq!((&renamed["title"], &renamed["updates"][0]), (&"Renamed".into(), &"title".into()));
    story.flickr.play(story.contact, Act::Private(first.parse().unwrap()));
    change(&mut screen, &first, "removed").await;
    story.flickr.play(story.contact, Act::Delete(second.parse().unwrap()));
    change(&mut screen, &second, "removed").await;
    // What is shown again comes again.
    let clock = story.served.conduit.clock();
    let gone = clock.now().as_second();
    until("the next second", async || (clock.now().as_second() > gone).then_some(())).await;
    story.flickr.play(story.contact, Act::Public(first.parse().unwrap()));
    change(&mut screen, &first, "added").await;
    // With the bridge alone the push is not asked at all.
    assert!(story.flickr.practice.realm().hub.subscriptions(story.me.nsid).is_empty());
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn a_restart_repeats_nothing_and_brings_what_was_posted_meanwhile() {
    let story = Story::begin(FlickrHub::Bridge, false).await;
    let event = story.want(&[Topic::ContactsPhotos]).await.remove(0);
    let mut screen = story.follow(&event).await;
    let before = story.post(story.contact);
    see(&mut screen, &before, &[]).await;
    // Long enough for what was seen to be written down.
    until("a photo to be written down", async || {
        let seen = rusqlite_rows(&story.served);
        (seen > 5).then_some(())
    })
    .await;
    screen.leave().await;
    let Story { flickr, served, me, contact } = story;
    let (dir, port) = served.stop().await;
    flickr.play(contact, Act::Upload { title: None, tags: None, latitude: None, longitude: None });
    let meanwhile = flickr.newest(contact).to_string();
    let story = Story { me, contact, ..Story::at(flickr, dir, port, FlickrHub::Bridge, true).await };
    let mut screen = Socket::open(&(story.served.conduit.mint(event.as_str()).unwrap().stream + "&last=0")).await;
    assert_eq!(screen.next().await["type"], "hello");
    assert_eq!(screen.photos(1).await, [meanwhile]);
    let after = story.post(story.contact);
    assert_eq!(screen.photos(1).await, [after], "and nothing else");
    screen.leave().await;
    story.end().await;
}

/// How many photos are written down as seen.
fn rusqlite_rows(served: &Served) -> i64 {
    let db = rusqlite::Connection::open(served.dir.path().join("store.db")).unwrap();
    db.query_row("SELECT count(*) FROM bridge_seen", [], |row| row.get(0)).unwrap_or(0)
}

#[tokio::test]
async fn without_a_key_and_without_an_account_tags_and_somebodys_photos_come_by_the_feeds() {
    let flickr = PracticeFlickr::new(haste()).await;
    let story = Story::at(flickr, tempfile::tempdir().unwrap(), 0, FlickrHub::Auto, false).await;
    let tags = Interest::Topic(Topic::tags(["kitten"]).unwrap());
    let wishes = [
        Wish::by_hand("tags:kitten", "", tags).unwrap(),
        Wish::by_hand("photos", story.contact.nsid, Interest::Topic(Topic::MyPhotos)).unwrap(),
        Wish::by_hand("faves", story.me.nsid, Interest::Topic(Topic::MyFaves)).unwrap(),
        Wish::by_hand("everyone", "", Interest::Everything).unwrap(),
    ];
    let wall = story.served.conduit.show(wishes.to_vec()).await.unwrap();
    assert!(wall.contains("/wall/public-tags:kitten,public-photos,public-faves,public-everyone."), "{wall}");
    let posted = |tags: Option<&str>| {
        let tags = tags.map(|it| vec![it.to_owned()]);
        story.flickr.play(story.contact, Act::Upload { title: None, tags, latitude: None, longitude: None });
        story.flickr.newest(story.contact)
    };
    let mut screens = Vec::new();
    for wish in &wishes {
        screens.push(story.follow(&wish.event).await);
    }
    // The feeds hold the newest 20: what was there before begins each wall.
    let kitten = posted(Some("kitten"));
    story.flickr.play(story.me, Act::Fave(kitten));
    for screen in &mut screens {
        see(screen, &kitten.to_string(), &[]).await;
    }
    let other = posted(Some("street")).to_string();
    for n in [1, 3] {
        see(&mut screens[n], &other, &[]).await;
    }
    let next = posted(Some("kitten")).to_string();
    see(&mut screens[0], &next, &[other, kitten.to_string()]).await;
    let facts = story.served.conduit.bridge().facts();
    until("conditional requests to be answered 304", async || {
        (story.served.conduit.bridge().facts().calls[1] > facts.calls[1]).then_some(())
    })
    .await;
    for screen in screens {
        screen.leave().await;
    }
    story.end().await;
}

#[tokio::test]
async fn what_nobody_watches_costs_no_call() {
    let story = Story::begin(FlickrHub::Bridge, false).await;
    let watched = Wish::by_hand("everyone", "", Interest::Everything).unwrap();
    let tags = Interest::Topic(Topic::tags(["kitten"]).unwrap());
    let unwatched = Wish::by_hand("tags:kitten", "", tags).unwrap();
    story.served.conduit.show(vec![watched.clone(), unwatched.clone()]).await.unwrap();
    let bridge = story.served.conduit.bridge();
    assert_eq!(bridge.facts().calls[0], 0);
    let mut screen = story.follow(&watched.event).await;
    screen.photos(1).await;
    until("some more calls", async || (bridge.facts().calls[0] > 5).then_some(())).await;
    assert_eq!((bridge.facts().sources, bridge.served(&unwatched.event)), (1, None));
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn an_api_that_is_down_is_left_alone_and_asked_again() {
    let story = Story::begin(FlickrHub::Bridge, false).await;
    let event = story.want(&[Topic::ContactsPhotos]).await.remove(0);
    let mut screen = story.follow(&event).await;
    let before = story.post(story.contact);
    see(&mut screen, &before, &[]).await;
    story.flickr.practice.realm().faults.set(Fault::RestDown, 1);
    until("the failure to be counted", async || (story.served.conduit.bridge().facts().calls[2] > 0).then_some(()))
        .await;
    let mut me = visitor(&story.served, story.me).await;
    let page = me.get("/subscriptions").await.text;
    assert!(page.contains("is out of order at the moment (503)"), "{page}");
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn a_permission_that_is_lost_is_told_and_the_others_go_on() {
    let story = Story::begin(FlickrHub::Bridge, false).await;
    let tags = Topic::tags(["kitten"]).unwrap();
    let events = story.want(&[Topic::ContactsFaves, tags]).await;
    let mut screens = (story.follow(&events[0]).await, story.follow(&events[1]).await);
    story.served_by(&events[1], true).await;
    story.flickr.practice.desk().revoke(story.me.nsid);
    until("the trouble to be noticed", async || {
        let served = story.served.conduit.bridge().served(&events[0])?;
        served.trouble.filter(|it| it.contains("sign in")).map(drop)
    })
    .await;
    let tags = Some(vec!["kitten".to_owned()]);
    story.flickr.play(story.contact, Act::Upload { title: None, tags, latitude: None, longitude: None });
    let posted = story.flickr.newest(story.contact).to_string();
    see(&mut screens.1, &posted, &[]).await;
    // Signing in again mends it.
    visitor(&story.served, story.me).await;
    story.flickr.play(story.contact, Act::Fave(story.flickr.newest(story.me)));
    let faved = story.flickr.newest(story.me).to_string();
    see(&mut screens.0, &faved, &[]).await;
    screens.0.leave().await;
    screens.1.leave().await;
    story.end().await;
}
