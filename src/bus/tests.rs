//! The bus as its users see it.

use super::item::Item;
use super::position::Position;
use super::*;
use crate::photo::{Change, Person, UpdateType};

struct Here {
    bus: Bus,
    dir: tempfile::TempDir,
}

impl Here {
    fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let bus = Bus::open(dir.path(), &Clock::system()).unwrap();
        Self { bus, dir }
    }

    async fn reopen(self) -> Self {
        self.bus.close().await;
        let bus = Bus::open(self.dir.path(), &Clock::system()).unwrap();
        Self { bus, dir: self.dir }
    }

    async fn publish(&self, name: &str, events: &[PhotoEvent]) -> (usize, usize) {
        let published = self.bus.publish(&event(name), events).await.unwrap();
        (published.fresh(), published.repeats)
    }

    async fn follow(&self, names: &[&str], from: From) -> Followed {
        self.bus.follow(names.iter().map(|it| event(it)).collect(), from).await.unwrap()
    }

    async fn ids(&self, name: &str) -> Vec<String> {
        ids(&self.follow(&[name], From::Newest(HISTORY)).await.backlog.items)
    }
}

fn event(name: &str) -> EventName {
    name.parse().unwrap()
}

fn ids(items: &[Item]) -> Vec<String> {
    items.iter().map(|it| it.photo().unwrap().id).collect()
}

fn added(ids: std::ops::Range<u32>) -> Vec<PhotoEvent> {
    ids.map(|id| photo(id, Change::Added)).collect()
}

fn photo(id: u32, change: Change) -> PhotoEvent {
    PhotoEvent::new(change, id.to_string())
}

#[tokio::test]
async fn what_was_published_is_there_after_a_restart_with_its_positions() {
    let here = Here::open();
    assert_eq!(here.publish("kittens", &added(1..4)).await, (3, 0));
    let before = here.follow(&["kittens"], From::Newest(10)).await.backlog;
    let here = here.reopen().await;
    let after = here.follow(&["kittens"], From::Newest(10)).await.backlog;
    assert_eq!(ids(&after.items), ["1", "2", "3"]);
    assert_eq!((before.head, before.items[0].position), (after.head, after.items[0].position));
}

#[tokio::test]
async fn a_repeat_is_dropped_within_a_delivery_across_deliveries_and_across_restarts() {
    let here = Here::open();
    let twice = [added(1..2), added(1..2)].concat();
    assert_eq!(here.publish("kittens", &twice).await, (1, 1));
    assert_eq!(here.publish("kittens", &twice).await, (0, 2));
    assert_eq!(here.publish("puppies", &twice).await, (1, 1), "another name has seen nothing");
    let here = here.reopen().await;
    assert_eq!(here.publish("kittens", &added(1..3)).await, (1, 1));
    let renamed = PhotoEvent { title: Some("new".into()), ..photo(1, Change::Added) };
    assert_eq!(here.publish("kittens", &[renamed]).await, (1, 0), "another update is no repeat");
}

#[tokio::test]
async fn what_two_hubs_tell_of_one_arrival_is_one_event_whatever_their_details() {
    let here = Here::open();
    let told = |update: &str, title: &str, fan: Option<&str>, tags: &[&str]| {
        let faved_by = fan.map(|nsid| Person { nsid: Some(nsid.into()), ..Person::default() });
        let change = if update == UpdateType::CREATED { Change::Added } else { Change::Updated };
        let tags = tags.iter().map(|it| (*it).to_owned()).collect();
        let updates = vec![UpdateType(update.into())];
        [PhotoEvent { updates, title: Some(title.into()), faved_by, tags, ..photo(1, change) }]
    };
    assert_eq!(here.publish("kittens", &told("created", "One", None, &[])).await, (1, 0));
    assert_eq!(here.publish("kittens", &told("created", "One", None, &["cat"])).await, (0, 1), "another hub's words");
    // Renamed between the words of two hubs: a change, and no second arrival.
    let mut followed = here.follow(&["kittens"], From::Newest(1)).await;
    assert_eq!(here.publish("kittens", &told("created", "Two", None, &["cat"])).await, (1, 0), "it says something new");
    let renamed = followed.listener.next().await.items.remove(0).photo().unwrap();
    assert_eq!((renamed.change, renamed.updates[0].0.as_str()), (Change::Updated, "title"));
    drop(followed);
    assert_eq!(here.publish("kittens", &told("title", "One", None, &["cat"])).await, (1, 0), "a change is no arrival");
    // A fave is by somebody.
    assert_eq!(here.publish("kittens", &told("faves", "One", Some("1@N01"), &[])).await, (1, 0));
    assert_eq!(here.publish("kittens", &told("faves", "One", Some("1@N01"), &["cat"])).await, (0, 1));
    assert_eq!(here.publish("kittens", &told("faves", "One", Some("2@N01"), &["cat"])).await, (1, 0));
    // Elsewhere, and after it was gone, it arrives anew.
    assert_eq!(here.publish("cats", &told("created", "One", None, &["cat"])).await, (1, 0));
    here.publish("kittens", &[photo(1, Change::Removed)]).await;
    assert_eq!(here.publish("kittens", &told("created", "One", None, &["cat", "anew"])).await, (1, 0));
}

#[tokio::test]
async fn a_tombstone_takes_the_photo_out_of_the_history_for_good() {
    let here = Here::open();
    here.publish("kittens", &added(1..4)).await;
    here.publish("puppies", &added(1..4)).await;
    assert_eq!(here.publish("kittens", &[photo(2, Change::Removed)]).await, (1, 0));
    assert_eq!(here.ids("kittens").await, ["1", "3", "2"], "the removal itself stays, for those who come back");
    assert_eq!(here.ids("puppies").await, ["1", "2", "3"]);
    assert_eq!(here.publish("kittens", &added(2..3)).await, (0, 1), "a late repeat does not bring it back");
    assert_eq!(here.publish("kittens", &[photo(2, Change::Removed)]).await, (0, 1));
}

#[tokio::test]
async fn what_happened_before_a_removal_and_comes_after_it_brings_nothing_back() {
    let here = Here::open();
    let at = |second, event: PhotoEvent| PhotoEvent { updated: jiff::Timestamp::from_second(second).ok(), ..event };
    here.publish("kittens", &[at(10, photo(1, Change::Added)), at(30, photo(1, Change::Removed))]).await;
    assert_eq!(here.publish("kittens", &[at(20, photo(1, Change::Updated))]).await, (0, 1), "overtaken");
    assert_eq!(here.publish("kittens", &[at(40, photo(1, Change::Updated))]).await, (1, 0), "public again");
    assert_eq!(here.publish("puppies", &[at(20, photo(1, Change::Updated))]).await, (1, 0), "another name");
}

#[tokio::test]
async fn a_photo_that_was_published_anew_can_be_deleted_again_by_the_same_tombstone() {
    let here = Here::open();
    here.publish("kittens", &added(1..2)).await;
    here.publish("kittens", &[photo(1, Change::Removed)]).await;
    let again = PhotoEvent { updates: vec![UpdateType("photo_url".into())], ..photo(1, Change::Updated) };
    here.publish("kittens", &[again]).await;
    assert_eq!(here.publish("kittens", &[photo(1, Change::Removed)]).await, (1, 0));
    let left = here.follow(&["kittens"], From::Newest(10)).await.backlog.items;
    assert!(left.iter().all(|it| it.photo().unwrap().change == Change::Removed));
}

#[tokio::test]
async fn the_history_of_a_name_is_bounded_and_a_gap_is_told_by_name() {
    let here = Here::open();
    here.publish("quiet", &added(0..1)).await;
    let start = here.follow(&["kittens"], From::Newest(0)).await.backlog.head;
    let all = u32::try_from(HISTORY).unwrap();
    here.publish("kittens", &added(0..all)).await;
    let whole = here.follow(&["quiet", "kittens"], From::After(start, 10)).await.backlog;
    assert_eq!((whole.gaps.len(), whole.items.len()), (0, HISTORY));
    here.publish("kittens", &added(all..all + 2)).await;
    let cut = here.follow(&["quiet", "kittens"], From::After(start, 10)).await.backlog;
    assert_eq!(cut.gaps, [event("kittens")]);
    assert_eq!(cut.items.len(), 10, "after a gap the newest, not the flood");
    assert_eq!(here.ids("kittens").await.len(), HISTORY);
    let second = whole.items[1].position;
    let rest = here.follow(&["kittens"], From::After(second, 10)).await.backlog;
    assert_eq!((rest.gaps.len(), rest.items.len()), (0, HISTORY), "the one that follows what was dropped is whole");
}

#[tokio::test]
async fn many_names_at_once_are_no_flood_either() {
    let here = Here::open();
    let start = here.follow(&["a"], From::Newest(0)).await.backlog.head;
    for name in ["a", "b", "c"] {
        here.publish(name, &added(0..200)).await;
    }
    let backlog = here.follow(&["a", "b", "c"], From::After(start, 10)).await.backlog;
    assert_eq!((backlog.gaps.len(), backlog.items.len()), (3, 30));
    let many: Vec<_> = (0..100).map(|n| format!("n{n}")).collect();
    for name in &many {
        here.publish(name, &added(0..20)).await;
    }
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let backlog = here.follow(&many, From::Lost(500)).await.backlog;
    assert_eq!((backlog.gaps.len(), backlog.items.len()), (100, 500), "together no more than the bound");
    assert_eq!(here.follow(&many, From::Newest(500)).await.backlog.items.len(), 500);
    assert!(backlog.items.is_sorted_by_key(|it| it.position.offset));
}

#[tokio::test]
async fn a_position_of_another_history_is_a_gap_for_every_name() {
    let (here, there) = (Here::open(), Here::open());
    here.publish("kittens", &added(0..3)).await;
    there.publish("kittens", &added(0..1)).await;
    let foreign = there.follow(&["kittens"], From::Newest(1)).await.backlog.head;
    let future = Position { offset: 99, ..here.follow(&["kittens"], From::Newest(1)).await.backlog.head };
    for position in [foreign, future] {
        let backlog = here.follow(&["kittens", "puppies"], From::After(position, 2)).await.backlog;
        assert_eq!(backlog.gaps, [event("kittens"), event("puppies")]);
        assert_eq!(ids(&backlog.items), ["1", "2"]);
    }
}

#[tokio::test]
async fn a_listener_joining_during_a_thousand_deliveries_sees_each_event_once_and_in_order() {
    let here = Here::open();
    let writer = tokio::spawn({
        let bus = here.bus.clone();
        async move {
            for id in 0..1000 {
                bus.publish(&event("kittens"), &added(id..id + 1)).await.unwrap();
            }
        }
    });
    let mut joined = Vec::new();
    while joined.len() < 20 {
        let Followed { backlog, mut listener } = here.follow(&["kittens"], From::Newest(1)).await;
        let mut seen: Vec<i64> = backlog.items.iter().map(|it| it.position.offset).collect();
        joined.push(tokio::spawn(async move {
            while seen.last() != Some(&1000) {
                let arrived = listener.next().await;
                assert_eq!(arrived.missed, 0);
                seen.extend(arrived.items.iter().map(|it| it.position.offset));
            }
            let first = seen[0];
            assert_eq!(seen, (first..=1000).collect::<Vec<_>>());
        }));
    }
    writer.await.unwrap();
    for listener in joined {
        listener.await.unwrap();
    }
    assert_eq!(here.bus.listeners(), channels::Count::default(), "who leaves leaves nothing behind");
}

#[tokio::test]
async fn ten_thousand_names_are_normal_and_cost_nothing_while_nobody_listens() {
    let here = Here::open();
    let names: Vec<_> = (0..10_000).map(|n| event(&format!("name-{n}"))).collect();
    let jobs: Vec<_> = names.iter().map(|name| here.bus.publish(name, &[])).collect();
    for job in jobs {
        job.await.unwrap();
    }
    let one = added(1..2);
    futures_util::future::try_join_all(names.iter().map(|name| here.bus.publish(name, &one))).await.unwrap();
    assert_eq!(here.bus.listeners(), channels::Count::default());
    assert_eq!(here.ids("name-9999").await, ["1"]);
}

#[tokio::test]
async fn a_forgotten_name_is_on_no_disk_and_a_gap_to_who_resumes_while_others_stay() {
    let here = Here::open();
    let (kittens, puppies) = (event("kittens"), event("puppies"));
    let mut secret = added(1..2);
    secret[0].title = Some("unmistakable words".into());
    here.bus.publish(&kittens, &secret).await.unwrap();
    let seen = here.bus.follow(vec![kittens.clone()], From::Newest(0)).await.unwrap().backlog.head;
    here.bus.publish(&kittens, &added(2..3)).await.unwrap();
    here.bus.publish(&puppies, &added(3..4)).await.unwrap();
    here.bus.forget(vec![kittens.clone(), event("never-heard-of")]).await.unwrap();
    assert_eq!(here.ids("kittens").await, Vec::<String>::new());
    assert_eq!(here.ids("puppies").await, ["3"]);
    let resumed = here.bus.follow(vec![kittens.clone()], From::After(seen, 10)).await.unwrap();
    assert_eq!(resumed.backlog.gaps, [kittens]);
    for file in std::fs::read_dir(here.dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(12).any(|it| it == b"unmistakable"));
    }
    here.bus.publish(&event("kittens"), &added(4..5)).await.unwrap();
    assert_eq!(here.ids("kittens").await, ["4"], "and it can begin again");
}

#[tokio::test]
async fn a_photo_is_known_by_the_names_that_it_came_under_until_it_is_removed() {
    let here = Here::open();
    here.publish("kittens", &added(1..3)).await;
    here.publish("puppies", &added(3..4)).await;
    here.publish("kittens", &[photo(2, Change::Removed)]).await;
    for (names, id, expected) in [
        (&["kittens"][..], "1", true),
        (&["puppies", "kittens"], "1", true),
        (&["puppies"], "1", false),
        (&["kittens"], "2", false),
        (&["kittens"], "", false),
        (&["never-heard-of"], "1", false),
        (&[], "1", false),
    ] {
        let names_of = names.iter().map(|it| event(it)).collect();
        assert_eq!(here.bus.has_photo(names_of, id).await.unwrap(), expected, "{names:?} {id}");
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_by_a_closed_bus() {
    let here = Here::open();
    here.bus.close().await;
    let refused = here.bus.publish(&event("kittens"), &added(1..2)).await;
    assert!(matches!(refused, Err(BusError::Closed)), "{refused:?}");
    assert!(!here.bus.is_writable().await);
}
