//! From a request token to an access token, by way of the page.

use super::*;
use crate::hub::people::PEOPLE;
use crate::practice::caller::{Caller, Perms};

const REQUEST: &str = "/services/oauth/request_token";
const ACCESS: &str = "/services/oauth/access_token";
const AUTHORIZE: &str = "/practice/services/oauth/authorize";

/// A request token, its secret and its seal.
struct Begun {
    token: String,
    secret: String,
    seal: String,
}

async fn begin(provider: &Provider, callback: &str) -> Begun {
    let signed = sign("GET", REQUEST, parameters(&format!("begin {callback}"), &[("oauth_callback", callback)]), "");
    let answer = provider.signed(&format!("/practice{REQUEST}"), &signed).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.value("oauth_callback_confirmed"), "true");
    let (token, secret) = (answer.value("oauth_token"), answer.value("oauth_token_secret"));
    assert!(token.len() == 34 && token.starts_with("72157"), "{token}");
    let page = provider.get(&format!("{AUTHORIZE}?oauth_token={token}&perms=write")).await;
    assert_eq!(page.status, 200);
    let seal = page.body.split(r#"name="seal" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    Begun { token, secret, seal }
}

fn says(begun: &Begun, answer: &str, nsid: &str) -> String {
    let (token, seal) = (&begun.token, &begun.seal);
    query(&[
        pair("oauth_token", token),
        pair("seal", seal),
        pair("perms", "write"),
        pair("nsid", nsid),
        pair("answer", answer),
    ])
}

async fn exchange(provider: &Provider, begun: &Begun, nonce: &str, verifier: &str) -> Answer {
    let more = [("oauth_token", &*begun.token), ("oauth_verifier", verifier)];
    let signed = sign("GET", ACCESS, parameters(nonce, &more), &begun.secret);
    provider.signed(&format!("/practice{ACCESS}"), &signed).await
}

fn verifier_of(location: &url::Url) -> String {
    location.query_pairs().find(|(name, _)| name == "oauth_verifier").unwrap().1.into_owned()
}

#[tokio::test]
async fn whoever_is_allowed_gets_a_token_that_speaks_for_the_person() {
    let provider = Provider::new();
    let begun = begin(&provider, "http://wall.test/in?from=a%20b#top").await;
    let unanswered = exchange(&provider, &begun, "0", "guess").await;
    assert_eq!((unanswered.status.as_u16(), &*unanswered.body), (401, "oauth_problem=permission_unknown"));

    let person = PEOPLE[11];
    let allowed = provider.post(AUTHORIZE, &says(&begun, "allow", person.nsid)).await;
    assert_eq!(allowed.status, 302);
    let location = allowed.location();
    let verifier = verifier_of(&location);
    let expected = format!("http://wall.test/in?from=a%20b&oauth_token={}&oauth_verifier={verifier}#top", begun.token);
    assert_eq!(location.as_str(), expected);

    let wrong = exchange(&provider, &begun, "1", "0123456789abcdef").await;
    assert_eq!((wrong.status.as_u16(), &*wrong.body), (401, "oauth_problem=verifier_invalid"));
    let given = exchange(&provider, &begun, "2", &verifier).await;
    assert_eq!(given.status, 200);
    assert!(
        given.body.starts_with("fullname=Salt%20%26%20Silver%20%3Cfilm%20only%3E&oauth_token=72157"),
        "{}",
        given.body
    );
    assert_eq!((given.value("username"), given.value("user_nsid")), (person.name.to_owned(), person.nsid.to_owned()));
    let caller = Caller { nsid: person.nsid.to_owned(), perms: Perms::Write };
    assert_eq!(provider.desk.whose(&given.value("oauth_token")), Some(caller));
    let again = exchange(&provider, &begun, "3", &verifier).await;
    assert_eq!((again.status.as_u16(), &*again.body), (401, "oauth_problem=token_rejected"));
}

#[tokio::test]
async fn whoever_is_refused_goes_back_and_gets_nothing() {
    let provider = Provider::new();
    let begun = begin(&provider, "https://wall.test/in").await;
    let refused = provider.post(AUTHORIZE, &says(&begun, "refuse", "")).await;
    let expected = format!("https://wall.test/in?oauth_token={}&oauth_problem=permission_denied", begun.token);
    assert_eq!((refused.status.as_u16(), refused.location().as_str()), (302, &*expected));
    let answer = exchange(&provider, &begun, "1", "0123456789abcdef").await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (401, "oauth_problem=permission_denied"));
    let again = provider.post(AUTHORIZE, &says(&begun, "allow", PEOPLE[0].nsid)).await;
    assert_eq!(again.status, 400, "an answer is given once");
}

#[tokio::test]
async fn out_of_band_the_person_reads_the_verifier() {
    let provider = Provider::new();
    let begun = begin(&provider, "oob").await;
    let page = provider.post(AUTHORIZE, &says(&begun, "allow", PEOPLE[0].nsid)).await;
    assert_eq!(page.status, 200);
    let verifier = page.body.split(r#"id="verifier">"#).nth(1).unwrap().split('<').next().unwrap();
    let shape: String = verifier.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    assert_eq!(shape, "000-000-000");
    assert_eq!(exchange(&provider, &begun, "1", verifier).await.status, 200);

    let begun = begin(&Provider::at(NOW, provider.desk.clone()), "http://wall.test/again").await;
    let refused = provider.post(AUTHORIZE, &says(&begun, "refuse", "")).await;
    assert_eq!(refused.status, 302);
}

#[tokio::test]
async fn the_page_names_the_application_the_permission_and_everybody() {
    let provider = Provider::new();
    let begun = begin(&provider, "http://wall.test:8080/in").await;
    for (perms, words) in [
        ("&perms=read", "see your photos"),
        ("", "see your photos"),
        ("&perms=write", "upload, change and fave"),
        ("&perms=delete", "and delete photos"),
    ] {
        let page = provider.get(&format!("{AUTHORIZE}?oauth_token={}{perms}", begun.token)).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("practice-key") && page.body.contains(words), "{perms}");
        assert!(page.body.contains("wall.test:8080"), "it says where the person goes afterwards");
        assert!(!page.body.contains("<script") && !page.body.contains("<film"));
        for person in &PEOPLE {
            assert!(page.body.contains(&format!(r#"value="{}""#, person.nsid)));
            assert!(page.body.contains(&format!("/practice/buddyicons/{}.jpg", person.nsid)));
        }
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"));
        assert_eq!(page.headers["cache-control"], "no-store");
    }
    let page = provider.get(&format!("{AUTHORIZE}?oauth_token={}&perms=everything", begun.token)).await;
    assert_eq!(page.status, 400);
    for query in ["", "?oauth_token=", "?oauth_token=72157-0"] {
        let page = provider.get(&format!("{AUTHORIZE}{query}")).await;
        assert_eq!(page.status, 400);
        assert!(page.body.contains("This sign-in is over"));
    }
}

#[tokio::test]
async fn an_answer_must_come_from_the_page() {
    let provider = Provider::new();
    let begun = begin(&provider, "http://wall.test/in").await;
    let right = says(&begun, "allow", PEOPLE[0].nsid);
    let unsealed =
        says(&Begun { seal: "0".repeat(16), ..begin(&provider, "http://wall.test/2").await }, "allow", PEOPLE[0].nsid);
    assert_eq!(provider.post(AUTHORIZE, &unsealed).await.status, 403);
    for (body, status) in [
        (right.replace("answer=allow", "answer=perhaps"), 400),
        (right.replace("nsid=10000007", "nsid=10000008"), 400),
        (right.replace("perms=write", "perms=all"), 400),
        (right.replace("oauth_token=7", "oauth_token=8"), 400),
    ] {
        assert_eq!(provider.post(AUTHORIZE, &body).await.status.as_u16(), status, "{body}");
    }
    let foreign = Request::post(AUTHORIZE)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://evil.test");
    assert_eq!(provider.send(foreign.body(Body::from(right.clone())).unwrap()).await.status, 403);
    assert_eq!(provider.post(AUTHORIZE, &right).await.status, 302, "the right one still works");
}

#[tokio::test]
async fn a_request_token_lives_ten_minutes() {
    let provider = Provider::new();
    let begun = begin(&provider, "http://wall.test/in").await;
    let page = |at| {
        let later = Provider::at(at, provider.desk.clone());
        let path = format!("{AUTHORIZE}?oauth_token={}", begun.token);
        async move { later.get(&path).await.status.as_u16() }
    };
    assert_eq!((page(NOW + 599).await, page(NOW + 600).await), (200, 400));
    let later = Provider::at(NOW + 600, provider.desk.clone());
    assert_eq!(later.post(AUTHORIZE, &says(&begun, "allow", PEOPLE[0].nsid)).await.status, 400);
    let more = [("oauth_token", &*begun.token), ("oauth_verifier", "x"), ("oauth_timestamp", "1700000600")];
    let signed = sign("GET", ACCESS, parameters("1", &more), &begun.secret);
    let answer = later.signed(&format!("/practice{ACCESS}"), &signed).await;
    assert_eq!(answer.body, "oauth_problem=token_rejected");
}
