//! A person's first five minutes, in real Chromium against the practice Flickr: from the sign-in to photos on a wall, and
//! to its end.

use flickr_conduit::hub::engine::Settings;
use flickr_conduit::hub::people::{self, Person};
use flickr_conduit::practice::stage::Act;
use jiff::SignedDuration;

use crate::browser::{CONNECTION, PAINTED, PHOTO};
use crate::support::browser::Browser;
use crate::support::practice::{PracticeFlickr, friends, serve};
use crate::support::until;

const FAVED_BY: &str = "document.querySelector('.frame:last-child .why').textContent";

/// On the stage, as `person`, presses `deed` at the photo `id`.
async fn on_stage(browser: &Browser, base: &str, person: &Person, id: u64, deed: &str) {
    browser.client.goto(&format!("{base}/?as={}", person.nsid)).await.unwrap();
    browser.press(&format!("#photo-{id} button[value={deed}]")).await;
    browser.shows("String(location.search.includes('said='))", "true").await;
}

#[tokio::test]
async fn somebody_signs_in_ticks_topics_and_sees_what_a_contact_faves_until_it_is_hidden() {
    let flickr = PracticeFlickr::new(Settings::default()).await;
    let served = serve(&flickr, tempfile::tempdir().unwrap(), SignedDuration::from_mins(15)).await;
    let (me, contact) = friends();
    let owner = people::PEOPLE.iter().find(|it| !people::contacts(me.nsid).contains(it) && *it != me).unwrap();
    flickr.play(
        owner,
        Act::Upload { title: Some("Found by a friend".into()), tags: None, latitude: None, longitude: None },
    );
    let photo = flickr.newest(owner);
    let home = format!("http://localhost:{}", served.port);
    let browser = Browser::open().await;

    // Signing in, at Flickr and as somebody.
    browser.client.goto(&home).await.unwrap();
    browser.keep("home").await;
    browser.press("form[action='/signin'] button").await;
    browser.press(&format!("input[value='{}']", me.nsid)).await;
    browser.keep("practice-authorize").await;
    browser.press("button[value=allow]").await;
    browser.arrives("/topics").await;

    // Contacts' faves, a tag and a place.
    for ticked in ["contacts_photos", "contacts_faves"] {
        browser.press(&format!("#{ticked}:checked")).await;
    }
    browser.press("#contacts_faves").await;
    browser.fill("#tags", "kitten, New York").await;
    browser.fill("[name=place1]", "52.52, 13.405").await;
    browser.keep("topics").await;
    browser.press("#save").await;
    browser.arrives("/wall/").await;
    browser.shows(CONNECTION, "live").await;
    assert_eq!(flickr.subscriptions(me).len(), 3);
    let wall = browser.client.window().await.unwrap();
    let link = browser.client.current_url().await.unwrap();

    // A contact faves a photo on the practice page; nobody waited for it, and it comes.
    let stage = browser.client.new_window(true).await.unwrap().handle;
    browser.client.switch_to_window(stage.clone()).await.unwrap();
    on_stage(&browser, &flickr.base, contact, photo, "fave").await;
    let faved = std::time::Instant::now();
    browser.client.switch_to_window(wall.clone()).await.unwrap();
    browser.shows(PHOTO, &photo.to_string()).await;
    println!("a fave on the practice page was on the wall after {:.1} s", faved.elapsed().as_secs_f64());
    browser.shows(PAINTED, "true").await;
    browser.shows(FAVED_BY, &format!("faved by {}", contact.name)).await;
    browser.keep("wall-fave").await;

    // So does a photo with the tag, and one from the place, whoever posts it.
    let upload = |tags: &str, at: Option<(f64, f64)>| {
        let tags = Some(vec![tags.to_owned()]);
        let (latitude, longitude) = at.unzip();
        flickr.play(owner, Act::Upload { title: None, tags, latitude, longitude });
        flickr.newest(owner).to_string()
    };
    let tagged = upload("newyork", None);
    browser.shows(PHOTO, &tagged).await;
    let placed = upload("street", Some((52.53, 13.41)));
    browser.shows(PHOTO, &placed).await;

    // What its owner hides leaves the wall.
    browser.client.switch_to_window(stage.clone()).await.unwrap();
    on_stage(&browser, &flickr.base, owner, placed.parse().unwrap(), "private").await;
    browser.keep("practice-stage").await;
    browser.client.switch_to_window(wall.clone()).await.unwrap();
    browser.shows(&format!("String({PHOTO} === '{placed}')"), "false").await;

    // Unsubscribing ends it at the hub.
    browser.client.switch_to_window(stage).await.unwrap();
    browser.client.goto(&format!("{home}/subscriptions")).await.unwrap();
    browser.keep("subscriptions").await;
    browser.press("a[href$='contacts_faves/end']").await;
    browser.press("main form button").await;
    browser.arrives("/subscriptions").await;
    until("the hub to let it go", async || (flickr.subscriptions(me).len() == 2).then_some(())).await;

    // A wall that is revoked goes dark at once.
    browser.client.goto(&format!("{home}/walls")).await.unwrap();
    browser.keep("walls").await;
    browser.press("a[href$='/revoke']").await;
    browser.press("main form button").await;
    browser.arrives("/walls").await;
    browser.client.switch_to_window(wall).await.unwrap();
    browser.shows("document.title", "No such wall · flickr-conduit").await;
    assert_eq!(browser.client.current_url().await.unwrap(), link);
    browser.close().await;
    served.stop().await;
    flickr.stop().await;
}
