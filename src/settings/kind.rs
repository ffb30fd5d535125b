//! What may stand in a setting.

use std::fmt;

use serde::Serialize;

use crate::settings::night::Night;
use crate::settings::zone;

/// Which values a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of text of at most so many characters.
    Text(usize),
    /// One of these.
    Choice(&'static [Choice]),
    /// Whole seconds, from the first to the second number.
    Seconds(u32, u32),
    /// `on` or `off`.
    Switch,
    /// When the screen sleeps: [`Night`].
    Night,
    /// The name of a time zone.
    Zone,
}

/// One of a few values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What stands in the address.
    pub value: &'static str,
    /// What people read.
    pub label: &'static str,
}

/// The value of a setting. It is written as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A text, or the name of a time zone; empty when there is none.
    Text(String),
    /// One of a few.
    Choice(&'static str),
    /// Seconds.
    Seconds(u32),
    /// Whether it is on.
    Switch(bool),
    /// When the screen sleeps.
    Night(Night),
}

impl Kind {
    /// Reads a value, generously: spaces around it, and small and capital letters, make no difference.
    ///
    /// # Errors
    /// What was expected, as the end of a sentence.
    pub fn read(self, given: &str) -> Result<Value, String> {
        let given = given.trim();
        match self {
            Self::Text(longest) => match given.chars().count() {
                _ if given.contains(char::is_control) => {
                    Err("expected one line of text without control characters".into())
                }
                n if n > longest => Err(format!("expected at most {longest} characters, and not {n}")),
                _ => Ok(Value::Text(given.to_owned())),
            },
            Self::Choice(choices) => {
                let chosen = choices.iter().find(|it| it.value.eq_ignore_ascii_case(given));
                chosen.map(|it| Value::Choice(it.value)).ok_or_else(|| format!("expected {}", self.values()))
            }
            Self::Seconds(least, most) => {
                let seconds = given.parse().ok().filter(|it| (least..=most).contains(it));
                seconds.map(Value::Seconds).ok_or_else(|| format!("expected a number of {}", self.values()))
            }
            Self::Switch => match given.to_ascii_lowercase().as_str() {
                "on" | "yes" | "true" | "1" => Ok(Value::Switch(true)),
                "off" | "no" | "false" | "0" => Ok(Value::Switch(false)),
                _ => Err("expected on or off".into()),
            },
            Self::Night => {
                given.parse().map(Value::Night).map_err(|it: crate::settings::night::NotANight| it.to_string())
            }
            Self::Zone => zone::find(given).map(|it| Value::Text(it.to_owned())),
        }
    }

    /// Its values in words, for people.
    #[must_use]
    pub fn values(self) -> String {
        match self {
            Self::Text(longest) => format!("text, up to {longest} characters"),
            Self::Choice(choices) => {
                let values: Vec<_> = choices.iter().map(|it| it.value).collect();
                match values.split_last() {
                    Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
                    _ => values.concat(),
                }
            }
            Self::Seconds(least, most) => format!("seconds from {least} to {most}"),
            Self::Switch => "on or off".into(),
            Self::Night => "times such as 22:00-07:00, with days before them where they differ".into(),
            Self::Zone => "a time zone such as Europe/Berlin".into(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Choice(value) => f.write_str(value),
            Self::Seconds(seconds) => write!(f, "{seconds}"),
            Self::Switch(is_on) => f.write_str(if *is_on { "on" } else { "off" }),
            Self::Night(night) => write!(f, "{night}"),
        }
    }
}
