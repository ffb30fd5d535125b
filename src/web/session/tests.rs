use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::SignedDuration;

use super::*;
use crate::web::tests::House;

const ADA: &str = "1@N01";

#[tokio::test]
async fn the_cookie_is_for_this_host_over_https_and_for_no_script() {
    let house = House::new();
    let jar = begin(&house.state, jar(&HeaderMap::new(), &house.state.keys), ADA).unwrap();
    let response = (jar, "").into_response();
    let set = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("__Host-session=") && !set.contains(ADA), "{set}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=7776000"] {
        assert!(set.split("; ").any(|it| it == attribute), "{attribute} is not in {set}");
    }
    assert!(!set.contains("Domain"));

    let plain = House::with(|site| Site { public_url: "http://localhost:8080".parse().unwrap(), ..site }, None);
    let cookies = plain.signed_in(ADA, "Ada").await;
    assert!(cookies.starts_with("session="), "a browser takes __Host- over https only: {cookies}");
    assert_eq!(plain.get("/account", &cookies).await.status, StatusCode::OK);
}

#[tokio::test]
async fn strangers_are_led_to_the_front_page_and_back() {
    let house = House::new();
    let sent = house.get("/subscriptions?done=named&x=1", "").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(sent.location(), "/?next=%2Fsubscriptions%3Fdone%3Dnamed%26x%3D1");
    assert!(house.get(sent.location(), "").await.text.contains("Sign in, and you will get to the page"));

    let posted = house.send(house.form("/account/forget", "", String::new())).await;
    assert_eq!(posted.status, StatusCode::FORBIDDEN);
    assert!(posted.text.contains("You are not signed in"), "{}", posted.text);

    let cookies = house.signed_in(ADA, "Ada").await;
    let back = house.get(sent.location(), &cookies).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/subscriptions?done=named&x=1"));
    assert!(house.get("/?next=//evil.example", &cookies).await.status.is_success());
}

#[tokio::test]
async fn only_our_own_cookies_say_who_asks() {
    let house = House::new();
    let cookies = house.signed_in(ADA, "Ada").await;
    let status = async |cookies: &str| house.get("/account", cookies).await.status;
    assert_eq!(status(&cookies).await, StatusCode::OK);

    let flip = if cookies.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{flip}", &cookies[..cookies.len() - 1]);
    let middle = cookies.len() / 2;
    let cut = format!("{}{}", &cookies[..middle], &cookies[middle + 4..]);
    let renamed = cookies.replacen("__Host-session", "session", 1);
    let other_purpose =
        house.cookies(|jar| jar.add(cookie("signin", "1@N01 x 9999999999".into(), Duration::ZERO, &house.state.site)));
    let other_purpose = other_purpose.replacen("signin", "session", 1);
    let keys = Keys::derive("a secret of same length");
    let foreign_jar = begin(&house.state, jar(&HeaderMap::new(), &keys), ADA).unwrap();
    let foreign = (foreign_jar, "").into_response();
    let foreign = foreign.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let plain = format!("__Host-session={ADA} x 9999999999");
    for cookies in [&forged, &cut, &renamed, &other_purpose, &foreign, &plain] {
        assert_eq!(status(cookies).await, StatusCode::SEE_OTHER, "{cookies}");
    }
}

#[tokio::test]
async fn a_session_lasts_ninety_days_after_it_was_last_renewed() {
    let house = House::new();
    let cookies = house.signed_in(ADA, "Ada").await;
    house.state.clock.advance(SignedDuration::from_hours(24));
    assert!(house.get("/account", &cookies).await.cookies().is_empty(), "a day old is young");
    house.state.clock.advance(SignedDuration::from_hours(1));
    let renewed = house.get("/account", &cookies).await.cookies();
    let renewed = format!("__Host-session={}", renewed["__Host-session"]);
    assert_eq!(house.form_token(&renewed).await, house.form_token(&cookies).await, "open forms stay good");

    house.state.clock.advance(SignedDuration::from_hours(90 * 24 - 1));
    assert_eq!(house.get("/account", &cookies).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/account", &renewed).await.status, StatusCode::OK);
    house.state.clock.advance(SignedDuration::from_hours(-200 * 24));
    assert_eq!(house.get("/account", &renewed).await.status, StatusCode::SEE_OTHER, "it is from the future");
}

#[tokio::test]
async fn who_was_forgotten_or_is_no_longer_invited_is_signed_out() {
    let house = House::with(|site| Site { allowed_users: vec![ADA.into()], ..site }, None);
    let (ada, eve) = (house.signed_in(ADA, "Ada").await, house.signed_in("2@N01", "Eve").await);
    assert_eq!(house.get("/account", &ada).await.status, StatusCode::OK);
    assert_eq!(house.get("/account", &eve).await.status, StatusCode::SEE_OTHER);
    house.state.store.forget_account(ADA).await.unwrap();
    assert_eq!(house.get("/account", &ada).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn no_cache_keeps_a_page_that_knows_who_asks() {
    let house = House::new();
    let cookies = house.signed_in(ADA, "Ada").await;
    for path in ["/", "/walls", "/subscriptions", "/account", "/account/forget", "/subscriptions/x/end"] {
        assert_eq!(house.get(path, &cookies).await.headers[header::CACHE_CONTROL], "private, no-store", "{path}");
    }
}

#[tokio::test]
async fn a_store_that_fails_is_a_page_for_people() {
    let house = House::new();
    let failing = axum::routing::get(async || AppError::Unavailable("no such table: accounts".into()));
    let keep = axum::middleware::from_fn_with_state(house.state.clone(), keep);
    let router = axum::Router::new().route("/", failing).route_layer(keep);
    let answer = House { router, ..house }.get("/", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("Please try again in a minute") && !answer.text.contains("table"), "{}", answer.text);
}

#[tokio::test]
async fn a_form_needs_the_token_of_its_own_session_and_a_page_of_ours() {
    let house = House::new();
    let (ada, eve) = (house.signed_in(ADA, "Ada").await, house.signed_in("2@N01", "Eve").await);
    let (token, other) = (house.form_token(&ada).await, house.form_token(&eve).await);
    let end = async |request: Request<Body>| house.send(request).await.status;
    let form = |body: &str| house.form("/signout", &ada, body.to_owned());
    for body in [String::new(), "form=".into(), format!("form={other}"), format!("form=x&form={token}")] {
        assert_eq!(end(form(&body)).await, StatusCode::FORBIDDEN, "{body}");
    }
    let good = format!("form={token}");
    let with = |name: &'static str, value: &'static str| {
        let mut request = form(&good);
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    assert_eq!(end(with("origin", "https://evil.example")).await, StatusCode::FORBIDDEN);
    assert_eq!(end(with("origin", "null")).await, StatusCode::FORBIDDEN);
    assert_eq!(end(with("sec-fetch-site", "cross-site")).await, StatusCode::FORBIDDEN);
    assert_eq!(end(with("sec-fetch-site", "same-site")).await, StatusCode::FORBIDDEN);
    let long = format!("{good}&x={}", "y".repeat(MAX_FORM));
    assert_eq!(end(form(&long)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(end(with("sec-fetch-site", "same-origin")).await, StatusCode::SEE_OTHER);
    assert_eq!(end(form(&good)).await, StatusCode::SEE_OTHER);

    let refused = house.send(form("form=x")).await;
    assert!(refused.text.contains("too old or came from another page"), "{}", refused.text);
}

#[test]
fn boxes_that_share_a_name_come_one_by_one() {
    let pairs = Pairs(vec![("topic".into(), "a".into()), ("x".into(), "1".into()), ("topic".into(), "b".into())]);
    assert_eq!(pairs.first("topic"), Some("a"));
    assert_eq!(pairs.all("topic").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(pairs.first("none"), None);
}
