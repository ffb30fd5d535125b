//! What a call was given.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::hub::people::{self, Person};
use crate::practice::rest::Fail;

/// A call's arguments. Of what is given twice the last counts, as in PHP; an empty value counts as absent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arguments<'c>(pub(super) &'c [(String, String)]);

impl<'c> Arguments<'c> {
    pub(super) fn get(&self, name: &str) -> Option<&'c str> {
        let found = self.0.iter().rev().find(|(it, _)| it == name);
        found.map(|(_, value)| value.trim()).filter(|it| !it.is_empty())
    }

    /// A list with commas between its items.
    pub(super) fn list(&self, name: &str) -> Vec<&'c str> {
        self.get(name).unwrap_or_default().split(',').map(str::trim).filter(|it| !it.is_empty()).collect()
    }

    /// A moment: seconds since 1970, or as MySQL writes it (documented of `flickr.photos.search`).
    pub(super) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Fail> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|it| it.timestamp());
        let moment = text.parse().ok().and_then(|it| Timestamp::from_second(it).ok()).or_else(civil);
        moment.map(Some).ok_or_else(|| Fail::illogical(name))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, Fail> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|it| it.is_finite());
        number.map(Some).ok_or_else(|| Fail::illogical(name))
    }

    /// The person with the account in the argument, or the caller when it is `me`; `None` when it is not said.
    pub(super) fn person(
        &self,
        name: &str,
        caller: Option<&'static Person>,
    ) -> Option<Result<&'static Person, Unknown>> {
        self.get(name).map(|nsid| if nsid == "me" { caller } else { people::find(nsid) }.ok_or(Unknown))
    }

    /// Which page, from 1, and how many on each: `usual` unless it is said, never more than `most`.
    pub(super) fn paging(&self, usual: usize, most: usize) -> (usize, usize) {
        let read = |name| self.get(name).and_then(|it| it.parse::<usize>().ok()).filter(|it| *it > 0);
        (read("page").unwrap_or(1), read("per_page").unwrap_or(usual).min(most))
    }
}

/// Nobody has this account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unknown;
