//! What a stream's address asks for.

use crate::bus::history::{From, MAX_BACKLOG};
use crate::bus::position::Position;
use crate::error::AppError;
use crate::event_name::EventName;
use crate::screens::{Instance, ScreenName};
use crate::signing::Keys;
use crate::store::{Store, wall};

/// How many of the newest events a stream begins with when it does not say.
pub const DEFAULT_LAST: usize = 10;
/// How many event names one stream may follow.
const MAX_NAMES: usize = 100;

/// The event names, which the caller has shown to be allowed to follow, and where to begin.
#[derive(Debug, PartialEq, Eq)]
pub struct StreamRequest {
    /// By tokens and by links that spell their names, without repeats.
    pub events: Vec<EventName>,
    /// Links that may be those of saved walls: the store knows.
    pub walls: Vec<String>,
    /// Where to begin.
    pub from: From,
    /// The screen that this is the stream of.
    pub screen: Option<AskedScreen>,
}

/// A screen, as its stream's address tells of it.
#[derive(Debug, PartialEq, Eq)]
pub struct AskedScreen {
    /// The link of its wall.
    pub link: String,
    /// The event names of a link that spells them.
    pub spelled: Option<Vec<EventName>>,
    /// What it is called.
    pub name: ScreenName,
    /// Which page load it is.
    pub instance: Instance,
}

impl StreamRequest {
    /// Reads `token`, `wall`, `last`, `after`, `screen` and `instance` of the query. `last_event_id` is what a browser's
    /// `EventSource` sends when it comes back; it wins, since the address is still the first one.
    ///
    /// # Errors
    /// What is missing or wrong, for the caller to read.
    pub fn read(query: &str, last_event_id: Option<&str>, keys: &Keys) -> Result<Self, AppError> {
        let mut events: Vec<EventName> = Vec::new();
        let mut walls = Vec::new();
        let mut last = DEFAULT_LAST;
        let mut after = None;
        let mut links: Vec<(String, Option<Vec<EventName>>)> = Vec::new();
        let (mut name, mut instance, mut has_token) = (None, None, false);
        for (parameter, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*parameter {
                "token" => {
                    events.push(keys.recognise_stream_token(&value).ok_or(AppError::NoSuchStream)?);
                    has_token = true;
                }
                "wall" => {
                    let spelled = keys.recognise_wall_link(&value);
                    match &spelled {
                        Some(names) => events.extend_from_slice(names),
                        None if wall::is_link(&value) => walls.push(value.to_string()),
                        None => return Err(AppError::NoSuchStream),
                    }
                    // More than one is no screen; which they are matters to nobody then.
                    links.truncate(1);
                    links.push((value.into_owned(), spelled));
                }
                "screen" => name = Some(ScreenName::read(&value).map_err(AppError::BadStream)?),
                "instance" => instance = Some(Instance::read(&value).map_err(AppError::BadStream)?),
                "last" => last = read_last(&value)?,
                "after" if !value.is_empty() => after = Some(value.into_owned()),
                _ => {}
            }
        }
        if events.is_empty() && walls.is_empty() {
            return Err(AppError::NoStreamNamed);
        }
        let screen = match (name, instance, links.pop()) {
            (None, None, _) => None,
            (Some(name), Some(instance), Some((link, spelled))) if links.is_empty() && !has_token => {
                Some(AskedScreen { link, spelled, name, instance })
            }
            (Some(_), Some(_), _) => {
                return Err(AppError::BadStream(
                    "a screen shows one wall: expected exactly one wall= and no token=".into(),
                ));
            }
            _ => {
                return Err(AppError::BadStream(
                    "a screen gives both screen= and instance=, and not one of them".into(),
                ));
            }
        };
        events.sort();
        events.dedup();
        walls.sort();
        walls.dedup();
        if events.len() + walls.len() > MAX_NAMES {
            let n = events.len() + walls.len();
            return Err(AppError::BadStream(format!("a stream follows at most {MAX_NAMES} event names, and not {n}")));
        }
        let after = last_event_id.filter(|it| !it.is_empty()).or(after.as_deref());
        let from = match after.map(str::parse::<Position>) {
            None => From::Newest(last),
            Some(Ok(position)) => From::After(position, last),
            // A wall that outlived a change of the format must come back too, so this is a gap and no mistake.
            Some(Err(_)) => From::Lost(last),
        };
        Ok(Self { events, walls, from, screen })
    }

    /// All event names as they are now, sorted: those of saved walls change when their owner chooses others.
    ///
    /// # Errors
    /// When a link is that of no wall, or the store cannot be read.
    pub async fn names(&self, store: &Store) -> Result<Vec<EventName>, AppError> {
        let mut names = self.events.clone();
        for link in &self.walls {
            names.extend(store.wall(link).await?.ok_or(AppError::NoSuchStream)?.events);
        }
        names.sort();
        names.dedup();
        Ok(names)
    }
}

fn read_last(value: &str) -> Result<usize, AppError> {
    let read = value.parse().ok().filter(|it| *it <= MAX_BACKLOG);
    let expected = || AppError::BadStream(format!("last is {value:?}: expected a number from 0 to {MAX_BACKLOG}"));
    read.ok_or_else(expected)
}

/// What a request without an upgrade gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Server-sent events, live.
    Events,
    /// What there is now.
    Json,
}

impl Surface {
    /// By the `Accept` header. Who has no wish gets the live stream, so that `curl -N` needs no option; who asks for
    /// JSON, and a person who opens the address in a browser, gets what there is.
    pub fn wanted(accept: Option<&str>) -> Self {
        let accept = accept.unwrap_or_default().to_ascii_lowercase();
        let accepts = |mime: &str| accept.split(',').any(|one| one.trim_start().starts_with(mime));
        if accepts("text/event-stream") {
            Self::Events
        } else if accepts("application/json") || accepts("application/*") || accepts("text/html") {
            Self::Json
        } else {
            Self::Events
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::derive("a secret of some length")
    }

    fn event(name: &str) -> EventName {
        name.parse().unwrap()
    }

    fn read(query: &str, last_event_id: Option<&str>) -> Result<(Vec<String>, From), String> {
        StreamRequest::read(query, last_event_id, &keys())
            .map(|it| (it.events.iter().map(ToString::to_string).collect(), it.from))
            .map_err(|it| it.sentence())
    }

    #[test]
    fn tokens_and_walls_add_up_and_nothing_is_followed_by_guessing() {
        let (kittens, puppies) = (event("kittens"), event("puppies"));
        let token = keys().stream_token(&kittens);
        let wall = keys().wall_link(&[puppies.clone(), kittens.clone()]);
        let both = vec!["kittens".to_owned(), "puppies".to_owned()];
        let check = |query: &str, expected| assert_eq!(read(query, None), expected, "{query}");
        check(&format!("token={token}"), Ok((both[..1].to_vec(), From::Newest(DEFAULT_LAST))));
        check(&format!("token={token}&wall={wall}&last=3"), Ok((both, From::Newest(3))));
        let refused = Err(AppError::NoSuchStream.sentence());
        check("token=kittens", refused.clone());
        check(&format!("token={}", keys().callback(&kittens)), refused.clone());
        check(&format!("token={token}&token=puppies.x"), refused.clone());
        check(&format!("wall={token}"), refused);
        check("", Err(AppError::NoStreamNamed.sentence()));
    }

    #[test]
    fn the_stream_of_a_screen_names_it_and_its_one_wall() {
        let kittens = vec![event("kittens")];
        let (spelled, saved) = (keys().wall_link(&kittens), wall::link([7; 16]));
        let screen =
            |query: &str| StreamRequest::read(query, None, &keys()).map(|it| it.screen).map_err(|it| it.sentence());
        let asked = |link: &str, spelled: Option<&Vec<EventName>>| AskedScreen {
            link: link.into(),
            spelled: spelled.cloned(),
            name: ScreenName::read("Küche").unwrap(),
            instance: Instance::read("abcdefgh").unwrap(),
        };
        let named = "screen=+K%C3%BCche&instance=abcdefgh";
        assert_eq!(screen(&format!("wall={spelled}&{named}")), Ok(Some(asked(&spelled, Some(&kittens)))));
        assert_eq!(screen(&format!("{named}&wall={saved}")), Ok(Some(asked(&saved, None))));
        assert_eq!(screen(&format!("wall={saved}")), Ok(None));
        let check = |query: &str, expected: &str| {
            let said = screen(query).unwrap_err();
            assert!(said.starts_with(expected), "{query}: {said}");
        };
        check(&format!("wall={saved}&screen=a"), "a screen gives both screen= and instance=");
        check(&format!("wall={saved}&instance=abcdefgh"), "a screen gives both");
        check(&format!("wall={saved}&wall={saved}&wall={saved}&{named}"), "a screen shows one wall");
        let token = keys().stream_token(&event("kittens"));
        check(&format!("token={token}&{named}"), "a screen shows one wall");
        check(&format!("token={token}&wall={saved}&{named}"), "a screen shows one wall");
        check(&format!("wall={saved}&screen=&instance=abcdefgh"), "screen is \"\": expected a name of 1 to 40");
        check(&format!("wall={saved}&screen=a%00b&instance=abcdefgh"), "screen is ");
        check(&format!("wall={saved}&screen=a&instance=x"), "instance is \"x\": expected 8 to 40");
    }

    #[test]
    fn a_stream_that_comes_back_says_where_it_was() {
        let token = keys().stream_token(&event("kittens"));
        let at = |offset| From::After(format!("0123456789abcdef:{offset}").parse().unwrap(), DEFAULT_LAST);
        let after = format!("token={token}&after=0123456789abcdef%3A42");
        assert_eq!(read(&after, None).unwrap().1, at(42));
        assert_eq!(read(&after, Some("0123456789abcdef:43")).unwrap().1, at(43));
        assert_eq!(read(&format!("token={token}&after=yesterday"), None).unwrap().1, From::Lost(DEFAULT_LAST));
        let wrong = read(&format!("token={token}&last=501"), None).unwrap_err();
        assert_eq!(wrong, "last is \"501\": expected a number from 0 to 500");
    }

    #[test]
    fn the_accept_header_chooses_the_surface() {
        let check = |accept, expected| assert_eq!(Surface::wanted(accept), expected, "{accept:?}");
        check(None, Surface::Events);
        check(Some("*/*"), Surface::Events);
        check(Some("text/event-stream"), Surface::Events);
        check(Some("application/json"), Surface::Json);
        check(Some("application/json, text/event-stream;q=0.5"), Surface::Events);
        check(Some("Application/JSON"), Surface::Json);
        check(Some("application/*"), Surface::Json);
        check(Some("text/html,application/xhtml+xml,*/*;q=0.8"), Surface::Json);
    }
}
