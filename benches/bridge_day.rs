//! A day of the bridge, simulated: what 200 subscriptions cost, how long their photos wait, and what a thousand contacts get.
//!
//! The schedule is the real one, and so are its budget and its gaps; only the people are invented. Each source has events
//! of its own by chance, more in the evening than at night; a photo waits from its event to the answer that holds it, and
//! then two seconds for the delivery. `cargo bench --bench bridge_day`

use std::collections::{BTreeMap, HashMap};

use flickr_conduit::hub::bridge::schedule::{Millis, Need, Next, Pace, Schedule};
use flickr_conduit::hub::dice::Dice;

const SECOND: Millis = 1_000;
const HOUR: Millis = 3_600 * SECOND;
const DAY: Millis = 24 * HOUR;
/// From the answer to the wall: the call itself, the engine's delay, the delivery.
const ON_THE_WAY: Millis = 2 * SECOND;

/// A request, by its topic and a number.
type Source = (&'static str, u32);

struct World {
    /// Events a day of each source.
    daily: HashMap<Source, f64>,
    /// How many subscriptions it serves.
    subscriptions: usize,
}

impl World {
    fn new(subscriptions: usize) -> Self {
        Self { daily: HashMap::new(), subscriptions }
    }

    /// So many sources of a topic, the `n`th of which has so many events a day.
    fn add(&mut self, topic: &'static str, count: u32, daily: impl Fn(u32) -> f64) {
        self.daily.extend((0..count).map(|n| ((topic, n), daily(n))));
    }
}

/// When events of a source happen on one day: by chance, three times as many at noon and in the evening as at night.
fn events(daily: f64, dice: &mut Dice) -> Vec<Millis> {
    let (mut at, mut all) = (0.0, Vec::new());
    let peak = daily * 1.5;
    loop {
        at += -f64::from(1.0 - dice.unit()).ln() / peak;
        if at >= 1.0 {
            break;
        }
        let now = 1.0 - 0.5 * (std::f64::consts::TAU * at).cos();
        if f64::from(dice.unit()) * 1.5 < now {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a moment of one day")]
            all.push((at * 86_400_000.0) as Millis);
        }
    }
    all
}

fn simulate(name: &str, world: &World) {
    let mut dice = Dice::new(7);
    let mut sources: Vec<_> = world.daily.iter().map(|(source, daily)| (*source, *daily)).collect();
    sources.sort_by(|a, b| a.0.cmp(&b.0));
    let mut waiting: HashMap<Source, (Vec<Millis>, usize)> =
        sources.iter().map(|(source, daily)| (*source, (events(*daily, &mut dice), 0))).collect();
    let mut schedule = Schedule::new(Pace::default());
    schedule.keep(&sources.iter().map(|(source, _)| (*source, Need::Served)).collect(), 0);
    let mut calls = Vec::new();
    // What each waited, by topic, and by the rank of its source in its topic.
    let mut waits: BTreeMap<&str, Vec<Millis>> = BTreeMap::new();
    let mut ranked: BTreeMap<&str, Vec<(u32, Millis)>> = BTreeMap::new();
    let mut now = 0;
    while now < DAY {
        match schedule.next(now) {
            Next::Ask(source) => {
                calls.push(now);
                let Some((events, next)) = waiting.get_mut(&source) else { continue };
                let before = *next;
                while events.get(*next).is_some_and(|at| *at <= now) {
                    let waited = now - events[*next] + ON_THE_WAY;
                    waits.entry(source.0).or_default().push(waited);
                    ranked.entry(source.0).or_default().push((source.1, waited));
                    *next += 1;
                }
                let found = *next - before;
                schedule.answered(&source, found, now);
            }
            Next::Wait(until) => now = until.max(now + 1),
            Next::Nothing => break,
        }
    }
    let busiest = calls.iter().enumerate().map(|(n, at)| calls[n..].partition_point(|it| *it < at + HOUR)).max();
    println!("\n{name}: {} subscriptions, {} sources", world.subscriptions, sources.len());
    println!("  {} calls in a day, {} in the busiest hour (3,600 allowed)", calls.len(), busiest.unwrap_or(0));
    println!("  {:<20} {:>8} {:>12} {:>12}", "topic", "events", "median s", "p99 s");
    for (topic, waited) in &mut waits {
        let (median, late) = (percentile(waited, 50), percentile(waited, 99));
        println!("  {topic:<20} {:>8} {median:>12.1} {late:>12.1}", waited.len());
    }
    for (topic, all) in ranked {
        let n_sources = sources.iter().filter(|((it, _), _)| *it == topic).count();
        if n_sources > 100 {
            let of = |what: &str, ranks: std::ops::Range<u32>| {
                let mut some: Vec<_> = all.iter().filter(|(n, _)| ranks.contains(n)).map(|(_, it)| *it).collect();
                let (median, late) = (percentile(&mut some, 50), percentile(&mut some, 99));
                println!("  {topic}, {what}: {} events, median {median:.1} s, p99 {late:.1} s", some.len());
            };
            of("the 50 most active", 0..50);
            of("all others", 50..u32::MAX);
        }
    }
}

/// In seconds.
fn percentile(waited: &mut [Millis], percent: usize) -> f64 {
    waited.sort_unstable();
    let at = (waited.len() * percent / 100).min(waited.len().saturating_sub(1));
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a day")]
    let seconds = waited.get(at).map_or(0.0, |it| *it as f64 / 1e3);
    seconds
}

fn main() {
    // How active people are: the nth is so much less active than the first (Zipf's law).
    let zipf = |first: f64| move |n: u32| first / f64::from(n + 1);

    let mut one = World::new(9);
    for topic in ["photos_of_me", "my_photos", "my_faves", "commons", "geo", "tags", "contacts_photos"] {
        one.add(topic, 1, |_| 12.0);
    }
    one.add("contacts_faves", 20, zipf(40.0));
    one.add("photos_of_contacts", 20, zipf(4.0));
    simulate("One person with 20 contacts, all nine topics", &one);

    // Forty people: five topics each. Tags, places and the Commons are often the same, and so are asked for once.
    let mut many = World::new(200);
    many.add("contacts_photos", 40, zipf(400.0));
    many.add("my_photos", 15, zipf(10.0));
    many.add("my_faves", 15, zipf(20.0));
    many.add("photos_of_me", 10, |_| 0.2);
    many.add("tags", 40, zipf(800.0));
    many.add("geo", 25, zipf(200.0));
    many.add("commons", 1, |_| 300.0);
    many.add("contacts_faves", 60, zipf(120.0));
    many.add("photos_of_contacts", 30, zipf(3.0));
    simulate("Forty people, who share 90 contacts among them", &many);

    let mut fifty = World::new(1);
    fifty.add("contacts_faves", 50, |_| 30.0);
    simulate("Faves of 50 active contacts", &fifty);

    let mut thousand = World::new(1);
    thousand.add("contacts_faves", 1_000, zipf(200.0));
    simulate("Faves of 1,000 contacts", &thousand);
}
