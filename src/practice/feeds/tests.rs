//! The feeds, as our own reader reads them.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::feed::read;
use crate::hub::people::{PEOPLE, contacts};
use crate::hub::picture::Size;
use crate::hub::world::{Draft, Photo};
use crate::photo::PhotoEvent;
use crate::practice::rest::tests::stage::{noon, realm};

fn text(realm: &Realm, file: &str, query: &str) -> Document {
    let arguments: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    document(realm, file, &arguments).expect("there is such a feed")
}

/// What our own reader finds in a feed, when it finds nothing wrong with it.
fn events(realm: &Realm, file: &str, query: &str) -> Vec<PhotoEvent> {
    let body = text(realm, file, query).body;
    let feed = read(body.as_bytes()).expect("a feed");
    assert_eq!((feed.problems, feed.skipped), (vec![], vec![]), "{body}");
    feed.events
}

fn ids(realm: &Realm, file: &str, query: &str) -> Vec<String> {
    events(realm, file, query).into_iter().map(|it| it.id).collect()
}

fn numbers<'p>(photos: impl IntoIterator<Item = &'p Photo>) -> Vec<String> {
    photos.into_iter().take(20).map(|it| it.id.to_string()).collect()
}

#[test]
fn every_format_is_read_without_a_flaw_and_says_the_same() {
    let realm = realm(300);
    let newest: Vec<Photo> = realm.world(|world| world.newest(None).take(20).cloned().collect());
    for format in ["", "atom", "rss2", "rss_200", "json", "json&nojsoncallback=1"] {
        let events = events(&realm, "photos_public.gne", &format!("format={format}&georss=true"));
        assert_eq!(events.len(), 20, "{format}");
        for (event, photo) in events.iter().zip(&newest) {
            assert_eq!(event.id, photo.id.to_string());
            assert_eq!(event.tags, photo.tags);
            assert_eq!(event.page, Some(photo.page()));
            assert_eq!(event.published.map(|it| it.as_second()), Some(photo.published.as_second()));
            assert_eq!(
                event.taken.map(|it| it.to_string()),
                Some(photo.taken.strftime("%Y-%m-%dT%H:%M:%S").to_string())
            );
            let owner = event.owner.as_ref().expect("somebody posted it");
            assert_eq!(owner.nsid.as_deref(), Some(photo.owner.nsid), "{format}");
            assert!(!event.images.is_empty());
            if !format.starts_with("json") {
                assert_eq!(owner.name.as_deref(), Some(photo.owner.name));
                assert!(event.images.iter().any(|it| it.url == photo.image(Size::Long1024)));
                assert_eq!(event.licence.as_deref(), photo.licence.map(|it| it.0));
                assert_eq!(event.position.is_some(), photo.position.is_some());
            }
        }
    }
}

#[test]
fn atom_names_no_media_and_json_no_number_as_observed() {
    let realm = realm(30);
    let atom = text(&realm, "photos_public.gne", "").body;
    assert!(atom.contains(r#"rel="enclosure""#) && !atom.contains("media:content") && !atom.contains("georss:point"));
    let json = text(&realm, "photos_public.gne", "format=json").body;
    assert!(json.starts_with("jsonFlickrFeed({") && json.ends_with("})"));
    assert!(!json.contains(r#""id""#));
}

#[test]
fn people_and_tags_choose_what_is_shown() {
    let realm = realm(200);
    let (one, two) = (&PEOPLE[2], &PEOPLE[3]);
    let of = |person: &_| realm.world(|world| numbers(world.photos_of(person, None)));
    assert_eq!(ids(&realm, "photos_public.gne", &format!("id={}", one.nsid)), of(one));
    let both = ids(&realm, "photos_public.gne", &format!("ids={},{}", one.nsid, two.nsid));
    assert!(both.iter().all(|id| of(one).contains(id) || of(two).contains(id)) && both.len() == 20);
    let tagged = |query: &str| -> Vec<Vec<String>> {
        events(&realm, "photos_public.gne", query).into_iter().map(|it| it.tags).collect()
    };
    assert!(tagged("tags=night,stars").iter().all(|it| it.contains(&"night".into()) && it.contains(&"stars".into())));
    let any = tagged("tags=Night,stars&tagmode=any");
    assert!(any.iter().all(|it| it.contains(&"night".into()) || it.contains(&"stars".into())));
    assert!(any.iter().any(|it| !it.contains(&"stars".into())));
}

#[test]
fn a_persons_contacts_and_faves_have_feeds_of_public_photos() {
    let realm = realm(60);
    let person = &PEOPLE[0];
    let friends = ids(&realm, "photos_friends.gne", &format!("user_id={}", person.nsid));
    assert_eq!(friends, realm.world(|world| numbers(world.photos_of_contacts(person))));
    let owner = contacts(person.nsid)[0];
    let (first, second) = realm.world(|world| {
        let photos = world.photos_of(owner, None);
        (photos[0].id, photos[1].id)
    });
    let hour = jiff::SignedDuration::from_hours(1);
    realm.world(|world| world.fave(person, first, noon())).expect("it may be faved");
    realm.world(|world| world.fave(person, second, noon() + hour)).expect("it may be faved");
    let faves = |name: &str| ids(&realm, "photos_faves.gne", &format!("{name}={}", person.nsid));
    assert_eq!(faves("nsid"), [second.to_string(), first.to_string()]);
    assert_eq!(faves("id"), faves("nsid"));
    realm.world(|world| world.set_public(owner, first, false, noon())).expect("it is theirs");
    assert_eq!(faves("id"), [second.to_string()]);
    assert!(!ids(&realm, "photos_public.gne", &format!("id={}", owner.nsid)).contains(&first.to_string()));
}

#[test]
fn what_there_is_not_is_named() {
    let realm = realm(1);
    let missing = |file: &str, query: &str| {
        let arguments: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        document(&realm, file, &arguments).expect_err("there is no such feed")
    };
    assert_eq!(missing("groups_pool.gne", ""), Missing::Feed);
    assert_eq!(missing("photos_public.gne", "format=yaml"), Missing::Format);
    assert_eq!(missing("photos_public.gne", "id=12345678@N00"), Missing::Person);
    assert_eq!(missing("photos_friends.gne", ""), Missing::Person);
    assert_eq!(missing("photos_faves.gne", ""), Missing::Person);
}

#[test]
fn an_empty_feed_is_a_feed() {
    let realm = realm(0);
    for format in ["atom", "rss2", "json"] {
        assert_eq!(ids(&realm, "photos_public.gne", &format!("format={format}")), [""; 0]);
    }
}

#[test]
fn no_title_breaks_a_feed() {
    let realm = realm(0);
    for title in ["<b>&\"'", "]]>", "\0\x1b\u{ffff}x", ""] {
        let draft = Draft { title: Some(title.to_owned()), ..Draft::default() };
        realm.world(|world| world.upload(&PEOPLE[11], draft, noon()));
    }
    for format in ["atom", "rss2", "json"] {
        let events = events(&realm, "photos_public.gne", &format!("format={format}"));
        assert_eq!(events.len(), 4);
        assert_eq!(events[3].title.as_deref(), Some("<b>&\"'"), "{format}");
    }
}

#[tokio::test]
async fn what_is_known_already_is_not_sent_again() {
    let realm = realm(30);
    let ask = async |header: Option<(&str, &str)>| {
        let mut request = Request::get("/services/feeds/photos_public.gne?format=rss2");
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let (head, body) = router().with_state(realm.clone()).oneshot(request).await.expect("infallible").into_parts();
        (head, body.collect().await.expect("a body").to_bytes())
    };
    let (first, body) = ask(None).await;
    assert_eq!((first.status, body.is_empty()), (StatusCode::OK, false));
    assert_eq!(first.headers["content-type"], "application/rss+xml; charset=utf-8");
    let tag = first.headers["etag"].to_str().expect("text").to_owned();
    let modified = first.headers["last-modified"].to_str().expect("text").to_owned();
    for header in [("if-none-match", tag.as_str()), ("if-modified-since", modified.as_str()), ("if-none-match", "*")] {
        let (head, body) = ask(Some(header)).await;
        assert_eq!((head.status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{header:?}");
    }
    let later = noon() + jiff::SignedDuration::from_mins(1);
    realm.world(|world| world.upload(&PEOPLE[0], Draft::default(), later));
    for header in [("if-none-match", tag.as_str()), ("if-modified-since", modified.as_str())] {
        assert_eq!(ask(Some(header)).await.0.status, StatusCode::OK, "{header:?}");
    }
}
