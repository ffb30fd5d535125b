//! What a call is worth: whose wait it shortens, and by how much.
//!
//! What happened within the last minute is in time, so that a call before that gains next to nothing; after that each
//! waits in vain. Calls are shared among owners, however many wishes one has; and topics count by how many wish them, not
//! by how much they bring: a photo of oneself comes twice a year and is missed as much as one of a thousand kittens.
//! Within a topic calls go where events are, though not all of them.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Duration;

use crate::topic::Kind;

/// Within so long from its event a photo is to be on the wall, less the call and the delivery.
pub const IN_TIME: Duration = Duration::from_secs(55);
/// The most active sources of [`PROMISED`] that are to be in time before all others.
pub const CLASS: usize = 50;
/// The topic whose sources are many, and whose most active ones are promised to be in time.
pub const PROMISED: &str = Kind::ContactsFaves.name();
/// What they count for beside the others of their topic, and the topic beside others.
const IN_CLASS: f64 = 16.0;
const OF_PROMISED: f64 = 2.5;
/// Within a topic an event of who gets much of it counts for less, by this power of how much that is: at 0 all events
/// would count alike, at 1 all wishes. Found by `benches/bridge_day.rs`, as the other numbers here.
const PLENTY: f64 = 0.5;
/// The same for topics: above 1, what is rare is favoured.
const RARITY: f64 = 1.3;
/// From so many times [`IN_TIME`] on somebody has waited far too long.
const FAR: f64 = 8.0;

/// Why a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// It is no news: at a fixed interval.
    Routine,
    /// Another hub should bring the same: only to see whether it does.
    Backup,
    /// Somebody waits for it.
    Served,
}

/// Who wishes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wisher {
    /// What for.
    pub topic: &'static str,
    /// Whose wish it is: calls are shared among owners first. All strangers are one.
    pub owner: String,
    /// Why its sources are asked.
    pub need: Need,
    /// It is a stranger's.
    pub guest: bool,
}

/// What is wanted: sources, and who waits for what they bring.
#[derive(Debug, Clone)]
pub struct Wanted<K> {
    pub(super) sources: HashMap<K, Claim>,
    pub(super) wishers: Vec<Wisher>,
}

/// Why one source is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    pub(super) need: Need,
    /// Those who wait for it, by their place in the list of all.
    pub(super) wishers: Vec<usize>,
    /// Strangers alone wait for it.
    pub(super) guest: bool,
    /// How many sources the smallest of the wishes has.
    pub(super) of: usize,
}

impl<K> Default for Wanted<K> {
    fn default() -> Self {
        Self { sources: HashMap::new(), wishers: Vec::new() }
    }
}

impl<K: Clone + Eq + Hash> Wanted<K> {
    /// Somebody wishes what these sources find.
    pub fn wish(&mut self, wisher: Wisher, sources: impl IntoIterator<Item = K>) {
        let sources: HashSet<K> = sources.into_iter().collect();
        let (n, of) = (self.wishers.len(), sources.len());
        for source in sources {
            let new = || Claim { need: wisher.need, wishers: Vec::new(), guest: true, of };
            let claim = self.sources.entry(source).or_insert_with(new);
            claim.need = claim.need.max(wisher.need);
            claim.guest &= wisher.guest;
            claim.of = claim.of.min(of);
            claim.wishers.push(n);
        }
        self.wishers.push(wisher);
    }

    /// No news: asked at a fixed interval.
    pub fn routine(&mut self, source: K) {
        let claim = Claim { need: Need::Routine, wishers: Vec::new(), guest: false, of: 1 };
        self.sources.entry(source).or_insert(claim);
    }
}

/// How much an event of each source counts: a number for each claim, in the same order. `daily` says how many it brings.
#[expect(clippy::cast_precision_loss, reason = "there are some thousand wishes at most")]
pub(super) fn weights(claims: &[(&Claim, f64)], wishers: &[Wisher]) -> Vec<f64> {
    let promised = |n: &usize| wishers.get(*n).is_some_and(|it| it.topic == PROMISED);
    let mut active: Vec<f64> =
        claims.iter().filter(|(claim, _)| claim.wishers.iter().any(promised)).map(|(_, daily)| *daily).collect();
    active.sort_by(|a, b| b.total_cmp(a));
    let least = if active.len() > CLASS { active.get(CLASS - 1).copied() } else { None };
    let within = |n: &usize, daily: f64| if promised(n) && least.is_none_or(|it| daily >= it) { IN_CLASS } else { 1.0 };
    // What each wish gets, and what a wish of its topic gets on average.
    let mut gets = vec![0.0; wishers.len()];
    for (claim, daily) in claims {
        for n in &claim.wishers {
            if let Some(sum) = gets.get_mut(*n) {
                *sum += daily * within(n, *daily);
            }
        }
    }
    let (mut topics, mut owners) = (HashMap::<&str, (f64, f64)>::new(), HashMap::<&str, usize>::new());
    for (wisher, gets) in wishers.iter().zip(&gets) {
        let (n, sum) = topics.entry(wisher.topic).or_default();
        (*n, *sum) = (*n + 1.0, *sum + gets);
        *owners.entry(&wisher.owner).or_default() += 1;
    }
    let tiny = f64::MIN_POSITIVE;
    let worth = |(wisher, gets): (&Wisher, &f64)| {
        let mean = topics.get(wisher.topic).map_or(1.0, |(n, sum)| sum / n).max(tiny);
        let shared = owners.get(&*wisher.owner).map_or(1.0, |it| *it as f64);
        let favour = if wisher.topic == PROMISED { OF_PROMISED } else { 1.0 };
        favour / shared / (gets.max(tiny).powf(PLENTY) * mean.powf(RARITY - PLENTY))
    };
    let worth: Vec<f64> = wishers.iter().zip(&gets).map(worth).collect();
    let weight = |(claim, daily): &(&Claim, f64)| {
        claim.wishers.iter().map(|n| within(n, *daily) * worth.get(*n).copied().unwrap_or_default()).sum()
    };
    claims.iter().map(weight).collect()
}

/// What it costs that nobody asked for so long, for each event that is to be expected.
pub(super) fn cost(waited: Duration) -> f64 {
    let times = waited.as_secs_f64() / IN_TIME.as_secs_f64();
    if times < 1.0 {
        times.powi(8)
    } else if times < FAR {
        times.powi(2)
    } else {
        FAR.powi(2) * (times / FAR).powi(4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_longer_costs_more_and_within_the_minute_hardly_anything() {
        let costs: Vec<_> = (0..3_000).step_by(5).map(|it| cost(Duration::from_secs(it))).collect();
        assert!(costs.windows(2).all(|it| it[0] < it[1]), "{costs:?}");
        assert!(cost(Duration::from_secs(28)) < cost(Duration::from_secs(55)) / 100.0, "half the time gains nothing");
    }

    fn by(owner: &str, topic: &'static str) -> Wisher {
        Wisher { topic, owner: owner.to_owned(), need: Need::Served, guest: owner == "guests" }
    }

    fn weigh(wanted: &Wanted<usize>, daily: &[f64]) -> Vec<f64> {
        let claims: Vec<_> = daily.iter().enumerate().map(|(n, daily)| (&wanted.sources[&n], *daily)).collect();
        weights(&claims, &wanted.wishers)
    }

    #[test]
    fn topics_count_by_how_many_wish_them_and_not_by_what_they_bring() {
        let mut wanted = Wanted::default();
        wanted.wish(by("a", "tags"), [0]);
        wanted.wish(by("b", "tags"), [0]);
        wanted.wish(by("c", "photos_of_me"), [1]);
        wanted.wish(Wisher { need: Need::Backup, ..by("d", "my_faves") }, [2]);
        wanted.wish(by("e", "photos_of_contacts"), [2, 3]);
        wanted.routine(4);
        assert_eq!((wanted.sources[&2].need, wanted.sources[&4].need), (Need::Served, Need::Routine));
        assert_eq!((wanted.sources[&2].of, wanted.sources[&3].of), (1, 2));
        // What a source is worth is its weight times what it brings.
        let (even, busy) = (weigh(&wanted, &[1.0; 4]), weigh(&wanted, &[1_000.0, 1.0, 1.0, 1.0]));
        assert!((even[0] / even[1] - 2.0).abs() < 1e-9, "two wishes count twice: {even:?}");
        assert!(busy[0] * 1_000.0 < even[0], "however much it brings: {busy:?}");
        assert!(even[2] > even[3], "who serves two topics counts for both");
    }

    #[test]
    fn who_has_many_wishes_gets_no_more_than_others() {
        let mut wanted = Wanted::default();
        (0..20).for_each(|n| wanted.wish(by("a", "tags"), [n]));
        wanted.wish(by("b", "tags"), [20]);
        wanted.wish(by("guests", "tags"), [21]);
        let weights = weigh(&wanted, &[1.0; 22]);
        assert!((weights[..20].iter().sum::<f64>() - weights[20]).abs() < 1e-9, "{weights:?}");
        assert!(wanted.sources[&21].guest && !wanted.sources[&20].guest);
        // Twenty of them being very busy does not drown the others.
        let mut daily = [5_000.0; 22];
        daily[20] = 24.0;
        let weights = weigh(&wanted, &daily);
        let worth = |n: usize| weights[n] * daily[n];
        assert!(worth(20) > worth(0), "{} and {}", worth(20), worth(0));
    }

    #[test]
    fn the_fifty_most_active_of_many_contacts_come_before_all_others() {
        let mut wanted = Wanted::default();
        wanted.wish(by("a", PROMISED), 0..200);
        let daily: Vec<f64> = (0..200).map(|n| 100.0 / f64::from(n + 1)).collect();
        let weights = weigh(&wanted, &daily);
        assert!((weights[0] - weights[49]).abs() < 1e-12 && weights[49] > 10.0 * weights[50], "{weights:?}");
    }
}
