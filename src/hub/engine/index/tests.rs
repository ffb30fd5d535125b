//! The index finds exactly what a look at every subscription finds.

use proptest::prelude::*;

use super::*;
use crate::hub::engine::grid::covers;
use crate::hub::task::Spot;
use crate::topic::Circle;

/// The plain meaning of a topic.
fn matches(account: &str, interest: &Interest, concerns: &Concerns) -> bool {
    let Interest::Topic(topic) = interest else { return true };
    let spot = concerns.spot.as_ref();
    match topic {
        Topic::Tags(tags) => tags.iter().any(|it| concerns.tags.contains(it)),
        Topic::Commons(nsids) => concerns.institution.as_ref().is_some_and(|it| nsids.is_empty() || nsids.contains(it)),
        Topic::Geo(Area::Woe(ids)) => spot.is_some_and(|it| it.woe_ids.iter().any(|id| ids.contains(id))),
        Topic::Geo(Area::Places(ids)) => spot.is_some_and(|it| it.place_id.iter().any(|id| ids.contains(id))),
        Topic::Geo(Area::Circle(circle)) => spot.is_some_and(|it| covers(circle, it)),
        other => concerns.accounts.iter().any(|(kind, nsid)| *kind == other.kind() && nsid == account),
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["cat", "kitten", "dog", "sea"]).prop_map(str::to_owned)
}

fn nsid() -> impl Strategy<Value = String> {
    (1_u8..4).prop_map(|n| format!("{n}@N01"))
}

/// Around the corners of the map, where circles and spots meet often.
fn point() -> impl Strategy<Value = (f64, f64)> {
    let corners =
        vec![(0.0, 180.0), (0.0, -180.0), (90.0, 0.0), (-90.0, 33.0), (89.7, 179.9), (-89.5, -90.0), (48.0, 11.0)];
    (prop::sample::select(corners), -0.6_f64..0.6, -0.6_f64..0.6, any::<bool>(), -180.0_f64..180.0).prop_map(
        |((latitude, longitude), north, east, anywhere, around)| {
            let longitude = if anywhere { around } else { longitude + east };
            ((latitude + north).clamp(-90.0, 90.0), longitude.clamp(-180.0, 180.0))
        },
    )
}

fn topic() -> impl Strategy<Value = Topic> {
    let personal = vec![
        Topic::ContactsPhotos,
        Topic::ContactsFaves,
        Topic::PhotosOfContacts,
        Topic::PhotosOfMe,
        Topic::MyPhotos,
        Topic::MyFaves,
    ];
    prop_oneof![
        prop::sample::select(personal),
        prop::collection::vec(word(), 1..3).prop_map(|it| Topic::tags(it.iter().map(String::as_str)).unwrap()),
        prop::collection::vec(nsid(), 0..3).prop_map(|it| Topic::commons(it.iter().map(String::as_str)).unwrap()),
        prop::collection::vec(1_u32..5, 1..3).prop_map(|it| Topic::Geo(Area::Woe(it))),
        prop::collection::vec(word(), 1..3).prop_map(|it| Topic::Geo(Area::Places(it))),
        (point(), 0.05_f64..32.0, 1_u8..=16).prop_map(|((latitude, longitude), radius, accuracy)| {
            Topic::Geo(Area::Circle(Circle::new(latitude, longitude, radius, accuracy).unwrap()))
        }),
        (point(), 0.05_f64..32.0).prop_map(|((latitude, longitude), radius)| {
            Topic::Geo(Area::Circle(Circle::new(latitude, longitude, radius, 1).unwrap()))
        }),
    ]
}

fn interest() -> impl Strategy<Value = Interest> {
    prop_oneof![1 => Just(Interest::Everything), 9 => topic().prop_map(Interest::Topic)]
}

fn concerns() -> impl Strategy<Value = Concerns> {
    let spot = (point(), 1_u8..=16, prop::collection::vec(1_u32..5, 0..3), prop::option::of(word())).prop_map(
        |((latitude, longitude), accuracy, woe_ids, place_id)| Spot {
            latitude,
            longitude,
            accuracy,
            woe_ids,
            place_id,
        },
    );
    let accounts = prop::collection::vec((prop::sample::select(Kind::ALL.to_vec()), nsid()), 0..4);
    (accounts, prop::collection::vec(word(), 0..3), prop::option::of(spot), prop::option::of(nsid())).prop_map(
        |(accounts, tags, spot, institution)| Concerns { accounts, tags, spot, institution, exactly: Vec::new() },
    )
}

proptest! {
    #[test]
    fn the_index_finds_what_a_look_at_all_finds(
        subscribed in prop::collection::vec((nsid(), interest()), 0..40),
        gone in prop::collection::vec(any::<bool>(), 40),
        tasks in prop::collection::vec(concerns(), 1..20),
    ) {
        let mut index = Index::default();
        let ids: Vec<Id> = (0..40).map(Id).collect();
        for (id, (account, interest)) in ids.iter().zip(&subscribed) {
            index.insert(*id, account, interest);
        }
        for ((id, (account, interest)), _) in ids.iter().zip(&subscribed).zip(&gone).filter(|(_, gone)| **gone) {
            index.remove(*id, account, interest);
        }
        let left = || ids.iter().zip(&subscribed).zip(&gone).filter(|(_, gone)| !**gone).map(|(it, _)| it);
        for task in &tasks {
            let naive: BTreeSet<Id> =
                left().filter(|(_, (account, interest))| matches(account, interest, task)).map(|(id, _)| *id).collect();
            prop_assert_eq!(index.find(task), naive);
        }
    }

    #[test]
    fn a_spot_in_a_circle_is_always_found(
        (latitude, longitude) in point(), radius in 0.05_f64..32.0, turn in 0.0_f64..360.0, part in 0.0_f64..1.02,
    ) {
        let circle = Circle::new(latitude, longitude, radius, 1).unwrap();
        // A walk of `part` of the radius in the direction `turn`, over the sphere.
        let (north, way, turn) = (circle.latitude.to_radians(), part * radius / 6371.0, turn.to_radians());
        let there = (north.sin() * way.cos() + north.cos() * way.sin() * turn.cos()).clamp(-1.0, 1.0).asin();
        let east = (turn.sin() * way.sin() * north.cos()).atan2(way.cos() - north.sin() * there.sin());
        let longitude = (circle.longitude + east.to_degrees() + 540.0).rem_euclid(360.0) - 180.0;
        let spot = Spot { latitude: there.to_degrees(), longitude, accuracy: 16, woe_ids: vec![], place_id: None };
        let mut index = Index::default();
        index.insert(Id(7), "1@N01", &Interest::Topic(Topic::Geo(Area::Circle(circle))));
        let found = index.find(&Concerns { spot: Some(spot.clone()), ..Concerns::default() });
        prop_assert_eq!(found.len() == 1, covers(&circle, &spot));
        if part < 0.99 {
            prop_assert_eq!(found.len(), 1);
        }
    }
}

#[test]
fn an_index_that_lost_all_subscriptions_is_empty() {
    let interests = ["topic=tags&tags=a,b", "topic=commons", "topic=commons&nsids=1@N01", "topic=geo&woe_ids=1,2"];
    let interests = interests.into_iter().chain(["topic=geo&place_ids=x", "topic=geo&lat=1&lon=2", "topic=my_faves"]);
    let interests: Vec<_> = interests.map(|it| Interest::Topic(Topic::from_text(it).unwrap())).collect();
    let mut index = Index::default();
    for turn in [true, false] {
        for interest in interests.iter().chain([&Interest::Everything]) {
            if turn { index.insert(Id(1), "1@N01", interest) } else { index.remove(Id(1), "1@N01", interest) }
        }
    }
    assert_eq!(format!("{index:?}"), format!("{:?}", Index::default()));
}
