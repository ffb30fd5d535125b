//! What can be subscribed to: Flickr's nine topics with their arguments.

pub mod area;
pub mod kind;
pub mod tag;
#[cfg(test)]
mod tests;

use std::fmt;

use sha2::{Digest, Sha256};

use crate::event_name::{EventName, InvalidEventName};
pub use area::{Area, Circle};
pub use kind::Kind;

/// The most tags that one topic may name. Flickr's search takes 20 (`flickr.photos.search`); of its push no limit is known.
pub const MAX_TAGS: usize = 20;
/// The most institutions, places or WOE ids that one topic may name. Ours: a callback must stay a line of text.
pub const MAX_IDS: usize = 100;
/// An event name spells its topic's arguments up to this length, and beyond it gives their hash.
const SPELLED: usize = 48;

/// A topic with its arguments, in canonical form: two that ask for the same are equal.
#[derive(Debug, Clone, PartialEq)]
pub enum Topic {
    /// Photos from the subscriber's contacts.
    ContactsPhotos,
    /// What the subscriber's contacts fave.
    ContactsFaves,
    /// Photos in which a contact was tagged.
    PhotosOfContacts,
    /// Photos in which the subscriber was tagged.
    PhotosOfMe,
    /// The subscriber's own photos.
    MyPhotos,
    /// What the subscriber faves.
    MyFaves,
    /// Photos from an area.
    Geo(Area),
    /// Photos of the institutions of the Commons: these (nsids, sorted), or all when there is none.
    Commons(Vec<String>),
    /// Photos that carry one of these tags or more ([normal](tag::normal), sorted, at least one).
    Tags(Vec<String>),
}

/// An argument that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{argument}: {sentence}")]
pub struct BadArgument {
    /// Its name in `flickr.push.subscribe`.
    pub argument: &'static str,
    /// What is wrong, and what is expected.
    pub sentence: String,
    /// Whether it was not there at all (error 1 of `flickr.push.subscribe`; otherwise error 2).
    pub missing: bool,
}

impl BadArgument {
    pub(crate) fn missing(argument: &'static str, sentence: impl Into<String>) -> Self {
        Self { argument, sentence: sentence.into(), missing: true }
    }

    pub(crate) fn wrong(argument: &'static str, sentence: impl Into<String>) -> Self {
        Self { argument, sentence: sentence.into(), missing: false }
    }
}

impl Topic {
    /// Which of the nine it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::ContactsPhotos => Kind::ContactsPhotos,
            Self::ContactsFaves => Kind::ContactsFaves,
            Self::PhotosOfContacts => Kind::PhotosOfContacts,
            Self::PhotosOfMe => Kind::PhotosOfMe,
            Self::MyPhotos => Kind::MyPhotos,
            Self::MyFaves => Kind::MyFaves,
            Self::Geo(_) => Kind::Geo,
            Self::Commons(_) => Kind::Commons,
            Self::Tags(_) => Kind::Tags,
        }
    }

    /// Reads the arguments of `flickr.push.subscribe`, `topic` among them; an empty value counts as absent.
    ///
    /// # Errors
    /// The first argument that is missing or wrong.
    pub fn from_arguments(argument: impl Fn(&str) -> Option<String>) -> Result<Self, BadArgument> {
        let given = |name: &str| argument(name).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        let Some(name) = given("topic") else {
            return Err(BadArgument::missing(
                "topic",
                "expected the name of a topic, as flickr.push.getTopics lists them",
            ));
        };
        let Some(kind) = Kind::of(&name) else {
            return Err(BadArgument::wrong("topic", format!("{name:?} is no topic")));
        };
        Ok(match kind {
            Kind::ContactsPhotos => Self::ContactsPhotos,
            Kind::ContactsFaves => Self::ContactsFaves,
            Kind::PhotosOfContacts => Self::PhotosOfContacts,
            Kind::PhotosOfMe => Self::PhotosOfMe,
            Kind::MyPhotos => Self::MyPhotos,
            Kind::MyFaves => Self::MyFaves,
            Kind::Geo => Self::Geo(Area::from_arguments(given)?),
            Kind::Commons => Self::commons(given("nsids").unwrap_or_default().split(','))?,
            Kind::Tags => Self::tags(given("tags").unwrap_or_default().split(','))?,
        })
    }

    /// Photos with one of `tags` or more.
    ///
    /// # Errors
    /// When there is none, or there are too many, or one is too long.
    pub fn tags<'t>(tags: impl IntoIterator<Item = &'t str>) -> Result<Self, BadArgument> {
        let mut tags: Vec<String> = tags.into_iter().map(tag::normal).filter(|it| !it.is_empty()).collect();
        tags.sort();
        tags.dedup();
        if let Some(long) = tags.iter().find(|it| it.chars().count() > tag::MAX_LEN) {
            let n = long.chars().count();
            return Err(BadArgument::wrong("tags", format!("a tag has at most {} letters, and not {n}", tag::MAX_LEN)));
        }
        match tags.len() {
            0 => Err(BadArgument::missing("tags", "expected at least one tag")),
            n if n > MAX_TAGS => {
                Err(BadArgument::wrong("tags", format!("expected at most {MAX_TAGS} tags, and not {n}")))
            }
            _ => Ok(Self::Tags(tags)),
        }
    }

    /// Photos of these institutions of the Commons, or of all when there is none.
    ///
    /// # Errors
    /// When one is no nsid, or there are too many.
    pub fn commons<'n>(nsids: impl IntoIterator<Item = &'n str>) -> Result<Self, BadArgument> {
        let mut nsids: Vec<String> =
            nsids.into_iter().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        nsids.sort();
        nsids.dedup();
        if let Some(stranger) = nsids.iter().find(|it| !is_nsid(it)) {
            return Err(BadArgument::wrong("nsids", format!("{stranger:?} is no id such as 8623220@N02")));
        }
        if nsids.len() > MAX_IDS {
            return Err(BadArgument::wrong("nsids", format!("expected at most {MAX_IDS} institutions")));
        }
        Ok(Self::Commons(nsids))
    }

    /// The arguments of `flickr.push.subscribe` that say this topic, `topic` first.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        let mut arguments = vec![("topic", self.kind().name().to_owned())];
        match self {
            Self::Geo(area) => arguments.extend(area.arguments()),
            Self::Commons(nsids) if !nsids.is_empty() => arguments.push(("nsids", nsids.join(","))),
            Self::Tags(tags) => arguments.push(("tags", tags.join(","))),
            _ => {}
        }
        arguments
    }

    /// One line that [`Self::from_text`] reads back, equal for equal topics: the arguments as a query.
    #[must_use]
    pub fn to_text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.arguments()).finish()
    }

    /// Reads what [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// When an argument is missing or wrong.
    pub fn from_text(text: &str) -> Result<Self, BadArgument> {
        let find = |name: &str| form_urlencoded::parse(text.as_bytes()).find(|(it, _)| it == name);
        Self::from_arguments(|name| find(name).map(|(_, value)| value.into_owned()))
    }

    /// The event name of this topic for the account `nsid`: `12345678@N00-contacts_faves`, `12345678@N00-tags:cat.kitten`.
    ///
    /// # Errors
    /// When `nsid` is not the id of an account.
    pub fn event_name(&self, nsid: &str) -> Result<EventName, InvalidEventName> {
        let topic = self.kind().name();
        let spelled = match self {
            Self::Geo(area) => area.spelled(),
            Self::Commons(nsids) => nsids.join("."),
            Self::Tags(tags) => tags.join("."),
            _ => String::new(),
        };
        // A dot inside a tag could make two lists of tags look alike.
        let plain = spelled.len() <= SPELLED && spelled.parse::<EventName>().is_ok();
        let ambiguous = matches!(self, Self::Tags(tags) if tags.iter().any(|it| it.contains('.')));
        match spelled.as_str() {
            "" => format!("{nsid}-{topic}").parse(),
            _ if plain && !ambiguous => format!("{nsid}-{topic}:{spelled}").parse(),
            _ => {
                let hash = Sha256::digest(self.to_text());
                let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                format!("{nsid}-{topic}:~{hex}").parse()
            }
        }
    }
}

/// What it is, as a person says it: `photos tagged cat or kitten`.
impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Geo(area) => write!(f, "photos {area}"),
            Self::Commons(nsids) if nsids.is_empty() => f.write_str("photos of the Flickr Commons"),
            Self::Commons(nsids) if nsids.len() == 1 => f.write_str("photos of one institution of the Flickr Commons"),
            Self::Commons(nsids) => write!(f, "photos of {} institutions of the Flickr Commons", nsids.len()),
            Self::Tags(tags) => match tags.split_last() {
                Some((last, [])) => write!(f, "photos tagged {last}"),
                Some((last, before)) => write!(f, "photos tagged {} or {last}", before.join(", ")),
                None => f.write_str("photos with a tag"),
            },
            other => f.write_str(other.kind().title()),
        }
    }
}

/// Whether `text` has the form of Flickr's account ids: digits, `@N`, two digits.
#[must_use]
pub fn is_nsid(text: &str) -> bool {
    let digits = |it: &str, len: std::ops::RangeInclusive<usize>| {
        len.contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.split_once("@N").is_some_and(|(number, shard)| digits(number, 1..=15) && digits(shard, 2..=2))
}
