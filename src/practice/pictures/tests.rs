//! The pictures, without a network.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use jiff::Timestamp;

use super::*;
use crate::hub::world::{Photo, World};

async fn get(path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let (head, body) = router().oneshot(request).await.expect("infallible").into_parts();
    (head.status, head.headers, body.collect().await.expect("a body").to_bytes().to_vec())
}

/// A photo of the world, with an address as the world gives it out when nothing stands before it.
fn photo() -> Photo {
    let mut uploads = World::new(1, String::new()).uploads(1, Timestamp::UNIX_EPOCH);
    uploads.remove(0).photo
}

#[tokio::test]
async fn the_addresses_of_a_delivery_are_served() {
    let photo = photo();
    for size in [Size::Square75, Size::Long100, Size::Long500] {
        let (status, headers, jpeg) = get(&photo.image(size)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(&jpeg[..2], [0xff, 0xd8]);
    }
    for address in [photo.icon(photo.owner)] {
        assert_eq!(get(&address).await.0, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn anything_else_is_not_found() {
    let photo = photo();
    let file = photo.picture().file(Size::Square75);
    for address in [
        "/".to_owned(),
        format!("/65534/{file}"),
        format!("/65535/9{file}"),
        format!("/65535/{}", file.replace("_s.jpg", "_x.jpg")),
        format!("/65535/{}", file.replace(".jpg", ".png")),
        format!("/65535/{}_0000000000_s.jpg", photo.id),
        "/buddyicons/12345678@N00.jpg".to_owned(),
    ] {
        assert_eq!(get(&address).await.0, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn only_so_many_pictures_are_drawn_at_once() {
    let easel = Easel(Arc::new(Semaphore::new(PAINTERS)), Faults::default());
    let held = Arc::clone(&easel.0).acquire_many_owned(2).await.expect("both places");
    let mut waiting = Box::pin(easel.clone().draw(|| Some(Vec::new())));
    assert!(waiting.as_mut().now_or_never().is_none(), "it waits for a place");
    drop(held);
    assert_eq!(waiting.await.status(), StatusCode::OK);
}
