//! The pages, without a network.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::hub::people::PEOPLE;
use crate::practice::rest::tests::stage::realm;

async fn get(realm: &Realm, path: &str) -> (StatusCode, HeaderMap, String) {
    let path = path.strip_prefix(&*realm.base).unwrap_or(path);
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let (head, body) = router(realm.clone()).oneshot(request).await.expect("infallible").into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
    (head.status, head.headers, String::from_utf8(bytes).expect("UTF-8"))
}

/// The newest photo for which `is` holds.
fn find(realm: &Realm, is: impl Fn(&Photo) -> bool) -> Photo {
    realm.world(|world| world.newest(None).find(|it| is(it)).cloned()).expect("one of them")
}

#[tokio::test]
async fn a_page_says_that_nobody_took_the_photo_and_shows_titles_as_text() {
    let realm = realm(400);
    let photo = find(&realm, |it| it.title.starts_with("<b>"));
    let (_, headers, html) = get(&realm, &photo.page()).await;
    assert!(html.contains("Nobody took this photo"));
    assert!(!html.contains("<b>") && html.contains("&#60;b&#62;"));
    let image = photo.image(Size::Long1024).replace(&*realm.base, "");
    assert!(html.contains(&format!(r#"src="../../..{image}""#)));
    assert!(!html.contains("<script"));
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("img-src 'self' data:"), "{policy}");
    assert!(html.contains(r#"<link rel="icon" type="image/svg+xml" href="data:"#), "its icon is in the page");
    let untitled = find(&realm, |it| it.title.is_empty());
    assert!(get(&realm, &untitled.page()).await.2.contains("Untitled"));
}

#[tokio::test]
async fn a_page_shows_the_photo_as_it_is_now_and_none_when_it_is_private() {
    let realm = realm(10);
    let photo = find(&realm, |_| true);
    realm.act(|world, now| world.retitle(photo.owner, photo.id, "Another title", now)).expect("their own");
    assert!(get(&realm, &photo.page()).await.2.contains("<h1 dir=\"auto\">Another title</h1>"));
    realm.act(|world, now| world.set_public(photo.owner, photo.id, false, now)).expect("their own");
    assert_eq!(get(&realm, &photo.page()).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_photo_of_an_earlier_run_has_a_page_and_a_stranger_none() {
    let realm = realm(1);
    let earlier = Photo::invent(53_999_000_017, realm.base.clone(), Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
    assert_eq!(get(&realm, &earlier.page()).await.0, StatusCode::OK);
    assert_eq!(get(&realm, &earlier.profile(earlier.owner)).await.0, StatusCode::OK);
    let (status, headers, _) = get(&realm, &format!("/photo.gne?id={}", earlier.id)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(earlier.page().ends_with(headers["location"].to_str().expect("an address")));
    let stranger = PEOPLE.iter().find(|person| *person != earlier.owner).expect("there are several").nsid;
    for address in [
        format!("/photos/{stranger}/{}/", earlier.id),
        format!("/photos/{}/0{}/", earlier.owner.nsid, earlier.id),
        "/people/12345678@N00/".to_owned(),
        "/photo.gne".to_owned(),
        "/photo.gne?id=x".to_owned(),
    ] {
        assert_eq!(get(&realm, &address).await.0, StatusCode::NOT_FOUND, "{address}");
    }
}
