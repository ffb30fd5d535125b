use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use super::*;
use crate::config::Secret;
use crate::flickr::{RequestToken, Token};
use crate::web::tests::House;

fn pending(house: &House, token: &str) -> String {
    let token = RequestToken { token: token.into(), secret: Secret::new("s") };
    let next = LocalPath::read("/walls").unwrap();
    let pending = Pending { token, next, begun_at: house.state.clock.now() };
    house.cookies(|jar| jar.add(pending.cookie(&house.state.site)))
}

#[tokio::test]
async fn without_a_key_nobody_is_sent_anywhere_and_the_front_page_says_what_to_do() {
    let house = House::new();
    let refused = house.send(house.form("/signin", "", String::new())).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.text.contains("no FLICKR_KEY"), "{}", refused.text);
    let home = house.get("/", "").await.text;
    assert!(home.contains("FLICKR_SECRET") && home.contains("flickr-conduit demo") && !home.contains("/signin"));
}

#[tokio::test]
async fn a_sign_in_begins_on_our_own_page_at_the_address_that_flickr_sends_people_back_to() {
    let house = House::new();
    let begin = async |name: &'static str, value: &str| {
        let mut request = house.form("/signin", "", "next=%2Fwalls".into());
        request.headers_mut().insert(header::HOST, "10.0.0.7:8080".parse().unwrap());
        request.headers_mut().insert(name, value.parse().unwrap());
        house.send(request).await
    };
    assert_eq!(begin("origin", "https://evil.example").await.status, StatusCode::FORBIDDEN);
    assert_eq!(begin("sec-fetch-site", "cross-site").await.status, StatusCode::FORBIDDEN);
    let elsewhere = begin("origin", "http://10.0.0.7:8080").await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
    assert!(elsewhere.text.contains(r#"href="https://wall.example.org/""#), "{}", elsewhere.text);
}

#[tokio::test]
async fn only_the_browser_that_began_a_sign_in_can_end_it() {
    let house = House::new();
    let done = async |query: &str, cookies: &str| house.get(&format!("/signin/done?{query}"), cookies).await;
    let begun = pending(&house, "ours");
    for (query, cookies) in [
        ("oauth_token=ours&oauth_verifier=v", ""),
        ("oauth_token=theirs&oauth_verifier=v", begun.as_str()),
        ("oauth_verifier=v", begun.as_str()),
        ("oauth_token=ours&oauth_verifier=v", "__Host-signin=forged"),
    ] {
        let refused = done(query, cookies).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{query} {cookies}");
        assert!(refused.text.contains("begun elsewhere or took too long"), "{}", refused.text);
    }
    // It goes as far as asking Flickr, which is not there.
    let asked = done("oauth_token=ours&oauth_verifier=v", &begun).await;
    assert!(asked.text.contains("no FLICKR_KEY"), "{}", asked.text);
    assert_eq!(asked.cookies()["__Host-signin"], "", "it is used up");

    house.state.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(done("oauth_token=ours&oauth_verifier=v", &begun).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_does_not_allow_it_reads_that_nothing_was_stored() {
    let house = House::new();
    for query in ["", "oauth_problem=user_refused", "oauth_token=ours", "oauth_token=ours&oauth_verifier="] {
        let refused = house.get(&format!("/signin/done?{query}"), &pending(&house, "ours")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{query}");
        assert!(refused.text.contains("You did not allow it; nothing was stored."), "{}", refused.text);
    }
    assert!(house.state.store.accounts().await.unwrap().is_empty());
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let house = House::new();
    let cookies = house.signed_in("1@N01", "Ada").await;
    let out = house.post("/signout", &cookies, &[]).await;
    assert_eq!((out.status, out.location()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(out.cookies()["__Host-session"], "");
    let again = house.send(house.form("/signout", "", String::new())).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/"));
}

fn access(nsid: &str, fullname: &str, username: &str) -> Access {
    let token = Token { token: "t".into(), secret: Secret::new("s") };
    Access { token, nsid: nsid.into(), username: username.into(), fullname: fullname.into() }
}

#[tokio::test]
async fn whom_flickr_vouches_for_is_recorded_with_their_permission_sealed() {
    let house = House::new();
    assert_eq!(welcome(&house.state, access("1@N01", "Ada", "ada")).await.unwrap(), "1@N01");
    let account = house.state.store.account("1@N01").await.unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.signed_in_at), ("Ada", house.state.clock.now()));
    let token = permission::open(&house.state.keys, "1@N01", &account.token.unwrap()).unwrap();
    assert_eq!((token.token.as_str(), token.secret.reveal()), ("t", "s"));
}

#[tokio::test]
async fn who_is_not_invited_reads_what_to_ask_for_and_is_not_recorded() {
    let house = House::with(|site| Site { allowed_users: vec!["1@N01".into()], ..site }, None);
    let refused = welcome(&house.state, access("2@N01", "Eve", "eve")).await.unwrap_err();
    assert!(refused.sentence().contains("add 2@N01 to ALLOWED_USERS"), "{}", refused.sentence());
    assert!(house.state.store.accounts().await.unwrap().is_empty());
    assert!(welcome(&house.state, access("1@N01", "Ada", "ada")).await.is_ok());
}

#[test]
fn the_name_that_is_shown_is_the_one_that_they_show() {
    let name = |fullname: &str, username: &str| shown_name(&access("1@N01", fullname, username));
    assert_eq!(name("Ada Lovelace", "ada"), "Ada Lovelace");
    assert_eq!(name(" ", "ada\n"), "ada");
    assert_eq!(name("", ""), "1@N01");
    assert_eq!(name(&"x".repeat(200), "").len(), MAX_NAME);
}
