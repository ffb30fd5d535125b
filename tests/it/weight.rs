//! What a wall weighs: the page with its style and all scripts, as they go over the wire.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::{Here, path};

/// Bytes, gzipped. An old tablet on a slow network has them in a second or two.
const MOST: usize = 40 * 1024;

/// Bytes of an answer as it is sent to a browser that takes gzip.
async fn weigh(here: &Here, address: &str) -> usize {
    let request = Request::get(path(address)).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    let response = here.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{address}");
    response.into_body().collect().await.unwrap().to_bytes().len()
}

#[tokio::test]
async fn a_wall_with_its_scripts_and_its_style_is_at_most_40_kilobytes() {
    let here = Here::new();
    let wall = here.mint("kittens").wall;
    let page = here.get(&wall).await.text;
    let folder = page.split("href=\"").nth(1).unwrap().rsplit_once('/').unwrap().0.to_owned();
    let (mut found, mut waiting) = (BTreeSet::new(), vec!["wall.js".to_owned()]);
    let mut total = weigh(&here, &wall).await + weigh(&here, &format!("{folder}/wall.css")).await;
    while let Some(name) = waiting.pop() {
        if found.insert(name.clone()) {
            let address = format!("{folder}/{name}");
            total += weigh(&here, &address).await;
            let script = here.get(&address).await.text;
            let imported = script.split("from './").skip(1).map(|it| it.split('\'').next().unwrap().to_owned());
            waiting.extend(imported);
        }
    }
    println!("a wall weighs {total} bytes, gzipped, in {} scripts", found.len());
    assert!(found.len() > 20, "{found:?}");
    assert!(total <= MOST, "{total} bytes");
}
