//! How a wall behaves: every setting is a parameter of its address, `/wall/{link}?interval=20&night=22:00-07:00`.
//!
//! One [`table`] is the truth: the address is [read](Settings::read) by it, the page gets its values as
//! [JSON](Settings::json), the page that writes a wall's link is drawn from it, and the README is compared with it. A
//! value that cannot be understood is a [`Problem`] and nothing worse: its default stands, and the wall shows all the same.

mod guess;
pub mod kind;
pub mod night;
pub mod table;
#[cfg(test)]
mod tests;
pub mod zone;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Serialize, SerializeMap, Serializer};

pub use kind::{Kind, Value};
pub use table::{Group, SETTINGS, Setting};

/// Parameters of a wall's address that are no settings: the page that writes the link shows the wall with `preview=1`,
/// and such a wall is no screen.
pub const PREVIEW: &str = "preview";
/// As many parameters are told of that are no settings and may be meant as one.
const MAX_STRAYS: usize = 10;
/// As many characters of a wrong value get into its sentence.
const SHOWN: usize = 40;
/// What may stand in a query as it is, so that a person can read a link (RFC 3986 section 3.4; not `;`, which some
/// proxies take for `&`).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b',')
    .remove(b'/')
    .remove(b'@')
    .remove(b' ');

/// A value for every setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// In the order of [`SETTINGS`].
    values: Vec<Value>,
}

/// A parameter that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The parameter, as it was written.
    pub name: String,
    /// Its value.
    pub given: String,
    /// What it is, what was there and what is expected.
    pub sentence: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { values: SETTINGS.iter().map(Setting::default_value).collect() }
    }
}

impl Settings {
    /// Reads a query, without its `?`. An empty value counts as absent, of several the last counts, and parameters that
    /// are no settings are ignored, unless somebody seems to have meant one.
    #[must_use]
    pub fn read(query: &str) -> (Self, Vec<Problem>) {
        let (mut settings, mut problems, mut strays) = (Self::default(), Vec::<Problem>::new(), Vec::new());
        for (name, given) in form_urlencoded::parse(query.as_bytes()) {
            let Some(at) = SETTINGS.iter().position(|it| it.name == name) else {
                let meant = if strays.len() < MAX_STRAYS { guess::nearest(&name) } else { None };
                strays.extend(meant.map(|meant| Problem {
                    sentence: format!("{} is no setting: did you mean {meant}?", name.escape_debug()),
                    name: name.into_owned(),
                    given: given.into_owned(),
                }));
                continue;
            };
            let setting = &SETTINGS[at];
            problems.retain(|it| it.name != name);
            let read = if given.trim().is_empty() { Ok(setting.default_value()) } else { setting.kind.read(&given) };
            settings.values[at] = read.unwrap_or_else(|expected| {
                let sentence = format!("{name} is {:?}: {expected}", beginning(&given));
                problems.push(Problem { name: name.into_owned(), given: given.into_owned(), sentence });
                setting.default_value()
            });
        }
        problems.extend(strays);
        (settings, problems)
    }

    /// All of them with their values, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Setting, &Value)> {
        SETTINGS.iter().zip(&self.values)
    }

    /// The query that says them, without its `?`: only what differs from the defaults, empty when nothing does.
    #[must_use]
    pub fn query(&self) -> String {
        let differing = self.iter().filter(|(setting, value)| setting.default_value() != **value);
        let written = differing.map(|(setting, value)| {
            let value = utf8_percent_encode(&value.to_string(), ESCAPED).to_string().replace(' ', "+");
            format!("{}={value}", setting.name)
        });
        written.collect::<Vec<_>>().join("&")
    }

    /// All of them as a JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        // Strings, numbers and lists: nothing that JSON could refuse.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(SETTINGS.len()))?;
        for (setting, value) in self.iter() {
            map.serialize_entry(setting.name, value)?;
        }
        map.end()
    }
}

/// Enough of a value to recognise it.
fn beginning(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}
