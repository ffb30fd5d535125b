//! `flickr.photos.*`.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Call, Fail, favorites, listing};
use crate::hub::people::{self, Person};
use crate::hub::picture::{SERVER, Size};
use crate::hub::world::{Photo, Refused, Search, Within};
use crate::topic::{Circle, tag};

/// Tags that one search may name (documented of `flickr.photos.search`).
const TAGS: usize = 20;
/// A search for a place alone finds the photos of so many hours (documented of `flickr.photos.search`).
const PLACE_ALONE: SignedDuration = SignedDuration::from_hours(12);

/// `flickr.photos.getContactsPhotos`: `count` of them (10, at most 50), the caller's own with `include_self`, one of each
/// contact with `single_photo`.
pub(super) fn of_contacts(call: &Call<'_>) -> Result<Value, Fail> {
    let person = call.person()?;
    let is_set = |name| call.arguments.get(name) == Some("1");
    let count = call.arguments.get("count").and_then(|it| it.parse().ok()).unwrap_or(10_usize).clamp(1, 50);
    let mut owners = people::contacts(person.nsid);
    if is_set("include_self") {
        owners.push(person);
    }
    Ok(call.realm.world(|world| {
        let search = Search { owners: Some(owners), ..Search::default() };
        let mut seen: Vec<&Person> = Vec::new();
        let mut first = |photo: &&Photo| {
            let new = !seen.contains(&photo.owner);
            seen.push(photo.owner);
            new || !is_set("single_photo")
        };
        let found = world.search(&search, Some(person)).into_iter().filter(|it| first(it)).take(count);
        listing::photos(&call.arguments, &found.map(|photo| (photo, None)).collect::<Vec<_>>())
    }))
}

/// `flickr.photos.getInfo`.
pub(super) fn info(call: &Call<'_>) -> Result<Value, Fail> {
    let not_found = || Fail::new(1, "Photo not found");
    let id = favorites::photo_id(call).ok_or_else(not_found)?;
    call.realm.world(|world| world.photo(id, call.caller).map(|it| described(it, call.caller)).map_err(|_| not_found()))
}

fn described(photo: &Photo, viewer: Option<&Person>) -> Value {
    let owner = photo.owner;
    let tag = |(at, tag): (usize, &String)| {
        json!({"id": format!("{}-{}-{at}", owner.nsid, photo.id), "author": owner.nsid, "authorname": owner.name,
               "raw": tag, "_content": tag, "machine_tag": u8::from(tag.contains(':'))})
    };
    let mut info = json!({
        "id": photo.id.to_string(), "secret": photo.picture().secret(Size::Long500), "server": SERVER, "farm": 66,
        "dateuploaded": listing::seconds(photo.published), "license": licence(photo), "safety_level": "0",
        "isfavorite": u8::from(viewer.is_some_and(|it| photo.faved_by(it).is_some())), "rotation": 0,
        "owner": {"nsid": owner.nsid, "username": owner.name, "realname": owner.name, "location": null,
                  "iconserver": "1", "iconfarm": 1, "path_alias": null},
        "title": {"_content": photo.title}, "description": {"_content": ""}, "views": "0", "media": "photo",
        "visibility": {"ispublic": u8::from(photo.public), "isfriend": 0, "isfamily": 0},
        "dates": {"posted": listing::seconds(photo.published), "taken": listing::taken(photo), "takengranularity": 0,
                  "takenunknown": "0", "lastupdate": listing::seconds(photo.updated)},
        "editability": {"cancomment": 0, "canaddmeta": 0}, "publiceditability": {"cancomment": 0, "canaddmeta": 0},
        "usage": {"candownload": 1, "canblog": 0, "canprint": 0, "canshare": u8::from(photo.public)},
        "comments": {"_content": "0"}, "notes": {"note": []}, "people": {"haspeople": u8::from(!photo.people.is_empty())},
        "tags": {"tag": photo.tags.iter().enumerate().map(tag).collect::<Vec<_>>()},
        "urls": {"url": [{"type": "photopage", "_content": photo.page()}]},
    });
    if let Some(position) = photo.position {
        info["location"] = json!({
            "latitude": position.latitude.to_string(), "longitude": position.longitude.to_string(),
            "accuracy": position.accuracy.to_string(), "context": "0",
        });
        if let Some(place) = position.place {
            info["location"]["locality"] = json!({"_content": place.name});
            info["location"]["country"] = json!({"_content": place.country});
            info["location"]["place_id"] = place.place_id().into();
            info["location"]["woeid"] = place.woe_id().to_string().into();
        }
    }
    json!({"photo": info})
}

fn licence(photo: &Photo) -> String {
    photo.licence.map_or(0, |it| it.number()).to_string()
}

/// `flickr.photos.getSizes`: the squares in numbers, the others in text, as observed.
pub(super) fn sizes(call: &Call<'_>) -> Result<Value, Fail> {
    let not_found = || Fail::new(1, "Photo not found");
    let id = favorites::photo_id(call).ok_or_else(not_found)?;
    call.realm.world(|world| {
        let photo = world.photo(id, call.caller).map_err(|refused| match refused {
            Refused::Hidden => Fail::new(2, "Permission denied"),
            _ => not_found(),
        })?;
        let sizes: Vec<Value> = Size::ALL.into_iter().map(|size| shown(photo, size)).collect();
        Ok(json!({"sizes": {"canblog": 0, "canprint": 0, "candownload": 1, "size": sizes}}))
    })
}

fn shown(photo: &Photo, size: Size) -> Value {
    let (label, letter) = match size {
        Size::Square75 => ("Square", "sq"),
        Size::Square150 => ("Large Square", "q"),
        Size::Long100 => ("Thumbnail", "t"),
        Size::Long240 => ("Small", "s"),
        Size::Long320 => ("Small 320", "n"),
        Size::Long500 => ("Medium", "m"),
        Size::Long640 => ("Medium 640", "z"),
        Size::Long800 => ("Medium 800", "c"),
        Size::Long1024 => ("Large", "l"),
        Size::Long1600 => ("Large 1600", "h"),
        Size::Long2048 => ("Large 2048", "k"),
    };
    let (width, height) = photo.picture().pixels(size);
    let written = |pixels: u32| if size.is_square() { json!(pixels) } else { json!(pixels.to_string()) };
    json!({
        "label": label, "width": written(width), "height": written(height), "source": photo.image(size),
        "url": format!("{}sizes/{letter}/", photo.page()), "media": "photo",
    })
}

/// `flickr.photos.search`, newest first unless `sort` is `date-posted-asc`; other orders are not known here.
pub(super) fn search(call: &Call<'_>) -> Result<Value, Fail> {
    let arguments = &call.arguments;
    let mut search = Search {
        tags: arguments.list("tags").into_iter().map(tag::normal).filter(|it| !it.is_empty()).collect(),
        all_tags: arguments.get("tag_mode") == Some("all"),
        text: arguments.get("text").map(str::to_owned),
        owners: owners(call)?,
        within: within(call)?,
        accuracy: arguments.get("accuracy").and_then(|it| it.parse().ok()).unwrap_or(1),
        has_position: arguments.get("has_geo").map(|it| it != "0"),
        since: arguments.moment("min_upload_date")?,
        until: arguments.moment("max_upload_date")?,
        taken_since: arguments.moment("min_taken_date")?,
        taken_until: arguments.moment("max_taken_date")?,
        licences: arguments.list("license").iter().filter_map(|it| it.parse().ok()).collect(),
        commons: arguments.get("is_commons").is_some_and(|it| it != "0" && it != "false"),
    };
    if search.tags.len() > TAGS {
        return Err(Fail::new(1, "Too many tags in ALL query"));
    }
    let anything = Search { all_tags: search.all_tags, accuracy: search.accuracy, ..Search::default() };
    if search == anything {
        return Err(Fail::new(
            3,
            "Parameterless searches have been disabled. Please use flickr.photos.getRecent instead.",
        ));
    }
    let alone = Search { within: search.within.clone(), ..anything };
    if search == alone {
        search.since = call.realm.clock.now().checked_sub(PLACE_ALONE).ok();
    }
    Ok(call.realm.world(|world| {
        let mut found: Vec<_> = world.search(&search, call.caller).into_iter().map(|photo| (photo, None)).collect();
        if arguments.get("sort") == Some("date-posted-asc") {
            found.reverse();
        }
        listing::photos(arguments, &found)
    }))
}

fn owners(call: &Call<'_>) -> Result<Option<Vec<&'static Person>>, Fail> {
    let named = call.arguments.person("user_id", call.caller);
    let named = named.transpose().map_err(|_| Fail::new(2, "Unknown user"))?;
    match (call.arguments.get("contacts"), named) {
        (None, None) => Ok(None),
        (None, Some(person)) => Ok(Some(vec![person])),
        // Documented: only one's own contacts, so user_id has to be the caller's.
        (Some(_), Some(person)) if call.caller != Some(person) => {
            Err(Fail::new(17, "You can only search within your own contacts"))
        }
        (Some(_), _) => Ok(Some(people::contacts(call.person()?.nsid))),
    }
}

/// Of several places the first counts: `woe_id`, `place_id`, `bbox`, then `lat` and `lon`.
fn within(call: &Call<'_>) -> Result<Option<Within>, Fail> {
    let arguments = &call.arguments;
    if let Some(id) = arguments.get("woe_id") {
        return Ok(Some(Within::Woe(id.parse().map_err(|_| Fail::illogical("woe_id"))?)));
    }
    if let Some(id) = arguments.get("place_id") {
        return Ok(Some(Within::Place(id.to_owned())));
    }
    if arguments.get("bbox").is_some() {
        let corners: Vec<f64> = arguments.list("bbox").iter().filter_map(|it| it.parse().ok()).collect();
        let corners = corners.try_into().map_err(|_| Fail::illogical("bbox"))?;
        return Ok(Some(Within::Box(corners)));
    }
    let (Some(latitude), Some(longitude)) = (arguments.number("lat")?, arguments.number("lon")?) else {
        return Ok(None);
    };
    let unit = if arguments.get("radius_units") == Some("mi") { 1.609_344 } else { 1.0 };
    let radius = arguments.number("radius")?.unwrap_or(5.0) * unit;
    let circle = Circle::new(latitude, longitude, radius, 1).map_err(|bad| Fail::illogical(bad.argument))?;
    Ok(Some(Within::Circle(circle)))
}
