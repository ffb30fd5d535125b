//! Where guests wait to be let in: what they may still ask for.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tokio::time::Instant;

use crate::hub::engine::book::{Book, Record};
use crate::hub::engine::bucket::Bucket;
use crate::hub::engine::guest::{Crowded, Limits};
use crate::hub::engine::subscription::Interest;
use crate::topic::{Area, Topic};

/// From so many hosts on, those that are as good as new are forgotten.
const HOSTS: usize = 1024;

/// The pace of requests: all of them, and for each host that they make us call.
#[derive(Debug)]
pub(super) struct Lobby {
    all: Bucket,
    hosts: HashMap<String, Bucket>,
}

impl Lobby {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { all: Bucket::new(limits.burst, limits.refill), hosts: HashMap::new() }
    }

    /// Counts a request that makes us call `host`, unless it is one too many.
    ///
    /// A host is remembered until its bucket is full again; since all requests share a bucket too, those that are not
    /// full are never many.
    pub(super) fn request(&mut self, host: &str, limits: &Limits, now: Instant) -> Result<(), Crowded> {
        if self.hosts.len() >= HOSTS {
            self.hosts.retain(|_, bucket| !bucket.is_full(now));
        }
        let wait = |bucket: &Bucket| bucket.next(now).saturating_duration_since(now);
        let host_wait = self.hosts.get(host).map_or(Duration::ZERO, wait);
        let wait = wait(&self.all).max(host_wait);
        if !wait.is_zero() {
            return Err(Crowded::Pace(wait));
        }
        self.all.take(now);
        let new = || Bucket::new(limits.host_burst, limits.host_refill);
        self.hosts.entry(host.to_owned()).or_insert_with(new).take(now);
        Ok(())
    }
}

/// Whether there is room for one more guest whose callback is on `host`.
pub(super) fn room(book: &Book, host: &str, interest: &Interest, limits: &Limits) -> Result<(), Crowded> {
    if places(interest) > limits.places {
        return Err(Crowded::Places(limits.places));
    }
    let guests: Vec<&Record> = book.all().filter(|it| it.guest.is_some()).collect();
    let theirs: Vec<&Record> = guests.iter().filter(|it| it.callback.host_str() == Some(host)).copied().collect();
    if guests.len() >= limits.subscriptions {
        return Err(Crowded::Hub);
    }
    if theirs.len() >= limits.host {
        return Err(Crowded::Host);
    }
    // The host's own limit first, so that one host cannot use up what is there for all.
    let pending = |some: &[&Record]| some.iter().filter(|it| !it.active).count();
    if pending(&theirs) >= limits.host_pending {
        return Err(Crowded::HostPending);
    }
    if pending(&guests) >= limits.pending {
        return Err(Crowded::Pending);
    }
    // With this one, in sources that have to be asked.
    let cost = |some: &[&Record]| {
        let topics = some.iter().map(|it| &it.interest).chain([interest]).map(|it| (text(it), places(it)));
        topics.collect::<BTreeMap<_, _>>().values().sum::<usize>()
    };
    let followed = |some: &[&Record]| some.iter().any(|it| text(&it.interest) == text(interest));
    if !followed(&theirs) && cost(&theirs) > limits.host_topics {
        return Err(Crowded::HostTopics);
    }
    if !followed(&guests) && cost(&guests) > limits.topics {
        return Err(Crowded::Topics);
    }
    Ok(())
}

fn text(it: &Interest) -> String {
    match it {
        Interest::Topic(topic) => topic.to_text(),
        other => other.name().to_owned(),
    }
}

/// How many searches it needs.
fn places(interest: &Interest) -> usize {
    match interest {
        Interest::Topic(Topic::Geo(Area::Woe(ids))) => ids.len(),
        Interest::Topic(Topic::Geo(Area::Places(ids))) => ids.len(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        let (host_refill, refill) = (Duration::from_secs(10), Duration::from_secs(1));
        Limits { host_burst: 2, host_refill, burst: 5, refill, ..Limits::default() }
    }

    #[test]
    fn a_host_is_called_now_and_then_and_all_hosts_together_not_often() {
        let (limits, now) = (limits(), Instant::now());
        let mut lobby = Lobby::new(&limits);
        let mut ask = |host: &str, second: u64| lobby.request(host, &limits, now + Duration::from_secs(second));
        let wait = |second| Err(Crowded::Pace(Duration::from_secs(second)));
        assert_eq!([ask("a", 0), ask("a", 0), ask("a", 0)], [Ok(()), Ok(()), wait(10)]);
        assert_eq!([ask("b", 0), ask("c", 0), ask("d", 0), ask("e", 0)], [Ok(()), Ok(()), Ok(()), wait(1)]);
        assert_eq!([ask("e", 1), ask("a", 10)], [Ok(()), Ok(())]);
    }

    #[test]
    fn a_topic_of_many_places_counts_as_many() {
        let woe = |ids: std::ops::Range<u32>| Interest::Topic(Topic::Geo(Area::Woe(ids.collect())));
        let check = |interest: &Interest, limits: &Limits| room(&Book::default(), "a", interest, limits);
        assert_eq!(check(&woe(0..5), &Limits::default()), Ok(()));
        assert_eq!(check(&woe(0..6), &Limits::default()), Err(Crowded::Places(5)));
        assert_eq!(check(&woe(0..5), &Limits { host_topics: 4, ..Limits::default() }), Err(Crowded::HostTopics));
        assert_eq!(check(&woe(0..5), &Limits { topics: 4, ..Limits::default() }), Err(Crowded::Topics));
    }

    #[test]
    fn hosts_that_have_been_quiet_are_forgotten() {
        let limits = Limits { refill: Duration::from_millis(1), ..limits() };
        let (mut lobby, now) = (Lobby::new(&limits), Instant::now());
        for n in 0..20_000 {
            let later = now + Duration::from_millis(10 * n);
            assert_eq!(lobby.request(&format!("{n}.test"), &limits, later), Ok(()));
            assert!(lobby.hosts.len() <= 1100, "{}", lobby.hosts.len());
        }
    }
}
