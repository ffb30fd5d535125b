//! Subscriptions stay alive: against a practice Flickr that does wrong in every way that it can. What is said of each
//! fault: nothing acknowledged is lost, nothing is shown twice, and at the end the subscription lives.

use flickr_conduit::event_name::EventName;
use flickr_conduit::hub::engine::Settings;
use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people::{self, Person};
use flickr_conduit::practice::stage::Act;
use flickr_conduit::subscriber::Stage;
use flickr_conduit::topic::Topic;
use jiff::SignedDuration;

use crate::support::practice::{PracticeFlickr, friends, haste, serve, visitor};
use crate::support::socket::Socket;
use crate::support::{Served, until};

const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Somebody who follows the uploads of a contact, and the contact.
struct Story {
    flickr: PracticeFlickr,
    served: Served,
    me: &'static Person,
    contact: &'static Person,
    event: EventName,
}

impl Story {
    async fn begin(hub: Settings, patience: SignedDuration) -> Self {
        Self::begin_with(hub, patience, |_| {}).await
    }

    async fn begin_with(hub: Settings, patience: SignedDuration, before: impl FnOnce(&PracticeFlickr)) -> Self {
        let flickr = PracticeFlickr::new(hub).await;
        let served = serve(&flickr, tempfile::tempdir().unwrap(), patience).await;
        let (me, contact) = friends();
        visitor(&served, me).await;
        before(&flickr);
        let events = served.conduit.subscriber().want(me.nsid, &[Topic::ContactsPhotos]).await.unwrap();
        Self { flickr, served, me, contact, event: events[0].clone() }
    }

    async fn stage(&self) -> (Stage, String) {
        let found = self
            .served
            .conduit
            .subscriber()
            .settle(std::slice::from_ref(&self.event), Default::default())
            .await
            .unwrap();
        found.first().map_or((Stage::Ending, String::new()), |it| {
            (Stage::of(it), it.standing.trouble.clone().unwrap_or_default())
        })
    }

    /// Waits until both sides have it.
    async fn lives(&self) {
        let callback = self.served.conduit.mint(self.event.as_str()).unwrap().callback;
        until("the subscription to live", async || {
            let at_the_hub = self.flickr.subscriptions(self.me).contains(&callback);
            (at_the_hub && self.stage().await.0 == Stage::Working).then_some(())
        })
        .await;
    }

    async fn follow(&self) -> Socket {
        let mut socket = Socket::open(&self.served.conduit.mint(self.event.as_str()).unwrap().stream).await;
        assert_eq!(socket.next().await["type"], "hello");
        socket
    }

    /// The contact posts a photo; its number.
    fn post(&self) -> String {
        self.flickr.play(self.contact, Act::Upload { title: None, tags: None, latitude: None, longitude: None });
        self.flickr.newest(self.contact).to_string()
    }

    async fn end(self) {
        self.served.stop().await;
        self.flickr.stop().await;
    }
}

/// One fault at the deliveries of three uploads; what the screen must have seen at the end, by the numbers of the posts.
async fn deliveries_survive(fault: Fault, seen: &[usize]) {
    let story = Story::begin(haste(), A_DAY).await;
    story.lives().await;
    let mut screen = story.follow().await;
    story.flickr.practice.realm().faults.set(fault, 1);
    let mut posted = Vec::new();
    for n in 0..3 {
        posted.push(story.post());
        // The next one begins when the hub has sent this one, so that each is a delivery of its own.
        let sent = || story.flickr.practice.realm().hub.pushed().len();
        if fault != Fault::OutOfOrder {
            until("the hub to push", async || (sent() > n || fault == Fault::Lost).then_some(())).await;
        }
        if n == 0 && fault == Fault::Lost {
            until("the fault to strike", async || story.flickr.practice.realm().faults.left().is_empty().then_some(()))
                .await;
        }
    }
    let mut expected: Vec<_> = seen.iter().map(|n| posted[*n].clone()).collect();
    let mut arrived = screen.photos(expected.len()).await;
    expected.sort();
    arrived.sort();
    assert_eq!(arrived, expected, "{fault:?}: each once");
    // A fourth, so that a repeat of what came before would be seen in front of it.
    let last = story.post();
    assert_eq!(screen.photos(1).await, [last], "{fault:?}: nothing twice");
    story.lives().await;
    assert!(story.flickr.practice.realm().faults.left().is_empty(), "{fault:?} struck");
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn a_late_delivery_is_shown_once() {
    deliveries_survive(Fault::Late, &[0, 1, 2]).await;
}

#[tokio::test]
async fn a_doubled_delivery_is_shown_once() {
    deliveries_survive(Fault::Doubled, &[0, 1, 2]).await;
}

#[tokio::test]
async fn a_delivery_out_of_order_is_shown_once() {
    deliveries_survive(Fault::OutOfOrder, &[0, 1, 2]).await;
}

#[tokio::test]
async fn a_delivery_that_breaks_off_is_refused_and_shown_when_it_comes_whole() {
    deliveries_survive(Fault::Malformed, &[0, 1, 2]).await;
}

#[tokio::test]
async fn a_delivery_that_the_hub_lost_was_never_acknowledged_and_the_others_are_shown() {
    deliveries_survive(Fault::Lost, &[1, 2]).await;
}

/// One fault while it is being subscribed.
async fn subscribing_survives(fault: Fault, times: u32) {
    let story = Story::begin_with(haste(), A_DAY, |flickr| flickr.practice.realm().faults.set(fault, times)).await;
    story.lives().await;
    assert!(story.flickr.practice.realm().faults.left().is_empty(), "{fault:?} struck");
    assert_eq!(story.flickr.subscriptions(story.me).len(), 1);
    let mut screen = story.follow().await;
    let posted = story.post();
    assert_eq!(screen.photos(1).await, [posted]);
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn a_verification_that_comes_twice_is_answered_twice() {
    subscribing_survives(Fault::VerifiedTwice, 1).await;
}

#[tokio::test]
async fn a_verification_that_comes_late_is_answered_all_the_same() {
    subscribing_survives(Fault::VerifiedLate, 1).await;
}

#[tokio::test]
async fn a_verification_with_a_wrong_token_is_refused_and_the_right_one_confirmed() {
    subscribing_survives(Fault::WrongToken, 1).await;
}

#[tokio::test]
async fn an_api_that_answers_503_is_asked_again() {
    subscribing_survives(Fault::RestDown, 3).await;
}

#[tokio::test]
async fn a_subscription_that_the_hub_forgot_without_a_word_is_subscribed_again() {
    let story = Story::begin(haste(), A_DAY).await;
    story.lives().await;
    let callback = story.flickr.subscriptions(story.me)[0].parse().unwrap();
    assert!(story.flickr.practice.realm().hub.forget(story.me.nsid, &callback));
    assert_eq!(story.flickr.subscriptions(story.me).len(), 0);
    story.lives().await;
    let mut screen = story.follow().await;
    let posted = story.post();
    assert_eq!(screen.photos(1).await, [posted]);
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn what_nobody_watches_falls_asleep_and_a_guest_with_the_link_wakes_it() {
    // The hub renews each second, and who left counts for half a second.
    let hub = Settings { lease: std::time::Duration::from_secs(1), ..haste() };
    let story = Story::begin(hub, SignedDuration::from_millis(500)).await;
    until("it to fall asleep", async || (story.stage().await.0 == Stage::Asleep).then_some(())).await;
    until("the hub to let it go", async || story.flickr.subscriptions(story.me).is_empty().then_some(())).await;

    // No hand is lifted but the one that opens the page; renewals are confirmed as long as it is there.
    let mut screen = story.follow().await;
    story.lives().await;
    let renewals = || async {
        let found = story
            .served
            .conduit
            .subscriber()
            .settle(std::slice::from_ref(&story.event), Default::default())
            .await
            .unwrap();
        found[0].verified_at
    };
    let first = renewals().await;
    until("a renewal", async || (renewals().await > first).then_some(())).await;
    let posted = story.post();
    assert_eq!(screen.photos(1).await, [posted]);
    story.lives().await;

    screen.leave().await;
    until("it to fall asleep again", async || (story.stage().await.0 == Stage::Asleep).then_some(())).await;
    story.end().await;
}

#[tokio::test]
async fn a_permission_that_flickr_no_longer_knows_is_told_and_signing_in_again_mends_it() {
    let story = Story::begin(haste(), A_DAY).await;
    story.lives().await;
    story.flickr.practice.desk().revoke(story.me.nsid);
    let callback = story.flickr.subscriptions(story.me)[0].parse().unwrap();
    story.flickr.practice.realm().hub.forget(story.me.nsid, &callback);
    let words = until("the trouble to be noticed", async || {
        let (stage, words) = story.stage().await;
        (stage == Stage::Stuck).then_some(words)
    })
    .await;
    assert!(words.contains("sign in again"), "{words}");
    visitor(&story.served, story.me).await;
    story.lives().await;
    story.end().await;
}

#[tokio::test]
async fn an_account_that_is_not_pro_is_told_so_in_words_and_not_asked_for_again() {
    let flickr = PracticeFlickr::new(haste()).await;
    let served = serve(&flickr, tempfile::tempdir().unwrap(), A_DAY).await;
    let guest = people::PEOPLE.iter().find(|it| !it.is_pro()).unwrap();
    visitor(&served, guest).await;
    let subscriber = served.conduit.subscriber();
    let events = subscriber.want(guest.nsid, &[Topic::MyFaves]).await.unwrap();
    let found = subscriber.settle(&events, crate::support::LIMIT).await.unwrap();
    assert_eq!(Stage::of(&found[0]), Stage::Stuck);
    let words = found[0].standing.trouble.clone().unwrap();
    assert!(words.contains("Pro") && words.contains("(5)"), "{words}");
    assert_eq!((found[0].standing.lasting, found[0].standing.failures), (true, 1));
    served.stop().await;
    flickr.stop().await;
}

#[tokio::test]
async fn what_is_ended_ends_at_the_hub_and_its_callback_is_gone() {
    let story = Story::begin(haste(), A_DAY).await;
    story.lives().await;
    let minted = story.served.conduit.mint(story.event.as_str()).unwrap();
    story.served.conduit.subscriber().end(&story.event).await.unwrap();
    until("the hub to let it go", async || story.flickr.subscriptions(story.me).is_empty().then_some(())).await;
    until("the record to go", async || {
        let found = story
            .served
            .conduit
            .subscriber()
            .settle(std::slice::from_ref(&story.event), Default::default())
            .await
            .unwrap();
        found.is_empty().then_some(())
    })
    .await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let answer =
        client.post(minted.callback).body("<feed xmlns=\"http://www.w3.org/2005/Atom\"/>").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 410);
    story.end().await;
}

#[tokio::test]
async fn what_is_ended_and_wanted_again_at_once_lives() {
    let story = Story::begin(haste(), A_DAY).await;
    story.lives().await;
    let subscriber = story.served.conduit.subscriber();
    for _ in 0..5 {
        subscriber.end(&story.event).await.unwrap();
        tokio::task::yield_now().await;
        subscriber.want(story.me.nsid, &[Topic::ContactsPhotos]).await.unwrap();
    }
    story.lives().await;
    let mut screen = story.follow().await;
    let posted = story.post();
    assert_eq!(screen.photos(1).await, [posted]);
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn several_photos_in_a_delivery_that_breaks_off_are_all_shown_once() {
    let hub = Settings { delay: std::time::Duration::from_millis(500), ..haste() };
    let story = Story::begin(hub, A_DAY).await;
    story.lives().await;
    let mut screen = story.follow().await;
    story.flickr.practice.realm().faults.set(Fault::Malformed, 2);
    let mut posted: Vec<_> = (0..5).map(|_| story.post()).collect();
    let mut arrived = screen.photos(5).await;
    posted.sort();
    arrived.sort();
    assert_eq!(arrived, posted);
    let last = story.post();
    assert_eq!(screen.photos(1).await, [last], "nothing twice");
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn a_forgotten_account_leaves_nothing_here_nor_at_the_hub() {
    let story = Story::begin(haste(), A_DAY).await;
    story.lives().await;
    let mut screen = story.follow().await;
    let posted = story.post();
    assert_eq!(screen.photos(1).await, [posted]);
    screen.leave().await;
    assert_eq!(story.served.conduit.subscriber().forget(story.me.nsid).await.unwrap(), 0);
    assert!(story.flickr.subscriptions(story.me).is_empty());
    // There is no history, and what the hub may still send is refused.
    let minted = story.served.conduit.mint(story.event.as_str()).unwrap();
    let mut screen = Socket::open(&minted.stream).await;
    assert_eq!(screen.next().await["backlog"], 0);
    screen.leave().await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let late = client.post(minted.callback).body(crate::support::feeds::added(1..2)).send().await.unwrap();
    assert_eq!(late.status().as_u16(), 410);
    story.end().await;
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was() {
    let story = Story::begin(haste(), A_DAY).await;
    story.lives().await;
    let Story { flickr, served, me, contact, event } = story;
    let port = served.port;
    let (dir, _) = served.stop().await;
    let served = crate::support::practice::serve_at(&flickr, dir, A_DAY, port).await;
    let story = Story { flickr, served, me, contact, event };
    story.lives().await;
    let mut screen = story.follow().await;
    let posted = story.post();
    assert_eq!(screen.photos(1).await, [posted]);
    screen.leave().await;
    story.end().await;
}
