//! An independent implementation of OAuth 1.0a, oauthlib, agrees with ours: it is let in by our provider, and its own
//! server lets in what our client's crate has signed. Needs python3 with venv, and PyPI the first time.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

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
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::OnceCell;
use tokio::time::timeout;

/// For all of oauthlib's installation, or one script.
const PATIENCE: Duration = Duration::from_secs(120);

/// Made once for all tests of this file.
static PYTHON: OnceCell<PathBuf> = OnceCell::const_new();

/// A python that has oauthlib.
async fn python() -> &'static Path {
    let make = async || {
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("venv-oauth");
        let python = venv.join("bin/python");
        if !python.exists() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv), None).await;
        }
        let there = Command::new(&python).args(["-c", "import oauthlib"]).stderr(Stdio::null()).status().await;
        if !there.is_ok_and(|it| it.success()) {
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "oauthlib==3.2.2"];
            succeed(Command::new(&python).args(pip), None).await;
        }
        python
    };
    PYTHON.get_or_init(make).await
}

/// Runs a program to its good end, and shows what it said when the end is another.
async fn succeed(command: &mut Command, input: Option<String>) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} (is python3 installed?): {error}"));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.unwrap_or_default().as_bytes()).await.unwrap();
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output()).await.expect("it ends in time").unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{said}\n{wrong}");
    output
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
