//! `/services/rest`: `flickr.push.*` for strangers, in Flickr's manner: one address, HTTP 200 also for failures, which
//! `stat` tells, in XML or in JSON (`format=json`).
//!
//! Nobody signs in to this hub, so nothing is signed: subscribe and unsubscribe take the topics that need no account, and
//! what belongs to one fails with error 99. A key is not asked for either.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::hub::public::{PublicHub, needs_account};
use crate::topic::Kind;

/// Answers a call.
pub async fn call(State(hub): State<PublicHub>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let form = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let body: &[u8] = if form.starts_with("application/x-www-form-urlencoded") { &body } else { &[] };
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let arguments: Vec<_> = query.into_owned().chain(form_urlencoded::parse(body).into_owned()).collect();
    // Of what is given twice the last counts, as in PHP; an empty value counts as absent.
    let find = |name: &str| arguments.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.trim().to_owned());
    let argument = |name: &str| find(name).filter(|it| !it.is_empty());
    let format = argument("format").unwrap_or_else(|| "rest".to_owned());
    let answer = match format.as_str() {
        "rest" | "json" => answer(&hub, argument).await,
        other => Err((111, format!("Format \"{other}\" not found"))),
    };
    if format != "json" {
        return xml(answer);
    }
    let json = match answer {
        Ok(topics) if topics.is_empty() => json!({"stat": "ok"}),
        Ok(topics) => json!({"stat": "ok", "topics": {"topic": topics.into_iter().map(listed).collect::<Vec<_>>()}}),
        Err((code, message)) => json!({"stat": "fail", "code": code, "message": message}),
    };
    if argument("nojsoncallback").as_deref() == Some("1") {
        ([(CONTENT_TYPE, "application/json; charset=utf-8")], json.to_string()).into_response()
    } else {
        ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], format!("jsonFlickrApi({json})")).into_response()
    }
}

/// What a method answers beside `stat`: topics, or nothing.
async fn answer(hub: &PublicHub, argument: impl Fn(&str) -> Option<String>) -> Result<Vec<Kind>, (u32, String)> {
    let method = argument("method").unwrap_or_else(|| "unknown".to_owned());
    match method.as_str() {
        "flickr.push.getTopics" => Ok(Kind::ALL.into_iter().filter(|it| !needs_account(*it)).collect()),
        "flickr.push.subscribe" => hub.subscribe(argument).await.map(|()| Vec::new()),
        "flickr.push.unsubscribe" => hub.unsubscribe(argument).await.map(|()| Vec::new()),
        "flickr.push.getSubscriptions" => {
            let words = "nobody signs in to this hub, so it cannot tell which subscriptions are yours";
            Err((99, format!("User not logged in / Insufficient permissions: {words}")))
        }
        other => Err((112, format!("Method \"{other}\" not found"))),
    }
}

fn listed(topic: Kind) -> Value {
    json!({"name": topic.name(), "display_name": topic.display_name()})
}

#[derive(Template)]
#[template(
    ext = "xml",
    source = r#"<?xml version="1.0" encoding="utf-8" ?>
{% match answer -%}
{%- when Ok(topics) -%}
<rsp stat="ok">
{%- if !topics.is_empty() -%}
<topics>{% for it in topics %}<topic name="{{ it.name() }}" display_name="{{ it.display_name() }}"/>{% endfor %}</topics>
{%- endif -%}
</rsp>
{%- when Err((code, message)) -%}
<rsp stat="fail"><err code="{{ code }}" msg="{{ message }}"/></rsp>
{%- endmatch %}
"#
)]
struct Xml {
    answer: Result<Vec<Kind>, (u32, String)>,
}

fn xml(answer: Result<Vec<Kind>, (u32, String)>) -> Response {
    let xml = Xml { answer }.render().unwrap_or_default();
    ([(CONTENT_TYPE, "text/xml; charset=utf-8")], xml).into_response()
}
