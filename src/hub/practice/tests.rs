//! The hub at work, against endpoints that misbehave.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use super::*;
use crate::hub::endpoint::client;

/// A subscriber on a port of its own that answers as it is told and remembers what came.
#[derive(Clone, Default)]
struct Subscriber {
    seen: Arc<Mutex<Seen>>,
    /// Counts what came, so that a test can wait for it.
    changes: Arc<watch::Sender<()>>,
}

#[derive(Default)]
struct Seen {
    questions: Vec<String>,
    deliveries: Vec<(HeaderMap, String)>,
    /// The statuses of the next deliveries; 200 when there are none left.
    answers: Vec<StatusCode>,
    /// What is echoed in place of the challenge.
    echo: Option<String>,
    /// How many questions are refused before the first agreement.
    deaf: usize,
}

impl Subscriber {
    async fn listen(&self) -> Url {
        let router = Router::new().route("/callback", get(verify).post(deliver)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/callback?sub=me").parse().expect("an address")
    }

    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().expect("no test panics while it looks"))
    }

    /// Waits until it is so, five seconds at most.
    async fn until(&self, what: &str, test: impl Fn(&Seen) -> bool) {
        let mut changes = self.changes.subscribe();
        let wait = async {
            while !self.seen(|seen| test(seen)) {
                changes.changed().await.expect("the sender is in self");
            }
        };
        assert!(timeout(Duration::from_secs(5), wait).await.is_ok(), "waited in vain until {what}");
    }
}

async fn verify(State(subscriber): State<Subscriber>, RawQuery(query): RawQuery) -> (StatusCode, String) {
    let query = query.unwrap_or_default();
    let challenge = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "challenge");
    let challenge = challenge.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let answer = subscriber.seen(|seen| {
        seen.questions.push(query);
        if seen.deaf > 0 {
            seen.deaf -= 1;
            return (StatusCode::NOT_FOUND, "who?\nsecond line".to_owned());
        }
        (StatusCode::OK, seen.echo.clone().unwrap_or(challenge))
    });
    subscriber.changes.send_replace(());
    answer
}

async fn deliver(State(subscriber): State<Subscriber>, headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    let status = subscriber.seen(|seen| {
        seen.deliveries.push((headers, String::from_utf8(body.to_vec()).expect("UTF-8")));
        if seen.answers.is_empty() { StatusCode::OK } else { seen.answers.remove(0) }
    });
    subscriber.changes.send_replace(());
    (status, "full up\nand more")
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a literal")
}

fn endpoint(callback: Url) -> Endpoint {
    Endpoint { callback, verify_token: "a token & more".to_owned() }
}

/// Starts a hub that pushes every few milliseconds.
fn start(callback: Url, pace: Duration) -> (CancellationToken, JoinHandle<Result<(), PracticeError>>) {
    let cancel = CancellationToken::new();
    let hub = Practice {
        client: client().expect("a client"),
        endpoint: endpoint(callback),
        world: World::new(1, "http://practice.test".to_owned()),
        pace,
        seed: 2,
    };
    (cancel.clone(), tokio::spawn(hub.run(noon, cancel)))
}

fn entries(xml: &str) -> usize {
    xml.matches("<entry>").count() + xml.matches("<at:deleted-entry").count()
}

#[tokio::test]
async fn a_verification_asks_in_flickrs_words_after_the_callbacks_own_query() {
    let subscriber = Subscriber::default();
    let endpoint = endpoint(subscriber.listen().await);
    let client = client().expect("a client");
    endpoint.verify(&client, Mode::Subscribe, "abc").await.expect("it agrees");
    let question = subscriber.seen(|seen| seen.questions.remove(0));
    assert_eq!(question, "sub=me&mode=subscribe&challenge=abc&verify_token=a+token+%26+more");
}

#[tokio::test]
async fn a_wrong_challenge_is_no_agreement_and_the_error_says_what_came() {
    let subscriber = Subscriber::default();
    let endpoint = endpoint(subscriber.listen().await);
    let client = client().expect("a client");
    for echo in ["", "abc\n", "ABC", "<html>not here\n</html>"] {
        subscriber.seen(|seen| seen.echo = Some(echo.to_owned()));
        let error = endpoint.verify(&client, Mode::Subscribe, "abc").await.expect_err(echo);
        assert!(
            matches!(&error, VerifyError::WrongChallenge { line, .. } if echo.starts_with(line.as_str())),
            "{error}"
        );
    }
    subscriber.seen(|seen| seen.deaf = 1);
    let error = endpoint.verify(&client, Mode::Subscribe, "abc").await.expect_err("refused");
    assert_eq!(error.to_string(), r#"the callback answered 404 Not Found: "who?""#);
}

#[tokio::test]
async fn no_error_and_no_debug_output_names_the_callback() {
    // Nobody listens there.
    let endpoint = endpoint("http://127.0.0.1:9/callback/secret".parse().expect("an address"));
    let client = client().expect("a client");
    let error = endpoint.deliver(&client, String::new()).await.expect_err("nobody there");
    let shown = format!("{error} {error:?} {endpoint:?}");
    assert!(!shown.contains("secret") && !shown.contains("token"), "{shown}");
}

#[tokio::test]
async fn a_delivery_looks_like_flickrs() {
    let subscriber = Subscriber::default();
    let (cancel, hub) = start(subscriber.listen().await, Duration::from_secs(60));
    subscriber.until("the opening came", |seen| !seen.deliveries.is_empty()).await;
    cancel.cancel();
    hub.await.expect("no panic").expect("no error");
    let (headers, body) = subscriber.seen(|seen| seen.deliveries.remove(0));
    assert_eq!(headers["content-type"], "application/atom+xml");
    assert_eq!(headers["user-agent"], "Flickr Kitten Hose");
    assert_eq!(entries(&body), 12);
    assert_eq!(body.matches(r#"<flickr:update type="created"/>"#).count(), 12);
}

#[tokio::test]
async fn a_server_that_is_still_starting_is_asked_again() {
    let subscriber = Subscriber::default();
    subscriber.seen(|seen| seen.deaf = 2);
    let (cancel, hub) = start(subscriber.listen().await, Duration::from_secs(60));
    subscriber.until("the opening came", |seen| !seen.deliveries.is_empty()).await;
    let questions = subscriber.seen(|seen| seen.questions.clone());
    assert_eq!(questions.len(), 3);
    assert_ne!(questions[0], questions[1], "each question has a challenge of its own");
    cancel.cancel();
    hub.await.expect("no panic").expect("no error");
}

#[tokio::test]
async fn a_callback_that_is_away_for_a_while_loses_nothing() {
    let subscriber = Subscriber::default();
    subscriber.seen(|seen| seen.answers = vec![StatusCode::SERVICE_UNAVAILABLE, StatusCode::INTERNAL_SERVER_ERROR]);
    let (cancel, hub) = start(subscriber.listen().await, Duration::from_millis(20));
    subscriber.until("a delivery was accepted", |seen| seen.deliveries.len() >= 3).await;
    cancel.cancel();
    hub.await.expect("no panic").expect("no error");
    let bodies: Vec<String> = subscriber.seen(|seen| seen.deliveries.drain(..).map(|(_, body)| body).collect());
    let ids = |body: &str| -> Vec<String> {
        let after = body.split("<id>tag:flickr.com,2005:/photo/").skip(1);
        after.filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
    };
    let (refused, accepted) = (ids(&bodies[0]), ids(&bodies[2]));
    assert_eq!(refused.len(), 12);
    assert_eq!(accepted[..12], refused, "what was refused comes again, first and in order");
    assert!(entries(&bodies[2]) > 12, "with what has happened since");
}

#[tokio::test]
async fn a_callback_that_is_gone_ends_the_hub() {
    let subscriber = Subscriber::default();
    subscriber.seen(|seen| seen.answers = vec![StatusCode::GONE]);
    let (_cancel, hub) = start(subscriber.listen().await, Duration::from_millis(20));
    assert!(matches!(hub.await.expect("no panic"), Err(PracticeError::Gone)));
    assert_eq!(subscriber.seen(|seen| (seen.deliveries.len(), seen.questions.len())), (1, 1), "and nothing follows");
}

#[tokio::test]
async fn being_cancelled_unsubscribes_by_a_verification() {
    let subscriber = Subscriber::default();
    let (cancel, hub) = start(subscriber.listen().await, Duration::from_millis(20));
    subscriber.until("two deliveries came", |seen| seen.deliveries.len() >= 2).await;
    cancel.cancel();
    hub.await.expect("no panic").expect("no error");
    let last = subscriber.seen(|seen| seen.questions.pop()).expect("there was one");
    assert!(last.contains("mode=unsubscribe") && last.contains("verify_token=a+token"), "{last}");
}

#[tokio::test]
async fn being_cancelled_before_the_agreement_asks_nothing_more() {
    let subscriber = Subscriber::default();
    subscriber.seen(|seen| seen.deaf = usize::MAX);
    let (cancel, hub) = start(subscriber.listen().await, Duration::from_secs(60));
    subscriber.until("it was asked", |seen| !seen.questions.is_empty()).await;
    cancel.cancel();
    hub.await.expect("no panic").expect("no error");
    assert!(subscriber.seen(|seen| { seen.questions.iter().all(|question| question.contains("mode=subscribe")) }));
}

#[test]
fn pauses_grow_and_stay_below_a_minute() {
    let (mut backoff, mut dice) = (Backoff::default(), Dice::new(1));
    let pauses: Vec<Duration> = (0..40).map(|_| backoff.next(&mut dice)).collect();
    assert!(pauses[0] < Duration::from_millis(300));
    assert!(pauses[10..].iter().all(|pause| (18..=42).contains(&pause.as_secs())));
}
