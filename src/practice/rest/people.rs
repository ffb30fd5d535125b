//! `flickr.people.*`, `flickr.contacts.*` and `flickr.commons.*`: the people, and what there is of them.

use serde_json::{Value, json};

use super::{Call, Fail, listing};
use crate::hub::people::{self, INSTITUTIONS, Person};
use crate::hub::world::Search;

/// `flickr.people.getPhotos`: what `user_id` posted, `me` for who calls.
pub(super) fn photos(call: &Call<'_>) -> Result<Value, Fail> {
    let owner = match call.arguments.person("user_id", call.caller) {
        None => return Err(Fail::new(1, "Required arguments missing")),
        Some(found) => found.map_err(|_| Fail::new(2, "Unknown user"))?,
    };
    let search = Search {
        owners: Some(vec![owner]),
        since: call.arguments.moment("min_upload_date")?,
        until: call.arguments.moment("max_upload_date")?,
        ..Search::default()
    };
    Ok(call.realm.world(|world| {
        let found = world.search(&search, call.caller).into_iter().map(|photo| (photo, None));
        listing::photos(&call.arguments, &found.collect::<Vec<_>>())
    }))
}

/// `flickr.people.getPhotosOf`: in what `user_id` was tagged, of `owner_id` only when that is said.
pub(super) fn photos_of(call: &Call<'_>) -> Result<Value, Fail> {
    let unknown = || Fail::new(1, "User not found");
    let person = call.arguments.person("user_id", call.caller).and_then(Result::ok).ok_or_else(unknown)?;
    let owner = call.arguments.person("owner_id", call.caller).transpose().map_err(|_| unknown())?;
    Ok(call.realm.world(|world| {
        let found = world.photos_showing(person, call.caller).into_iter();
        let found = found.filter(|photo| owner.is_none_or(|owner| photo.owner == owner));
        listing::photos_without_total(&call.arguments, &found.map(|photo| (photo, None)).collect::<Vec<_>>())
    }))
}

/// `flickr.contacts.getList`: whom the caller follows.
pub(super) fn contacts(call: &Call<'_>) -> Result<Value, Fail> {
    let them = people::contacts(call.person()?.nsid);
    let (page, per_page) = call.arguments.paging(1000, 1000);
    let contact = |person: &&Person| {
        json!({
            "nsid": person.nsid, "username": person.name, "realname": person.name, "path_alias": null,
            "iconserver": "1", "iconfarm": 1, "friend": 0, "family": 0, "ignored": 0,
        })
    };
    let shown: Vec<Value> = them.iter().skip((page - 1).saturating_mul(per_page)).take(per_page).map(contact).collect();
    let pages = them.len().div_ceil(per_page);
    Ok(json!({"contacts": {
        "page": page, "pages": pages, "per_page": per_page, "perpage": per_page, "total": them.len(), "contact": shown,
    }}))
}

/// `flickr.commons.getInstitutions`.
pub(super) fn institutions(call: &Call<'_>) -> Value {
    let institution = |(number, it): (u64, &Person)| {
        let page = format!("{}/people/{}/", call.realm.base, it.nsid);
        json!({
            "nsid": it.nsid,
            // The Commons began on 16 January 2008; here one joined in each year.
            "date_launch": (1_200_470_400 + number * 31_536_000).to_string(),
            "name": {"_content": it.name},
            "urls": {"url": [{"type": "flickr", "_content": page}]},
        })
    };
    json!({"institutions": {"institution": (0..).zip(&INSTITUTIONS).map(institution).collect::<Vec<_>>()}})
}
