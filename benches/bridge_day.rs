//! Days of the bridge, simulated: what 200 subscriptions cost, how long their photos wait, and what a thousand contacts
//! get. `cargo bench --bench bridge_day`
//!
//! The wishes, their requests, how these are merged, the schedule, its budget and its gaps are the real ones; only the
//! people and what they do is invented, and printed. All walls are watched all day and night. A photo waits from its
//! event to the answer that holds it, and then two seconds for the delivery.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use flickr_conduit::hub::bridge::merge;
use flickr_conduit::hub::bridge::schedule::{Millis, Need, Next, Pace, Schedule, Wanted, Wisher};
use flickr_conduit::hub::bridge::source::{Around, Sense, Source, sources};
use flickr_conduit::hub::dice::Dice;
use flickr_conduit::hub::engine::Interest;
use flickr_conduit::topic::{Area, Circle, Kind, Topic};

const SECOND: f64 = 1_000.0;
const HOUR: f64 = 3_600.0 * SECOND;
const DAY: f64 = 24.0 * HOUR;
/// Days that are measured. Before them are seven of which the lists tell.
const DAYS: f64 = 7.0;
/// From the answer to the wall: the call itself, the engine's delay, the delivery.
const ON_THE_WAY: f64 = 2.0 * SECOND;
/// Photos that were shown are looked at so often at most (`Settings::check`).
const LOOK: f64 = 24.0 * SECOND;

/// How events come.
#[derive(Clone, Copy, PartialEq)]
enum Rhythm {
    /// In sittings, and nobody does much at night.
    People,
    /// Each by itself, three times as many at noon as at midnight: nothing can be foreseen.
    Even,
}

/// So many events in a sitting, and so many seconds between them; of one person, or of many.
#[derive(Clone, Copy)]
struct Manner(f64, f64, bool);

const FAVES: Manner = Manner(6.0, 45.0, true);
const UPLOADS: Manner = Manner(3.0, 20.0, true);
const TAGGED: Manner = Manner(1.5, 20.0, true);
const MANY: Manner = Manner(2.0, 20.0, false);

struct World {
    dice: Dice,
    rhythm: Rhythm,
    wishes: Vec<(Wisher, Vec<Source>)>,
    /// Of each source, in order; and the rank of its owner among those whom somebody follows.
    events: HashMap<Source, Vec<f64>>,
    ranks: HashMap<Source, usize>,
}

impl World {
    fn new(rhythm: Rhythm) -> Self {
        let (wishes, events, ranks) = (Vec::new(), HashMap::new(), HashMap::new());
        Self { dice: Dice::new(7), rhythm, wishes, events, ranks }
    }

    /// Somebody wishes a topic, and what it brings in a day.
    fn wish(&mut self, account: &str, topic: Topic, daily: f64, manner: Manner) {
        self.follow(account, topic, &[], |_| daily, manner);
    }

    /// The same of a topic that has a source for each contact.
    fn follow(&mut self, who: &str, topic: Topic, whom: &[usize], daily: impl Fn(usize) -> f64, manner: Manner) {
        let name = topic.kind().name();
        let contacts: Vec<String> = whom.iter().map(|n| format!("{}@N02", 1_000 + n)).collect();
        let around = Around { keyed: true, permitted: true, contacts: Some(&contacts) };
        let found = sources(&Interest::Topic(topic), who, &around).unwrap_or_default();
        for source in found.iter().filter(|it| it.sense != Sense::Contacts) {
            let rank = contacts.iter().position(|it| source.arguments.iter().any(|(_, value)| value == it));
            let rank = rank.and_then(|at| whom.get(at)).copied().unwrap_or_default();
            if !self.events.contains_key(source) {
                let events = events(self.rhythm, daily(rank), manner, &mut self.dice);
                self.events.insert(source.clone(), events);
                self.ranks.insert(source.clone(), rank);
            }
        }
        let wisher = Wisher { topic: name, owner: who.to_owned(), need: Need::Served, guest: false };
        self.wishes.push((wisher, found));
    }

    fn some(&mut self, of: usize, count: usize) -> Vec<usize> {
        let mut some = BTreeSet::new();
        while some.len() < count.min(of) {
            some.insert(self.dice.index(of));
        }
        some.into_iter().collect()
    }
}

/// When events happen, from a week before the first day on.
fn events(rhythm: Rhythm, daily: f64, Manner(size, gap, person): Manner, dice: &mut Dice) -> Vec<f64> {
    let mut unit = || f64::from(dice.unit());
    let zone = match unit() {
        it if it < 0.45 => 2.0 * unit(),
        it if it < 0.8 => -8.0 + 5.0 * unit(),
        _ => 5.0 + 5.0 * unit(),
    };
    let wave = |hour: f64, depth: f64| 1.0 - depth * (std::f64::consts::TAU * hour / 24.0).cos();
    let weight = |at: f64| match (rhythm, person) {
        (Rhythm::Even, _) => wave(at / HOUR, 0.5),
        (Rhythm::People, false) => wave(at / HOUR - 6.0, 0.4),
        (Rhythm::People, true) => match (at / HOUR + zone).rem_euclid(24.0) {
            hour if !(7.0..23.5).contains(&hour) => 0.03,
            hour if hour < 17.0 => 0.7,
            _ => 2.0,
        },
    };
    let (size, gap) = if rhythm == Rhythm::Even { (1.0, 0.0) } else { (size, gap * SECOND) };
    let mean = (0..240).map(|it| weight(f64::from(it) * HOUR / 10.0)).sum::<f64>() / 240.0;
    let most = (0..240).map(|it| weight(f64::from(it) * HOUR / 10.0)).fold(0.0, f64::max);
    let (mut at, mut all) = (-7.0 * DAY, Vec::new());
    loop {
        at += -(1.0 - unit()).ln() * DAY * size * mean / (daily * most);
        if at >= DAYS * DAY {
            break;
        }
        if unit() * most < weight(at) {
            let mut now = at;
            all.push(now);
            while unit() >= 1.0 / size {
                now += -(1.0 - unit()).ln() * gap;
                all.push(now);
            }
        }
    }
    all.sort_by(f64::total_cmp);
    all
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days in ms")]
fn simulate(name: &str, world: &World) {
    let began = Instant::now();
    let parts: Vec<&Source> = world.wishes.iter().flat_map(|(_, parts)| parts).collect();
    let requests = merge::requests(parts.iter().copied(), |_| false);
    let request_of: HashMap<&Source, &Source> =
        requests.iter().flat_map(|(request, parts)| parts.iter().map(move |part| (part, request))).collect();
    let mut wanted = Wanted::default();
    for (wisher, parts) in &world.wishes {
        let (routine, news): (Vec<_>, Vec<_>) = parts.iter().partition(|it| it.sense == Sense::Contacts);
        routine.into_iter().for_each(|it| wanted.routine(it.clone()));
        let asked: BTreeSet<Source> = news.into_iter().map(|it| request_of[it].clone()).collect();
        wanted.wish(wisher.clone(), asked);
    }
    // Who waits for a source: the topics of its wishes.
    let mut readers: HashMap<&Source, BTreeSet<&str>> = HashMap::new();
    for (wisher, parts) in &world.wishes {
        for part in parts {
            readers.entry(part).or_default().insert(wisher.topic);
        }
    }
    let mut schedule = Schedule::new(Pace::default());
    schedule.keep(wanted, 0);
    let mut next: HashMap<&Source, usize> = HashMap::new();
    let (mut calls, mut looked) = (Vec::new(), 0.0);
    let mut spent: BTreeMap<&str, usize> = BTreeMap::new();
    // What each waited, by topic, and whether it is of the 50 most active.
    let mut waits: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut classes: BTreeMap<(&str, bool), Vec<f64>> = BTreeMap::new();
    let mut now: Millis = 0;
    while (now as f64) < DAYS * DAY {
        let at = now as f64;
        if at - looked >= LOOK && schedule.squeeze_in(now) {
            looked = at;
            calls.push(now);
        }
        let source = match schedule.next(now) {
            Next::Ask(source) => source,
            Next::Wait(until) => {
                now = until.max(now + 1);
                continue;
            }
            Next::Nothing => break,
        };
        calls.push(now);
        let parts = &requests[&source];
        *spent.entry(parts[0].call_name()).or_default() += 1;
        let (mut found, first) = (0, schedule.is_to_tell(&source));
        for part in parts {
            let all = world.events.get(part).map(Vec::as_slice).unwrap_or_default();
            let from = *next.entry(part).or_default();
            let to = from + all[from..].partition_point(|it| *it <= at);
            next.insert(part, to);
            if first {
                let shown = &all[to.saturating_sub(part.page_size())..to];
                let ages = shown.iter().map(|it| Duration::from_secs_f64((at - it) / 1e3));
                schedule.learn(&source, ages.collect::<Vec<_>>(), shown.len() >= part.page_size(), now);
                continue;
            }
            found += to - from;
            for topic in readers.get(part).into_iter().flatten() {
                let waited = all[from..to].iter().map(|it| (at - it + ON_THE_WAY) / 1e3);
                waits.entry(topic).or_default().extend(waited.clone());
                let active = world.ranks.get(part).is_none_or(|it| *it < 50);
                classes.entry((topic, active)).or_default().extend(waited);
            }
        }
        schedule.answered(&source, found, now);
    }
    let hour = HOUR as Millis;
    let busiest = calls.iter().enumerate().map(|(n, at)| calls[n..].partition_point(|it| *it < at + hour)).max();
    let sources: BTreeSet<_> = parts.iter().collect();
    println!(
        "\n{name}: {} subscriptions, {} sources in {} requests",
        world.wishes.len(),
        sources.len(),
        requests.len()
    );
    println!(
        "  {:.0} calls a day, {} in the busiest hour (3,600 allowed), a request each {:.0} s on average",
        calls.len() as f64 / DAYS,
        busiest.unwrap_or(0),
        requests.len() as f64 * DAYS * DAY / 1e3 / calls.len() as f64
    );
    let each = |(name, n): (&&str, &usize)| format!("{name} {:.0}", *n as f64 / DAYS / 24.0);
    println!("  calls an hour: {}", spent.iter().map(each).collect::<Vec<_>>().join(", "));
    println!("  {:<44} {:>7} {:>9} {:>9} {:>9} {:>7}", "topic", "events", "median s", "p90 s", "p99 s", "in 60 s");
    for (topic, waited) in &mut waits {
        line(topic, waited);
        if let (Some(mut active), Some(mut others)) =
            (classes.remove(&(*topic, true)), classes.remove(&(*topic, false)))
        {
            line(&format!("{topic}: the 50 most active"), &mut active);
            line(&format!("{topic}: all others"), &mut others);
        }
    }
    eprintln!("  ({:.1} s)", began.elapsed().as_secs_f64());
}

fn line(what: &str, waited: &mut [f64]) {
    waited.sort_by(f64::total_cmp);
    let at = |percent: usize| waited[(waited.len() * percent / 100).min(waited.len() - 1)];
    let in_time = 100 * waited.partition_point(|it| *it <= 60.0) / waited.len();
    println!("  {what:<44} {:>7} {:>9.1} {:>9.1} {:>9.1} {in_time:>5} %", waited.len(), at(50), at(90), at(99));
}

/// How active people are: the nth is so much less active than the first (Zipf's law).
fn zipf(first: f64) -> impl Fn(usize) -> f64 {
    move |n| first / f64::from(u32::try_from(n + 1).unwrap_or(1))
}

/// Forty people, five topics each. Of their contacts, `faving` are followed for their faves and `tagged` for photos of
/// them; each follows a third of these.
fn forty(rhythm: Rhythm, faving: usize, tagged: usize) -> World {
    let mut world = World::new(rhythm);
    for n in 0..40 {
        let (me, nth) = (format!("{}@N01", 100 + n), n);
        world.wish(&me, Topic::ContactsPhotos, zipf(400.0)(nth), Manner(3.0, 20.0, false));
        world.wish(&me, Topic::tags([&*format!("tag{n}")]).expect("it is one"), zipf(800.0)(nth), MANY);
        match n {
            0..15 => world.wish(&me, Topic::MyPhotos, zipf(10.0)(nth), UPLOADS),
            15..30 => world.wish(&me, Topic::MyFaves, zipf(20.0)(nth - 15), FAVES),
            _ => world.wish(&me, Topic::PhotosOfMe, 0.2, TAGGED),
        }
        if n < 25 {
            // Where people live who put photos on maps: Europe, the Americas, the Far East.
            let unit = (f64::from(world.dice.unit()), f64::from(world.dice.unit()));
            let (south, west) = [(38.0, -8.0), (38.0, -8.0), (26.0, -122.0), (22.0, 100.0), (38.0, -8.0)][n % 5];
            let circle = Circle::new(south + 18.0 * unit.0, west + 40.0 * unit.1, 5.0, 1).expect("it is one");
            world.wish(&me, Topic::Geo(Area::Circle(circle)), zipf(200.0)(nth), MANY);
            let whom = if n == 24 { (0..faving).collect() } else { world.some(faving, faving / 3) };
            world.follow(&me, Topic::ContactsFaves, &whom, zipf(120.0), FAVES);
        } else {
            world.wish(&me, Topic::commons([]).expect("it is one"), 300.0, Manner(10.0, 5.0, false));
            let whom = if n == 39 { (0..tagged).collect() } else { world.some(tagged, tagged / 3) };
            world.follow(&me, Topic::PhotosOfContacts, &whom, zipf(3.0), TAGGED);
        }
    }
    world
}

fn main() {
    println!(
        "People do things in sittings (6 faves, 3 uploads, 45 and 20 s apart), in the evening most, at night hardly;"
    );
    println!("they live in Europe (45 %), the Americas (35 %) and the Far East. All walls are watched day and night.");
    for rhythm in [Rhythm::People, Rhythm::Even] {
        if rhythm == Rhythm::Even {
            println!(
                "\nThe same when nothing can be foreseen: each event comes by itself, by day three times as many."
            );
        }
        simulate("Forty people, who share 90 contacts among them", &forty(rhythm, 60, 30));
        simulate("Forty people, who share 600 contacts among them", &forty(rhythm, 400, 200));

        let mut one = World::new(rhythm);
        let all: Vec<usize> = (0..20).collect();
        for kind in Kind::ALL {
            let me = "1@N01";
            match kind {
                Kind::ContactsFaves => one.follow(me, Topic::ContactsFaves, &all, zipf(40.0), FAVES),
                Kind::PhotosOfContacts => one.follow(me, Topic::PhotosOfContacts, &all, zipf(4.0), TAGGED),
                Kind::ContactsPhotos => one.wish(me, Topic::ContactsPhotos, 60.0, MANY),
                Kind::PhotosOfMe => one.wish(me, Topic::PhotosOfMe, 12.0, TAGGED),
                Kind::MyPhotos => one.wish(me, Topic::MyPhotos, 12.0, UPLOADS),
                Kind::MyFaves => one.wish(me, Topic::MyFaves, 12.0, FAVES),
                Kind::Geo => {
                    let circle = Circle::new(52.5, 13.4, 5.0, 1).expect("it is one");
                    one.wish(me, Topic::Geo(Area::Circle(circle)), 60.0, MANY);
                }
                Kind::Commons => one.wish(me, Topic::commons([]).expect("it is one"), 300.0, MANY),
                Kind::Tags => one.wish(me, Topic::tags(["cat"]).expect("it is one"), 60.0, MANY),
            }
        }
        simulate("One person with 20 contacts, all nine topics", &one);

        let mut fifty = World::new(rhythm);
        fifty.follow("1@N01", Topic::ContactsFaves, &(0..50).collect::<Vec<_>>(), |_| 30.0, FAVES);
        simulate("Faves of 50 active contacts", &fifty);

        let mut thousand = World::new(rhythm);
        thousand.follow("1@N01", Topic::ContactsFaves, &(0..1_000).collect::<Vec<_>>(), zipf(200.0), FAVES);
        simulate("Faves of 1,000 contacts", &thousand);
    }
}
