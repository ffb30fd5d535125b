//! Where an event stands in the history.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Which history: a random number that is made together with it. Another epoch means that all offsets start anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch(u64);

impl Epoch {
    /// The epoch of a new history.
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(bytes))
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Epoch {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if digits { u64::from_str_radix(text, 16).map(Self).map_err(|_| NotAPosition) } else { Err(NotAPosition) }
    }
}

impl Serialize for Epoch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Where an event stands: the epoch of the history, and an offset that grows with every event of every name.
///
/// Written `{epoch}:{offset}`, sixteen hexadecimal digits and a decimal number. One position therefore says how far a
/// stream of any number of event names has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Which history.
    pub epoch: Epoch,
    /// How far into it; 0 is before the first event.
    pub offset: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch, self.offset)
    }
}

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, offset) = text.split_once(':').ok_or(NotAPosition)?;
        let digits = !offset.is_empty() && offset.bytes().all(|b| b.is_ascii_digit());
        let offset = offset.parse().ok().filter(|_| digits).ok_or(NotAPosition)?;
        Ok(Self { epoch: epoch.parse()?, offset })
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text that is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a position looks like 0123456789abcdef:42, as the stream sent it")]
pub struct NotAPosition;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_position_reads_back_as_it_was_written(epoch in any::<[u8; 8]>(), offset in 0..i64::MAX) {
            let position = Position { epoch: Epoch::from_random(epoch), offset };
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }
    }

    #[test]
    fn a_text_that_no_stream_sent_is_no_position() {
        for bad in [
            "",
            ":",
            "12",
            "0123456789abcdef:",
            "0123456789abcdef:-1",
            "0123456789abcdef:+1",
            "0123:1",
            "0123456789abcdeg:1",
            "0123456789abcdef:99999999999999999999",
        ] {
            assert_eq!(bad.parse::<Position>(), Err(NotAPosition), "{bad}");
        }
    }
}
