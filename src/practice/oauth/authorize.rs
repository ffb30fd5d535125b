//! The page where a person says who they are, and allows or refuses.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Office;
use super::desk::{Answer, Callback, Decided, Undecided};
use crate::hub::people::{self, PEOPLE, Person};
use crate::practice::caller::Perms;
use crate::practice::form;

/// What an application sends the person here with.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    oauth_token: String,
    perms: Option<String>,
}

/// What the form brings.
#[derive(Debug, Deserialize)]
pub(super) struct Answered {
    #[serde(default)]
    oauth_token: String,
    #[serde(default)]
    seal: String,
    #[serde(default)]
    perms: String,
    #[serde(default)]
    nsid: String,
    #[serde(default)]
    answer: String,
}

#[derive(Template)]
#[template(path = "practice_authorize.html")]
struct AskPage<'a> {
    prefix: &'a str,
    token: &'a str,
    seal: &'a str,
    consumer: &'a str,
    /// The host that the person goes back to; none when they carry the verifier over themselves.
    host: Option<String>,
    perms: Perms,
    people: &'static [Person],
}

/// Something to read, and no form.
#[derive(Template)]
#[template(path = "practice_note.html")]
struct Note<'a> {
    title: &'a str,
    /// Written large.
    code: Option<&'a str>,
    sentence: &'a str,
}

/// `GET /services/oauth/authorize?oauth_token=…&perms=read|write|delete`. Without `perms` it is `read`; what Flickr
/// takes then, the application's own setting, has no like here.
pub(super) async fn ask(State(office): State<Office>, Query(asked): Query<Asked>) -> Response {
    let Some(wish) = office.desk.waiting(&asked.oauth_token, office.realm.clock.now()) else {
        return over();
    };
    let Some(perms) = asked.perms.as_deref().map_or(Some(Perms::Read), Perms::of) else {
        let sentence = "The application asks for a permission that does not exist. There are read, write and delete.";
        return note(StatusCode::BAD_REQUEST, "Nobody can allow this", None, sentence);
    };
    let host = match &wish.callback {
        Callback::OutOfBand => None,
        Callback::To(url) => url.host_str().map(|host| match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }),
    };
    let page = AskPage {
        prefix: form::prefix(&office.realm.base),
        token: &asked.oauth_token,
        seal: &wish.seal,
        consumer: &wish.consumer,
        host,
        perms,
        people: &PEOPLE,
    };
    form::page(StatusCode::OK, &page)
}

/// `POST /services/oauth/authorize`
pub(super) async fn answer(
    State(office): State<Office>,
    headers: HeaderMap,
    axum::Form(answered): axum::Form<Answered>,
) -> Response {
    if !form::is_ours(&headers, &office.realm.base) {
        return refused(&Undecided::Unsealed);
    }
    let answer = match (&*answered.answer, people::find(&answered.nsid), Perms::of(&answered.perms)) {
        ("refuse", _, _) => Answer::Refuse,
        ("allow", Some(person), Some(perms)) => Answer::Allow(person.nsid, perms),
        _ => {
            let sentence = "Go back, choose one of the people, and allow or refuse.";
            return note(StatusCode::BAD_REQUEST, "This is no answer", None, sentence);
        }
    };
    match office.desk.decide(&answered.oauth_token, &answered.seal, answer, &office.realm.clock) {
        Ok(Decided::GoTo(url)) => (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response(),
        Ok(Decided::Show(verifier)) => {
            let sentence = "Type this number into the application. It is good once, and for ten minutes.";
            note(StatusCode::OK, "You have allowed it", Some(&verifier), sentence)
        }
        Ok(Decided::Stay) => note(
            StatusCode::OK,
            "You have refused",
            None,
            "The application was given nothing. You can close this page.",
        ),
        Err(undecided) => refused(&undecided),
    }
}

fn refused(undecided: &Undecided) -> Response {
    match undecided {
        Undecided::Over => over(),
        Undecided::Unsealed => note(
            StatusCode::FORBIDDEN,
            "This answer was not taken",
            None,
            "It does not come from the page that asked. Open that page again, and answer there.",
        ),
        Undecided::NoRandomness(error) => {
            tracing::error!(%error, "practice Flickr: no verifier");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn over() -> Response {
    let sentence = "The practice Flickr does not know this request token: it was answered already, is older than ten \
                    minutes, or was given out before a restart. Go back to the application and sign in again.";
    note(StatusCode::BAD_REQUEST, "This sign-in is over", None, sentence)
}

fn note(status: StatusCode, title: &str, code: Option<&str>, sentence: &str) -> Response {
    form::page(status, &Note { title, code, sentence })
}
