//! Event names: the bus channel that a callback maps to.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The longest event name, in bytes: it must fit into a callback of 255 bytes beside a host name and a MAC.
pub const MAX_LEN: usize = 120;

/// The name of one channel of the bus, such as `12345678@N00-contacts_faves`.
///
/// One to [`MAX_LEN`] bytes of ASCII letters, digits and `@ . _ ~ : -`. All of these may stand in the path and in the
/// query of a URL as they are, so a name is as readable in a callback as in a log. (The comma is left out on purpose:
/// it separates the names in a wall's link.)
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventName(Arc<str>);

impl EventName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EventName {
    type Err = InvalidEventName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(InvalidEventName::Empty);
        }
        if let Some(stranger) = text.chars().find(|&c| !is_name_char(c)) {
            return Err(InvalidEventName::Stranger(stranger));
        }
        if text.len() > MAX_LEN {
            return Err(InvalidEventName::TooLong(text.len()));
        }
        Ok(Self(text.into()))
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '~' | ':' | '-')
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl serde::Serialize for EventName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for EventName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a text is no event name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEventName {
    /// Nothing at all.
    #[error("an event name cannot be empty")]
    Empty,
    /// A character that may not stand in an event name.
    #[error("an event name holds letters, digits and @ . _ ~ : - only, and not {0:?}")]
    Stranger(char),
    /// Longer than [`MAX_LEN`].
    #[error("an event name has at most {MAX_LEN} characters, and not {0}")]
    TooLong(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_url_can_carry_as_they_are_are_accepted() {
        for good in ["kittens", "12345678@N00-contacts_faves", "geo:47.2~11.7", "a.b", &"x".repeat(MAX_LEN)] {
            assert_eq!(good.parse::<EventName>().expect(good).as_str(), good);
        }
    }

    #[test]
    fn every_other_name_is_refused_with_its_cause() {
        let check = |bad: &str, expected| assert_eq!(bad.parse::<EventName>().unwrap_err(), expected, "{bad:?}");
        check("", InvalidEventName::Empty);
        check("a b", InvalidEventName::Stranger(' '));
        check("a,b", InvalidEventName::Stranger(','));
        check("a/b", InvalidEventName::Stranger('/'));
        check("kätzchen", InvalidEventName::Stranger('ä'));
        check("a\r\nb", InvalidEventName::Stranger('\r'));
        check(&"x".repeat(MAX_LEN + 1), InvalidEventName::TooLong(MAX_LEN + 1));
    }
}
