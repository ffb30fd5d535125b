use proptest::prelude::*;

use super::*;
use crate::photo::{Change, Image};

fn photo(id: u64) -> PhotoEvent {
    let url = format!("https://live.staticflickr.com/1/{id}_abc_z.jpg");
    let image = Image { url, width: Some(640), height: Some(480), derived: false };
    PhotoEvent {
        title: Some(format!("Photo {id}")),
        images: vec![image],
        ..PhotoEvent::new(Change::Added, id.to_string())
    }
}

fn page(ids: &[u64]) -> Vec<PhotoEvent> {
    ids.iter().map(|id| photo(*id)).collect()
}

/// The ids that are new in each of these answers in turn.
fn arrivals(full: bool, answers: &[&[u64]]) -> Vec<Vec<String>> {
    let mut memory = Memory::default();
    let new = |ids: &&[u64]| {
        let page = page(ids);
        memory.compare(&page, full).arrived.iter().map(|at| page[*at].id.clone()).collect()
    };
    answers.iter().map(new).collect()
}

#[test]
fn what_was_not_there_before_is_new() {
    let check = |full, answers: &[&[u64]], expected: &[&[&str]]| {
        assert_eq!(arrivals(full, answers), expected, "{answers:?}");
    };
    check(true, &[&[3, 2, 1], &[3, 2, 1]], &[&["3", "2", "1"], &[]]);
    check(true, &[&[3, 2, 1], &[5, 4, 3]], &[&["3", "2", "1"], &["5", "4"]]);
    // Deleted: what moves up from behind the end is not new.
    check(true, &[&[5, 4, 3], &[5, 3, 2]], &[&["5", "4", "3"], &[]]);
    // A short list has no end to move up from behind: its last is new, whatever its date made of its place.
    check(false, &[&[5, 4], &[5, 4, 1]], &[&["5", "4"], &["1"]]);
    // In the midst: it was private and is public now, or its owner gave it a date in the past.
    check(true, &[&[5, 4, 1], &[5, 4, 2, 1]], &[&["5", "4", "1"], &["2"]]);
    // More came than the answer holds.
    check(true, &[&[3, 2, 1], &[9, 8, 7]], &[&["3", "2", "1"], &["9", "8", "7"]]);
    // A photo with a date in the future stays at the top for ever and hides nothing.
    check(true, &[&[9, 2, 1], &[9, 3, 2], &[9, 4, 3]], &[&["9", "2", "1"], &["3"], &["4"]]);
    check(true, &[&[], &[1]], &[&[], &["1"]]);
    check(true, &[&[2, 1, 2]], &[&["2", "1"]]);
}

#[test]
fn a_change_is_told_with_its_kind_and_once() {
    let mut memory = Memory::default();
    memory.compare(&page(&[1, 2, 3, 4]), true);
    let mut changed = page(&[1, 2, 3, 4]);
    changed[0].title = Some("Renamed".into());
    changed[1].tags = vec!["cat".into()];
    changed[2].images[0].url = "https://live.staticflickr.com/1/3_def_z.jpg".into();
    let news = memory.compare(&changed, true);
    assert_eq!(news.changed, [(0, "title"), (1, "tags"), (2, "photo_url")]);
    assert_eq!((news.arrived.len(), news.seen.len()), (0, 3));
    assert_eq!(memory.compare(&changed, true), News::default());
    // Another size of the same picture is no change.
    changed[3].images[0].url = "https://live.staticflickr.com/1/4_abc_b.jpg".into();
    assert_eq!(memory.compare(&changed, true).changed, []);
}

#[test]
fn what_is_missing_from_the_midst_is_told_and_what_fell_off_the_end_is_not() {
    let mut memory = Memory::default();
    memory.compare(&page(&[5, 4, 3, 2]), true);
    assert_eq!(memory.compare(&page(&[6, 5, 4, 3]), true).missing, [] as [String; 0]);
    assert_eq!(memory.compare(&page(&[6, 5, 3]), true).missing, ["4"]);
    assert_eq!(memory.compare(&page(&[6, 5]), false).missing, ["3"], "a short list hides nothing behind its end");
}

#[test]
fn a_restart_remembers_and_what_was_forgotten_is_new_again() {
    let mut memory = Memory::default();
    let seen = memory.compare(&page(&[3, 2, 1]), true).seen;
    let lines: Vec<(String, String)> = seen.into_iter().map(|(photo, print)| (photo, print.to_string())).collect();
    let read = |(photo, print): (String, String)| (photo, print.parse().unwrap());
    let mut memory = Memory::restored(lines.into_iter().rev().map(read));
    assert!(!memory.is_fresh());
    assert_eq!(memory.compare(&page(&[4, 3, 2, 1]), true).arrived, [0]);
    memory.forget("3");
    assert_eq!(memory.compare(&page(&[4, 3, 2, 1]), true).arrived, [1]);
    assert!("nonsense".parse::<Print>().is_err() && "\u{e4}".parse::<Print>().is_err());
}

proptest! {
    /// A list that only grows at its head, asked for at any moments, tells of each photo once, as long as no more come
    /// between two answers than one holds. And the memory stays bounded.
    #[test]
    fn each_photo_is_told_once(steps in prop::collection::vec(0_u64..10, 1..80)) {
        let (mut memory, mut newest, mut told) = (Memory::default(), 20, Vec::new());
        for step in steps {
            newest += step;
            let page = page(&(newest - 9..=newest).rev().collect::<Vec<_>>());
            told.extend(memory.compare(&page, true).arrived.iter().map(|at| page[*at].id.parse::<u64>().unwrap()));
        }
        told.sort_unstable();
        prop_assert_eq!(&told, &(told[0]..=newest).collect::<Vec<_>>());
        prop_assert!(memory.order.len() <= REMEMBERED && memory.prints.len() == memory.order.len());
    }
}
