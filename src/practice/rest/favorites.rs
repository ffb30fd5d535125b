//! `flickr.favorites.*`.

use serde_json::{Value, json};

use super::{Call, Fail, listing};
use crate::hub::picture;
use crate::hub::world::Refused;

/// `flickr.favorites.add`: the hub hears of it.
pub(super) fn add(call: &Call<'_>) -> Result<Value, Fail> {
    let fan = call.person()?;
    let id = photo_id(call).ok_or_else(|| failed_to_add(Refused::NotFound))?;
    call.realm.act(|world, now| world.fave(fan, id, now)).map_err(failed_to_add)?;
    Ok(json!({}))
}

fn failed_to_add(refused: Refused) -> Fail {
    match refused {
        Refused::OwnPhoto => Fail::new(2, "Photo is owned by you"),
        Refused::AlreadyFaved => Fail::new(3, "Photo is already in favorites"),
        Refused::Hidden => Fail::new(4, "User cannot see photo"),
        _ => Fail::new(1, "Photo not found"),
    }
}

/// `flickr.favorites.remove`: nobody hears of it, since no push by Flickr of it is known.
pub(super) fn remove(call: &Call<'_>) -> Result<Value, Fail> {
    let fan = call.person()?;
    let not_faved = || Fail::new(1, "Photo not in favorites");
    let id = photo_id(call).ok_or_else(not_faved)?;
    call.realm.world(|world| world.unfave(fan, id)).map_err(|refused| match refused {
        Refused::NotFaved | Refused::NotFound => not_faved(),
        _ => Fail::new(2, "Cannot remove photo from that user's favorites"),
    })?;
    Ok(json!({}))
}

/// `flickr.favorites.getList`: of `user_id`, or of who calls; `min_fave_date` and `max_fave_date` limit it.
pub(super) fn list(call: &Call<'_>) -> Result<Value, Fail> {
    let person = match call.arguments.person("user_id", call.caller) {
        Some(found) => found.map_err(|_| Fail::new(1, "User not found"))?,
        None => call.person()?,
    };
    let (since, until) = (call.arguments.moment("min_fave_date")?, call.arguments.moment("max_fave_date")?);
    Ok(call.realm.world(|world| {
        let faves = world.faves_of(person, call.caller).into_iter();
        let faves = faves.filter(|(_, at)| since.is_none_or(|it| *at >= it) && until.is_none_or(|it| *at <= it));
        listing::photos(&call.arguments, &faves.map(|(photo, at)| (photo, Some(at))).collect::<Vec<_>>())
    }))
}

/// The number in `photo_id`.
pub(super) fn photo_id(call: &Call<'_>) -> Option<u64> {
    call.arguments.get("photo_id").and_then(picture::number)
}
