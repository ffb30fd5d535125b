//! A wall's settings on the wire: the page that writes its link, QR codes, and larger sizes.

use axum::http::{StatusCode, header};
use flickr_conduit::hub::engine::Settings;
use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people;
use flickr_conduit::practice::stage::Act;
use flickr_conduit::settings::{Kind, SETTINGS};
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::practice::{PracticeFlickr, serve};
use crate::support::visitor::Visitor;
use crate::support::{Here, feeds, path};

#[tokio::test]
async fn the_page_that_writes_the_link_has_every_setting_and_goes_on_from_those_of_its_address() {
    let here = Here::new();
    let wall = here.mint("kittens").wall;
    let page = here.get(&format!("{wall}/settings?interval=20&history=off&layout=mosaic&line=a%22%3Cb")).await;
    assert_eq!(page.status, StatusCode::OK);
    for setting in SETTINGS {
        let name = setting.name;
        assert!(page.text.contains(&format!(r#"name="{name}""#)), "{name}");
        assert!(
            page.text.contains(setting.meaning) || page.text.contains(&setting.meaning.replace('\'', "&#39;")),
            "{name}"
        );
    }
    for part in [
        r#"name="interval" value="20""#,
        r#"name="history" value="off""#,
        r#"<option value="mosaic" selected>"#,
        r#"value="a&#34;&#60;b""#,
        "/qr.svg?history=off&#38;layout=mosaic&#38;line=a%22%3Cb&#38;interval=20",
        "?history=off&#38;layout=mosaic&#38;line=a%22%3Cb&#38;interval=20</textarea>",
    ] {
        assert!(page.text.contains(part), "{part} is not in {}", page.text);
    }
    let ticked = |name: &str| page.text.contains(&format!(r#"name="{name}" value="on" checked"#));
    let switches = SETTINGS.iter().filter(|it| it.kind == Kind::Switch).map(|it| it.name);
    assert!(switches.filter(|it| *it != "history").all(ticked) && !ticked("history"));
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("; frame-src 'self'; "), "it shows the wall in a frame: {policy}");
    let other = here.get(&wall).await.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert_eq!(policy.replace("frame-src 'self'; ", ""), other, "and no other page may");
    assert!(!page.text.contains("style=") && !page.text.contains("<script>"));
    assert_eq!(page.headers[header::CACHE_CONTROL], "private, no-store");
}

#[tokio::test]
async fn a_problem_is_shown_at_its_field_with_what_was_typed() {
    let here = Here::new();
    let wall = here.mint("kittens").wall;
    let page = here.get(&format!("{wall}/settings?interval=x&qr=maybe&intervall=3")).await.text;
    for part in [
        r#"name="interval" value="x" class="number" inputmode="numeric" aria-describedby="interval-error interval-hint" aria-invalid="true""#,
        r#"<p class="error" id="interval-error">interval is &#34;x&#34;: expected a number of seconds from 5 to 3600</p>"#,
        r#"<p class="error" id="qr-error">qr is &#34;maybe&#34;: expected on or off</p>"#,
        r#"name="qr" value="on" checked"#,
        r#"<p class="error" id="quiet-error" hidden></p>"#,
        "<title>Please look again",
        "intervall is no setting: did you mean interval?",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!here.get(&format!("{wall}/settings")).await.text.contains("Please look again"));
}

#[tokio::test]
async fn a_pasted_link_gives_its_settings_and_nothing_else() {
    let here = Here::new();
    let wall = here.mint("kittens").wall;
    let settings = format!("{}/settings", path(&wall));
    for (pasted, expected) in [
        ("https://elsewhere.example/wall/x?interval=20&history=on&evil=1#top", "?interval=20"),
        ("?interval=20&zone=asia/tokyo", "?interval=20&zone=Asia/Tokyo"),
        (" interval=20 ", "?interval=20"),
        ("https://elsewhere.example/wall/x", ""),
        ("//evil.example/", ""),
    ] {
        let from: String = form_urlencoded::byte_serialize(pasted.as_bytes()).collect();
        let sent = here.get(&format!("{wall}/settings?from={from}")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(sent.headers[header::LOCATION], format!("{settings}{expected}"), "{pasted}");
    }
}

#[tokio::test]
async fn scripts_are_told_what_a_form_says() {
    let here = Here::new();
    let wall = here.mint("kittens").wall;
    let read = here.get(&format!("{wall}/settings.json?history=off&history=on&interval=020&night=x")).await;
    let answer: Value = serde_json::from_str(&read.text).unwrap();
    assert_eq!((&answer["query"], &answer["settings"]["interval"]), (&"interval=20".into(), &20.into()));
    assert_eq!(answer["address"], format!("{wall}?interval=20"));
    assert_eq!(answer["problems"].as_array().unwrap().len(), 1);
    assert_eq!(answer["problems"][0]["name"], "night");
    assert_eq!(read.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn qr_codes_are_drawn_of_a_wall_and_of_the_page_of_a_photo() {
    let here = Here::new();
    let wall = here.mint("kittens").wall;
    let code = here.get(&format!("{wall}/qr.svg?interval=20")).await;
    assert_eq!(code.status, StatusCode::OK);
    assert_eq!(code.headers[header::CONTENT_TYPE], "image/svg+xml");
    assert_eq!(code.headers[header::CACHE_CONTROL], "private, max-age=86400");
    let same = flickr_conduit::qr::svg(&format!("{wall}?interval=20"), "QR code of this wall").unwrap();
    assert_eq!(code.text, same);
    assert_ne!(here.get(&format!("{wall}/qr.svg")).await.text, same);

    let page = "https://www.flickr.com/photos/joi/8436466166/";
    let code = here.get(&format!("{wall}/qr.svg?page={page}")).await;
    assert_eq!(code.text, flickr_conduit::qr::svg(page, "QR code of the photo's page").unwrap());

    for (page, sentence) in [
        ("javascript:alert(1)", "page is an address of javascript: expected one of http or https\n"),
        (
            "",
            "page is no web address (relative URL without a base): expected one such as https://www.flickr.com/photos/…\n",
        ),
    ] {
        let refused = here.get(&format!("{wall}/qr.svg?page={page}")).await;
        assert_eq!((refused.status, refused.text.as_str()), (StatusCode::BAD_REQUEST, sentence));
        assert_eq!(refused.headers[header::CACHE_CONTROL], "no-store");
    }
    let long = format!("{wall}/qr.svg?page={page}{}", "x".repeat(500));
    assert_eq!(here.get(&long).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn nobody_gets_anything_of_a_wall_by_guessing() {
    let here = Here::new();
    let wall = here.mint("kittens").wall.replace("kittens", "puppies");
    for part in ["settings", "settings?from=x", "settings.json", "qr.svg", "photos/1/sizes", "photos/%FF/sizes"] {
        let answer = here.get(&format!("{wall}/{part}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{part}");
    }
    assert_eq!(here.get("/wall/%FF/qr.svg").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_server_without_a_flickr_says_in_a_line_that_it_knows_no_larger_sizes() {
    let here = Here::new();
    let minted = here.mint("kittens");
    here.post(&minted.callback, feeds::added(1..2)).await;
    let answer = here.get(&format!("{}/photos/1/sizes", minted.wall)).await;
    let expected = "Flickr cannot be asked for larger sizes just now\n";
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, expected));
}

#[tokio::test]
async fn larger_sizes_come_from_flickr_for_photos_of_the_wall_only_and_their_files_are_there() {
    let flickr = PracticeFlickr::new(Settings::default()).await;
    let served = serve(&flickr, tempfile::tempdir().unwrap(), SignedDuration::from_mins(15)).await;
    let owner = &people::PEOPLE[0];
    let upload = || {
        flickr.play(owner, Act::Upload { title: None, tags: None, latitude: None, longitude: None });
        flickr.newest(owner)
    };
    let (photo, other, hidden) = (upload(), upload(), upload());
    flickr.play(owner, Act::Private(hidden));
    let minted = served.conduit.mint("kittens").unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    for id in [photo, hidden] {
        client.post(&minted.callback).body(feeds::added(id..id + 1)).send().await.unwrap();
    }
    let mut visitor = Visitor::new(&format!("http://localhost:{}", served.port));
    let wall = path(&minted.wall).to_owned();
    assert!(visitor.get(&wall).await.text.contains(r#"data-sizes="yes""#));
    let sizes = |id: u64| format!("{wall}/photos/{id}/sizes");

    // It is kept, so that Flickr need not be there for it again.
    for is_down in [false, true] {
        flickr.practice.realm().faults.set(Fault::RestDown, u32::from(is_down));
        let answer = visitor.get(&sizes(photo)).await;
        let answer: Value = serde_json::from_str(&answer.text).unwrap_or_else(|cause| panic!("{cause}: {answer:?}"));
        let images = answer["images"].as_array().unwrap();
        let long_sides: Vec<_> =
            images.iter().map(|it| it["width"].as_u64().unwrap().max(it["height"].as_u64().unwrap())).collect();
        assert_eq!(long_sides, [100, 240, 320, 500, 640, 800, 1024, 1600, 2048]);
        let file = client.get(images[7]["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(file.status().as_u16(), 200, "its secret is its own, and right");
    }
    // Flickr is still down once: a photo of this wall that it was not asked for yet.
    assert_eq!(visitor.get(&sizes(hidden)).await.status, 503);
    for id in [other, 7] {
        let answer = visitor.get(&sizes(id)).await;
        assert_eq!(answer.status, 404, "{id} is not on this wall");
        assert!(answer.text.starts_with("no such photo") && answer.text.lines().count() == 1, "{}", answer.text);
    }
    served.stop().await;
    flickr.stop().await;
}
