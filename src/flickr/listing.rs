//! Lists of photos by REST: Flickr's "standard photos response", read into photo events.
//!
//! Only public photos come out of it. Whoever has a wall's link sees the wall, so what friends and family alone may see
//! has no place there.

use jiff::civil::DateTime;
use serde_json::Value;

use crate::flickr::{Flickr, FlickrError, Hosts, Token, licence, loose};
use crate::photo::{Change, Image, Person, PhotoEvent, Position};
use crate::topic::is_nsid;

/// What is asked for beside the ids: all that a photo event says, and the pictures up to 1,024 pixels.
pub const EXTRAS: &str =
    "date_upload,date_taken,owner_name,last_update,tags,geo,license,media,path_alias,url_s,url_z,url_l";

/// The pictures that [`EXTRAS`] asks for, by the end of `url_…`, the largest first.
const PICTURES: [&str; 3] = ["l", "z", "s"];

impl Flickr {
    /// The public photos of a list (`flickr.photos.search`, `flickr.favorites.getList` …), in its order. Of faves
    /// `updated` is when.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached, or the budget does not then leave so many calls as it `leaves`; and when
    /// an answer that may hold private photos, since it is on behalf of a person, says of none whether it is public.
    pub async fn list(
        &self,
        method: &'static str,
        token: Option<&Token>,
        arguments: Vec<(&'static str, String)>,
        leaves: u32,
    ) -> Result<Listed, FlickrError> {
        let answer = self.asked(method, token, arguments, leaves).await?;
        photos(&answer, token.is_some(), self.hosts()).map_err(|it| FlickrError::NotFlickr { beginning: it.into() })
    }

    /// `flickr.contacts.getList`: whom the person follows, at most the first thousand (one call; documented limit of a
    /// page).
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn contacts(&self, token: &Token, leaves: u32) -> Result<Vec<Person>, FlickrError> {
        let arguments = vec![("per_page", "1000".to_owned())];
        let answer = self.asked("flickr.contacts.getList", Some(token), arguments, leaves).await?;
        let contacts = loose::items(&answer, "contacts", "contact")
            .ok_or_else(|| FlickrError::NotFlickr { beginning: "an answer without contacts".into() })?;
        let contact = |it: &Value| {
            let nsid = loose::text(it.get("nsid")?).filter(|it| is_nsid(it))?;
            Some(Person { name: it.get("username").and_then(loose::text), nsid: Some(nsid), ..Person::default() })
        };
        Ok(contacts.iter().filter_map(contact).collect())
    }

    /// Whether everybody may see a photo (`flickr.photos.getInfo`, asked with the app's key alone: error 1 when it is
    /// gone or hidden).
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn is_public(&self, photo: &str, leaves: u32) -> Result<bool, FlickrError> {
        let arguments = vec![("photo_id", photo.to_owned())];
        match self.asked("flickr.photos.getInfo", None, arguments, leaves).await {
            Ok(answer) => {
                // Nobody asks here, so whatever is told is told to everybody.
                let seen = answer.get("photo").and_then(|it| it.get("visibility")?.get("ispublic"));
                Ok(seen.and_then(loose::number) != Some(0))
            }
            // Documented of getInfo: 1, photo not found; 2, permission denied.
            Err(FlickrError::Failed { code: 1 | 2, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A list, or a page of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its public photos.
    pub photos: Vec<PhotoEvent>,
    /// It says that there is nothing behind its end. Short pages say nothing: what may not be seen is cut out of them, and
    /// `getContactsPhotos` chooses by rules of its own.
    pub whole: bool,
}

/// What [`Flickr::list`] makes of an answer: `{"photos": {"page": 1, "pages": 1, "total": "1", "photo": [{"id": …,
/// "owner": …, "title": …, "ispublic": 1, …}]}}`. One without an id is left out. `private` says that it may hold private
/// photos: then what does not say that it is public is not.
///
/// # Errors
/// What is wrong, when it is no such answer, or says of no photo whether it is public.
pub fn photos(answer: &Value, private: bool, hosts: &Hosts) -> Result<Listed, &'static str> {
    let items = loose::items(answer, "photos", "photo").ok_or("an answer without photos")?;
    let said = |it: &Value| it.get("ispublic").and_then(loose::number);
    if private && !items.is_empty() && items.iter().all(|it| said(it).is_none()) {
        return Err("photos that do not say whether everybody may see them");
    }
    let public = |it: &&Value| if private { said(it) == Some(1) } else { said(it) != Some(0) };
    let number = |name: &str| answer.get("photos").and_then(|it| it.get(name)).and_then(loose::number);
    let n = u64::try_from(items.len()).unwrap_or(u64::MAX);
    let whole = number("pages").is_some_and(|it| it <= 1) && number("total").is_some_and(|it| it <= n);
    Ok(Listed { photos: items.iter().filter(public).filter_map(|it| photo(it, hosts)).collect(), whole })
}

fn photo(item: &Value, hosts: &Hosts) -> Option<PhotoEvent> {
    let field = |name: &str| item.get(name).unwrap_or(&Value::Null);
    let text = |name: &str| loose::text(field(name)).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let id = text("id").filter(|it| it.len() <= 20 && it.bytes().all(|byte| byte.is_ascii_digit()))?;
    let nsid = text("owner").filter(|it| is_nsid(it));
    let place = text("pathalias").filter(|it| is_alias(it)).or_else(|| nsid.clone());
    let page = |what: &str, rest: &str| place.as_ref().map(|it| hosts.page(&format!("{what}/{it}/{rest}")).to_string());
    let owner = Person { name: text("ownername"), page: page("people", ""), icon: None, nsid };
    let changed = loose::time(field("date_faved")).or_else(|| loose::time(field("lastupdate")));
    Some(PhotoEvent {
        title: text("title"),
        page: page("photos", &format!("{id}/")),
        owner: Some(owner),
        published: loose::time(field("dateupload")),
        updated: changed,
        taken: text("datetaken")
            .filter(|_| loose::number(field("datetakenunknown")) != Some(1))
            .and_then(|it| civil(&it)),
        tags: text("tags").map(|it| it.split_whitespace().map(str::to_owned).collect()).unwrap_or_default(),
        position: position(&text),
        licence: loose::number(field("license")).and_then(licence::address).map(str::to_owned),
        video: text("media").is_some_and(|it| it == "video"),
        images: images(&id, &text, field),
        ..PhotoEvent::new(Change::Added, id)
    })
}

/// A path alias goes into an address: letters, digits, `-` and `_`.
fn is_alias(text: &str) -> bool {
    text.len() <= 60 && text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
}

/// As MySQL writes it; a photo without a date has zeros.
fn civil(text: &str) -> Option<DateTime> {
    text.parse().ok().filter(|it: &DateTime| it.year() > 0)
}

/// Observed: a photo without a position has zeros for one, and an accuracy of 0.
fn position(text: &impl Fn(&str) -> Option<String>) -> Option<Position> {
    let degrees = |name, most: f64| text(name)?.parse::<f64>().ok().filter(|it| it.abs() <= most);
    let (latitude, longitude) = (degrees("latitude", 90.0)?, degrees("longitude", 180.0)?);
    let nowhere = latitude == 0.0 && longitude == 0.0 && text("accuracy").is_none_or(|it| it == "0");
    (!nowhere).then_some(Position { latitude, longitude })
}

/// What the answer names, the smallest first; or else the address that follows from server and secret (documented,
/// "Photo Image URLs").
fn images<'v>(id: &str, text: &impl Fn(&str) -> Option<String>, field: impl Fn(&str) -> &'v Value) -> Vec<Image> {
    let pixels = |name: &str| loose::small(field(name)).filter(|it| *it > 0);
    let named = PICTURES.iter().rev().filter_map(|end| {
        let url = text(&format!("url_{end}")).filter(|it| it.starts_with("http://") || it.starts_with("https://"))?;
        let (width, height) = (pixels(&format!("width_{end}")), pixels(&format!("height_{end}")));
        Some(Image { url, width, height, derived: false })
    });
    let named: Vec<_> = named.collect();
    if !named.is_empty() {
        return named;
    }
    let word = |name| text(name).filter(|it| it.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let Some((server, secret)) = word("server").zip(word("secret")) else { return Vec::new() };
    let url = format!("https://live.staticflickr.com/{server}/{id}_{secret}_z.jpg");
    vec![Image { url, width: None, height: None, derived: true }]
}
