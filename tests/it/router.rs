//! The router: each route's promise, without a network.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use flickr_conduit::config::Config;
use flickr_conduit::event_name::EventName;
use flickr_conduit::handshake::MAX_CHALLENGE;
use futures_util::StreamExt;

use crate::support::{Here, feeds, path, photo_ids, verification};

#[tokio::test]
async fn a_right_verification_gets_its_challenge_back_exactly_and_as_plain_text() {
    let here = Here::new();
    let minted = here.mint("kittens");
    for mode in ["subscribe", "unsubscribe"] {
        let answer = here.get(&verification(&minted, mode, "%3Cb%3E%20c+1%0A")).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "<b> c 1\n"));
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}

#[tokio::test]
async fn every_row_of_the_verification_table_has_its_status() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let (callback, token) = (&minted.callback, &minted.verify_token);
    let check = async |query: String, status: u16, text: &str| {
        let answer = here.get(&format!("{callback}?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.text.trim()), (status, text), "{query}");
    };
    check(format!("mode=subscribe&challenge=c&verify_token={token}"), 200, "c").await;
    check(
        format!("hub.mode=subscribe&hub.challenge=c&hub.verify_token={token}&hub.lease_seconds=60"),
        200,
        "c",
    )
    .await;
    check(
        format!("hub_mode=unsubscribe&hub_challenge=c&hub_verify_token={token}"),
        200,
        "c",
    )
    .await;
    check(
        "mode=subscribe&challenge=c&verify_token=wrong".into(),
        404,
        "no such callback",
    )
    .await;
    check("mode=subscribe&challenge=c".into(), 404, "no such callback").await;
    check("hub.mode=denied&hub.reason=Pro+only".into(), 200, "noted").await;
    let unknown = "unknown mode: expected subscribe, unsubscribe or denied";
    check(format!("mode=dance&challenge=c&verify_token={token}"), 400, unknown).await;
    let none = "no challenge: there is nothing to confirm with";
    check(format!("mode=subscribe&verify_token={token}"), 400, none).await;
    let long = "c".repeat(MAX_CHALLENGE + 1);
    let too_long = "the challenge has 1025 bytes: at most 1024 are echoed";
    check(
        format!("mode=subscribe&challenge={long}&verify_token={token}"),
        400,
        too_long,
    )
    .await;
}

#[tokio::test]
async fn what_somebody_wants_of_a_callback_decides_its_verification() {
    let here = Here::new();
    let (event, minted) = ("kittens".parse::<EventName>().unwrap(), here.mint("kittens"));
    let status = async |mode: &str| here.get(&verification(&minted, mode, "c")).await.status.as_u16();
    here.conduit.record_wish(&event, true).await.unwrap();
    assert_eq!(
        (status("subscribe").await, status("unsubscribe").await),
        (200, 404),
        "nobody asked to end it"
    );
    here.conduit.record_wish(&event, false).await.unwrap();
    assert_eq!(
        (status("subscribe").await, status("unsubscribe").await),
        (404, 200),
        "nobody wants it"
    );
}

#[tokio::test]
async fn a_stranger_cannot_tell_a_callback_of_ours_from_any_other_address() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let altered = minted.callback.replace("kittens", "puppies");
    let ours = here
        .get(&format!(
            "{}?mode=subscribe&challenge=c&verify_token=no",
            minted.callback
        ))
        .await;
    let query = "?mode=subscribe&challenge=c&verify_token=no";
    for method in [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
    ] {
        for address in [
            path(&altered),
            "/callback/x",
            "/callback/a/b",
            "/callback",
            "/callback/",
            "/callback/%FF",
        ] {
            let body = Body::from(feeds::added(1..2));
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("{address}{query}"))
                .body(body)
                .unwrap();
            let mut theirs = here.send(request).await;
            // Requests are numbered; the number says nothing about the address.
            theirs
                .headers
                .insert("x-request-id", ours.headers["x-request-id"].clone());
            assert_eq!(theirs, ours, "{method} {address}");
        }
    }
}

#[tokio::test]
async fn the_originals_sub_parameter_carries_the_same_signed_name() {
    let here = Here::new();
    let minted = here.mint("12345678@N00-contacts_faves");
    let signed = minted.callback.rsplit_once('/').unwrap().1;
    let address = format!("/callback?sub={signed}");
    let answer = here
        .get(&format!(
            "{address}&mode=subscribe&challenge=c&verify_token={}",
            minted.verify_token
        ))
        .await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "c"));
    assert_eq!(
        here.post(&address, feeds::added(1..3)).await.text,
        "2 new, 0 repeated, 0 skipped, 0 bad\n"
    );
    assert_eq!(photo_ids(&here.messages(&minted.stream).await), ["1", "2"]);
}

#[tokio::test]
async fn a_delivery_is_published_once_and_its_repeat_is_acknowledged_too() {
    let here = Here::new();
    let minted = here.mint("kittens");
    assert_eq!(
        here.post(&minted.callback, feeds::added(1..4)).await.text,
        "3 new, 0 repeated, 0 skipped, 0 bad\n"
    );
    let again = here.post(&minted.callback, feeds::added(3..5)).await;
    assert_eq!(
        (again.status, again.text.as_str()),
        (StatusCode::OK, "1 new, 1 repeated, 0 skipped, 0 bad\n")
    );
    assert_eq!(
        here.post(&minted.callback, feeds::removed(2)).await.status,
        StatusCode::OK
    );
    let messages = here.messages(&minted.stream).await;
    assert_eq!(photo_ids(&messages), ["1", "3", "4", "2"]);
    assert_eq!(messages[4]["photo"]["change"], "removed");
}

#[tokio::test]
async fn the_good_entries_of_a_feed_are_published_whatever_the_others_are() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let entries = [
        feeds::entry(1, "good"),
        "<entry><title>neither id nor link</title></entry>".into(),
        "<entry><id>tag:flickr.com,2005:/photo/7</id><title>broken</entry>".into(),
        feeds::entry(2, "Tom & Jerry"),
        feeds::entry(3, "a comment").replace("/photo/3", "/comment/feedmoved"),
        feeds::entry(4, "good"),
    ];
    let answer = here.post(&minted.callback, feeds::feed(&entries.concat())).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::OK, "3 new, 0 repeated, 1 skipped, 2 bad\n")
    );
    assert_eq!(photo_ids(&here.messages(&minted.stream).await), ["1", "2", "4"]);
}

#[tokio::test]
async fn what_is_no_feed_is_refused_in_one_line_that_says_where() {
    let here = Here::new();
    let minted = here.mint("kittens");
    for body in [
        "",
        "hello",
        "<html><body>hi</body></html>",
        "{\"a\":1}",
        "<feed><entry><title",
        "\u{0}\u{1}",
    ] {
        let answer = here.post(&minted.callback, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body:?}: {}", answer.text);
        let line = answer.text.trim_end();
        assert!(
            !line.contains('\n') && line.contains("line 1") && line.contains("column"),
            "{body:?}: {line}"
        );
    }
}

#[tokio::test]
async fn a_callback_that_was_let_go_answers_410_until_it_is_subscribed_again() {
    let here = Here::new();
    let minted = here.mint("kittens");
    assert_eq!(
        here.get(&verification(&minted, "unsubscribe", "c")).await.status,
        StatusCode::OK
    );
    assert_eq!(
        here.post(&minted.callback, feeds::added(1..2)).await.status,
        StatusCode::GONE
    );
    assert_eq!(
        here.get(&verification(&minted, "subscribe", "c")).await.status,
        StatusCode::OK
    );
    assert_eq!(
        here.post(&minted.callback, feeds::added(1..2)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_denial_is_recorded_with_its_reason() {
    let here = Here::new();
    let minted = here.mint("kittens");
    here.get(&format!(
        "{}?hub.mode=denied&hub.topic=x&hub.reason=accounts+need+Pro",
        minted.callback
    ))
    .await;
    let store = rusqlite::Connection::open(here.dir.path().join("store.db")).unwrap();
    let recorded: String = store
        .query_row(
            "SELECT denied_reason FROM callbacks WHERE event = 'kittens'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(recorded, "accounts need Pro");
}

#[tokio::test]
async fn a_stream_says_hello_gives_the_newest_and_resumes_where_it_was() {
    let here = Here::new();
    let minted = here.mint("kittens");
    here.post(&minted.callback, feeds::added(1..21)).await;
    let first = here.messages(&minted.stream).await;
    let hello = &first[0];
    assert_eq!(
        (&hello["type"], &hello["version"]),
        (&"hello".into(), &env!("CARGO_PKG_VERSION").into())
    );
    assert_eq!(hello["events"], serde_json::json!(["kittens"]));
    assert!(hello["time"].as_str().unwrap().ends_with('Z') && hello["epoch"].as_str().unwrap().len() == 16);
    assert_eq!(
        photo_ids(&first),
        (11..21).map(|id| id.to_string()).collect::<Vec<_>>(),
        "the newest ten, in order"
    );
    assert_eq!(hello["position"], first[10]["position"]);

    assert_eq!(
        photo_ids(&here.messages(&format!("{}&last=2", minted.stream)).await),
        ["19", "20"]
    );
    let after = first[8]["position"].as_str().unwrap();
    assert_eq!(
        photo_ids(&here.messages(&format!("{}&after={after}", minted.stream)).await),
        ["19", "20"]
    );
}

#[tokio::test]
async fn a_stream_that_cannot_be_resumed_is_told_of_the_gap_and_gets_the_newest() {
    let here = Here::new();
    let minted = here.mint("kittens");
    here.post(&minted.callback, feeds::added(1..21)).await;
    for lost in ["0123456789abcdef:7", "what-a-later-version-may-send"] {
        let messages = here.messages(&format!("{}&last=3&after={lost}", minted.stream)).await;
        assert_eq!(
            messages[1],
            serde_json::json!({"type": "gap", "event": "kittens"}),
            "{lost}"
        );
        assert_eq!(photo_ids(&messages), ["18", "19", "20"]);
    }
}

#[tokio::test]
async fn nobody_follows_a_stream_by_guessing() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let status = async |address: &str| here.get(address).await.status.as_u16();
    assert_eq!(status("/stream").await, 400);
    assert_eq!(status("/stream?token=kittens").await, 404);
    assert_eq!(status(&minted.stream.replace("kittens", "puppies")).await, 404);
    assert_eq!(
        status(&format!(
            "/stream?token={}",
            minted.callback.rsplit_once('/').unwrap().1
        ))
        .await,
        404
    );
}

#[tokio::test]
async fn a_wall_is_a_page_of_ours_alone_and_its_address_stays_with_us() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let page = here.get(&minted.wall).await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
        "{policy}"
    );
    assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer");
    assert!(
        !page.text.contains("<script>") && !page.text.contains("style="),
        "nothing inline: {}",
        page.text
    );

    let none = here.get("/wall/kittens.nonsense").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(none.text.contains("This link belongs to no wall here"), "{}", none.text);
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there_for_ever_and_compressed() {
    let here = Here::with(|it| it, |conduit| conduit.with_front_wall(&"kittens".parse().unwrap()));
    let pages = [
        here.get("/").await,
        here.get(&here.mint("kittens").wall).await,
        here.get("/nothing").await,
    ];
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
        assert_eq!(
            file.headers[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
    }
    let script = named.iter().find(|it| it.ends_with("wall.js")).unwrap();
    let request = Request::get(script)
        .header("accept-encoding", "gzip")
        .body(Body::empty())
        .unwrap();
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
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    );
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
    assert_eq!(
        here.get(&format!("/callback/theirs/kittens?{query}")).await.status,
        StatusCode::NOT_FOUND
    );
    here.post("/callback/mine/kittens", feeds::added(5..7)).await;
    assert_eq!(photos.next().await.unwrap().id, "5");
    assert_eq!(photos.next().await.unwrap().title.unwrap(), "Photo 6");
}

#[tokio::test]
async fn a_full_disk_is_answered_with_503_so_that_the_hub_tries_again() {
    let here = Here::new();
    let minted = here.mint("kittens");
    // A trigger stands in for the disk: SQLite reports both as a statement that failed.
    let other = rusqlite::Connection::open(here.dir.path().join("history.db")).unwrap();
    other
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        .unwrap();
    let answer = here.post(&minted.callback, feeds::added(1..2)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers[header::RETRY_AFTER], "30");
    assert!(
        !answer.text.contains("disk full"),
        "the cause is for the log: {}",
        answer.text
    );
    assert_eq!(here.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    other.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(
        here.post(&minted.callback, feeds::added(1..2)).await.status,
        StatusCode::OK
    );
    assert_eq!(
        here.get("/readyz").await.status,
        StatusCode::OK,
        "it comes back by itself"
    );
}

#[tokio::test]
async fn the_delivery_limit_is_a_setting() {
    let here = Here::with(
        |config| Config {
            delivery_limit: 2048,
            ..config
        },
        |it| it,
    );
    let minted = here.mint("kittens");
    let answer = here.post(&minted.callback, feeds::added(1..10)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.text, "a delivery has at most 2048 bytes\n");
}
