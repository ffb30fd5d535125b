//! What a screen says that it shows.
//!
//! It comes from a browser that has the wall's link, so it is bounded here and shown as text; nothing but the page of a
//! remote is made of it.

use serde::{Deserialize, Serialize};
use url::Url;

/// The most bytes of a report.
pub const MAX_REPORT: usize = 8 * 1024;
/// The most photos on show at a time: a mosaic has four tiles.
const MAX_PHOTOS: usize = 4;
const MAX_TITLE: usize = 300;
const MAX_OWNER: usize = 100;
const MAX_ADDRESS: usize = 1000;
const LAYOUTS: [&str; 4] = ["single", "pair", "stack", "mosaic"];

/// What is on show, and how. What is not known is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Showing {
    /// 0 to 4, the one in focus first.
    pub photos: Vec<Shown>,
    /// `single`, `pair`, `stack` or `mosaic`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub layout: String,
    /// Photos that wait.
    pub waiting: u32,
    /// Whether it stays with what it shows.
    pub paused: bool,
    /// Whether it is dark.
    pub asleep: bool,
}

/// A photo on show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// Flickr's number.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The name of whose it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Flickr's id of them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub nsid: String,
    /// The address of a small picture.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
}

impl Showing {
    /// Reads a report. Fields that are not known here are passed over: the page may be of a newer version.
    ///
    /// # Errors
    /// What is wrong, and what is expected.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut showing: Self =
            serde_json::from_slice(bytes).map_err(|cause| format!("the report cannot be read as JSON: {cause}"))?;
        if showing.photos.len() > MAX_PHOTOS {
            let n = showing.photos.len();
            return Err(format!("photos has {n}: expected at most {MAX_PHOTOS}, the one in focus first"));
        }
        if let Some(wrong) = showing.photos.iter().find(|it| !is_photo(&it.id)) {
            let start: String = wrong.id.chars().take(20).collect();
            return Err(format!("id is {start:?}: expected a photo's number, as a string"));
        }
        if !LAYOUTS.contains(&showing.layout.as_str()) {
            showing.layout.clear();
        }
        showing.photos.iter_mut().for_each(Shown::tidy);
        Ok(showing)
    }
}

impl Shown {
    fn tidy(&mut self) {
        self.title = line(&self.title, MAX_TITLE);
        self.owner = line(&self.owner, MAX_OWNER);
        if !is_owner(&self.nsid) {
            self.nsid.clear();
        }
        let is_web = |text: &str| Url::parse(text).is_ok_and(|it| matches!(it.scheme(), "http" | "https"));
        if self.image.len() > MAX_ADDRESS || !is_web(&self.image) {
            self.image.clear();
        }
    }
}

/// Whether `text` is a photo's number.
#[must_use]
pub fn is_photo(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
}

/// Whether `text` may be somebody's id at Flickr, such as `12345678@N00`.
#[must_use]
pub fn is_owner(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'@')
}

/// At most `max` characters of `text`, on one line.
fn line(text: &str, max: usize) -> String {
    text.chars().take(max).map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_report_is_read_as_the_page_sends_it() {
        let showing = Showing::read(
            br#"{"photos":[{"id":"53000000001","title":"A cat","owner":"Ann","nsid":"1@N00",
                 "image":"https://live.staticflickr.com/1.jpg","new":1}],
                 "layout":"single","waiting":3,"paused":true,"asleep":false,"later":[]}"#,
        );
        let photo = Shown {
            id: "53000000001".into(),
            title: "A cat".into(),
            owner: "Ann".into(),
            nsid: "1@N00".into(),
            image: "https://live.staticflickr.com/1.jpg".into(),
        };
        let layout = "single".into();
        let expected = Showing { photos: vec![photo], layout, waiting: 3, paused: true, asleep: false };
        assert_eq!(showing, Ok(expected));
        assert_eq!(Showing::read(b"{}"), Ok(Showing::default()));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_in_a_sentence() {
        let check = |report: &str, expected: &str| {
            let said = Showing::read(report.as_bytes()).unwrap_err();
            assert!(said.starts_with(expected), "{said}");
        };
        check("kitten", "the report cannot be read as JSON: ");
        check(r#"{"waiting":-1}"#, "the report cannot be read as JSON: ");
        let five = [r#"{"id":"1"}"#; 5].join(",");
        check(&format!(r#"{{"photos":[{five}]}}"#), "photos has 5: expected at most 4");
        check(r#"{"photos":[{"title":"no id"}]}"#, "id is \"\": expected a photo's number");
        check(r#"{"photos":[{"id":"../x"}]}"#, "id is \"../x\"");
    }

    #[test]
    fn what_is_too_long_or_no_address_is_left_out() {
        let long = "x".repeat(5_000);
        let report = serde_json::json!({"layout": "spiral", "photos": [{
            "id": "1", "title": format!("a\nb{long}"), "owner": long, "nsid": "<1@N00>", "image": "javascript:alert(1)",
        }]});
        let showing = Showing::read(report.to_string().as_bytes()).unwrap();
        let photo = &showing.photos[0];
        assert!(photo.title.starts_with("a bxx") && photo.title.len() == MAX_TITLE && photo.owner.len() == MAX_OWNER);
        assert_eq!((photo.nsid.as_str(), photo.image.as_str(), showing.layout.as_str()), ("", "", ""));
    }

    proptest! {
        #[test]
        fn what_was_read_is_read_the_same_again(
            title in ".{0,400}", owner in r"[ \s\pL]{0,120}", nsid in "[0-9@N<]{0,50}", layout in "single|spiral|"
        ) {
            let photo = Shown { id: "1".into(), title, owner, nsid, image: String::new() };
            let report = Showing { photos: vec![photo], layout, ..Showing::default() };
            let read = Showing::read(&serde_json::to_vec(&report).unwrap()).unwrap();
            prop_assert_eq!(Showing::read(&serde_json::to_vec(&read).unwrap()), Ok(read.clone()));
            prop_assert!(read.photos[0].title.chars().count() <= MAX_TITLE);
        }
    }
}
