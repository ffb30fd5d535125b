//! An independent implementation of OAuth 1.0a, oauthlib, agrees with ours: it is let in by our provider, and its own
//! server lets in what our client's crate has signed. Needs python3 with venv, and PyPI the first time.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use axum::Router;
use flickr_conduit::clock::Clock;
use flickr_conduit::hub::endpoint;
use flickr_conduit::hub::engine::{Hub, Settings};
use flickr_conduit::hub::faults::Faults;
use flickr_conduit::hub::world::World;
use flickr_conduit::practice::oauth::{self, Consumer, Desk};
use flickr_conduit::practice::pace::Pace;
use flickr_conduit::practice::realm::Realm;
use flickr_conduit::practice::rest;
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::support::python::{self, succeed};

/// Made once for all tests of this file.
static PYTHON: OnceCell<PathBuf> = OnceCell::const_new();

/// A python that has oauthlib.
async fn python() -> &'static Path {
    PYTHON.get_or_init(|| python::python("oauthlib", "oauthlib==3.2.2")).await
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oauth").join(name)
}

#[tokio::test]
async fn oauthlib_signs_in_to_the_practice_flickr() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/practice", listener.local_addr().unwrap());
    let clock = Clock::system();
    let hub = Hub::new(Settings::default(), endpoint::client().unwrap(), clock.clone(), Faults::default(), 1);
    let realm = Realm::new(&base, clock, World::new(1, base.clone()), hub, Pace::new(0.0));
    let desk = Desk::new(Consumer::default());
    let rest = rest::router(oauth::at_rest(desk.clone())).with_state(realm.clone());
    let router = oauth::router(realm, desk).merge(rest);
    let serving = tokio::spawn(async move { axum::serve(listener, Router::new().nest("/practice", router)).await });
    let output = succeed(Command::new(python().await).arg(script("agree.py")).arg(&base), None).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.ends_with("they agree\n") && said.lines().count() > 100, "{said}");
    serving.abort();
}

#[tokio::test]
async fn oauthlib_lets_in_what_our_client_has_signed() {
    let list = ParameterList::new([
        ("api", "水野しおり Ελένη 🧑🏽‍🌾"),
        ("empty", ""),
        ("plus", "1+1=2 100% %20"),
        ("signs", "!*'();:@&=+$,/?#[]\"<>\\^`{|}"),
        ("tilde", "~-._"),
    ]);
    let (base, secret) = ("http://flickr.test:8080/services/rest", "0123456789abcdef");
    let mut builder = Builder::new(Credentials::new("practice-key", "practice-secret"), HMAC_SHA1);
    builder.token(Credentials::new("72157000000000001-0123456789abcdef", secret));
    builder.nonce("Dk-OGluFEQ4fDk-OGluFEQ4f").timestamp(NonZeroU64::new(1_700_000_000));
    let query = oauth1_request::to_query(base.to_owned(), &list);
    let form = oauth1_request::to_form(&list);
    let (get, post) = (builder.get(base, &list), builder.post(base, &list));
    let request = |method: &str, url: &str, authorization: &str, body: Option<&str>, token_secret: &str, good: bool| {
        json!({
            "method": method, "url": url, "authorization": authorization, "body": body,
            "token_secret": token_secret, "good": good,
        })
    };
    let requests = json!([
        request("GET", &query, &get, None, secret, true),
        request("POST", base, &post, Some(&form), secret, true),
        request("GET", &query, &get, None, "another", false),
        request("GET", &query, &post, None, secret, false),
        request("GET", &query.replace("~-._", "~-.-"), &get, None, secret, false),
        request("POST", base, &post, Some(&form.replace("plus=1", "plus=2")), secret, false),
        request("GET", &query.replace(":8080", ""), &get, None, secret, false),
    ]);
    let output = succeed(Command::new(python().await).arg(script("check.py")), Some(requests.to_string())).await;
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "they agree on 7 requests\n");
}
