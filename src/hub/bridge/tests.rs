//! The desk: who is told what, without a network. And real documents through it.

use jiff::SignedDuration;

use super::desk::Desk;
use super::desk::telling::Told;
use super::*;
use crate::feed;
use crate::flickr::listing;
use crate::hub::atom;
use crate::hub::bridge::source::{Sense, Source};
use crate::hub::engine::Interest;
use crate::hub::task::{Key, Why};
use crate::photo::{Change, Person, PhotoEvent};
use crate::topic::Topic;

fn at(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn wish(event: &str, account: &str, topic: Topic) -> Wish {
    let event = event.parse().unwrap();
    let (interest, backup, guest) = (Interest::Topic(topic), false, false);
    Wish { event, account: account.into(), interest, backup, backed_up_since: None, guest }
}

fn kitten(event: &str) -> Wish {
    wish(event, "1@N01", Topic::tags(["kitten"]).unwrap())
}

fn photo(id: u64, posted: i64) -> PhotoEvent {
    let owner = Person { nsid: Some(format!("{}@N01", id % 10)), ..Person::default() };
    let published = Some(at(posted));
    PhotoEvent { owner: Some(owner), published, updated: published, ..PhotoEvent::new(Change::Added, id.to_string()) }
}

struct House {
    desk: Desk,
    permitted: std::collections::HashSet<String>,
}

impl House {
    fn serving(wishes: Vec<Wish>) -> Self {
        let permitted = ["1@N01", "2@N01"].map(str::to_owned).into();
        let mut house = Self { desk: Desk::new(&Settings::default()), permitted };
        house.serve(wishes);
        house
    }

    fn serve(&mut self, wishes: Vec<Wish>) {
        self.desk.serve(wishes, true, &self.permitted, at(0), 0);
    }

    fn source(&self, event: &str, n: usize) -> Source {
        self.desk.wishes[&event.parse().unwrap()].sources[n].clone()
    }

    fn answer(&mut self, source: &Source, page: &[PhotoEvent], now: i64) -> Told {
        self.desk.answered(source, page.to_vec(), true, at(now))
    }
}

/// Which photo, and who is told.
fn told(told: &Told) -> Vec<(u64, Vec<&str>)> {
    told.tasks.iter().map(|it| (it.key.photo, it.concerns.exactly.iter().map(String::as_str).collect())).collect()
}

#[test]
fn a_new_wish_gets_the_newest_few_oldest_first_and_then_what_is_new() {
    let mut house = House::serving(vec![kitten("a")]);
    let source = house.source("a", 0);
    let page: Vec<_> = (1..=9).rev().map(|id| photo(id, 0)).collect();
    let ids = |it: Told| told(&it).iter().map(|(id, _)| *id).collect::<Vec<_>>();
    assert_eq!(ids(house.answer(&source, &page, 0)), [5, 6, 7, 8, 9]);
    assert_eq!(ids(house.answer(&source, &page, 10)), [] as [u64; 0]);
    let page: Vec<_> = (3..=11).rev().map(|id| photo(id, 0)).collect();
    assert_eq!(ids(house.answer(&source, &page, 20)), [10, 11]);
}

#[test]
fn who_comes_later_gets_a_beginning_of_their_own_and_equal_requests_are_one() {
    let mut house = House::serving(vec![kitten("a")]);
    let source = house.source("a", 0);
    house.answer(&source, &[photo(2, 0), photo(1, 0)], 0);
    house.serve(vec![kitten("a"), wish("b", "2@N01", Topic::tags(["kitten"]).unwrap())]);
    assert_eq!((house.source("b", 0), house.desk.schedule.len()), (source.clone(), 1));
    let now = house.answer(&source, &[photo(3, 9), photo(2, 0), photo(1, 0)], 10);
    assert_eq!(told(&now), [(1, vec!["b"]), (2, vec!["b"]), (3, vec!["a", "b"])]);
}

#[test]
fn a_wish_of_many_sources_begins_with_a_few_photos_of_the_last_day_and_not_with_a_flood() {
    let mut house = House::serving(vec![wish("f", "1@N01", Topic::ContactsFaves)]);
    assert_eq!(house.source("f", 0).sense, Sense::Contacts);
    let contacts =
        (2..40).map(|n| Person { nsid: Some(format!("{n}@N01")), name: Some(format!("No. {n}")), ..Person::default() });
    house.desk.follows("1@N01", contacts.collect());
    house.serve(vec![wish("f", "1@N01", Topic::ContactsFaves)]);
    let sources = house.desk.wishes[&"f".parse().unwrap()].sources[1..].to_vec();
    assert_eq!(sources.len(), 38);
    let mut n_told = 0;
    for (n, source) in (0..).zip(&sources) {
        // Half of them faved something today, and two things each.
        let ago = if n % 2 == 0 { -60 } else { -100_000 };
        n_told += house.answer(source, &[photo(1_000 + n, ago), photo(2_000 + n, ago)], 0).tasks.len();
    }
    assert_eq!(n_told, 5);
    // Whoever faves now is told of, with their name.
    let now = house.answer(&sources[0], &[photo(7, 60), photo(1_000, -60), photo(2_000, -60)], 70);
    assert_eq!(now.tasks[0].key, Key { photo: 7, why: Why::Fave("2@N01".into()) });
    assert!(now.tasks[0].element.contains("<name>No. 2</name>"), "{}", now.tasks[0].element);
}

#[test]
fn of_the_commons_each_wish_is_told_of_its_institutions_only() {
    let all = wish("all", "1@N01", Topic::commons([]).unwrap());
    let one = wish("one", "2@N01", Topic::commons(["3@N01"]).unwrap());
    let mut house = House::serving(vec![all, one]);
    let source = house.source("all", 0);
    assert_eq!(house.source("one", 0), source);
    house.answer(&source, &[], 0);
    let now = house.answer(&source, &[photo(14, 0), photo(13, 0)], 1);
    assert_eq!(told(&now), [(13, vec!["all", "one"]), (14, vec!["all"])]);
}

#[test]
fn what_is_gone_is_told_to_those_who_were_shown_it_and_is_new_when_it_comes_back() {
    let mut house = House::serving(vec![kitten("a")]);
    let source = house.source("a", 0);
    house.answer(&source, &[photo(3, 0), photo(2, 0), photo(1, 0)], 0);
    assert_eq!(house.desk.shown.next(at(1)), None);
    assert!(house.answer(&source, &[photo(3, 0), photo(1, 0)], 30).tasks.is_empty());
    assert_eq!(house.desk.shown.next(at(31)).as_deref(), Some("2"), "it is looked for at once");
    let gone = house.desk.gone("2", at(32)).unwrap();
    assert_eq!((gone.key.why, gone.concerns.exactly), (Why::Removed, vec!["a".to_owned()]));
    assert!(gone.element.contains("at:deleted-entry") && gone.element.contains("/photo/2\""), "{}", gone.element);
    let back = house.answer(&source, &[photo(3, 0), photo(2, 40), photo(1, 0)], 60);
    assert_eq!(told(&back), [(2, vec!["a"])]);
    assert!(house.desk.gone("77", at(60)).is_none(), "nobody was shown it");
}

#[test]
fn what_another_hub_should_have_brought_is_noticed_unless_it_is_older_than_that_hub() {
    let backup = Wish { backup: true, backed_up_since: Some(at(100)), ..kitten("a") };
    let mut house = House::serving(vec![backup]);
    let source = house.source("a", 0);
    assert!(house.answer(&source, &[photo(1, 150)], 200).missed.is_empty(), "its beginning is no evidence");
    let missed = house.answer(&source, &[photo(4, 900), photo(3, 250), photo(2, 50), photo(1, 150)], 300).missed;
    assert_eq!(missed, [("a".parse().unwrap(), at(250))], "nor is what is dated before it, or in the future");
}

#[test]
fn what_was_seen_is_written_down_some_time_after_it_was_handed_on() {
    let mut house = House::serving(vec![kitten("a")]);
    let source = house.source("a", 0);
    house.answer(&source, &[photo(1, 0)], 0);
    assert_eq!(house.desk.take_unwritten(), []);
    let written = house.desk.take_unwritten();
    let lines: Vec<_> = written.iter().map(|it| (it.source.as_str(), it.photo.as_str())).collect();
    assert_eq!(lines, [("flickr.photos.search?tags=kitten&tag_mode=any", "1"), ("opened", "a")]);
    assert_eq!(house.desk.take_unwritten(), []);
}

/// What a subscriber reads of what the bridge writes of these.
fn by_the_wire(events: &[PhotoEvent]) -> Vec<PhotoEvent> {
    let elements: Vec<_> = events.iter().map(|it| atom::element_of(it, "created")).collect();
    let read = feed::read(atom::document("Photos", &elements, at(0)).as_bytes()).unwrap();
    assert_eq!((read.problems, read.skipped), (vec![], vec![]));
    read.events
}

#[test]
fn an_event_reads_the_same_after_the_wire() {
    let json = serde_json::json!({"photos": {"photo": [{
        "id": "53000000001", "owner": "1@N01", "ownername": "Ida & <b>", "pathalias": "ida", "title": "Cats\u{1} & \"dogs\" \u{732b}",
        "ispublic": 1, "dateupload": "1700000000", "lastupdate": 1_700_000_100, "datetaken": "2023-11-14 12:00:00",
        "tags": "cat newyork", "latitude": "52.5", "longitude": 13.25, "accuracy": 16, "license": "4", "media": "photo",
        "url_l": "https://live.staticflickr.com/1/53000000001_abc_b.jpg", "width_l": 1024, "height_l": "683"},
        {"id": "53000000002", "owner": "1@N01", "ispublic": 0, "title": "private"}]}});
    let hosts = crate::flickr::Hosts::real();
    let listing::Listed { photos: events, whole } = listing::photos(&json, false, &hosts).unwrap();
    assert_eq!((events.len(), whole), (1, false), "what is not public does not come out of it");
    let read = &by_the_wire(&events)[0];
    assert_eq!(read.updates[0].0, "created");
    assert_eq!(read.images.iter().map(|it| it.width).max().flatten(), Some(1024));
    let title = Some("Cats & \"dogs\" \u{732b}".to_owned());
    let expected =
        PhotoEvent { updates: read.updates.clone(), images: read.images.clone(), title, ..events[0].clone() };
    assert_eq!(read, &expected);
    assert_eq!(events[0].page.as_deref(), Some("https://www.flickr.com/photos/ida/53000000001/"));
    assert_eq!(events[0].position.map(|it| (it.latitude, it.longitude)), Some((52.5, 13.25)));
}

#[test]
fn odd_answers_of_the_api_do_no_harm() {
    let hosts = crate::flickr::Hosts::real();
    let list =
        |items: serde_json::Value| listing::photos(&serde_json::json!({"photos": {"photo": items}}), false, &hosts);
    let strange = serde_json::json!([
        {}, {"id": "x"}, {"id": "1"}, {"id": 2, "title": {"_content": "Node"}, "dateupload": "-5", "latitude": 0, "longitude": 0},
        {"id": "3", "dateupload": "99999999999", "datetaken": "0000-00-00 00:00:00", "latitude": "91", "longitude": "0",
         "pathalias": "../..", "owner": "7@N01", "url_z": "javascript:alert(1)", "server": "1", "secret": "a/b"},
    ]);
    let events = list(strange).unwrap().photos;
    assert_eq!(events.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(events[1].title.as_deref(), Some("Node"));
    assert_eq!(
        (events[1].position, events[2].position, events[2].taken, events[2].images.len()),
        (None, None, None, 0)
    );
    assert_eq!(events[2].page.as_deref(), Some("https://www.flickr.com/photos/7@N01/3/"));
    assert_eq!(by_the_wire(&events).len(), 3);
    assert!(listing::photos(&serde_json::json!({"stat": "ok"}), false, &hosts).is_err());
    // The future and the past are dates like others.
    let mut house = House::serving(vec![kitten("a")]);
    let source = house.source("a", 0);
    house.answer(&source, &[], 0);
    let odd = [photo(3, SignedDuration::from_hours(24 * 365 * 50).as_secs()), photo(2, -1_600_000_000), photo(1, 0)];
    assert_eq!(house.answer(&source, &odd, 1).tasks.len(), 3);
    assert_eq!(house.answer(&source, &odd, 2).tasks.len(), 0);
}

/// The documents of a folder, by name: those whose names end so. Each must be a feed.
fn documents(folder: &std::path::Path, endings: &[&str]) -> Vec<(String, Vec<PhotoEvent>)> {
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let wanted = path.is_file() && endings.iter().any(|it| name.ends_with(it));
        wanted.then(|| {
            let feed = feed::read(&std::fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, feed.events)
        })
    };
    std::fs::read_dir(folder).unwrap().filter_map(|it| read(it.unwrap().path())).collect()
}

#[test]
fn feed_documents_of_all_years_come_through_as_photo_events() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/feed");
    // What is expected of each stands beside it, in a file `.json`.
    let fixtures = documents(folder.as_ref(), &[".xml", ".js"]);
    for traits in
        ["atom-2008-raw-markup.xml", "atom-2015-bom.xml", "rss-2007.xml", "json.js", "push-faves.xml", "video.xml"]
    {
        let (_, events) = fixtures.iter().find(|(name, _)| name == traits).expect(traits);
        assert!(!events.is_empty(), "{traits} has photos");
    }
    assert!(fixtures.len() >= 24, "{} documents", fixtures.len());
    fixtures.iter().for_each(|(_, events)| check_through(events));
}

/// Real documents are not ours to ship. Where somebody has some, `FLICKR_SAMPLES` names their folder when this is
/// compiled; without it the fixtures above, which have the same traits, are all that is read, and this says so.
#[test]
fn real_feed_documents_come_through_as_photo_events() {
    let Some(folder) = option_env!("FLICKR_SAMPLES") else {
        return println!("FLICKR_SAMPLES names no folder: no real document was read, the committed fixtures alone");
    };
    let documents = documents(folder.as_ref(), &[".xml", ".json"]);
    for (name, events) in &documents {
        println!("{name}: {} photo events", events.len());
        assert!(!events.is_empty(), "{name} has photos");
        check_through(events);
    }
    let events: usize = documents.iter().map(|(_, events)| events.len()).sum();
    assert!(documents.len() >= 4 && events >= 40, "{} documents, {events} photo events", documents.len());
}

fn check_through(events: &[PhotoEvent]) {
    let events: Vec<_> = events.iter().filter(|it| it.change != Change::Removed).cloned().collect();
    let read = by_the_wire(&events);
    assert_eq!(read.len(), events.len());
    for (read, event) in read.iter().zip(&events) {
        assert_eq!((&read.id, &read.title, &read.page), (&event.id, &event.title, &event.page));
        // Flickr's push wrote moments to the second, and tags with spaces between them.
        let second = |it: &PhotoEvent| it.published.map(jiff::Timestamp::as_second);
        assert_eq!((second(read), read.video), (second(event), event.video));
        assert_eq!(read.tags.join(" "), event.tags.join(" "));
        assert_eq!((read.taken, read.position, &read.licence), (event.taken, event.position, &event.licence));
        let nsid = |it: &PhotoEvent| it.owner.as_ref().and_then(|it| it.nsid.clone());
        assert_eq!(nsid(read), nsid(event));
        let best = |it: &PhotoEvent| it.images.iter().filter_map(|it| it.width).max().unwrap_or(0);
        assert_eq!(read.images.is_empty(), event.images.is_empty());
        assert!(best(read) >= best(event).min(640), "{}: {} and {}", event.id, best(read), best(event));
    }
}

#[test]
fn searches_are_merged_once_each_has_begun_and_each_wish_gets_what_is_its_own() {
    let tagged = |event: &str, tag: &str| wish(event, "1@N01", Topic::tags([tag]).unwrap());
    let wishes = || vec![tagged("c", "cat"), tagged("s", "sea")];
    let mut house = House::serving(wishes());
    let with =
        |id: u64, tags: &[&str]| PhotoEvent { tags: tags.iter().map(|it| (*it).to_owned()).collect(), ..photo(id, 0) };
    let (cat, sea) = (house.source("c", 0), house.source("s", 0));
    assert_eq!(house.desk.schedule.len(), 2, "each begins with an answer of its own");
    house.answer(&cat, &[with(1, &["cat"])], 0);
    house.serve(wishes());
    assert_eq!(house.desk.schedule.len(), 2, "while one has not begun they stay apart");
    house.answer(&sea, &[with(2, &["sea"])], 1);
    house.serve(wishes());
    let request = house.desk.request_of(&cat).clone();
    assert_eq!((house.desk.schedule.len(), &request), (1, house.desk.request_of(&sea)));
    // What stood behind in the answers before is no news, though nobody saw it.
    let page = [
        with(5, &["cat", "sea"]),
        with(4, &["seaside"]),
        with(3, &["sea"]),
        with(2, &["sea"]),
        with(1, &["cat"]),
        with(0, &["cat"]),
    ];
    let now = house.answer(&request, &page, 2);
    assert_eq!(told(&now), [(5, vec!["c"]), (3, vec!["s"]), (5, vec!["s"])]);
    // An answer too short for both sends them apart.
    let page: Vec<_> = (100..350).rev().map(|id| with(id, &["cat"])).collect();
    house.answer(&request, &page, 3);
    house.serve(wishes());
    assert_eq!((house.desk.schedule.len(), house.desk.request_of(&cat)), (2, &cat));
}

#[test]
fn a_strangers_fave_of_a_photo_that_the_push_brought_is_no_evidence_against_it() {
    let backup = Wish { backup: true, backed_up_since: Some(at(100)), ..kitten("a") };
    let mut house = House::serving(vec![backup]);
    let source = house.source("a", 0);
    house.answer(&source, &[], 200);
    let faved = PhotoEvent { updated: Some(at(290)), ..photo(1, 250) };
    let missed = house.answer(&source, &[faved], 300).missed;
    assert_eq!(missed, [("a".parse().unwrap(), at(250))], "when it was posted counts");
}

#[test]
fn of_an_answer_on_somebodys_behalf_only_what_says_that_it_is_public_is() {
    let hosts = crate::flickr::Hosts::real();
    let list = |items: serde_json::Value, private| {
        listing::photos(&serde_json::json!({"photos": {"photo": items}}), private, &hosts)
    };
    let mixed = serde_json::json!([{"id": "1", "ispublic": 1}, {"id": "2", "ispublic": 0}, {"id": "3"}]);
    let ids = |it: listing::Listed| it.photos.into_iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(ids(list(mixed.clone(), true).unwrap()), ["1"]);
    assert_eq!(ids(list(mixed, false).unwrap()), ["1", "3"], "what anybody may ask for is public");
    // As Flickr's documentation shows an answer of getContactsPhotos.
    let documented = serde_json::json!([{"id": "2801", "owner": "12037949629@N01", "secret": "123456", "server": "1", "title": "grease"}]);
    assert!(list(documented, true).unwrap_err().contains("do not say whether"));
    assert_eq!(ids(list(serde_json::json!([]), true).unwrap()), [""; 0]);
}

#[test]
fn a_list_is_whole_only_when_it_says_so() {
    let hosts = crate::flickr::Hosts::real();
    let whole = |head: serde_json::Value| {
        let mut photos = serde_json::json!({"photo": [{"id": "2"}, {"id": "1"}]});
        photos.as_object_mut().unwrap().extend(head.as_object().unwrap().clone());
        listing::photos(&serde_json::json!({ "photos": photos }), false, &hosts).unwrap().whole
    };
    assert!(whole(serde_json::json!({"page": 1, "pages": 1, "total": "2"})));
    assert!(!whole(serde_json::json!({"page": 1, "pages": 1, "total": "7"})), "some were cut out");
    assert!(!whole(serde_json::json!({"page": 1, "pages": 2, "total": 2})));
    assert!(!whole(serde_json::json!({})), "as getContactsPhotos answers");
}
