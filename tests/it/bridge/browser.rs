//! Each of the nine topics, in Chromium, at the pace that the bridge has by default.

use std::time::Instant;

use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people::{INSTITUTIONS, PEOPLE, Person, contacts};
use flickr_conduit::practice::stage::Act;
use flickr_conduit::subscriber::Stage;
use flickr_conduit::topic::{Area, Circle, Kind, Topic};

use crate::browser::{CONNECTION, PHOTO};
use crate::support::browser::Browser;
use crate::support::practice::{PracticeFlickr, friends, haste, serve_with, visitor};
use crate::support::until;

/// How long a photo may take from its event to the wall before the test fails: a limit and no measure, on machines that
/// are busy. What it took is printed.
const IN_TIME: u64 = 180;

fn upload(title: &str, tags: &str, at: Option<(f64, f64)>) -> Act {
    let (latitude, longitude) = at.unzip();
    Act::Upload { title: Some(title.into()), tags: Some(vec![tags.into()]), latitude, longitude }
}

#[tokio::test]
async fn each_of_the_nine_topics_reaches_the_wall_though_the_push_is_off() {
    let flickr = PracticeFlickr::new(haste()).await;
    flickr.practice.realm().faults.set(Fault::PushOff, 1);
    let served = serve_with(&flickr, tempfile::tempdir().unwrap(), 0, |it| it, |it| it).await;
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
        assert!(happened.elapsed().as_secs() < IN_TIME, "not on their walls after {IN_TIME} s: {missing:?}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let facts = served.conduit.bridge().facts();
    println!("{} sources, {} calls so far", facts.sources, facts.calls[0]);
    browser.close().await;
    served.stop().await;
    flickr.stop().await;
}
