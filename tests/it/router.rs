//! The router: each route's promise, without a network.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures_util::StreamExt;

use crate::support::{Here, feeds, photo_ids, verification};

#[tokio::test]
async fn a_stream_says_hello_gives_the_newest_and_resumes_where_it_was() {
    let here = Here::new();
    let minted = here.mint("kittens");
    here.post(&minted.callback, feeds::added(1..21)).await;
    let first = here.messages(&minted.stream).await;
    let hello = &first[0];
    assert_eq!((&hello["type"], &hello["version"]), (&"hello".into(), &env!("CARGO_PKG_VERSION").into()));
    assert_eq!(hello["events"], serde_json::json!(["kittens"]));
    assert!(hello["time"].as_str().unwrap().ends_with('Z') && hello["epoch"].as_str().unwrap().len() == 16);
    assert_eq!(photo_ids(&first), (11..21).map(|id| id.to_string()).collect::<Vec<_>>(), "the newest ten, in order");
    assert_eq!(hello["position"], first[10]["position"]);

    assert_eq!(photo_ids(&here.messages(&format!("{}&last=2", minted.stream)).await), ["19", "20"]);
    let after = first[8]["position"].as_str().unwrap();
    assert_eq!(photo_ids(&here.messages(&format!("{}&after={after}", minted.stream)).await), ["19", "20"]);
}

#[tokio::test]
async fn a_stream_that_cannot_be_resumed_is_told_of_the_gap_and_gets_the_newest() {
    let here = Here::new();
    let minted = here.mint("kittens");
    here.post(&minted.callback, feeds::added(1..21)).await;
    for lost in ["0123456789abcdef:7", "what-a-later-version-may-send"] {
        let messages = here.messages(&format!("{}&last=3&after={lost}", minted.stream)).await;
        assert_eq!(messages[1], serde_json::json!({"type": "gap", "event": "kittens"}), "{lost}");
        assert_eq!(photo_ids(&messages), ["18", "19", "20"]);
    }
}

#[tokio::test]
async fn a_feed_with_the_newest_first_comes_out_in_the_order_in_which_it_happened() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let newest_first: String = (1..4)
        .rev()
        .map(|id| feeds::entry(id, "t").replace("<updated>2026-11-22T11:00", &format!("<updated>2026-11-22T11:0{id}")))
        .collect();
    here.post(&minted.callback, feeds::feed(&newest_first)).await;
    assert_eq!(photo_ids(&here.messages(&minted.stream).await), ["1", "2", "3"]);
}

#[tokio::test]
async fn who_begins_with_nothing_can_resume_from_hello() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let hello = here.messages(&minted.stream).await[0].clone();
    assert_eq!(hello["backlog"], 0);
    here.post(&minted.callback, feeds::added(1..31)).await;
    let after = hello["position"].as_str().unwrap();
    let messages = here.messages(&format!("{}&after={after}", minted.stream)).await;
    assert_eq!((photo_ids(&messages).len(), &messages[0]["backlog"]), (30, &30.into()));
}

#[tokio::test]
async fn nobody_follows_a_stream_by_guessing() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let status = async |address: &str| here.get(address).await.status.as_u16();
    assert_eq!(status("/stream").await, 400);
    assert_eq!(status("/stream?token=kittens").await, 404);
    assert_eq!(status(&minted.stream.replace("kittens", "puppies")).await, 404);
    assert_eq!(status(&format!("/stream?token={}", minted.callback.rsplit_once('/').unwrap().1)).await, 404);
}

#[tokio::test]
async fn a_wall_is_a_page_of_ours_alone_and_its_address_stays_with_us() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let page = here.get(&minted.wall).await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'sha256-"), "{policy}");
    assert!(policy.contains("; style-src 'self';"), "{policy}");
    assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer");
    let inline: Vec<_> = page.text.split("<script>").skip(1).map(|it| it.split("</script>").next().unwrap()).collect();
    assert_eq!(inline, [flickr_conduit::web::wall::GUARD], "the guard, to the letter of its hash, and nothing else");
    assert!(!page.text.contains("style="), "{}", page.text);

    for link in ["kittens.nonsense", "%FF"] {
        let none = here.get(&format!("/wall/{link}")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
        assert!(none.text.contains("This link belongs to no wall here"), "{}", none.text);
    }
}

/// An attribute of the page's body, as the page's script reads it.
fn data(page: &str, name: &str) -> Option<String> {
    let body = page.split("<body ").nth(1)?.split(">\n").next()?;
    let value = body.split(&format!("data-{name}=\"")).nth(1)?.split('"').next()?;
    Some(
        value
            .replace("&#34;", "\"")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#39;", "'")
            .replace("&#38;", "&"),
    )
}

#[tokio::test]
async fn a_wall_is_given_its_settings_and_is_told_what_could_not_be_understood() {
    let here = Here::new();
    let wall = here.mint("kittens").wall;
    let page = here.get(&format!("{wall}?interval=20&night=22:00-7:00&layout=%3Cb%3E'%22&nigth=1")).await;
    assert_eq!(page.status, StatusCode::OK, "a wrong setting never costs the photos");
    let settings: serde_json::Value = serde_json::from_str(&data(&page.text, "settings").unwrap()).unwrap();
    assert_eq!((&settings["interval"], &settings["layout"]), (&20.into(), &"auto".into()));
    assert_eq!(settings["night"][0]["from"], 1320);
    let problems: Vec<String> = serde_json::from_str(&data(&page.text, "problems").unwrap()).unwrap();
    let expected =
        [r#"layout is "<b>'\"": expected auto, single or mosaic"#, "nigth is no setting: did you mean night?"];
    assert_eq!(problems, expected);
    let link = wall.rsplit_once('/').unwrap().1;
    assert_eq!(data(&page.text, "link").unwrap(), link);
    assert_eq!(data(&page.text, "stream").unwrap(), format!("/stream?wall={link}"));
    assert_eq!(data(&page.text, "sizes"), None, "there is no Flickr to ask");
    assert_eq!(data(&page.text, "preview"), None);
    let preview = here.get(&format!("{wall}?preview=1")).await.text;
    assert_eq!(
        (data(&preview, "preview").as_deref(), data(&preview, "problems").as_deref()),
        (Some("yes"), Some("[]"))
    );
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there_for_ever_and_compressed() {
    let here = Here::with(|it| it, |conduit| conduit.with_front_wall(&"kittens".parse().unwrap()));
    let pages = [here.get("/").await, here.get(&here.mint("kittens").wall).await, here.get("/nothing").await];
    let mut named: Vec<String> = Vec::new();
    for page in &pages {
        let parts = page.text.split(['"', '\'']).filter(|it| it.starts_with("/static/"));
        named.extend(parts.map(str::to_owned));
    }
    named.sort();
    named.dedup();
    assert!(named.len() >= 4, "{named:?}");
    for address in &named {
        let file = here.get(address).await;
        assert_eq!(file.status, StatusCode::OK, "{address}");
        assert_eq!(file.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    }
    let script = named.iter().find(|it| it.ends_with("wall.js")).unwrap();
    let request = Request::get(script).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    assert_eq!(here.send(request).await.headers[header::CONTENT_ENCODING], "gzip");
    let stale = script.replace(flickr_conduit::assets::FOLDER, "0123456789abcdef");
    assert_eq!(here.get(&stale).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_that_are_not_there_say_so_in_words_and_show_a_way_out() {
    let here = Here::new();
    let none = here.get("/nothing").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(none.text.contains("There is nothing at this address.") && none.text.contains(r#"href="/""#));
    assert_eq!(here.post("/", "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn platforms_and_monitors_get_their_answers() {
    let here = Here::new();
    let minted = here.mint("kittens");
    assert_eq!(here.get("/healthz").await.text, "alive\n");
    assert_eq!(here.get("/readyz").await.text, "ready\n");
    here.post(&minted.callback, feeds::added(1..4)).await;
    here.post(&minted.callback, "nonsense").await;
    here.get(&verification(&minted, "subscribe", "c")).await;
    let metrics = here.get("/metrics").await.text;
    for line in [
        "flickr_conduit_deliveries_total{outcome=\"published\"} 1",
        "flickr_conduit_deliveries_total{outcome=\"not_a_feed\"} 1",
        "flickr_conduit_entries_total{outcome=\"fresh\"} 3",
        "flickr_conduit_verifications_total{outcome=\"subscribed\"} 1",
        "flickr_conduit_delivery_seconds_count 1",
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains("kittens"), "no event name becomes a label");
}

#[tokio::test]
async fn a_server_that_stops_or_cannot_store_is_not_ready() {
    let here = Here::new();
    here.conduit.shutdown().stopping.cancel();
    let answer = here.get("/readyz").await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"));
}

#[tokio::test]
async fn a_library_user_decides_how_callbacks_map_and_gets_a_stream_of_photos() {
    let here = Here::with(
        |it| it,
        |conduit| conduit.map_callbacks(|request, _| request.path.strip_prefix("mine/")?.parse().ok()),
    );
    let mut photos = here.conduit.on("kittens").await.unwrap();
    let token = here.mint("kittens").verify_token;
    let query = format!("mode=subscribe&challenge=c&verify_token={token}");
    assert_eq!(here.get(&format!("/callback/mine/kittens?{query}")).await.text, "c");
    assert_eq!(here.get(&format!("/callback/theirs/kittens?{query}")).await.status, StatusCode::NOT_FOUND);
    here.post("/callback/mine/kittens", feeds::added(5..7)).await;
    assert_eq!(photos.next().await.unwrap().id, "5");
    assert_eq!(photos.next().await.unwrap().title.unwrap(), "Photo 6");
}

#[tokio::test]
async fn a_router_that_outlives_its_conduit_keeps_the_folder_to_itself() {
    let Here { conduit, router, dir } = Here::new();
    drop(conduit);
    let config = flickr_conduit::config::Config::local(dir.path());
    let second = flickr_conduit::Conduit::open(&config, 8080).unwrap_err().to_string();
    assert!(second.contains("in use by another flickr-conduit"), "{second}");
    drop(router);
    flickr_conduit::Conduit::open(&config, 8080).unwrap();
}
