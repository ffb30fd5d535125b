//! The pages of people, as far as they can be seen without signing in.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::support::Here;

#[tokio::test]
async fn the_front_page_offers_what_this_server_can_do() {
    let here = Here::new();
    let home = here.get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text.contains("FLICKR_KEY") && home.text.contains("Without an account"), "{}", home.text);
    assert!(!home.text.contains("href=\"/wall/"), "there is no wall to open");

    let demo = Here::with(|it| it, |conduit| conduit.with_front_wall(&"kittens".parse().unwrap()));
    assert!(demo.get("/").await.text.contains("href=\"/wall/kittens."));
}

#[tokio::test]
async fn strangers_see_no_page_of_anybody_and_change_nothing() {
    let here = Here::new();
    for path in ["/subscriptions", "/walls", "/account", "/account/forget", "/subscriptions/x/end", "/walls/x/revoke"] {
        let sent = here.get(path).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{path}");
        let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        assert_eq!(sent.headers[header::LOCATION], format!("/?next={next}"));
        assert_eq!(sent.headers[header::CACHE_CONTROL], "private, no-store");
    }
    for path in ["/subscriptions/x/renew", "/walls/x/title", "/account/forget", "/walls/x/revoke"] {
        assert_eq!(here.post(path, "form=x").await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(here.get("/signout").await.status, StatusCode::METHOD_NOT_ALLOWED);
    // Whoever enters the address of a page that said so once more begins anew.
    assert_eq!(here.get("/signin").await.headers[header::LOCATION], "/");
}

#[tokio::test]
async fn no_link_makes_the_front_page_send_anybody_elsewhere() {
    let here = Here::new();
    for next in ["https://evil.example/", "//evil.example/", "/%5Cevil.example/"] {
        let home = here.get(&format!("/?next={next}")).await;
        assert!(home.status == StatusCode::OK && !home.text.contains("evil.example"), "{next}");
    }
    let request = Request::post("/signin").header(header::ORIGIN, "https://evil.example").body(Body::empty()).unwrap();
    assert_eq!(here.send(request).await.status, StatusCode::FORBIDDEN);
}
