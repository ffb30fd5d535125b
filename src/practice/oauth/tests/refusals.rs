//! What is refused, and in which words.

use super::*;
use crate::practice::caller::{Caller, Perms};
use crate::practice::oauth::problem::OauthProblem;

const PATH: &str = "/services/oauth/request_token";
const CALLBACK: (&str, &str) = ("oauth_callback", "http://wall.test/in");

#[tokio::test]
async fn every_refusal_of_a_request_token_has_its_own_body() {
    let provider = Provider::new();
    let unsigned = ("oauth_signature", "bm8=");
    let base_string = "GET&http%3A%2F%2Fflickr.test%3A8080%2Fpractice%2Fservices%2Foauth%2Frequest_token&\
        oauth_callback%3Dhttp%253A%252F%252Fwall.test%252Fin%26oauth_consumer_key%3Dpractice-key%26oauth_nonce%3Dn%26\
        oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000%26oauth_version%3D1.0";
    let signature_invalid = format!("oauth_problem=signature_invalid&debug_sbs={base_string}");
    let timestamp_refused = "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1699999700-1700000300";
    let rejected = "oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback";
    let long = format!("http://wall.test/{}", "a".repeat(2000));
    for (more, status, expected) in [
        (&[][..], 400, "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_callback"),
        (
            &[("oauth_nonce", ""), ("oauth_timestamp", "")],
            400,
            "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_timestamp%26oauth_nonce%26oauth_callback",
        ),
        (&[CALLBACK, ("oauth_consumer_key", "nobody")], 401, "oauth_problem=consumer_key_unknown"),
        (&[CALLBACK, ("oauth_version", "2.0")], 401, "oauth_problem=version_rejected"),
        (&[CALLBACK, ("oauth_signature_method", "PLAINTEXT")], 401, "oauth_problem=signature_method_rejected"),
        (&[CALLBACK, ("oauth_timestamp", "1699999699")], 401, timestamp_refused),
        (&[CALLBACK, ("oauth_timestamp", "1700000301")], 401, timestamp_refused),
        (&[CALLBACK, ("oauth_timestamp", "yesterday")], 401, timestamp_refused),
        (&[CALLBACK, unsigned], 401, &*signature_invalid),
        (&[("oauth_callback", "ftp://wall.test/")], 400, rejected),
        (&[("oauth_callback", "javascript:alert(1)")], 400, rejected),
        (&[("oauth_callback", "/in")], 400, rejected),
        (&[("oauth_callback", &*long)], 400, rejected),
    ] {
        // The last ones are believed, and use their nonce up.
        let nonce = if expected == rejected { more[0].1 } else { "n" };
        let answer =
            provider.signed(&format!("/practice{PATH}"), &sign("GET", PATH, parameters(nonce, more), "")).await;
        assert_eq!((answer.status.as_u16(), &*answer.body), (status, expected), "{more:?}");
        assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401);
    }
}

#[tokio::test]
async fn a_parameter_that_stands_twice_is_refused_wherever_it_stands() {
    let provider = Provider::new();
    let signed = sign("GET", PATH, parameters("n", &[CALLBACK]), "");
    let answer = provider.signed(&format!("/practice{PATH}?oauth_nonce=n"), &signed).await;
    assert_eq!(answer.body, "oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_nonce");
    let request = Request::get(format!("/practice{PATH}")).header("authorization", "OAuth oauth_nonce=\"n");
    let answer = provider.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.value("oauth_parameters_rejected")), (400, "Authorization".to_owned()));
}

#[tokio::test]
async fn a_request_is_taken_once() {
    let provider = Provider::new();
    let signed = sign("GET", PATH, parameters("n", &[CALLBACK]), "");
    let path = format!("/practice{PATH}");
    assert_eq!(provider.signed(&path, &signed).await.status, 200);
    let again = provider.signed(&path, &signed).await;
    assert_eq!((again.status.as_u16(), &*again.body), (401, "oauth_problem=nonce_used"));
    // A request that was not believed has used nothing up.
    let mut wrong = sign("GET", PATH, parameters("m", &[CALLBACK, ("oauth_signature", "bm8=")]), "");
    assert_eq!(provider.signed(&path, &wrong).await.value("oauth_problem"), "signature_invalid");
    wrong.retain(|(name, _)| name != "oauth_signature");
    assert_eq!(provider.signed(&path, &sign("GET", PATH, wrong, "")).await.status, 200);
}

#[tokio::test]
async fn parameters_may_stand_in_the_header_the_query_or_the_form() {
    let provider = Provider::new();
    let path = format!("/practice{PATH}");
    let of = |method, nonce| query(&sign(method, PATH, parameters(nonce, &[CALLBACK]), ""));
    assert_eq!(provider.get(&format!("{path}?{}", of("GET", "a"))).await.status, 200);
    assert_eq!(provider.post(&path, &of("POST", "b")).await.status, 200);
    assert_eq!(provider.post(&format!("{path}?{}", of("POST", "c")), "").await.status, 200);
    let signed = sign("POST", PATH, parameters("d", &[CALLBACK]), "");
    let request = Request::post(&path).header("authorization", header(&signed)).body(Body::empty()).unwrap();
    assert_eq!(provider.send(request).await.status, 200);
    // A body that is no form is not looked at.
    let request = Request::post(&path).header("content-type", "text/plain").body(Body::from(of("POST", "e"))).unwrap();
    assert_eq!(provider.send(request).await.value("oauth_problem"), "parameter_absent");
    // Neither is the host that was asked: the base says where we are.
    let request = Request::get(format!("{path}?{}", of("GET", "f"))).header("host", "elsewhere.test");
    assert_eq!(provider.send(request.body(Body::empty()).unwrap()).await.status, 200);
}

#[test]
fn a_rest_call_has_a_caller_or_nobody_or_is_refused() {
    let provider = Provider::new();
    let (desk, now) = (&provider.desk, provider.clock.now());
    let given = desk.grant("practice-key", "10000007@N01", Perms::Write, &provider.clock).unwrap();
    let url = format!("{BASE}/services/rest?method=flickr.test.login");
    let call = |nonce: &str, more: &[(&str, &str)], secret: &str| {
        let mut all = parameters(nonce, more);
        all.push(pair("method", "flickr.test.login"));
        let mut signed = sign("GET", "/services/rest", all, secret);
        signed.retain(|(name, _)| name != "method");
        desk.authenticate("GET", &url, Some(&header(&signed)), &[], now)
    };
    let token = ("oauth_token", &*given.token);
    let caller = Caller { nsid: "10000007@N01".to_owned(), perms: Perms::Write };
    assert_eq!(call("a", &[token], &given.secret), Ok(Some(caller.clone())));
    assert_eq!(call("a", &[token], &given.secret), Err(OauthProblem::NonceUsed));
    assert_eq!(call("a", &[], ""), Ok(None), "a consumer alone is nobody");
    assert_eq!(call("b", &[("oauth_token", "72157-0")], ""), Err(OauthProblem::TokenRejected));
    assert!(matches!(call("c", &[token], "other"), Err(OauthProblem::SignatureInvalid { .. })));
    assert_eq!(desk.authenticate("GET", &url, None, &[], now), Ok(None));
    assert_eq!(desk.authenticate("GET", &url, Some("Bearer x"), &[], now), Ok(None));
    assert_eq!(desk.whose(&given.token), Some(caller));
    assert_eq!(desk.whose("72157-0"), None);
    assert!(desk.knows("practice-key") && !desk.knows("other"));
    let foreign = desk.grant("other", "10000007@N01", Perms::Read, &provider.clock).unwrap();
    let refused = call("d", &[("oauth_token", &foreign.token)], &foreign.secret);
    assert_eq!(refused, Err(OauthProblem::TokenRejected), "another consumer's token");
}

#[test]
fn a_rest_call_is_refused_with_one_of_the_common_codes() {
    for (problem, code, message) in [
        (OauthProblem::SignatureInvalid { base_string: String::new() }, 96, "Invalid signature"),
        (OauthProblem::NonceUsed, 96, "Invalid signature"),
        (OauthProblem::ParameterAbsent(vec!["oauth_nonce"]), 97, "Missing signature"),
        (OauthProblem::TokenRejected, 98, "Login failed / Invalid auth token"),
        (OauthProblem::ConsumerKeyUnknown, 100, "Invalid API Key (Key has invalid format)"),
    ] {
        assert_eq!(problem.rest_code(), (code, message));
    }
}

#[test]
fn no_secret_is_in_what_is_logged() {
    let provider = Provider::new();
    let given = provider.desk.grant("practice-key", "10000007@N01", Perms::Read, &provider.clock).unwrap();
    let text = format!("{:?} {:?} {:?}", provider.desk, given, Consumer::default());
    assert!(
        !text.contains("practice-secret") && !text.contains(&given.secret) && !text.contains(&given.token),
        "{text}"
    );
}
