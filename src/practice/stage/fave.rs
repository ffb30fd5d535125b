//! Somebody faves something: what a fave test asks for, which has no account here.

use std::collections::HashMap;

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::play::{self, Act};
use super::said::Said;
use crate::hub::faults::Fault;
use crate::hub::people::{self, PEOPLE, Person};
use crate::practice::form;
use crate::practice::realm::Realm;

/// Photos that are looked through for one that was not faved yet.
const LOOKED_AT: usize = 200;
/// By this a program knows that this is a stage.
const MARK: (&str, &str) = ("x-practice-flickr", "stage");

/// `GET /stage/fave`: that there is one.
pub(super) async fn is_here() -> Response {
    ([MARK], "POST here, and somebody faves something: as=NSID, contact_of=NSID, or anybody.\n").into_response()
}

/// `POST /stage/fave`: `as`, or `contact_of`, or neither. The answer is JSON: which photo, and who.
pub(super) async fn fave(
    State(realm): State<Realm>,
    headers: HeaderMap,
    Form(fields): Form<HashMap<String, String>>,
) -> Response {
    if realm.faults.strike(Fault::RestDown) {
        return (StatusCode::SERVICE_UNAVAILABLE, "the practice Flickr is down on purpose\n").into_response();
    }
    let said = |said: Said| (said.status(), format!("{}\n", said.words())).into_response();
    if !form::is_ours(&headers, &realm.base) {
        return said(Said::Foreign);
    }
    let field = |name: &str| fields.get(name).map(|it| it.trim()).filter(|it| !it.is_empty());
    let fan: Option<&'static Person> = match (field("as"), field("contact_of")) {
        (Some(nsid), _) => people::find(nsid),
        (None, Some(nsid)) => people::find(nsid).and_then(|it| people::contacts(it.nsid).first().copied()),
        (None, None) => Some(&PEOPLE[0]),
    };
    let Some(fan) = fan else { return said(Said::NoPerson) };
    // The newest that they have never faved, since subscribers may tell the same fave only once; of somebody who faves
    // everything, the newest is taken back first.
    let others = |it: &crate::hub::world::Photo| it.public && it.owner != fan;
    let photos: Vec<_> = play::newest(&realm, fan, LOOKED_AT).into_iter().filter(others).collect();
    let fresh = photos.iter().find(|it| it.faved_by(fan).is_none() && !it.was_faved_by(fan));
    let Some(photo) = fresh.or(photos.first()) else { return said(Said::NoPhoto) };
    if fresh.is_none() {
        let _ = play::play(&realm, fan, Act::Unfave(photo.id));
    }
    match play::play(&realm, fan, Act::Fave(photo.id)) {
        Ok(()) => {
            let id = photo.id.to_string();
            let answer = json!({"photo": id, "title": photo.title, "fan": fan.nsid, "name": fan.name});
            ([MARK], axum::Json(answer)).into_response()
        }
        Err(refused) => said(refused.into()),
    }
}
