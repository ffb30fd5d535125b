//! What hubs asked and brought: the delivery log, to checks.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::delivery_log::{Cause as Why, Record, Verdict};
use crate::doctor::{Cause, Check, Group};
use crate::event_name::EventName;
use crate::words::{ago, since};

const TOKEN: &str = "SECRET_KEY";
const DELIVERIES: &str = "deliveries";
/// Checks of one kind at most: the delivery log has the rest.
const MOST: usize = 5;

/// What is known of what came.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The newest records, the newest first.
    pub records: Vec<Record>,
    /// Of requests to callbacks that are none of ours: the event names that they spell, and when.
    pub foreign: Vec<(EventName, Timestamp)>,
    /// Event names that somebody wants.
    pub wanted: BTreeSet<EventName>,
    /// Event names that somebody follows now.
    pub followed: BTreeSet<EventName>,
    /// Whether whoever reads this may know of what concerns nobody here.
    pub everything: bool,
    /// Whether anything is logged.
    pub logged: bool,
    /// When it is.
    pub now: Timestamp,
}

/// Judges.
#[must_use]
pub fn judge(facts: &Facts) -> Vec<Check> {
    if !facts.logged {
        let why = "Nothing is logged (LOG_DELIVERIES is 0), so what came cannot be looked at.";
        return vec![Check::skipped(Group::Deliveries, DELIVERIES, why)];
    }
    let mut all = foreign(facts);
    let mut by_event: BTreeMap<&EventName, Vec<&Record>> = BTreeMap::new();
    let from_hubs = facts.records.iter().filter(|it| it.cause == Why::Hub);
    for record in from_hubs {
        if let Some(event) = &record.event {
            by_event.entry(event).or_default().push(record);
        }
    }
    let mut found = Vec::new();
    for (event, records) in &by_event {
        found.extend(refused_token(event, records, facts.now));
        found.extend(unread(event, records, facts.now));
        found.extend(lost(event, records, facts));
    }
    found.truncate(3 * MOST);
    let is_well = found.is_empty() && all.is_empty();
    all.append(&mut found);
    all.extend(strange(facts));
    if is_well {
        all.push(well(facts));
    }
    all
}

/// Requests to callbacks under another key, for names that somebody here wants.
fn foreign(facts: &Facts) -> Vec<Check> {
    let mut latest: BTreeMap<&EventName, Timestamp> = BTreeMap::new();
    for (event, at) in facts.foreign.iter().filter(|(event, _)| facts.wanted.contains(event)) {
        let known = latest.entry(event).or_insert(*at);
        *known = (*at).max(*known);
    }
    // Who was called rightly since has been subscribed anew.
    latest.retain(|event, at| !facts.records.iter().any(|it| it.event.as_ref() == Some(event) && it.at > *at));
    let check = |(event, at): (&EventName, Timestamp)| {
        let when = since(ago(at, facts.now));
        let sign = format!("{when} a hub called the callback of “{event}” as another key signed it");
        Check::bad(Group::Machine, TOKEN, Cause::SecretKeyChanged { sign })
    };
    latest.into_iter().take(MOST).map(check).collect()
}

/// Requests to callbacks of names that nobody here wants.
fn strange(facts: &Facts) -> Option<Check> {
    let strange: Vec<_> = facts.foreign.iter().filter(|(event, _)| !facts.wanted.contains(event)).collect();
    let (event, at) = strange.iter().max_by_key(|(_, at)| *at).filter(|_| facts.everything)?;
    let cause = Cause::StrangeCallbacks { event: event.to_string(), times: strange.len(), ago: ago(*at, facts.now) };
    Some(Check::notice(Group::Machine, TOKEN, cause))
}

/// The newest verification of an event name, when its token was wrong.
fn refused_token(event: &EventName, records: &[&Record], now: Timestamp) -> Option<Check> {
    let decided = |it: &&&Record| {
        matches!(it.verdict, Verdict::WrongToken { .. } | Verdict::MissingToken { .. } | Verdict::Confirmed { .. })
    };
    let newest = records.iter().find(decided)?;
    let (theirs, ours) = match &newest.verdict {
        Verdict::WrongToken { theirs, ours } => (theirs.clone(), ours.clone()),
        Verdict::MissingToken { ours } => ("(none)".to_owned(), ours.clone()),
        _ => return None,
    };
    let whose = format!("“{event}”");
    let cause = Cause::TokenDiffers { whose, theirs, ours, ago: ago(newest.at, now) };
    Some(Check::bad(Group::Deliveries, "verification", cause))
}

/// Deliveries of an event name that could not be read, when the newest is one of them.
fn unread(event: &EventName, records: &[&Record], now: Timestamp) -> Option<Check> {
    let is_read = |it: &Record| matches!(it.verdict, Verdict::Published);
    let why = |it: &Record| match &it.verdict {
        Verdict::NotAFeed { why } => Some(why.clone()),
        Verdict::Encoded { how } => Some(format!("it is compressed ({how})")),
        Verdict::TooLarge { limit } => Some(format!("it has more than the {limit} bytes of DELIVERY_LIMIT_BYTES")),
        Verdict::BrokeOff => Some("it breaks off before its end".into()),
        Verdict::PublishedInPart => it.parsed.as_ref()?.flaws.first().cloned(),
        _ => None,
    };
    let bad: Vec<_> = records.iter().take_while(|it| !is_read(it)).filter(|it| why(it).is_some()).collect();
    let newest = bad.first()?;
    let cause = Cause::NotParsed {
        whose: format!("“{event}”"),
        why: why(newest)?,
        ago: ago(newest.at, now),
        times: bad.len(),
        record: newest.id,
    };
    Some(Check::bad(Group::Deliveries, DELIVERIES, cause))
}

/// Deliveries that reached nobody: the newest of an event name that no subscription, wall or stream is for, that came too
/// late, or that could not be stored.
fn lost(event: &EventName, records: &[&Record], facts: &Facts) -> Option<Check> {
    let newest = records.iter().find(|it| {
        matches!(it.verdict, Verdict::Published | Verdict::PublishedInPart | Verdict::LetGo | Verdict::NotStored)
    })?;
    let passed = ago(newest.at, facts.now);
    match newest.verdict {
        Verdict::LetGo => {
            let cause = Cause::Ended { event: event.to_string(), ago: passed };
            Some(Check::notice(Group::Deliveries, DELIVERIES, cause))
        }
        Verdict::NotStored => Some(Check::bad(Group::Deliveries, DELIVERIES, Cause::NotStored { ago: passed })),
        _ => {
            let parsed = newest.parsed.as_ref().filter(|it| it.fresh > 0 && it.streams == 0)?;
            if facts.followed.contains(event) || facts.wanted.contains(event) {
                return None;
            }
            let like = facts.followed.iter().chain(&facts.wanted).find(|it| is_like(it.as_str(), event.as_str()));
            let (event, photos, like) = (event.to_string(), parsed.fresh, like.map(ToString::to_string));
            let cause = Cause::NobodySubscribed { event, ago: passed, photos, like };
            Some(Check::bad(Group::Deliveries, DELIVERIES, cause))
        }
    }
}

/// Whether two names differ in two letters at most.
fn is_like(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    start + end > 0 && one.len().max(other.len()) - end <= 2
}

fn well(facts: &Facts) -> Check {
    let newest = facts.records.iter().find(|it| matches!(it.verdict, Verdict::Published));
    match newest {
        Some(it) => {
            let when = since(ago(it.at, facts.now));
            let event = it.event.as_ref().map(ToString::to_string).unwrap_or_default();
            Check::good(Group::Deliveries, DELIVERIES, format!("The last came {when}, for “{event}”, and was read."))
        }
        None => Check::skipped(Group::Deliveries, DELIVERIES, "No hub has delivered anything lately."),
    }
}

#[cfg(test)]
mod tests;
