//! Flickr's "standard photos response": a page of a list of photos, with the extras that were asked for.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::Arguments;
use crate::hub::picture::{SERVER, Size};
use crate::hub::world::Photo;

/// Photos on a page when nothing is said, and at most (documented of every such list).
const PER_PAGE: (usize, usize) = (100, 500);

/// Flickr's farm of the newest server. Nothing needs it any more, and every answer has it.
const FARM: u32 = 66;

/// The sizes that `extras` may ask for, by the end of `url_…`.
const SIZES: [(&str, Size); 11] = [
    ("sq", Size::Square75),
    ("q", Size::Square150),
    ("t", Size::Long100),
    ("s", Size::Long240),
    ("n", Size::Long320),
    ("m", Size::Long500),
    ("z", Size::Long640),
    ("c", Size::Long800),
    ("l", Size::Long1024),
    ("h", Size::Long1600),
    ("k", Size::Long2048),
];

/// Photos, and of faves since when.
pub(super) type Item<'w> = (&'w Photo, Option<Timestamp>);

/// The page that was asked for. `total` is text, as observed.
pub(super) fn photos(arguments: &Arguments<'_>, found: &[Item<'_>]) -> Value {
    let (page, per_page) = arguments.paging(PER_PAGE.0, PER_PAGE.1);
    let shown = on_page(arguments, found, page, per_page);
    let pages = found.len().div_ceil(per_page);
    json!({"photos": {
        "page": page, "pages": pages, "perpage": per_page, "total": found.len().to_string(), "photo": shown,
    }})
}

/// The same for a list that does not know how long it is (documented of `flickr.people.getPhotosOf`).
pub(super) fn photos_without_total(arguments: &Arguments<'_>, found: &[Item<'_>]) -> Value {
    let (page, per_page) = arguments.paging(PER_PAGE.0, PER_PAGE.1);
    let shown = on_page(arguments, found, page, per_page);
    let more = u8::from(found.len() > page.saturating_mul(per_page));
    json!({"photos": {"page": page, "has_next_page": more, "perpage": per_page, "photo": shown}})
}

fn on_page(arguments: &Arguments<'_>, found: &[Item<'_>], page: usize, per_page: usize) -> Vec<Value> {
    let extras = arguments.list("extras");
    let before = page.saturating_sub(1).saturating_mul(per_page);
    found.iter().skip(before).take(per_page).map(|item| entry(*item, &extras)).collect()
}

fn entry((photo, faved): Item<'_>, extras: &[&str]) -> Value {
    let mut entry = json!({
        "id": photo.id.to_string(),
        "owner": photo.owner.nsid,
        "secret": photo.picture().secret(Size::Long500),
        "server": SERVER,
        "farm": FARM,
        "title": photo.title,
        "ispublic": u8::from(photo.public),
        "isfriend": 0,
        "isfamily": 0,
    });
    let mut add = |name: &str, value: Value| entry[name] = value;
    if let Some(at) = faved {
        add("date_faved", seconds(at));
    }
    for extra in extras {
        match *extra {
            "description" => add("description", json!({"_content": ""})),
            "license" => add("license", photo.licence.map_or(0, |it| it.number()).to_string().into()),
            "date_upload" => add("dateupload", seconds(photo.published)),
            "date_taken" => {
                add("datetaken", taken(photo).into());
                add("datetakengranularity", 0.into());
                add("datetakenunknown", "0".into());
            }
            "owner_name" => add("ownername", photo.owner.name.into()),
            "last_update" => add("lastupdate", seconds(photo.updated)),
            "tags" => add("tags", photo.tags.join(" ").into()),
            "views" => add("views", "0".into()),
            "media" => {
                add("media", "photo".into());
                add("media_status", "ready".into());
            }
            "path_alias" => add("pathalias", Value::Null),
            "geo" => geo(photo, &mut add),
            other => {
                let size = other.strip_prefix("url_").and_then(|end| SIZES.iter().find(|(name, _)| *name == end));
                if let Some((end, size)) = size {
                    let (width, height) = photo.picture().pixels(*size);
                    add(other, photo.image(*size).into());
                    add(&format!("width_{end}"), width.into());
                    add(&format!("height_{end}"), height.into());
                }
            }
        }
    }
    entry
}

/// Observed: a photo without a position has zeros for one, and text for a position.
fn geo(photo: &Photo, add: &mut impl FnMut(&str, Value)) {
    let Some(position) = photo.position else {
        return ["latitude", "longitude", "accuracy", "context"].into_iter().for_each(|name| add(name, 0.into()));
    };
    add("latitude", position.latitude.to_string().into());
    add("longitude", position.longitude.to_string().into());
    add("accuracy", position.accuracy.to_string().into());
    add("context", 0.into());
    add("geo_is_public", 1.into());
    if let Some(place) = position.place {
        add("place_id", place.place_id().into());
        add("woeid", place.woe_id().to_string().into());
    }
}

/// Seconds since 1970, as text.
pub(super) fn seconds(moment: Timestamp) -> Value {
    moment.as_second().to_string().into()
}

/// The camera's clock, without an offset.
pub(super) fn taken(photo: &Photo) -> String {
    photo.taken.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
