//! The world: the same from the same seed, and never too large.

use std::collections::HashSet;

use super::*;

mod concerned;
mod deeds;
mod model;
mod percolation;

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a literal")
}

fn world(seed: u64) -> World {
    World::new(seed, "http://practice.test/practice".to_owned())
}

#[test]
fn the_same_seed_gives_the_same_world_and_another_seed_another() {
    let run = |seed| {
        let mut world = world(seed);
        let mut happened = world.uploads(12, noon());
        happened.extend((0..500).flat_map(|_| world.step(noon())));
        happened
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn memory_stays_bounded_over_a_hundred_thousand_steps() {
    let mut world = world(3);
    for _ in 0..100_000 {
        let happened = world.step(noon());
        assert!((1..=3).contains(&happened.len()));
        assert!(world.photos.len() <= MEMORY);
    }
}

#[test]
fn everything_happens_and_most_of_it_is_uploads() {
    let mut world = world(4);
    let happened: Vec<_> = (0..2000).flat_map(|_| world.step(noon())).collect();
    let count = |test: fn(&What) -> bool| happened.iter().filter(|it| test(&it.what)).count();
    assert!(count(|what| *what == What::Uploaded) > happened.len() * 7 / 10);
    assert!(count(|what| matches!(what, What::Faved(_))) > 100);
    assert!(count(|what| *what == What::Retitled) > 20);
    assert!(count(|what| *what == What::Retagged) > 20);
    assert!(count(|what| matches!(what, What::Tagged(_))) > 10);
    assert!(count(|what| *what == What::Hidden) > 3);
    assert!(count(|what| *what == What::Shown) > 3);
    let deleted = count(|what| *what == What::Deleted);
    assert!((10..150).contains(&deleted), "{deleted}");
}

#[test]
fn a_photo_is_posted_once_then_changes_and_is_not_heard_of_while_it_is_gone() {
    let mut world = world(5);
    let (mut alive, mut hidden) = (HashSet::new(), HashSet::new());
    let mut newest = 0;
    for happening in (0..5000).flat_map(|_| world.step(noon())) {
        let id = happening.photo.id;
        match happening.what {
            What::Uploaded => {
                assert!(id > newest, "numbers grow");
                newest = id;
                alive.insert(id);
            }
            What::Shown => {
                assert!(hidden.remove(&id));
                alive.insert(id);
            }
            What::Deleted | What::Hidden => {
                assert_ne!(id, newest, "the newest stays");
                assert!(alive.remove(&id));
                if happening.what == What::Hidden {
                    hidden.insert(id);
                }
            }
            What::Faved(fan) => {
                assert_ne!(fan, happening.photo.owner);
                assert!(alive.contains(&id));
            }
            What::Retitled | What::Retagged | What::Tagged(_) => assert!(alive.contains(&id)),
        }
    }
}

#[test]
fn the_opening_is_spread_over_the_last_hour_and_ends_now() {
    let uploads = world(6).uploads(12, noon());
    let times: Vec<_> = uploads.iter().map(|it| it.photo.published).collect();
    assert!(times.is_sorted());
    assert_eq!(times.last(), Some(&noon()));
    assert_eq!(times.first(), Some(&"2026-03-01T11:05:00Z".parse().expect("a literal")));
    assert!(uploads.iter().all(|it| it.photo.taken < it.photo.published));
}

#[test]
fn ten_uploads_show_ten_subjects() {
    let uploads = world(9).uploads(10, noon());
    let subjects: HashSet<_> = uploads.iter().map(|it| it.photo.picture().subject).collect();
    assert_eq!(subjects.len(), Subject::ALL.len());
}

#[test]
fn titles_are_as_unkind_as_real_ones() {
    let titles: Vec<_> = world(10).uploads(1000, noon()).into_iter().map(|it| it.photo.title).collect();
    for (what, test) in [
        ("empty", (|title| title.is_empty()) as fn(&str) -> bool),
        ("very long", |title| title.chars().count() > 200),
        ("markup", |title| title.contains("<b>") && title.contains(" & ")),
        ("right to left", |title| title.contains('ا') || title.contains('ו')),
        ("an emoji of several code points", |title| title.contains("👩🏽‍🎨")),
        ("a camera's", |title| title.starts_with("DSC_")),
    ] {
        assert!(titles.iter().any(|title| test(title)), "{what}");
    }
}

#[test]
fn positions_are_on_the_globe_and_on_every_side_of_it() {
    let positions: Vec<_> = world(11).uploads(400, noon()).iter().filter_map(|it| it.photo.position).collect();
    assert!(positions.len() > 200);
    assert!(positions.iter().all(|it| it.latitude.abs() < 90.0 && it.longitude.abs() < 180.0));
    for (north, east) in [(true, true), (true, false), (false, true), (false, false)] {
        assert!(positions.iter().any(|it| (it.latitude > 0.0) == north && (it.longitude > 0.0) == east));
    }
}

#[test]
fn a_changed_photo_says_when_and_a_new_title_is_new() {
    let mut world = world(12);
    world.uploads(20, noon());
    let later = noon() + SignedDuration::from_mins(5);
    for _ in 0..50 {
        let before: Vec<_> = world.photos.iter().cloned().collect();
        let happening = world.somebody_retitles(later).expect("there are photos");
        assert_eq!(happening.photo.updated, later);
        let old = before.iter().find(|photo| photo.id == happening.photo.id).expect("it was there");
        assert_ne!(old.title, happening.photo.title);
    }
}
