use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::hub::bridge::source::{Around, sources};
use crate::hub::engine::Interest;
use crate::photo::{Change, Person, Position};
use crate::topic::{Area, Topic};

fn of(topic: Topic, account: &str) -> Source {
    let around = Around { keyed: true, permitted: true, contacts: None };
    sources(&Interest::Topic(topic), account, &around).unwrap().remove(0)
}

fn tagged(tags: &[&str]) -> Source {
    of(Topic::tags(tags.iter().copied()).unwrap(), "1@N01")
}

fn circle(latitude: f64, longitude: f64, radius: f64, accuracy: u8) -> Source {
    of(Topic::Geo(Area::Circle(Circle::new(latitude, longitude, radius, accuracy).unwrap())), "1@N01")
}

fn merged(sources: &[Source]) -> BTreeMap<String, usize> {
    requests(sources, |_| false).into_iter().map(|(it, parts)| (it.to_string(), parts.len())).collect()
}

fn photo(id: u64, owner: &str, tags: &[&str], at: Option<(f64, f64)>) -> PhotoEvent {
    PhotoEvent {
        owner: Some(Person { nsid: Some(owner.into()), ..Person::default() }),
        tags: tags.iter().map(|it| (*it).to_owned()).collect(),
        position: at.map(|(latitude, longitude)| Position { latitude, longitude }),
        ..PhotoEvent::new(Change::Added, id.to_string())
    }
}

fn ids(photos: &[PhotoEvent]) -> Vec<&str> {
    photos.iter().map(|it| it.id.as_str()).collect()
}

#[test]
fn searches_for_tags_are_one_search_and_each_gets_the_photos_that_have_its_tags() {
    let (cat, sea) = (tagged(&["cat", "kitten"]), tagged(&["sea"]));
    let all = [cat.clone(), sea.clone(), tagged(&["\u{732b}"]), tagged(&["geo:dist=5"])];
    let found = merged(&all);
    assert_eq!(found.len(), 3, "what is not plain is asked alone: {found:?}");
    assert_eq!(found["flickr.photos.search?tags=cat%2Ckitten%2Csea&tag_mode=any"], 2);
    let (request, _) = requests(&all, |_| false).into_iter().find(|(_, parts)| parts.len() == 2).unwrap();
    assert_eq!(request.page_size(), 250);
    assert!(request.arguments.iter().any(|(name, value)| *name == "extras" && value.contains("tags")));
    let page = [
        photo(3, "1@N01", &["sea", "kitten"], None),
        photo(2, "1@N01", &["seaside"], None),
        photo(1, "1@N01", &["sea"], None),
    ];
    assert_eq!(ids(&share(&cat, &request, &page)), ["3"]);
    assert_eq!(ids(&share(&sea, &request, &page)), ["3", "1"]);
    assert_eq!(ids(&share(&cat, &cat, &page)), ["3", "2", "1"], "an answer to itself is all its own");
}

#[test]
fn no_search_has_more_tags_than_flickr_takes() {
    let all: Vec<_> = (0..45).map(|n| tagged(&[&format!("tag{n}"), "cat"])).collect();
    let found = requests(&all, |_| false);
    assert_eq!(found.len(), 3);
    assert_eq!(found.values().map(Vec::len).sum::<usize>(), 45);
    assert!(found.keys().all(|it| argument(it, "tags").unwrap().split(',').count() <= 20));
    assert_eq!(found, requests(all.iter().rev(), |_| false), "in whatever order they come");
}

#[test]
fn ones_own_photos_come_with_those_of_ones_contacts_and_are_told_apart_by_their_owner() {
    let (contacts, mine) = (of(Topic::ContactsPhotos, "1@N01"), of(Topic::MyPhotos, "1@N01"));
    let theirs = of(Topic::MyPhotos, "2@N01");
    let all = [contacts.clone(), mine.clone(), theirs.clone(), of(Topic::ContactsPhotos, "3@N01")];
    let found = merged(&all);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found["flickr.photos.getContactsPhotos?include_self=1&by=1%40N01"], 2);
    let (request, _) = requests(&all, |_| false).into_iter().find(|(_, parts)| parts.len() == 2).unwrap();
    let page = [photo(2, "1@N01", &[], None), photo(1, "9@N01", &[], None)];
    assert_eq!(ids(&share(&mine, &request, &page)), ["2"]);
    assert_eq!(ids(&share(&contacts, &request, &page)), ["1"]);
    assert_eq!(merged(&[mine])["flickr.people.getPhotos?user_id=1%40N01"], 1, "alone it is asked as it is");
}

#[test]
fn circles_near_each_other_are_one_box_and_others_are_asked_alone() {
    let (berlin, potsdam) = (circle(52.52, 13.4, 5.0, 1), circle(52.4, 13.06, 2.0, 1));
    let far = [
        circle(-33.9, 151.2, 5.0, 1),
        circle(52.5, 13.4, 5.0, 11),
        circle(52.5, 179.99, 5.0, 1),
        circle(89.0, 0.0, 5.0, 1),
    ];
    let woe = of(Topic::Geo(Area::Woe(vec![1])), "1@N01");
    let all: Vec<_> = [berlin.clone(), potsdam.clone(), woe].into_iter().chain(far).collect();
    let found = requests(&all, |_| false);
    assert_eq!(found.len(), 6, "{:?}", found.keys().map(ToString::to_string).collect::<Vec<_>>());
    let (request, _) = found.into_iter().find(|(_, parts)| parts.len() == 2).unwrap();
    let corners: Vec<f64> = argument(&request, "bbox").unwrap().split(',').map(|it| it.parse().unwrap()).collect();
    assert!(corners[0] < 13.04 && corners[1] < 52.39 && corners[2] > 13.46 && corners[3] > 52.56, "{corners:?}");
    let page = [
        photo(3, "1@N01", &[], Some((52.51, 13.41))),
        photo(2, "1@N01", &[], Some((52.45, 13.2))),
        photo(1, "1@N01", &[], None),
    ];
    assert_eq!(ids(&share(&berlin, &request, &page)), ["3"]);
    assert!(share(&potsdam, &request, &page).is_empty());
}

proptest! {
    /// Whatever is wished: each source is served by exactly one request, and what its own answer would hold is in its
    /// share of the merged one.
    #[test]
    fn nothing_is_lost_by_merging(
        places in prop::collection::vec((-80.0..80.0_f64, -179.0..179.0_f64, 0.1..30.0_f64), 0..30),
        tags in prop::collection::vec(prop::collection::vec("[a-z]{1,3}", 1..4), 0..40),
        alone in any::<u64>(),
    ) {
        let circles = places.iter().map(|(latitude, longitude, radius)| circle(*latitude, *longitude, *radius, 1));
        let searches = tags.iter().map(|it| tagged(&it.iter().map(String::as_str).collect::<Vec<_>>()));
        let all: BTreeSet<Source> = circles.chain(searches).collect();
        let apart = |it: &Source| alone & (1 << (it.to_string().len() % 64)) != 0;
        let found = requests(&all, apart);
        let mut served: Vec<_> = found.values().flatten().cloned().collect();
        served.sort();
        prop_assert_eq!(served, all.iter().cloned().collect::<Vec<_>>());
        for (request, parts) in &found {
            prop_assert!(parts.len() == 1 || !parts.iter().any(&apart));
            for part in parts.iter().filter(|_| parts.len() > 1) {
                let theirs = match kind(part) {
                    Kind::Circle(it) => photo(1, "1@N01", &[], Some((it.latitude, it.longitude))),
                    Kind::Tags(tags) => photo(1, "1@N01", &tags[..1], None),
                    _ => continue,
                };
                prop_assert_eq!(share(part, request, std::slice::from_ref(&theirs)).len(), 1);
                if let Some(corners) = argument(request, "bbox") {
                    let at: Vec<f64> = corners.split(',').map(|it| it.parse().unwrap()).collect();
                    let Kind::Circle(it) = kind(part) else { continue };
                    prop_assert!(at[0] < it.longitude && at[1] < it.latitude && it.longitude < at[2] && it.latitude < at[3]);
                    prop_assert!(at[2] - at[0] <= BOX + 0.001 && at[3] - at[1] <= BOX + 0.001);
                }
            }
        }
    }
}
