//! The practice Flickr's REST API, as far as a subscriber touches it.
//!
//! Documented of Flickr: one address, the method in an argument, and HTTP 200 also for failures, which are told by
//! `stat`. In XML (`format=rest`, or none) and in JSON (`format=json`); any other format is error 111, in XML.
//!
//! [`answer`] is all of it; [`router`] only carries it, and asks somebody else who calls.

mod account;
mod arguments;
mod fail;
mod favorites;
mod listing;
mod people;
mod photos;
mod push;
#[cfg(test)]
pub(in crate::practice) mod tests;
mod xml;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::hub::faults::Fault;
use crate::hub::people::{Person, find};
use crate::practice::caller::{Caller, Perms};
use crate::practice::realm::Realm;
use arguments::Arguments;
pub use fail::Fail;

/// Bytes of a POST. The longest call of ours is a subscription, about a kilobyte.
const LONGEST: usize = 64 * 1024;

/// Every method, and what a caller must be allowed for it.
pub const METHODS: [(&str, Option<Perms>); 18] = [
    ("flickr.auth.oauth.checkToken", None),
    ("flickr.commons.getInstitutions", None),
    ("flickr.contacts.getList", Some(Perms::Read)),
    ("flickr.favorites.add", Some(Perms::Write)),
    ("flickr.favorites.getList", None),
    ("flickr.favorites.remove", Some(Perms::Write)),
    ("flickr.people.getPhotos", None),
    ("flickr.people.getPhotosOf", None),
    ("flickr.photos.getContactsPhotos", Some(Perms::Read)),
    ("flickr.photos.getInfo", None),
    ("flickr.photos.getSizes", None),
    ("flickr.photos.search", None),
    ("flickr.push.getSubscriptions", Some(Perms::Read)),
    ("flickr.push.getTopics", None),
    ("flickr.push.subscribe", Some(Perms::Read)),
    ("flickr.push.unsubscribe", Some(Perms::Read)),
    ("flickr.test.echo", None),
    ("flickr.test.login", Some(Perms::Read)),
];

/// What a call comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// `stat: ok`, and this beside it.
    Ok(Value),
    /// `stat: fail`.
    Fail(Fail),
    /// Nothing of Flickr's: a 503, as a machine before it would say.
    Down,
}

/// A call, once it is known that the method exists and that the caller may use it.
#[derive(Debug)]
struct Call<'c> {
    realm: &'c Realm,
    caller: Option<&'static Person>,
    perms: Option<Perms>,
    arguments: Arguments<'c>,
}

impl Call<'_> {
    /// Who calls, for methods that need to know.
    fn person(&self) -> Result<&'static Person, Fail> {
        self.caller.ok_or_else(Fail::login)
    }
}

/// Answers a call. `caller` is none for a call that was not signed on behalf of somebody; the arguments are those of the
/// query and of the form.
///
/// Any key is taken, as long as there is one: `api_key`, or that of the signature.
pub async fn answer(realm: &Realm, caller: Option<&Caller>, arguments: &[(String, String)]) -> Answer {
    if realm.faults.strike(Fault::RestDown) {
        return Answer::Down;
    }
    call(realm, caller, Arguments(arguments)).await.map_or_else(Answer::Fail, Answer::Ok)
}

async fn call(realm: &Realm, caller: Option<&Caller>, arguments: Arguments<'_>) -> Result<Value, Fail> {
    let format = arguments.get("format").unwrap_or("rest");
    if !matches!(format, "rest" | "json") {
        return Err(Fail::new(111, format!("Format \"{format}\" not found")));
    }
    let key = arguments.get("api_key").or(arguments.get("oauth_consumer_key"));
    if caller.is_none() && key.is_none() {
        return Err(Fail::new(100, "Invalid API Key (Key has invalid format)"));
    }
    if caller.is_some() && realm.faults.strike(Fault::TokenRevoked) {
        return Err(Fail::token());
    }
    if caller.is_some() && realm.faults.strike(Fault::NotAllowed) {
        return Err(Fail::login());
    }
    let name = arguments.get("method").unwrap_or("unknown");
    let unknown = || Fail::new(112, format!("Method \"{name}\" not found"));
    let (_, needed) = *METHODS.iter().find(|(it, _)| *it == name).ok_or_else(unknown)?;
    if needed.is_some() && caller.map(|it| it.perms) < needed {
        return Err(Fail::login());
    }
    let person = match caller {
        Some(caller) => Some(find(&caller.nsid).ok_or_else(Fail::token)?),
        None => None,
    };
    let call = Call { realm, caller: person, perms: caller.map(|it| it.perms), arguments };
    match name {
        "flickr.auth.oauth.checkToken" => account::check_token(&call),
        "flickr.commons.getInstitutions" => Ok(people::institutions(&call)),
        "flickr.contacts.getList" => people::contacts(&call),
        "flickr.favorites.add" => favorites::add(&call),
        "flickr.favorites.getList" => favorites::list(&call),
        "flickr.favorites.remove" => favorites::remove(&call),
        "flickr.people.getPhotos" => people::photos(&call),
        "flickr.people.getPhotosOf" => people::photos_of(&call),
        "flickr.photos.getContactsPhotos" => photos::of_contacts(&call),
        "flickr.photos.getInfo" => photos::info(&call),
        "flickr.photos.getSizes" => photos::sizes(&call),
        "flickr.photos.search" => photos::search(&call),
        "flickr.push.getSubscriptions" => push::subscriptions(&call),
        "flickr.push.getTopics" => Ok(push::topics()),
        "flickr.push.subscribe" => push::subscribe(&call).await,
        "flickr.push.unsubscribe" => push::unsubscribe(&call).await,
        "flickr.test.echo" => Ok(account::echo(&call)),
        "flickr.test.login" => account::login(&call),
        _ => Err(unknown()),
    }
}

impl Answer {
    /// The whole of the JSON, `stat` among it; none when there is no answer of Flickr's.
    #[must_use]
    pub fn to_json(&self) -> Option<Value> {
        match self {
            Self::Ok(value) => {
                let mut value = value.clone();
                value["stat"] = "ok".into();
                Some(value)
            }
            Self::Fail(Fail { code, message }) => Some(json!({"stat": "fail", "code": code, "message": message})),
            Self::Down => None,
        }
    }

    /// The whole of the XML, unless there is no answer of Flickr's.
    #[must_use]
    pub fn to_xml(&self) -> Option<String> {
        match self {
            Self::Ok(value) => Some(xml::ok(value)),
            Self::Fail(Fail { code, message }) => Some(xml::fail(*code, message)),
            Self::Down => None,
        }
    }

    /// As it goes out: XML, or JSON when that was asked for, bare with `nojsoncallback=1` and otherwise in a call of
    /// `jsonFlickrApi` (documented of Flickr's JSON response format).
    #[must_use]
    pub fn into_response(self, arguments: &[(String, String)]) -> Response {
        let (Some(json), Some(xml)) = (self.to_json(), self.to_xml()) else {
            return (StatusCode::SERVICE_UNAVAILABLE, "the practice Flickr is down on purpose\n").into_response();
        };
        let arguments = Arguments(arguments);
        if arguments.get("format") != Some("json") {
            ([(CONTENT_TYPE, "text/xml; charset=utf-8")], xml).into_response()
        } else if arguments.get("nojsoncallback") == Some("1") {
            ([(CONTENT_TYPE, "application/json; charset=utf-8")], json.to_string()).into_response()
        } else {
            ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], format!("jsonFlickrApi({json})")).into_response()
        }
    }
}

/// A call as it came, for whoever checks its signature.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'r> {
    /// GET or POST.
    pub method: &'r Method,
    /// The address without its query, as the caller must have signed it.
    pub url: &'r str,
    /// The `Authorization` header.
    pub authorization: Option<&'r str>,
    /// The arguments of the query and of the form, decoded.
    pub arguments: &'r [(String, String)],
}

/// `/services/rest`, with and without a slash at its end. `authenticate` says on whose behalf a call was signed, on
/// nobody's when it was not signed at all, or why the signature is none ([`Fail::signature`], [`Fail::token`], …).
pub fn router<A>(authenticate: A) -> Router<Realm>
where
    A: Fn(&Realm, &Signed<'_>) -> Result<Option<Caller>, Fail> + Clone + Send + Sync + 'static,
{
    let rest = move |State(realm): State<Realm>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let authenticate = authenticate.clone();
        async move {
            let mut arguments = read(&uri, &headers, &body);
            let url = format!("{}{}", realm.base, uri.path());
            let authorization = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
            let signed = Signed { method: &method, url: &url, authorization, arguments: &arguments };
            let caller = match authenticate(&realm, &signed) {
                Ok(caller) => caller,
                Err(fail) => return Answer::Fail(fail).into_response(&arguments),
            };
            arguments.extend(signed_with(authorization.unwrap_or_default()));
            answer(&realm, caller.as_ref(), &arguments).await.into_response(&arguments)
        }
    };
    Router::new()
        .route("/services/rest", get(rest.clone()).post(rest.clone()))
        .route("/services/rest/", get(rest.clone()).post(rest))
        .layer(DefaultBodyLimit::max(LONGEST))
}

/// What the `Authorization` header says of key and token (RFC 5849, 3.5.1), for methods that look at them.
fn signed_with(authorization: &str) -> Vec<(String, String)> {
    let parameters = authorization.strip_prefix("OAuth ").unwrap_or_default().split(',');
    let pairs = parameters.filter_map(|it| it.trim().split_once('='));
    let named = pairs.filter(|(name, _)| matches!(*name, "oauth_consumer_key" | "oauth_token"));
    let plain = |value: &str| percent_decode_str(value.trim_matches('"')).decode_utf8_lossy().into_owned();
    named.map(|(name, value)| (name.to_owned(), plain(value))).collect()
}

/// The arguments of the query, and of the body when it is a form.
fn read(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Vec<(String, String)> {
    let form = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let body = if form.starts_with("application/x-www-form-urlencoded") { body } else { &[] };
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.into_owned().chain(form_urlencoded::parse(body).into_owned()).collect()
}
