//! The fan-out under load: who joins, leaves, resumes and stalls gets exactly what the README promises.

mod model;
mod sigterm;

use std::sync::Arc;
use std::time::Duration;

use flickr_conduit::conduit::Minted;
use tokio::sync::watch;

use crate::support::chance::Chance;
use crate::support::raw::{Raw, Sent};
use crate::support::{ALONE, Served, feeds};
use model::{From, Name, Told, Truth, Visit};

const CLIENTS: u64 = 200;
const EVENTS: usize = 10_000;
const NAMES: usize = 8;
/// With how many events a gap goes on.
const LAST: usize = 10;

/// What happened to all clients together, so that a test in which nothing happens is none.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    visits: usize,
    resumed: usize,
    gaps: usize,
    missed: usize,
    deflated: usize,
    cut_off: usize,
}

struct World {
    truth: Truth,
    minted: Vec<Minted>,
    epoch: String,
    published: watch::Receiver<usize>,
}

fn number(text: &str, before: &str) -> Option<usize> {
    let rest = &text[text.find(before)? + before.len()..];
    rest[..rest.find(|it: char| !it.is_ascii_digit())?].parse().ok()
}

impl World {
    fn told(&self, text: &str) -> Option<Told> {
        let kind = text.strip_prefix(r#"{"type":""#).unwrap().split('"').next().unwrap();
        let offset = || number(text, &format!("{}:", self.epoch)).unwrap();
        Some(match kind {
            "hello" => Told::Hello { head: offset(), backlog: number(text, r#""backlog":"#).unwrap() },
            "gap" => Told::Gap(number(text, r#""event":"name-"#).unwrap()),
            "photo" => {
                let (offset, name) = (offset(), number(text, r#""event":"name-"#).unwrap());
                assert_eq!(number(text, r#""id":""#), Some(offset), "the photo that was published there");
                assert_eq!(name, self.truth.0[offset - 1]);
                Told::Photo(offset)
            }
            "missed" => Told::Missed(number(text, r#""count":"#).unwrap()),
            "ping" => return None,
            other => panic!("{other}"),
        })
    }

    fn address(&self, names: &[Name], from: From) -> String {
        let base = self.minted[0].stream.split('?').next().unwrap();
        let tokens = names.iter().map(|it| self.minted[*it].stream.split_once('?').unwrap().1);
        let query = tokens.collect::<Vec<_>>().join("&");
        match from {
            From::Newest(n) => format!("{base}?{query}&last={n}"),
            From::After(offset) => format!("{base}?{query}&after={}:{offset}", self.epoch),
        }
    }

    /// One client's life, until it has seen everything.
    async fn live(&self, seed: u64) -> Seen {
        let mut chance = Chance::new(seed);
        let n = if seed.is_multiple_of(4) { NAMES as u64 } else { chance.between(1..4) };
        let mut names: Vec<Name> = (0..NAMES).collect();
        chance.shuffle(&mut names);
        names.truncate(usize::try_from(n).unwrap());
        names.sort_unstable();
        let mut seen = Seen::default();
        let mut from = From::Newest(LAST);
        // It comes when so much has happened.
        self.wait(usize::try_from(chance.between(0..3000)).unwrap()).await;
        loop {
            if self.visit(&names, &mut from, &mut chance, &mut seen).await {
                return seen;
            }
        }
    }

    /// One connection; whether everything has been seen at its end.
    async fn visit(&self, names: &[Name], from: &mut From, chance: &mut Chance, seen: &mut Seen) -> bool {
        let offer = chance.pick(&[None, Some("permessage-deflate; client_max_window_bits")]);
        let mut socket = Raw::open(&self.address(names, *from), offer).await;
        let mut visit = Visit::new(&self.truth, names, *from);
        seen.visits += 1;
        seen.resumed += usize::from(matches!(from, From::After(_)));
        let mut patience = chance.between(1..1000);
        while !visit.is_over() {
            if patience == 0 {
                let begun = *self.published.borrow();
                match chance.between(0..5) {
                    0 => {
                        socket.say(0x88, &[0x03, 0xe8]).await;
                        return false;
                    }
                    1 => return false,
                    // It takes nothing for a while.
                    _ => self.wait(begun + usize::try_from(chance.between(0..7000)).unwrap()).await,
                }
                patience = chance.between(1..1500);
            }
            patience -= 1;
            match socket.next().await {
                Sent::Text(text) => {
                    let Some(told) = self.told(&text) else { continue };
                    visit.hear(told).unwrap_or_else(|wrong| panic!("{names:?} from {from:?}: {wrong}"));
                    match told {
                        Told::Photo(offset) => *from = From::After(offset),
                        Told::Hello { head, backlog: 0 } => *from = From::After(head),
                        Told::Hello { .. } => {}
                        Told::Gap(_) => seen.gaps += 1,
                        Told::Missed(_) => seen.missed += 1,
                    }
                }
                Sent::Ping => socket.say(0x8A, &[]).await,
                Sent::Pong(_) => panic!("nobody asked"),
                // It took nothing for too long.
                Sent::Close(code) => {
                    assert_eq!(code, Some(1008));
                    seen.cut_off += 1;
                    return false;
                }
                Sent::End(_) => {
                    seen.cut_off += 1;
                    return false;
                }
            }
        }
        seen.deflated += socket.n_deflated;
        true
    }

    /// Until so many events are published, or all.
    async fn wait(&self, n: usize) {
        let n = n.min(EVENTS);
        self.published.clone().wait_for(|published| *published >= n).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_clients_that_come_go_resume_and_stall_get_exactly_what_was_promised() {
    let _alone = ALONE.lock().await;
    let here = Served::new().await;
    let mut chance = Chance::new(5);
    // Deliveries of 1 to 40 entries, some names busier than others.
    let (mut truth, mut deliveries) = (Vec::new(), Vec::new());
    while truth.len() < EVENTS {
        let name = usize::try_from(chance.between(0..NAMES as u64).min(chance.between(0..NAMES as u64))).unwrap();
        let begin = truth.len() + 1;
        let end = (begin + usize::try_from(chance.between(1..41)).unwrap()).min(EVENTS + 1);
        truth.resize(end - 1, name);
        deliveries.push((name, begin as u64..end as u64));
    }
    let minted: Vec<_> = (0..NAMES).map(|name| here.conduit.mint(&format!("name-{name}")).unwrap()).collect();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let hello = client.get(&minted[0].stream).header("accept", "application/json").send().await.unwrap();
    let hello: serde_json::Value = serde_json::from_slice(&hello.bytes().await.unwrap()).unwrap();
    let (publish, published) = watch::channel(0);
    let epoch = hello[0]["epoch"].as_str().unwrap().to_owned();
    let world = Arc::new(World { truth: Truth(truth), minted, epoch, published });
    let clients: Vec<_> = (0..CLIENTS)
        .map(|seed| {
            let world = world.clone();
            tokio::spawn(async move { world.live(seed).await })
        })
        .collect();
    for (name, ids) in deliveries {
        let end = usize::try_from(ids.end - 1).unwrap();
        let posted = client.post(&world.minted[name].callback).body(feeds::added(ids)).send().await.unwrap();
        assert_eq!(posted.status(), 200);
        publish.send_replace(end);
    }
    let mut all = Seen::default();
    for client in clients {
        let seen = tokio::time::timeout(Duration::from_secs(120), client).await.expect("it sees everything").unwrap();
        all.visits += seen.visits;
        all.resumed += seen.resumed;
        all.gaps += seen.gaps;
        all.missed += seen.missed;
        all.deflated += seen.deflated;
        all.cut_off += seen.cut_off;
    }
    println!("{all:?}");
    assert!(all.visits > 300 && all.resumed > 100 && all.gaps > 0 && all.missed > 0 && all.deflated > 0, "{all:?}");
    here.stop().await;
}
