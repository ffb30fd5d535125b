//! What pages and metrics are told of the bridge.

use std::time::Duration;

use jiff::Timestamp;

use crate::event_name::EventName;
use crate::flickr::budget::HOURLY;
use crate::hub::bridge::Bridge;
use crate::hub::bridge::source::Source;

/// How one wish is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// It is asked for seldom, only to see whether the push brings it.
    pub backup: bool,
    /// How many requests find it.
    pub sources: usize,
    /// When the one that was answered last was.
    pub newest: Option<Timestamp>,
    /// When the one that has waited longest was answered; `None` when one was never.
    pub oldest: Option<Timestamp>,
    /// The shortest and the longest interval of its requests.
    pub every: Option<(Duration, Duration)>,
    /// What is wrong, in a sentence.
    pub trouble: Option<String>,
}

/// How the bridge is doing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Calls that it made in the last hour.
    pub calls_lately: usize,
    /// The most that may be made in an hour, by all of this server.
    pub hourly: u32,
    /// Calls that could be made at once.
    pub left: u32,
    /// Requests that it makes again and again.
    pub sources: usize,
    /// How long ago the request that has waited longest was answered.
    pub oldest: Option<Duration>,
    /// Photos that it looks after since they were shown.
    pub shown: usize,
    /// Since the beginning: calls, answers that said that nothing had changed, and failures.
    pub calls: [u64; 3],
    /// Since the beginning: photos found, and photos gone.
    pub photos: [u64; 2],
    /// Why nobody is asked at present, in a sentence.
    pub held: Option<String>,
    /// Subscriptions of strangers: verified, and waiting to be.
    pub guests: [usize; 2],
}

impl Bridge {
    /// How this wish is doing; `None` when it is not served, since nobody watches it or the push alone may serve it.
    #[must_use]
    pub fn served(&self, event: &EventName) -> Option<Served> {
        let desk = self.lock();
        let wished = desk.wishes.get(event)?;
        let answered = || wished.sources.iter().map(|it| desk.reports.get(it).and_then(|it| it.answered));
        let intervals = || wished.sources.iter().filter_map(|it| desk.schedule.interval(desk.request_of(it)));
        let trouble = wished.sources.iter().find_map(|it| desk.reports.get(it)?.trouble.clone());
        let keyless = desk.keyless.as_ref().map(|(_, why)| why.clone());
        let unserved = wished.unserved.map(|why| keyless.map_or(why.to_owned(), |it| format!("{it} {why}")));
        Some(Served {
            backup: wished.wish.backup,
            sources: wished.sources.len(),
            newest: answered().flatten().max(),
            oldest: answered().min().flatten(),
            every: intervals().min().zip(intervals().max()),
            trouble: unserved.or_else(|| desk.schedule.held(self.millis()).and(desk.held.clone())).or(trouble),
        })
    }

    /// How it is doing.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let now = self.0.tools.clock.now();
        let left = self.0.tools.feeds.budget().left();
        let guests = self.0.hub.guests();
        let mut desk = self.lock();
        let calls_lately = desk.calls_lately(now);
        // Who never answered has been silent since it was first wanted.
        let heard = |(source, since): (&Source, &Timestamp)| {
            desk.reports.get(source).and_then(|it| it.answered).unwrap_or(*since)
        };
        let oldest = desk.wanted_since.iter().map(heard).min();
        let totals = desk.totals;
        Facts {
            calls_lately,
            hourly: HOURLY,
            left,
            sources: desk.schedule.len(),
            oldest: oldest.and_then(|at| Duration::try_from(now.duration_since(at)).ok()),
            shown: desk.shown.len(),
            calls: [totals.calls, totals.unchanged, totals.failed],
            photos: [totals.found, totals.gone],
            held: desk.schedule.held(self.millis()).and(desk.held.clone()),
            guests,
        }
    }
}
