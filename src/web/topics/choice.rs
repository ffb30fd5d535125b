//! What a form asks for, and what of it cannot work.

use crate::topic::area::{DEFAULT_RADIUS_KM, MAX_RADIUS_KM, MIN_RADIUS_KM};
use crate::topic::{Area, Circle, Kind, MAX_IDS, MAX_TAGS, Topic, is_nsid, tag};
use crate::web::session::Pairs;
use crate::web::topics::coordinates::Point;
use crate::web::topics::typed::{TITLE, Typed, TypedPlace};

/// The most characters of a wall's title.
pub const MAX_TITLE: usize = 60;
const PLACE_FIELDS: [[&str; 2]; 3] = [["place1", "radius1"], ["place2", "radius2"], ["place3", "radius3"]];

/// What somebody wants to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What the wall is called.
    pub title: String,
    /// Whether two places are the same one.
    pub has_equal_places: bool,
    topics: Vec<Topic>,
}

/// Something in the form that cannot work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The id of the field in which it stands.
    pub field: &'static str,
    /// What is wrong, and what is expected.
    pub sentence: String,
}

impl FieldError {
    pub(super) fn new(field: &'static str, sentence: impl Into<String>) -> Self {
        Self { field, sentence: sentence.into() }
    }

    /// What a list of all errors says before the sentence, so that it is clear of which field it is.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self.field {
            "title" => "The wall: ",
            "tags" => "Tags: ",
            "commons" => "The Commons: ",
            "place1" => "Place 1: ",
            "place2" => "Place 2: ",
            "place3" => "Place 3: ",
            "radius1" => "Radius of place 1: ",
            "radius2" => "Radius of place 2: ",
            "radius3" => "Radius of place 3: ",
            _ => "",
        }
    }
}

impl Choice {
    /// Reads a form. With errors, the choice is what remains without the fields in which they stand.
    #[must_use]
    pub fn from_pairs(pairs: &Pairs) -> (Self, Vec<FieldError>) {
        Self::of(&Typed::from_pairs(pairs))
    }

    /// The same for what was typed.
    #[must_use]
    pub fn of(typed: &Typed) -> (Self, Vec<FieldError>) {
        let mut errors = Vec::new();
        let mut checked = |read: Result<Option<Topic>, FieldError>| read.unwrap_or_else(|it| (errors.push(it), None).1);
        let mut topics: Vec<Topic> = typed.ticked.iter().filter_map(|kind| plain(*kind)).collect();
        topics.extend(checked(tags(&typed.tags)));
        let mut has_equal_places = false;
        for (place, fields) in typed.places.iter().zip(PLACE_FIELDS) {
            if let Some(found) = checked(place_topic(place, fields)) {
                has_equal_places |= topics.contains(&found);
                topics.push(found);
            }
        }
        if typed.has(&Kind::Commons) {
            topics.extend(checked(commons(&typed.nsids)));
        }
        topics.sort_by_key(Topic::to_text);
        topics.dedup();
        if topics.is_empty() && typed.kept.is_empty() && errors.is_empty() {
            let nothing = "Nothing is chosen yet: tick something, or say a tag or a place.";
            errors.push(FieldError::new("contacts_faves", nothing));
        }
        let title: String = typed.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = title.chars().filter(|it| !it.is_control()).collect();
        let length = title.chars().count();
        if length > MAX_TITLE {
            let sentence = format!("A title has at most {MAX_TITLE} letters, and this one has {length}.");
            errors.push(FieldError::new("title", sentence));
        }
        let title = if title.is_empty() { TITLE.to_owned() } else { title };
        (Self { title, has_equal_places, topics }, errors)
    }

    /// The topics, each once.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }
}

/// The place of a form, when it is one.
#[must_use]
pub fn circle(place: &TypedPlace) -> Option<Circle> {
    let point = Point::read(&place.point).ok()?;
    Circle::new(point.latitude, point.longitude, radius(&place.radius)?, 1).ok()
}

fn plain(kind: Kind) -> Option<Topic> {
    Some(match kind {
        Kind::ContactsPhotos => Topic::ContactsPhotos,
        Kind::ContactsFaves => Topic::ContactsFaves,
        Kind::PhotosOfContacts => Topic::PhotosOfContacts,
        Kind::PhotosOfMe => Topic::PhotosOfMe,
        Kind::MyPhotos => Topic::MyPhotos,
        Kind::MyFaves => Topic::MyFaves,
        Kind::Geo | Kind::Commons | Kind::Tags => return None,
    })
}

fn tags(text: &str) -> Result<Option<Topic>, FieldError> {
    let wrong = |sentence: String| FieldError::new("tags", sentence);
    let raw: Vec<_> = text.split([',', ';', '\n']).map(str::trim).filter(|it| !it.is_empty()).collect();
    if raw.is_empty() {
        return Ok(None);
    }
    if let Some(empty) = raw.iter().find(|it| tag::normal(it).is_empty()) {
        return Err(wrong(format!("“{}” holds no letter and no digit, so it is no tag.", shortened(empty))));
    }
    if let Some(long) = raw.iter().find(|it| tag::normal(it).chars().count() > tag::MAX_LEN) {
        let sentence = format!("A tag has at most {} letters: “{}” is longer.", tag::MAX_LEN, shortened(long));
        return Err(wrong(sentence));
    }
    let cause = |_| wrong(format!("At most {MAX_TAGS} tags are possible: take some away."));
    Topic::tags(raw).map(Some).map_err(cause)
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(30).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn place_topic(
    place: &TypedPlace,
    [point_field, radius_field]: [&'static str; 2],
) -> Result<Option<Topic>, FieldError> {
    if place.point.trim().is_empty() {
        return Ok(None);
    }
    let point = Point::read(&place.point).map_err(|cause| FieldError::new(point_field, cause.to_string()))?;
    let range = || {
        let expected = format!("A radius is a number of kilometers from {MIN_RADIUS_KM} to {MAX_RADIUS_KM}.");
        FieldError::new(radius_field, expected)
    };
    let km = radius(&place.radius).ok_or_else(range)?;
    let circle = Circle::new(point.latitude, point.longitude, km, 1).map_err(|_| range())?;
    Ok(Some(Topic::Geo(Area::Circle(circle))))
}

/// Kilometers; those of the original when there is nothing.
fn radius(text: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix("km").unwrap_or(text).trim_end().replace(',', ".");
    if text.is_empty() {
        return Some(DEFAULT_RADIUS_KM);
    }
    text.parse().ok().filter(|it: &f64| (MIN_RADIUS_KM..=MAX_RADIUS_KM).contains(it))
}

fn commons(nsids: &[String]) -> Result<Option<Topic>, FieldError> {
    if nsids.iter().any(|it| !is_nsid(it.trim())) {
        return Err(FieldError::new("commons", "One of the institutions is unknown to Flickr: choose again."));
    }
    let many = |_| {
        let advice = "take some away, or take all by choosing none";
        FieldError::new("commons", format!("At most {MAX_IDS} institutions are possible: {advice}."))
    };
    Topic::commons(nsids.iter().map(String::as_str)).map(Some).map_err(many)
}

#[cfg(test)]
mod tests;
