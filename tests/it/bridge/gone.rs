//! What was shown and is gone leaves the walls: without a key, and over a restart.

use std::time::Duration;

use flickr_conduit::config::FlickrHub;
use flickr_conduit::hub::bridge::{Settings, Wish};
use flickr_conduit::hub::engine::Interest;
use flickr_conduit::practice::stage::Act;
use flickr_conduit::topic::Topic;

use super::{Story, hurried, see};
use crate::support::practice::{PracticeFlickr, haste};
use crate::support::socket::Socket;
use crate::support::until;

/// Looks at what was shown for as long as the test may take.
fn looking() -> Settings {
    let checks = (1..60).map(|n| Duration::from_millis(700 * n)).collect();
    Settings { checks, ..hurried() }
}

async fn removed(screen: &mut Socket, photo: &str) {
    loop {
        let message = screen.next().await;
        if message["photo"]["id"] == photo && message["photo"]["change"] == "removed" {
            return;
        }
    }
}

#[tokio::test]
async fn without_a_key_a_photo_whose_page_is_gone_becomes_a_tombstone() {
    let flickr = PracticeFlickr::new(haste()).await;
    let dir = tempfile::tempdir().unwrap();
    let story = Story::with(flickr, dir, 0, FlickrHub::Auto, false, looking()).await;
    let photos = Interest::Topic(Topic::MyPhotos);
    let wish = Wish::by_hand("photos", story.contact.nsid, photos).unwrap();
    story.served.conduit.show(vec![wish.clone()]).await.unwrap();
    let mut screen = story.follow(&wish.event).await;
    let (first, second) = (story.post(story.contact), story.post(story.contact));
    see(&mut screen, &second, &[]).await;
    // It falls off no list that tells: the newer one is hidden, and a feed never says that it is whole.
    story.flickr.play(story.contact, Act::Private(second.parse().unwrap()));
    removed(&mut screen, &second).await;
    let facts = story.served.conduit.bridge().facts();
    assert_eq!(facts.photos[1], 1, "the other one is still there: {first}");
    screen.leave().await;
    story.end().await;
}

#[tokio::test]
async fn what_was_shown_before_a_restart_and_is_hidden_meanwhile_leaves_the_wall_after_it() {
    let flickr = PracticeFlickr::new(haste()).await;
    let dir = tempfile::tempdir().unwrap();
    let story = Story::with(flickr, dir, 0, FlickrHub::Bridge, true, looking()).await;
    let event = story.want(&[Topic::ContactsPhotos]).await.remove(0);
    let mut screen = story.follow(&event).await;
    let posted = story.post(story.contact);
    see(&mut screen, &posted, &[]).await;
    until("it to be written down", async || {
        let db = rusqlite::Connection::open(story.served.dir.path().join("store.db")).unwrap();
        let there = "SELECT count(*) FROM bridge_shown WHERE photo = ?1 AND page LIKE 'http%'";
        db.query_row(there, [&posted], |row| row.get::<_, i64>(0)).ok().filter(|it| *it == 1)
    })
    .await;
    screen.leave().await;
    let Story { flickr, served, me, contact } = story;
    let (dir, port) = served.stop().await;
    flickr.play(contact, Act::Private(posted.parse().unwrap()));
    let story = Story::with(flickr, dir, port, FlickrHub::Bridge, true, looking()).await;
    let story = Story { me, contact, ..story };
    let mut screen = Socket::open(&(story.served.conduit.mint(event.as_str()).unwrap().stream + "&last=0")).await;
    assert_eq!(screen.next().await["type"], "hello");
    removed(&mut screen, &posted).await;
    screen.leave().await;
    story.end().await;
}
