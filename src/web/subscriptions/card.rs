//! One subscription on the page.

use jiff::Timestamp;

use crate::hub::bridge::facts::Served;
use crate::store::Subscription;
use crate::store::subscription::Tallied;
use crate::subscriber::Stage;
use crate::web::moment::Moment;
use crate::web::subscriptions::bridge::{self, Asking};
use crate::web::subscriptions::why::{self, Surroundings};
use crate::words::capital;

/// What its card says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// For its addresses.
    pub event: String,
    /// What it is, with a capital letter: `Photos tagged cat`.
    pub topic: String,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// How it stands, in a word.
    pub stage: &'static str,
    /// How it looks: `good`, `idle` or `bad`.
    pub mood: &'static str,
    /// Why it does not work, in a sentence.
    pub why: Option<String>,
    /// When it is tried again, when something is wrong.
    pub retry: Option<Moment>,
    /// Whether it has not been given up.
    pub wanted: bool,
    /// Who pushes.
    pub hub: String,
    /// Why the bridge does, when it does.
    pub hub_why: Option<String>,
    /// How the bridge asks for it.
    pub asking: Option<Asking>,
    /// When it was first wanted.
    pub created: Moment,
    /// When the hub last verified the callback.
    pub verified: Option<Moment>,
    /// Whether the hub has it, as far as we know.
    pub leased: bool,
    /// When the hub's lease ends, where it says so.
    pub lease: Option<Moment>,
    /// When the last delivery came.
    pub last_delivery: Option<Moment>,
    /// New photo events so far.
    pub events: String,
}

impl Card {
    /// The card of `it`, with what was tallied and not written down yet.
    #[must_use]
    pub fn new(it: &Subscription, tallied: Option<Tallied>, around: &Surroundings) -> Self {
        let now = around.now;
        let moment = |at: Timestamp| Moment::new(at, now);
        let stage = Stage::of(it);
        let (more, newest) = tallied.map_or((0, None), |it| (it.events, Some(it.last_delivery_at)));
        Self {
            event: it.event.to_string(),
            topic: capital(&it.topic.to_string()),
            label: it.label.clone(),
            stage: stage.word(),
            mood: match stage {
                Stage::Working => "good",
                Stage::Troubled | Stage::Stuck => "bad",
                Stage::Asking | Stage::Awaiting | Stage::Asleep | Stage::Ending => "idle",
            },
            why: why::not_working(it, stage, around),
            retry: it.standing.retry_at.filter(|at| stage == Stage::Troubled && *at > now).map(moment),
            wanted: it.wanted,
            hub: bridge::hub(it, &around.hub),
            hub_why: it.serving.why.clone(),
            asking: None,
            created: moment(it.created_at),
            verified: it.verified_at.map(moment),
            leased: stage == Stage::Working,
            lease: it.standing.expires_at.filter(|at| *at > now).map(moment),
            last_delivery: newest.max(it.last_delivery_at).map(moment),
            events: grouped(it.events + more),
        }
    }

    /// With what the bridge says of it.
    #[must_use]
    pub fn with_bridge(self, it: &Subscription, served: Option<Served>, now: Timestamp) -> Self {
        let Some(served) = served else {
            // The bridge serves what is watched, and nothing else.
            let rests = it.serving.bridged_at.is_some() && it.wanted;
            let why = "Nobody watches, so it rests. It wakes by itself when a screen shows it.".to_owned();
            return if rests {
                Self { stage: Stage::Asleep.word(), mood: "idle", why: Some(why), ..self }
            } else {
                self
            };
        };
        let asking = Asking::of(&served, now);
        let trouble = served.trouble.filter(|_| it.serving.bridged_at.is_some());
        if trouble.is_some() {
            let (stage, mood) = (Stage::Troubled.word(), "bad");
            return Self { asking, stage, mood, leased: false, why: trouble, ..self };
        }
        let verified = it.serving.bridged_at.and(it.serving.verified_at).map(|at| Moment::new(at, now));
        let verified = verified.or(self.verified);
        Self { asking, verified, ..self }
    }
}

/// What its owner calls it, or what it is.
#[must_use]
pub fn name(it: &Subscription) -> String {
    if it.label.is_empty() { capital(&it.topic.to_string()) } else { format!("{} ({})", it.label, it.topic) }
}

/// A number that can be read: `12,345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let comma = |n: usize| n > 0 && (digits.len() - n).is_multiple_of(3);
    digits.chars().enumerate().flat_map(|(n, c)| comma(n).then_some(',').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
    }
}
