//! The stage's forms.

use std::collections::HashMap;

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::play::{self, Act};
use super::said::Said;
use crate::hub::faults::Fault;
use crate::hub::people;
use crate::practice::realm::Realm;
use crate::practice::{form, pace};

/// A fault strikes at most so often without being set again.
const MOST_TIMES: u32 = 1_000;

type Fields = HashMap<String, String>;

/// `POST /stage/act`: `as`, `do`, and what it takes.
pub(super) async fn act(State(realm): State<Realm>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let said = if form::is_ours(&headers, &realm.base) { done(&realm, &fields) } else { Err(Said::Foreign) };
    answer(&realm, &fields, said)
}

/// `POST /stage/faults`: the names of faults with how many times each is to strike; what is not named stays.
pub(super) async fn set_faults(State(realm): State<Realm>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let said = if form::is_ours(&headers, &realm.base) { faulted(&realm, &fields) } else { Err(Said::Foreign) };
    answer(&realm, &fields, said)
}

/// `POST /stage/pace`: `rate`, events a second.
pub(super) async fn set_pace(State(realm): State<Realm>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let rate = field(&fields, "rate").parse().ok().filter(|it| pace::is_rate(*it));
    let said = match rate {
        _ if !form::is_ours(&headers, &realm.base) => Err(Said::Foreign),
        None => Err(Said::NoPace),
        Some(rate) => {
            realm.pace.set(rate);
            Ok(Said::PaceSet)
        }
    };
    answer(&realm, &fields, said)
}

/// `POST /stage/forget`: `subscription`, its name on the page.
pub(super) async fn forget(State(realm): State<Realm>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let said = if !form::is_ours(&headers, &realm.base) {
        Err(Said::Foreign)
    } else if play::forget(&realm, field(&fields, "subscription")) {
        Ok(Said::Forgotten)
    } else {
        Err(Said::NoSubscription)
    };
    answer(&realm, &fields, said)
}

fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map_or("", |it| it.trim())
}

fn done(realm: &Realm, fields: &Fields) -> Result<Said, Said> {
    let person = people::find(field(fields, "as")).ok_or(Said::NoPerson)?;
    let (act, said) = read(fields)?;
    play::play(realm, person, act)?;
    Ok(said)
}

fn read(fields: &Fields) -> Result<(Act, Said), Said> {
    let tags = |text: &str| text.split([',', ' ']).filter(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    if field(fields, "do") == "upload" {
        // What is left empty is invented.
        let title = Some(field(fields, "title")).filter(|it| !it.is_empty()).map(str::to_owned);
        let tags = Some(tags(field(fields, "tags"))).filter(|it| !it.is_empty());
        let (latitude, longitude) = place(field(fields, "latitude"), field(fields, "longitude"))?.unzip();
        return Ok((Act::Upload { title, tags, latitude, longitude }, Said::Uploaded));
    }
    let id: u64 = field(fields, "photo").parse().map_err(|_| Said::NoAct)?;
    Ok(match field(fields, "do") {
        "fave" => (Act::Fave(id), Said::Faved),
        "unfave" => (Act::Unfave(id), Said::Unfaved),
        "retitle" => (Act::Retitle(id, field(fields, "title").to_owned()), Said::Retitled),
        "retag" => (Act::Retag(id, tags(field(fields, "tags"))), Said::Retagged),
        "private" => (Act::Private(id), Said::Private),
        "public" => (Act::Public(id), Said::Public),
        "delete" => (Act::Delete(id), Said::Deleted),
        _ => return Err(Said::NoAct),
    })
}

fn place(latitude: &str, longitude: &str) -> Result<Option<(f64, f64)>, Said> {
    if latitude.is_empty() && longitude.is_empty() {
        return Ok(None);
    }
    let within = |text: &str, limit: f64| text.parse().ok().filter(|it: &f64| it.abs() <= limit);
    within(latitude, 90.0).zip(within(longitude, 180.0)).map(Some).ok_or(Said::NoPlace)
}

fn faulted(realm: &Realm, fields: &Fields) -> Result<Said, Said> {
    let mut wanted = Vec::new();
    for (name, times) in fields.iter().filter(|(name, _)| *name != "as" && *name != "from") {
        let times = times.trim().parse().ok().filter(|it| *it <= MOST_TIMES);
        wanted.push(Fault::of(name).zip(times).ok_or(Said::NoFault)?);
    }
    if wanted.is_empty() {
        return Err(Said::NoFault);
    }
    for (fault, times) in wanted {
        realm.faults.set(fault, times);
    }
    Ok(Said::FaultsSet)
}

/// Back to the page, for a form of the page; a line of text for a program.
fn answer(realm: &Realm, fields: &Fields, said: Result<Said, Said>) -> Response {
    let (Ok(said) | Err(said)) = said;
    if field(fields, "from") != "page" || said == Said::Foreign {
        return (said.status(), format!("{}\n", said.words())).into_response();
    }
    let who = people::find(field(fields, "as")).map_or("", |person| person.nsid);
    let back = format!("{}?as={who}&said={}", form::home(&realm.base), said.code());
    (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response()
}
