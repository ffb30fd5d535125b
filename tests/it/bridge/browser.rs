//! What Chromium shows of the bridge: each of the nine topics, at the pace that it has by default, and nothing at all of
//! its taking turns with the push.

use std::time::Instant;

use flickr_conduit::config::FlickrHub;
use flickr_conduit::hub::bridge::Settings;
use flickr_conduit::hub::bridge::schedule::Pace;
use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people::{INSTITUTIONS, PEOPLE, Person, contacts};
use flickr_conduit::practice::stage::Act;
use flickr_conduit::subscriber::{Rhythm, Stage};
use flickr_conduit::topic::{Area, Circle, Kind, Topic};

use super::{Story, hurried};
use crate::browser::{CONNECTION, PAINTED, PHOTO};
use crate::support::browser::Browser;
use crate::support::practice::{PracticeFlickr, friends, haste, serve_with, visitor};
use crate::support::until;

/// How long a photo may take from its event to the wall before the test fails: a minute, and what a busy machine takes.
/// What it took is printed.
const IN_TIME: u64 = 75;

fn upload(title: &str, tags: &str, at: Option<(f64, f64)>) -> Act {
    let (latitude, longitude) = at.unzip();
    Act::Upload { title: Some(title.into()), tags: Some(vec![tags.into()]), latitude, longitude }
}

#[tokio::test]
async fn each_of_the_nine_topics_reaches_the_wall_though_the_push_is_off() {
    let flickr = PracticeFlickr::new(haste()).await;
    flickr.practice.realm().faults.set(Fault::PushOff, 1);
    // The subscriber's pace too is that of every day: in haste its tries at a dead push would use up the calls.
    let calm = |it: flickr_conduit::Conduit| it.with_rhythm(Rhythm::default());
    let served = serve_with(&flickr, tempfile::tempdir().unwrap(), 0, |it| it, calm).await;
    let (me, contact) = friends();
    let stranger: &'static Person = PEOPLE.iter().find(|it| !contacts(me.nsid).contains(it) && *it != me).unwrap();
    visitor(&served, me).await;
    let circle = Circle::new(-77.85, 166.67, 5.0, 1).unwrap();
    let topics = [
        Topic::ContactsPhotos,
        Topic::ContactsFaves,
        Topic::PhotosOfContacts,
        Topic::PhotosOfMe,
        Topic::MyPhotos,
        Topic::MyFaves,
        Topic::Geo(Area::Circle(circle)),
        Topic::commons([]).unwrap(),
        Topic::tags(["zebracrossing"]).unwrap(),
    ];
    let events = served.conduit.subscriber().want(me.nsid, &topics).await.unwrap();
    let browser = Browser::open().await;
    let mut walls = Vec::new();
    for event in &events {
        let window = browser.client.new_window(true).await.unwrap().handle;
        browser.client.switch_to_window(window.clone()).await.unwrap();
        let wall = served.conduit.mint(event.as_str()).unwrap().wall;
        browser.client.goto(&format!("{wall}?layout=single&interval=5")).await.unwrap();
        browser.shows(CONNECTION, "live").await;
        walls.push(window);
    }
    until("the bridge to serve all of them", async || {
        let found = served.conduit.subscriber().settle(&events, std::time::Duration::ZERO).await.unwrap();
        found.iter().all(|it| Stage::of(it) == Stage::Working && it.serving.bridged_at.is_some()).then_some(())
    })
    .await;
    // Each source has answered once, so that what comes now is news and no beginning.
    let begun = Instant::now();
    loop {
        let ready = events
            .iter()
            .all(|event| served.conduit.bridge().served(event).is_some_and(|it| it.sources > 0 && it.oldest.is_some()));
        if ready {
            break;
        }
        assert!(begun.elapsed().as_secs() < 90, "every source answers once");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }

    let newest = |person: &Person| flickr.newest(person).to_string();
    // Faves are of photos that were there: one that nobody has faved.
    flickr.play(stranger, upload("to be faved", "street", None));
    let faved = newest(stranger);
    let happened = Instant::now();
    let photo_of = |kind: Kind| -> String {
        match kind {
            Kind::ContactsPhotos => {
                flickr.play(contact, upload("a contact's", "street", None));
                newest(contact)
            }
            Kind::ContactsFaves => {
                flickr.play(contact, Act::Fave(faved.parse().unwrap()));
                faved.clone()
            }
            Kind::PhotosOfContacts | Kind::PhotosOfMe => {
                let whom = if kind == Kind::PhotosOfMe { me } else { contact };
                flickr.play(stranger, upload("of somebody", "street", None));
                let id = flickr.newest(stranger);
                flickr.practice.realm().act(|world, now| world.tag_person(stranger, id, whom, now)).unwrap();
                id.to_string()
            }
            Kind::MyPhotos => {
                flickr.play(me, upload("mine", "street", None));
                newest(me)
            }
            Kind::MyFaves => {
                flickr.play(me, Act::Fave(faved.parse().unwrap()));
                faved.clone()
            }
            Kind::Geo => {
                flickr.play(stranger, upload("far south", "street", Some((-77.86, 166.68))));
                newest(stranger)
            }
            Kind::Commons => {
                flickr.play(&INSTITUTIONS[0], upload("an old one", "street", None));
                newest(&INSTITUTIONS[0])
            }
            Kind::Tags => {
                flickr.play(stranger, upload("striped", "zebracrossing", None));
                newest(stranger)
            }
        }
    };
    let mut waiting: Vec<_> =
        topics.iter().map(Topic::kind).zip(walls).map(|(kind, it)| (kind, photo_of(kind), it)).collect();
    while !waiting.is_empty() {
        for n in (0..waiting.len()).rev() {
            let (kind, photo, window) = &waiting[n];
            browser.client.switch_to_window(window.clone()).await.unwrap();
            if browser.script(&format!("return {PHOTO}")).await == photo.as_str() {
                println!("{}: on the wall after {:.1} s", kind.name(), happened.elapsed().as_secs_f64());
                waiting.swap_remove(n);
            }
        }
        let missing: Vec<_> = waiting.iter().map(|(kind, ..)| kind.name()).collect();
        let facts = || served.conduit.bridge().facts();
        let asked = || events.iter().map(|it| served.conduit.bridge().served(it)).collect::<Vec<_>>();
        let late = happened.elapsed().as_secs() >= IN_TIME;
        assert!(!late, "not on their walls after {IN_TIME} s: {missing:?}, {:#?}, {:#?}", facts(), asked());
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let facts = served.conduit.bridge().facts();
    println!("{} sources, {} calls so far", facts.sources, facts.calls[0]);
    browser.close().await;
    served.stop().await;
    flickr.stop().await;
}

/// Notes in the page what a person could notice: each photo that comes to stand on the wall, a wall without a picture, a
/// connection that is not live. A page that is loaded anew has no notes.
const NOTES: &str = r"window.notes = {shown: [document.body.dataset.photo], blank: 0, away: 0};
    const look = () => {
        const {photo, connection} = document.body.dataset;
        if (photo && photo !== notes.shown.at(-1)) notes.shown.push(photo);
        if (!document.querySelector('#stage img')) notes.blank += 1;
        if (connection !== 'live') notes.away += 1;
    };
    new MutationObserver(look).observe(document.body, {attributes: true, childList: true, subtree: true});";

#[tokio::test]
async fn a_browser_that_shows_the_wall_notices_nothing_when_the_push_goes_and_comes_back() {
    // In haste, and not so much that the calls of an hour are used up before the wall has shown all.
    let (s, hurried) = (std::time::Duration::from_secs, hurried());
    let pace = Pace { busiest: s(1), quiet: s(1), backup: s(1), ..hurried.pace };
    let (flickr, dir) = (PracticeFlickr::new(haste()).await, tempfile::tempdir().unwrap());
    let story = Story::with(flickr, dir, 0, FlickrHub::Auto, true, Settings { pace, ..hurried }).await;
    let event = story.want(&[Topic::ContactsPhotos]).await.remove(0);
    let browser = Browser::open().await;
    let wall = story.served.conduit.mint(event.as_str()).unwrap().wall;
    browser.client.goto(&format!("{wall}?layout=single&interval=5&history=off")).await.unwrap();
    browser.shows(CONNECTION, "live").await;
    story.served_by(&event, false).await;
    let first = story.post(story.contact);
    browser.shows(PHOTO, &first).await;
    browser.shows(PAINTED, "true").await;
    browser.script(NOTES).await;
    let mut posted = vec![first];
    for on in [false, true, false, true] {
        story.push(on);
        // Flickr tells moments to the second: what is posted in the second of a delivery is no evidence against the push.
        let clock = story.served.conduit.clock();
        let switched = clock.now().as_second();
        until("the next second", async || (clock.now().as_second() > switched).then_some(())).await;
        posted.push(story.post(story.contact));
        story.served_by(&event, !on).await;
        // One more from whoever serves now; and the wall is given the time to show both.
        posted.push(story.post(story.contact));
        let last = posted.last().unwrap().clone();
        browser.shows(PHOTO, &last).await;
    }
    // Of two that wait the newer comes first, so one may be still to come. What was there before may come too.
    for photo in &posted {
        let stood = format!("notes.shown.includes('{photo}') ? '{photo}' : JSON.stringify(notes)");
        browser.shows(&stood, photo).await;
    }
    // A page that was loaded anew has no notes, and the waits above fail.
    let notes = browser.script("return window.notes").await;
    assert_eq!((&notes["blank"], &notes["away"]), (&0.into(), &0.into()), "{notes}");
    let shown: Vec<String> = serde_json::from_value(notes["shown"].clone()).unwrap();
    let once: std::collections::BTreeSet<_> = shown.iter().collect();
    assert_eq!(once.len(), shown.len(), "none twice: {shown:?}");
    println!("{} photos, each once, while the push went and came back twice", posted.len());
    browser.close().await;
    story.end().await;
}
