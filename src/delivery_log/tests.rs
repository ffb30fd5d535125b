use std::time::Duration;

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use tempfile::TempDir;
use tokio::time::timeout;

use super::*;
use crate::event_name::EventName;

const SECRET: &str = "a secret of some length";

struct Here {
    log: DeliveryLog,
    clock: Clock,
    keys: Arc<Keys>,
    dir: TempDir,
}

impl Here {
    fn open(records: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::still("2026-11-25T05:00:00Z".parse().unwrap(), 1);
        Self::at(dir, clock, records)
    }

    fn at(dir: TempDir, clock: Clock, records: usize) -> Self {
        let bounds = Bounds { records, age: SignedDuration::from_hours(24) };
        let keys = Arc::new(Keys::derive(SECRET));
        let log = DeliveryLog::open(dir.path(), bounds, keys.clone(), clock.clone()).unwrap();
        Self { log, clock, keys, dir }
    }

    async fn reopen(self, records: usize) -> Self {
        self.log.close().await;
        Self::at(self.dir, self.clock, records)
    }

    /// A delivery with these photos, all of them new.
    fn delivery(&self, event: &str, body: &'static str, photos: &[&str], screens: usize) -> Draft {
        let event: EventName = event.parse().unwrap();
        let uri = format!("/callback/{}", self.keys.callback(&event)).parse().unwrap();
        let photos: Vec<String> = photos.iter().map(|it| (*it).to_owned()).collect();
        let (fresh, new_photos) = (photos.len(), photos.clone());
        let parsed =
            Parsed { entries: fresh, fresh, photos, new_photos, screens, streams: screens, ..Parsed::default() };
        let call = Call {
            at: self.clock.now(),
            method: Method::POST,
            uri,
            headers: HeaderMap::new(),
            peer: Some("203.0.113.7:1234".parse().unwrap()),
            by_bridge: false,
            cause: Cause::Hub,
        };
        let (body, parsed) = (Some(Bytes::from(body)), Some(parsed));
        Draft {
            size: body.as_ref().unwrap().len(),
            body,
            parsed,
            ..Draft::new(call, Some(event), Verdict::Published, 200)
        }
    }

    async fn ids(&self, scope: &Scope) -> Vec<u64> {
        self.log.newest(scope, None, 1000).await.unwrap().iter().map(|it| it.id).collect()
    }
}

fn account(nsid: &str) -> Scope {
    Scope::Account(nsid.into())
}

#[tokio::test]
async fn what_was_noted_is_there_at_once_and_after_a_restart_with_its_exact_bytes() {
    let here = Here::open(20);
    let id = here.log.note(here.delivery("kittens", "<feed>\u{1f431}\r\n", &["1"], 0)).unwrap();
    let whole = here.log.get(&Scope::Everything, id).await.unwrap().unwrap();
    assert_eq!(whole.body.as_deref(), Some("<feed>\u{1f431}\r\n".as_bytes()));
    assert_eq!((whole.record.from.as_str(), whole.record.kind), ("203.0.113.7", Kind::Delivery));
    assert_eq!(whole.record.sentence(), "1 entry, 1 new: taken with 200");
    let here = here.reopen(20).await;
    assert_eq!(here.log.get(&Scope::Everything, id).await.unwrap().unwrap(), whole);
    let next = here.log.note(here.delivery("kittens", "", &[], 0)).unwrap();
    assert!(next > id, "a number is never used twice");
}

#[tokio::test]
async fn no_secret_reaches_the_disk() {
    let here = Here::open(20);
    let event: EventName = "1@N00-tags".parse().unwrap();
    let (callback, token) = (here.keys.callback(&event), here.keys.verify_token(&event));
    let mac = callback.rsplit_once('.').unwrap().1.to_owned();
    let mut draft = here.delivery("1@N00-tags", "", &[], 0);
    draft.call.uri = format!("/callback/{callback}?mode=subscribe&verify_token=AnotherToken").parse().unwrap();
    draft.call.headers.insert("x-forwarded-uri", format!("/callback/{callback}").parse().unwrap());
    draft.call.headers.insert("cookie", "session=very-secret-indeed".parse().unwrap());
    draft.call.headers.insert("x-forwarded-for", "198.51.100.9, 10.0.0.1".parse().unwrap());
    draft.verdict = Verdict::WrongToken { theirs: "AnotherToken".into(), ours: String::new() };
    draft.status = 404;
    draft.parsed = None;
    let id = here.log.note(draft).unwrap();
    let whole = here.log.get(&account("1@N00"), id).await.unwrap().unwrap();
    let ours = token.chars().take(2).collect::<String>();
    assert_eq!(whole.record.sentence(), format!("asked for token An…, we hold {ours}…: refused with 404"));
    assert_eq!(whole.record.from, "198.51.100.9");
    here.log.close().await;
    for file in std::fs::read_dir(here.dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [mac.as_str(), token.as_str(), "AnotherToken", "very-secret"] {
            assert!(!bytes.windows(secret.len()).any(|it| it == secret.as_bytes()), "{secret}");
        }
    }
}

#[tokio::test]
async fn each_owner_has_so_many_and_nobody_sees_anothers() {
    let here = Here::open(3);
    for n in 0..5 {
        here.log.note(here.delivery("1@N00-tags", "a", &[], 0));
        // Written in between, so that the table drops them and not only the thread.
        if n % 2 == 0 {
            here.ids(&Scope::Everything).await;
        }
    }
    here.log.note(here.delivery("2@N00-tags", "b", &[], 0));
    here.log.note(here.delivery("kittens", "c", &[], 0));
    let mut stranger = here.delivery("kittens", "", &[], 0);
    stranger.event = None;
    let unknown = here.log.note(stranger).unwrap();
    assert_eq!(here.ids(&account("1@N00")).await, [5, 4, 3]);
    assert_eq!(here.ids(&account("2@N00")).await, [6]);
    assert_eq!(here.ids(&account("3@N00")).await, [0; 0]);
    assert_eq!(here.ids(&Scope::Everything).await, [8, 7, 6, 5, 4, 3]);
    assert_eq!(here.log.get(&account("2@N00"), 5).await.unwrap(), None);
    assert_eq!(here.log.get(&account("1@N00"), unknown).await.unwrap(), None);
    let page = here.log.newest(&Scope::Everything, Some(6), 2).await.unwrap();
    assert_eq!(page.iter().map(|it| it.id).collect::<Vec<_>>(), [5, 4]);
}

#[tokio::test]
async fn a_burst_keeps_the_newest_of_each_owner() {
    let here = Here::open(3);
    here.log.note(here.delivery("2@N00-tags", "b", &[], 0));
    for _ in 0..2000 {
        here.log.note(here.delivery("1@N00-tags", "a", &[], 0));
    }
    assert_eq!(here.ids(&account("1@N00")).await, [2001, 2000, 1999]);
    assert_eq!(here.ids(&account("2@N00")).await, [1]);
}

#[tokio::test]
async fn what_is_too_old_is_not_seen_and_then_gone() {
    let here = Here::open(20);
    let id = here.log.note(here.delivery("kittens", "old words", &[], 0)).unwrap();
    assert_eq!(here.ids(&Scope::Everything).await, [id]);
    here.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(here.ids(&Scope::Everything).await, [0; 0]);
    assert_eq!(here.log.get(&Scope::Everything, id).await.unwrap(), None);
}

#[tokio::test]
async fn a_forgotten_account_has_left_nothing_on_the_disk() {
    let here = Here::open(20);
    here.log.note(here.delivery("1@N00-tags", "unmistakable words", &[], 0));
    let other = here.log.note(here.delivery("2@N00-tags", "others", &[], 0)).unwrap();
    here.log.forget("1@N00").await.unwrap();
    assert_eq!(here.ids(&Scope::Everything).await, [other]);
    here.log.close().await;
    for file in std::fs::read_dir(here.dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(12).any(|it| it == b"unmistakable"));
    }
}

#[tokio::test]
async fn who_listens_hears_of_a_record_and_then_of_the_screen_that_showed_it() {
    let here = Here::open(20);
    let mut heard = here.log.hear().unwrap();
    let mut next = async || timeout(Duration::from_secs(10), heard.recv()).await.unwrap().unwrap();
    let id = here.log.note(here.delivery("kittens", "x", &["7", "8"], 2)).unwrap();
    let first = next().await;
    assert!(first.new && first.record.id == id && first.record.parsed.as_ref().unwrap().painted.is_none());
    here.clock.advance(SignedDuration::from_millis(850));
    let (names, at) = (Arc::from(["puppies".parse().unwrap(), "kittens".parse().unwrap()]), here.clock.now());
    here.log.painted("hall", Arc::from(["puppies".parse().unwrap()]), vec!["7".into()], at);
    here.log.painted("kitchen", names, vec!["6".into(), "8".into()], at);
    let painted = Painted { at, screen: "kitchen".into(), photo: "8".into(), after_ms: 850 };
    let changed = next().await;
    assert!(!changed.new);
    assert_eq!(changed.record.parsed.as_ref().unwrap().painted, Some(painted.clone()));
    // What is in the file already changes too, and the first screen stays the first.
    let id = here.log.note(here.delivery("kittens", "y", &["9"], 1)).unwrap();
    here.ids(&Scope::Everything).await;
    here.log.painted("attic", Arc::from(["kittens".parse().unwrap()]), vec!["9".into(), "7".into()], at);
    let of = async |id| here.log.get(&Scope::Everything, id).await.unwrap().unwrap().record.parsed.unwrap().painted;
    assert_eq!(of(id).await.unwrap().screen, "attic");
    assert_eq!(of(id - 1).await, Some(painted));
}

#[tokio::test]
async fn a_screen_that_is_quicker_than_the_record_counts_too() {
    let here = Here::open(20);
    let at = here.clock.now();
    here.log.painted("kitchen", Arc::from(["kittens".parse().unwrap()]), vec!["7".into()], at);
    let id = here.log.note(here.delivery("kittens", "x", &["7"], 1)).unwrap();
    let whole = here.log.get(&Scope::Everything, id).await.unwrap().unwrap();
    assert_eq!(whole.record.parsed.unwrap().painted.unwrap().after_ms, 0);
}

#[tokio::test]
async fn a_log_that_is_off_keeps_nothing_and_costs_no_file() {
    let here = Here::open(0);
    assert_eq!(here.log.note(here.delivery("kittens", "x", &[], 0)), None);
    assert!(here.log.hear().is_none() && here.log.bounds().is_none());
    assert_eq!(here.ids(&Scope::Everything).await, [0; 0]);
    here.log.forget("1@N00").await.unwrap();
    here.log.close().await;
    assert_eq!(std::fs::read_dir(here.dir.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_that_cannot_be_written_costs_records_and_nothing_else() {
    let here = Here::open(20);
    let other = rusqlite::Connection::open(here.dir.path().join("deliveries.db")).unwrap();
    other
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        .unwrap();
    here.log.note(here.delivery("kittens", "x", &[], 0));
    assert_eq!(here.ids(&Scope::Everything).await, [0; 0]);
    other.execute_batch("DROP TRIGGER full").unwrap();
    let id = here.log.note(here.delivery("kittens", "x", &[], 0)).unwrap();
    assert_eq!(here.ids(&Scope::Everything).await, [id]);
}

#[tokio::test]
async fn what_was_dropped_by_the_bounds_or_forgotten_is_on_no_disk() {
    let here = Here::open(2);
    for n in 0..6 {
        here.log.note(here.delivery("1@N01-my_faves", "<!-- secret -->", &[], 0));
        assert_eq!(here.ids(&Scope::Everything).await.len(), (n + 1).min(2));
    }
    here.log.forget("1@N01").await.unwrap();
    for file in std::fs::read_dir(here.dir.path()).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        assert!(memchr::memmem::find(&bytes, b"secret").is_none(), "{:?}", file.path());
    }
}

#[test]
fn a_full_queue_loses_bodies_first_and_then_records_and_counts_both() {
    let here = Here::open(0);
    let queue = Queue::default();
    let big = Bytes::from(vec![b'x'; 10 * 1024 * 1024]);
    for id in 0..4 {
        let draft = Draft { body: Some(big.clone()), ..here.delivery("kittens", "", &[], 0) };
        queue.note(id, Box::new(draft), false);
    }
    for id in 4..5000 {
        queue.note(id, Box::new(here.delivery("kittens", "", &[], 0)), false);
    }
    let taken = queue.take(Duration::ZERO);
    assert_eq!((taken.messages.len(), taken.lost.bodies, taken.lost.records), (4096, 1, 904));
    assert_eq!(queue.take(Duration::ZERO).lost.records, 0, "what was told is told once");
    for id in 0..2000 {
        let mut long = here.delivery("kittens", "", &[], 0);
        long.call.headers.insert("x-long", "x".repeat(30_000).parse().unwrap());
        queue.note(id, Box::new(long), false);
    }
    assert!(queue.take(Duration::ZERO).lost.records > 1000, "headers are bounded too");
    queue.close();
    queue.note(1, Box::new(here.delivery("kittens", "", &[], 0)), false);
    assert!(queue.take(Duration::ZERO).messages.is_empty(), "nothing comes after the end");
}
