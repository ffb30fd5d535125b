//! A client that takes what it likes, when it likes, against what it must have got in the end.

use std::time::Duration;

use flate2::{Decompress, FlushDecompress};
use proptest::prelude::*;

use super::*;
use crate::bus::position::Epoch;
use crate::frame::Builder;

/// What happens to a client.
#[derive(Debug, Clone)]
enum Happens {
    /// So many events are published at one go.
    Events(i64),
    /// It is told something of its own.
    Own,
    /// It takes so many bytes.
    Takes(usize),
    Ping,
    Pong,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (1..500_i64).prop_map(Happens::Events),
        1 => (1..4_i64).prop_map(Happens::Events),
        1 => Just(Happens::Own),
        2 => (0..400_usize).prop_map(Happens::Takes),
        2 => (0..40_000_usize).prop_map(Happens::Takes),
        1 => Just(Happens::Ping),
        1 => Just(Happens::Pong),
    ]
}

fn manners() -> Manners {
    Manners {
        heartbeat: Duration::from_secs(25),
        silence: Duration::from_secs(40),
        ping: Builder::default().text(br#"{"ping":0}"#).ping().build(),
        missed: |count| Frames::text(format!(r#"{{"missed":{count}}}"#).as_bytes()),
    }
}

/// What a client has read.
#[derive(Debug, PartialEq)]
enum Read {
    Event(i64),
    Missed(i64),
    Own(i64),
    Control(u8),
}

/// Reads whole frames; there must be nothing else.
fn read(mut bytes: &[u8]) -> Vec<Read> {
    let mut all = Vec::new();
    while let [first, second, rest @ ..] = bytes {
        let (len, rest) = match second {
            126 => (usize::from(u16::from_be_bytes([rest[0], rest[1]])), &rest[2..]),
            len => (usize::from(*len), rest),
        };
        let (payload, rest) = rest.split_at(len);
        bytes = rest;
        if first & 0x08 != 0 {
            all.push(Read::Control(first & 0x0F));
            continue;
        }
        let text = if first & 0x40 != 0 { inflate(payload) } else { payload.to_vec() };
        let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let number = |name: &str| json[name].as_i64();
        all.push(if let Some(n) = number("own") {
            Read::Own(n)
        } else if let Some(n) = number("missed") {
            Read::Missed(n)
        } else if number("ping").is_some() {
            Read::Control(0)
        } else {
            Read::Event(json["photo"]["n"].as_i64().unwrap())
        });
    }
    assert!(bytes.is_empty(), "half a frame");
    all
}

fn inflate(payload: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(4096);
    let whole = [payload, &[0, 0, 0xff, 0xff]].concat();
    Decompress::new(false).decompress_vec(&whole, &mut text, FlushDecompress::Sync).unwrap();
    text
}

fn batch(offsets: std::ops::Range<i64>) -> Batch {
    let photos: Vec<_> = offsets.map(|n| (n, format!(r#"{{"n":{n},"id":"53000000001"}}"#))).collect();
    let photos = photos.iter().map(|(n, json)| (*n, json.as_str()));
    Batch::new("kittens".parse().unwrap(), Epoch::from_random([7; 8]), photos)
}

/// Takes so many bytes of what is written, in pieces as a kernel might.
fn take(rest: &mut Rest, mut room: usize, taken: &mut Vec<u8>, deflate: bool) -> bool {
    let write = |pieces: &[IoSlice<'_>]| {
        if room == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let all: Vec<u8> = pieces.iter().flat_map(|it| it.iter().copied()).collect();
        let n = all.len().min(room).min(10_000);
        taken.extend_from_slice(&all[..n]);
        room -= n;
        Ok(n)
    };
    rest.flush(write, deflate, &manners()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn each_event_is_taken_or_counted_each_message_comes_in_its_place_and_no_frame_is_cut(
        story in prop::collection::vec(happens(), 1..30), deflate: bool,
    ) {
        let mut rest = Rest::new(Instant::now());
        let (mut published, mut said, mut taken) = (0, Vec::new(), Vec::new());
        for it in story {
            match it {
                Happens::Events(n) => {
                    rest.push_events(&batch(published..published + n), 0);
                    rest.bound();
                    published += n;
                }
                Happens::Own => {
                    let (done, is_done) = tokio::sync::oneshot::channel();
                    rest.push(Frames::text(format!(r#"{{"own":{published}}}"#).as_bytes()), Some(done));
                    said.push((published, is_done));
                }
                Happens::Takes(n) => drop(take(&mut rest, n, &mut taken, deflate)),
                Happens::Ping => rest.ping(&manners().ping),
                Happens::Pong => rest.pong(Frames::pong(b"payload")),
            }
            prop_assert!(rest.events <= CAPACITY && rest.queue.len() <= CAPACITY + 2 * said.len() + 1);
        }
        prop_assert!(take(&mut rest, usize::MAX, &mut taken, deflate));
        prop_assert!(rest.is_empty() && rest.events == 0);
        let (mut next, mut missed, mut heard) = (0, 0, Vec::new());
        for it in read(&taken) {
            match it {
                Read::Event(n) => {
                    prop_assert_eq!(n, next + missed, "what is not there was told to be missing just before");
                    (next, missed) = (n + 1, 0);
                }
                Read::Missed(n) => missed += n,
                Read::Own(n) => {
                    prop_assert_eq!(next + missed, n, "between what was published before it and after it");
                    heard.push(n);
                }
                Read::Control(_) => {}
            }
        }
        prop_assert_eq!(next + missed, published);
        let (expected, done): (Vec<_>, Vec<_>) = said.into_iter().unzip();
        prop_assert_eq!(heard, expected);
        prop_assert!(done.into_iter().all(|mut it| it.try_recv().is_ok()));
    }

    #[test]
    fn a_close_comes_after_the_frame_that_was_begun_and_is_the_last(
        n in 1..600_i64, room in 0..60_000_usize, deflate: bool,
    ) {
        let mut rest = Rest::new(Instant::now());
        rest.push_events(&batch(0..n), 0);
        let mut taken = Vec::new();
        take(&mut rest, room, &mut taken, deflate);
        rest.close(Frames::close(Some(1012), "restarting"), None);
        prop_assert!(take(&mut rest, usize::MAX, &mut taken, deflate));
        let all = read(&taken);
        prop_assert_eq!(all.last(), Some(&Read::Control(8)));
        let events = &all[..all.len() - 1];
        prop_assert!(events.iter().enumerate().all(|(n, it)| *it == Read::Event(i64::try_from(n).unwrap())));
    }

    #[test]
    fn what_the_opening_has_does_not_come_again(n in 1..3000_i64, through in 0..3000_i64) {
        let mut rest = Rest::new(Instant::now());
        for begin in (0..n).step_by(100) {
            rest.push_events(&batch(begin..n.min(begin + 100)), 0);
            rest.bound();
        }
        rest.open(Builder::default().text(br#"{"own":-1}"#).text(br#"{"own":-2}"#).build(), through);
        rest.ping(&manners().ping);
        let mut taken = Vec::new();
        take(&mut rest, usize::MAX, &mut taken, false);
        let mut all = read(&taken);
        prop_assert_eq!(all.remove(0), Read::Own(-1), "before the ping");
        all.retain(|it| !matches!(it, Read::Control(_)));
        prop_assert_eq!(all.remove(0), Read::Own(-2));
        let first = all.iter().position(|it| matches!(it, Read::Event(_))).unwrap_or(all.len());
        let kept = i64::try_from(CAPACITY).unwrap();
        let expected: Vec<_> = ((through + 1).max(n - kept)..n).map(Read::Event).collect();
        prop_assert_eq!(&all[first..], &expected[..]);
    }
}
