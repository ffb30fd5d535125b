//! What the page says of the bridge: which hub serves a subscription and why, and what asking costs.

use std::time::Duration;

use crate::hub::bridge::facts::{Facts, Served};
use crate::store::Subscription;
use crate::web::moment::Moment;

/// On a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// How often, in words: `every 40 seconds`.
    pub words: String,
    /// When the newest answer came.
    pub newest: Option<Moment>,
    /// When the oldest one did, where there are several.
    pub oldest: Option<Moment>,
}

impl Asking {
    /// What is asked for a subscription.
    #[must_use]
    pub fn of(served: &Served, now: jiff::Timestamp) -> Option<Self> {
        let (shortest, longest) = served.every.filter(|_| served.sources > 0)?;
        let each = if span(shortest) == span(longest) {
            format!("every {}", span(shortest))
        } else {
            format!("every {} to {}", span(shortest), span(longest))
        };
        let words = match served.sources {
            1 => each,
            n => format!("{n} requests, each {each}"),
        };
        let moment = |at: jiff::Timestamp| Moment::new(at, now);
        let oldest = served.oldest.filter(|it| served.sources > 1 && Some(*it) != served.newest);
        Some(Self { words, newest: served.newest.map(moment), oldest: oldest.map(moment) })
    }
}

/// Who pushes, in words: Flickr's own push, or the bridge.
#[must_use]
pub(super) fn hub(it: &Subscription, flickr: &str) -> String {
    match it.serving.bridged_at {
        Some(_) => format!("the bridge, which asks {flickr}"),
        None => format!("the push of {flickr}"),
    }
}

/// What asking costs, for the whole server; nothing while nothing is asked.
#[must_use]
pub(super) fn budget(facts: &Facts) -> Option<String> {
    if facts.sources == 0 && facts.calls_lately == 0 {
        return None;
    }
    let requests = if facts.sources == 1 { "1 request".to_owned() } else { format!("{} requests", facts.sources) };
    let oldest = facts.oldest.map(|it| format!("; the oldest answer is {} old", span(it))).unwrap_or_default();
    let held = facts.held.as_ref().map(|it| format!(" Nobody is asked at the moment: {it}")).unwrap_or_default();
    Some(format!(
        "The bridge made {} of the {} calls that all of this server may make in an hour, for {requests}{oldest}.{held}",
        facts.calls_lately, facts.hourly
    ))
}

/// A time as a person says it.
fn span(time: Duration) -> String {
    let seconds = time.as_secs_f64().round();
    let (n, unit) = if seconds < 90.0 { (seconds, "second") } else { ((seconds / 60.0).round(), "minute") };
    let several = if n.to_bits() == 1.0_f64.to_bits() { "" } else { "s" };
    format!("{n} {unit}{several}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(sources: usize, every: (u64, u64)) -> Served {
        let every = Some((Duration::from_secs(every.0), Duration::from_secs(every.1)));
        Served { backup: false, sources, newest: None, oldest: None, every, trouble: None }
    }

    #[test]
    fn how_often_is_asked_is_told_as_a_person_says_it() {
        let words = |served: &Served| Asking::of(served, jiff::Timestamp::UNIX_EPOCH).map(|it| it.words);
        assert_eq!(words(&served(1, (40, 40))).as_deref(), Some("every 40 seconds"));
        assert_eq!(
            words(&served(51, (15, 1_800))).as_deref(),
            Some("51 requests, each every 15 seconds to 30 minutes")
        );
        assert_eq!(words(&served(0, (0, 0))), None);
    }

    #[test]
    fn the_budget_is_told_with_its_use() {
        assert_eq!(budget(&Facts::default()), None);
        let facts = Facts {
            calls_lately: 812,
            hourly: 3_600,
            sources: 63,
            oldest: Some(Duration::from_secs(125)),
            held: Some("Flickr is being asked too often (429): try again in a minute.".into()),
            ..Facts::default()
        };
        let words = budget(&facts).unwrap();
        assert_eq!(
            words,
            "The bridge made 812 of the 3600 calls that all of this server may make in an hour, for 63 requests; the \
             oldest answer is 2 minutes old. Nobody is asked at the moment: Flickr is being asked too often (429): try \
             again in a minute."
        );
    }
}
