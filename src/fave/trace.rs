//! One fave on its way, hop by hop: what the delivery log tells, to what a person with a stopwatch wants to know. Pure.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery_log::{Cause, Kind, Record, Verdict};
use crate::event_name::EventName;
use crate::words::{capital, counted, within};

/// Where it has to come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hop {
    /// Flickr's API said yes.
    Api,
    /// A hub called our callback.
    Hub,
    /// What it brought was read.
    Parsed,
    /// It is in the history, and was handed to whoever listens.
    Bus,
    /// A screen shows it.
    Screen,
}

impl Hop {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::Api, Self::Hub, Self::Parsed, Self::Bus, Self::Screen];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "API answered",
            Self::Hub => "hub called",
            Self::Parsed => "parsed",
            Self::Bus => "bus",
            Self::Screen => "screen painted",
        }
    }
}

/// How far it has come at one hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stand {
    /// It is waited for.
    Waiting,
    /// It came by, so many milliseconds after the button was pressed.
    Came {
        /// Since the beginning.
        ms: i64,
        /// What is known of it; may be empty.
        detail: String,
    },
    /// It did not.
    Missing {
        /// What was seen, as a sentence.
        why: String,
        /// What that usually means, as a sentence.
        usually: String,
    },
    /// An earlier hop is missing.
    NotReached,
}

/// What is known besides the log, for explanations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Whether the bridge is the hub, and how often it asks for this.
    pub bridge: Option<Option<Duration>>,
    /// What is wrong with the subscription, in its owner's words.
    pub trouble: Option<String>,
    /// Screens of its walls that are connected.
    pub screens: usize,
    /// How long was waited for each hop.
    pub waited: Duration,
}

/// A fave on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    began: Timestamp,
    /// The event name under which it must arrive.
    event: EventName,
    photo: Option<String>,
    stands: [Stand; 5],
    /// Why a delivery was refused that may have held it, and at which hop.
    refused: Option<(Hop, String)>,
    /// The record of the delivery.
    record: Option<u64>,
    /// Streams that it was handed to.
    streams: usize,
}

impl Trace {
    /// The button was pressed at `began`; the fave must arrive as an event of this name.
    #[must_use]
    pub fn new(began: Timestamp, event: EventName) -> Self {
        let stands = [const { Stand::Waiting }; 5];
        Self { began, event, photo: None, stands, refused: None, record: None, streams: 0 }
    }

    /// Where it stands at each hop.
    pub fn stands(&self) -> impl Iterator<Item = (Hop, &Stand)> {
        Hop::ALL.into_iter().zip(&self.stands)
    }

    /// The record of the delivery that brought it, or was refused.
    #[must_use]
    pub fn record(&self) -> Option<u64> {
        self.record
    }

    /// The first hop that it has not come by.
    #[must_use]
    pub fn next(&self) -> Option<Hop> {
        self.stands().find(|(_, it)| !matches!(it, Stand::Came { .. })).map(|(hop, _)| hop)
    }

    /// Whether nothing more is waited for.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stands.iter().all(|it| *it != Stand::Waiting)
    }

    /// Whether it came all the way.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.next().is_none()
    }

    /// From the button to the screen, in milliseconds.
    #[must_use]
    pub fn total_ms(&self) -> Option<i64> {
        match &self.stands[Hop::Screen as usize] {
            Stand::Came { ms, .. } => Some(*ms),
            _ => None,
        }
    }

    /// Flickr's API said yes to faving `photo`.
    pub fn answered(&mut self, photo: &str, at: Timestamp) {
        self.photo = Some(photo.to_owned());
        self.came(Hop::Api, at, String::new());
    }

    /// Flickr's API said no.
    pub fn failed(&mut self, why: String) {
        let usually = "Flickr's API is out of order for a moment, the permission was taken back or does not allow \
                       writing, or FLICKR_URL leads somewhere else."
            .to_owned();
        self.miss(Hop::Api, why, usually);
    }

    /// The delivery log tells something; whether that is news.
    pub fn hear(&mut self, record: &Record) -> bool {
        let Some(photo) = self.photo.clone() else { return false };
        let concerns = record.kind == Kind::Delivery
            && record.cause == Cause::Hub
            && record.event.as_ref() == Some(&self.event)
            && record.at.as_millisecond() >= self.began.as_millisecond();
        if !concerns {
            return false;
        }
        let before = self.clone();
        match &record.parsed {
            Some(parsed) if parsed.photos.contains(&photo) => {
                self.record = Some(record.id);
                self.came(Hop::Hub, record.at, from(record));
                let entries =
                    if parsed.entries == 1 { "1 entry".into() } else { format!("{} entries", parsed.entries) };
                #[expect(clippy::cast_possible_truncation, reason = "a body is read for some seconds at most")]
                let read = jiff::SignedDuration::from_millis(parsed.read_ms.ceil() as i64);
                self.came(Hop::Parsed, record.at.checked_add(read).unwrap_or(record.at), entries);
                match parsed.published_at {
                    Some(at) if parsed.new_photos.contains(&photo) => {
                        self.streams = parsed.streams;
                        self.came(Hop::Bus, at, format!("to {}", counted(parsed.streams, "stream")));
                    }
                    _ => {
                        self.refused =
                            Some((Hop::Bus, "the history has this very event already, and publishes each once".into()));
                    }
                }
                if let Some(painted) = parsed.painted.as_ref().filter(|it| it.photo == photo || parsed.photos.len() > 1)
                {
                    self.came(Hop::Screen, painted.at, format!("by the screen “{}”", painted.screen));
                }
            }
            Some(_) => {}
            None => self.refuse(record),
        }
        *self != before
    }

    fn refuse(&mut self, record: &Record) {
        let hop = match record.verdict {
            Verdict::NotStored => Hop::Bus,
            Verdict::LetGo => Hop::Hub,
            _ => Hop::Parsed,
        };
        self.record = self.record.or(Some(record.id));
        if hop > Hop::Hub {
            self.came(Hop::Hub, record.at, from(record));
        }
        if hop > Hop::Parsed {
            self.came(Hop::Parsed, record.at, String::new());
        }
        self.refused = Some((hop, record.verdict.sentence(record.status)));
    }

    /// Nothing more is waited for: the first hop that is missing is named and explained.
    pub fn give_up(&mut self, around: &Around) {
        let Some(hop) = self.next().filter(|_| !self.is_over()) else { return };
        let waited = within(around.waited);
        let refused = self.refused.clone().filter(|(at, _)| *at == hop).map(|(_, why)| capital(&why));
        let (why, usually) = match hop {
            Hop::Api => ("Flickr's API gave no answer.".to_owned(), "Its way to the internet, or FLICKR_URL.".to_owned()),
            Hop::Hub => hub(around, &waited, refused),
            Hop::Parsed => (
                refused.map_or_else(|| format!("Nothing that could be read came within {waited}."), |why| format!("{why}.")),
                "What came is no feed: something between hub and server changes bodies, or the hub sends another format. \
                 The delivery log has its bytes."
                    .to_owned(),
            ),
            Hop::Bus => (
                refused.map_or_else(|| format!("It was not published within {waited}."), |why| format!("{why}.")),
                "The disk of DATA_DIR is full or locked by another program; or this very fave came before: fave another \
                 photo."
                    .to_owned(),
            ),
            Hop::Screen => screen(around, self.streams, &self.event, &waited),
        };
        self.miss(hop, why, usually);
    }

    fn came(&mut self, hop: Hop, at: Timestamp, detail: String) {
        let stand = &mut self.stands[hop as usize];
        if !matches!(stand, Stand::Came { .. }) {
            let ms = (at.as_millisecond() - self.began.as_millisecond()).max(0);
            *stand = Stand::Came { ms, detail };
        }
    }

    fn miss(&mut self, hop: Hop, why: String, usually: String) {
        self.stands[hop as usize] = Stand::Missing { why, usually };
        for later in &mut self.stands[hop as usize + 1..] {
            *later = Stand::NotReached;
        }
    }
}

fn hub(around: &Around, waited: &str, refused: Option<String>) -> (String, String) {
    if let Some(why) = refused {
        return (
            format!("{why}."),
            "The subscription has ended here, and the hub does not know it yet: renew it.".into(),
        );
    }
    let why = match &around.trouble {
        Some(trouble) => format!("No hub called within {waited}. The subscription says: {trouble}"),
        None => format!("No hub called within {waited}."),
    };
    let usually = match around.bridge {
        Some(every) => {
            let often = every.map_or_else(String::new, |it| format!(" each {}", within(it)));
            format!(
                "The bridge is the hub and asks Flickr{often}; Flickr's own lists may be a minute behind. It was asked to \
                 write, and what is not public is not shown either."
            )
        }
        None => "Flickr's push is silent (as it has been since 2019), it lost this delivery, or it cannot reach \
                 PUBLIC_URL: the doctor tells which."
            .into(),
    };
    (why, usually)
}

fn screen(around: &Around, streams: usize, event: &EventName, waited: &str) -> (String, String) {
    if around.screens == 0 && streams == 0 {
        let why = format!("It was published, and no screen or stream follows “{event}”.");
        return (why, "No wall that shows it is open just now: open one, or leave this page in the foreground.".into());
    }
    if around.screens == 0 {
        let why = format!("It was handed to {}, and none of them is a screen.", counted(streams, "stream"));
        return (why, "No wall that shows it is open just now: open one, or leave this page in the foreground.".into());
    }
    let why =
        format!("It was handed to {}, and none said within {waited} that it shows it.", counted(streams, "stream"));
    let usually =
        "Its picture cannot be loaded (blocked by a network, or broken), the wall is paused, asleep or in a tab \
                   that nobody sees, or it showed this photo within the hour already."
            .to_owned();
    (why, usually)
}

fn from(record: &Record) -> String {
    match record.hub {
        crate::delivery_log::Hub::Bridge => "the bridge".into(),
        crate::delivery_log::Hub::Flickr | crate::delivery_log::Hub::Other => format!("from {}", record.from),
    }
}

#[cfg(test)]
mod tests;
