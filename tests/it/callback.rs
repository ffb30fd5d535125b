//! The callback: each row of what hubs are answered, without a network.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use flickr_conduit::config::Config;
use flickr_conduit::event_name::EventName;
use flickr_conduit::handshake::MAX_CHALLENGE;

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
    check(format!("hub.mode=subscribe&hub.challenge=c&hub.verify_token={token}&hub.lease_seconds=60"), 200, "c").await;
    check(format!("hub_mode=unsubscribe&hub_challenge=c&hub_verify_token={token}"), 200, "c").await;
    check("mode=subscribe&challenge=c&verify_token=wrong".into(), 404, "no such callback").await;
    check("mode=subscribe&challenge=c".into(), 404, "no such callback").await;
    check("hub.mode=denied&hub.reason=Pro+only".into(), 200, "noted").await;
    let unknown = "unknown mode: expected subscribe, unsubscribe or denied";
    check(format!("mode=dance&challenge=c&verify_token={token}"), 400, unknown).await;
    let none = "no challenge: there is nothing to confirm with";
    check(format!("mode=subscribe&verify_token={token}"), 400, none).await;
    let long = "c".repeat(MAX_CHALLENGE + 1);
    let too_long = "the challenge has 1025 bytes: at most 1024 are echoed";
    check(format!("mode=subscribe&challenge={long}&verify_token={token}"), 400, too_long).await;
}

#[tokio::test]
async fn what_somebody_wants_of_a_callback_decides_its_verification() {
    let here = Here::new();
    let (event, minted) = ("kittens".parse::<EventName>().unwrap(), here.mint("kittens"));
    let status = async |mode: &str| here.get(&verification(&minted, mode, "c")).await.status.as_u16();
    here.conduit.record_wish(&event, true).await.unwrap();
    assert_eq!((status("subscribe").await, status("unsubscribe").await), (200, 404), "nobody asked to end it");
    here.conduit.record_wish(&event, false).await.unwrap();
    assert_eq!((status("subscribe").await, status("unsubscribe").await), (404, 200), "nobody wants it");
}

#[tokio::test]
async fn a_stranger_cannot_tell_a_callback_of_ours_from_any_other_address() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let altered = minted.callback.replace("kittens", "puppies");
    let ours = here.get(&format!("{}?mode=subscribe&challenge=c&verify_token=no", minted.callback)).await;
    let query = "?mode=subscribe&challenge=c&verify_token=no";
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        for address in [path(&altered), "/callback/x", "/callback/a/b", "/callback", "/callback/", "/callback/%FF"] {
            let body = Body::from(feeds::added(1..2));
            let request =
                Request::builder().method(method.clone()).uri(format!("{address}{query}")).body(body).unwrap();
            let mut theirs = here.send(request).await;
            // Requests are numbered; the number says nothing about the address.
            theirs.headers.insert("x-request-id", ours.headers["x-request-id"].clone());
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
    let answer = here.get(&format!("{address}&mode=subscribe&challenge=c&verify_token={}", minted.verify_token)).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "c"));
    assert_eq!(here.post(&address, feeds::added(1..3)).await.text, "2 new, 0 repeated, 0 skipped, 0 bad\n");
    assert_eq!(photo_ids(&here.messages(&minted.stream).await), ["1", "2"]);
}

#[tokio::test]
async fn a_delivery_is_published_once_and_its_repeat_is_acknowledged_too() {
    let here = Here::new();
    let minted = here.mint("kittens");
    assert_eq!(here.post(&minted.callback, feeds::added(1..4)).await.text, "3 new, 0 repeated, 0 skipped, 0 bad\n");
    let again = here.post(&minted.callback, feeds::added(3..5)).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::OK, "1 new, 1 repeated, 0 skipped, 0 bad\n"));
    assert_eq!(here.post(&minted.callback, feeds::removed(2)).await.status, StatusCode::OK);
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
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "3 new, 0 repeated, 1 skipped, 2 bad\n"));
    assert_eq!(photo_ids(&here.messages(&minted.stream).await), ["1", "2", "4"]);
}

#[tokio::test]
async fn a_document_that_breaks_off_is_refused_though_what_was_whole_is_published_and_comes_once() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let whole = feeds::added(1..6);
    let third = whole.match_indices("<entry").nth(2).unwrap().0;
    for cut in [third, third + 40, whole.len() - 3] {
        let answer = here.post(&minted.callback, whole[..cut].to_owned()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert!(answer.text.starts_with("the document breaks off"), "{}", answer.text);
    }
    let answer = here.post(&minted.callback, whole).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "0 new, 5 repeated, 0 skipped, 0 bad\n"));
    let mut seen = photo_ids(&here.messages(&format!("{}&last=50", minted.stream)).await).len();
    assert_eq!(seen, 5);
    // One bad entry in a whole document is another matter: it would be as bad the next time.
    let mut bad = feeds::added(6..8);
    let last = bad.rfind("</id>").unwrap();
    bad.replace_range(last..last + 5, "</od>");
    assert_eq!(here.post(&minted.callback, bad).await.status, StatusCode::OK);
    seen = photo_ids(&here.messages(&format!("{}&last=50", minted.stream)).await).len();
    assert_eq!(seen, 6);
}

#[tokio::test]
async fn what_is_no_feed_is_refused_in_one_line_that_says_where() {
    let here = Here::new();
    let minted = here.mint("kittens");
    for body in ["", "hello", "<html><body>hi</body></html>", "{\"a\":1}", "<feed><entry><title", "\u{0}\u{1}"] {
        let answer = here.post(&minted.callback, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body:?}: {}", answer.text);
        let line = answer.text.trim_end();
        assert!(!line.contains('\n') && line.contains("line 1") && line.contains("column"), "{body:?}: {line}");
    }
}

#[tokio::test]
async fn a_compressed_delivery_is_refused_by_its_name() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let request = Request::post(path(&minted.callback)).header(header::CONTENT_ENCODING, "gzip");
    let answer = here.send(request.body(Body::from("\u{1f}")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.text, "the body is encoded (gzip): send it as it is\n");
}

#[tokio::test]
async fn a_callback_that_was_let_go_answers_410_until_it_is_subscribed_again() {
    let here = Here::new();
    let minted = here.mint("kittens");
    assert_eq!(here.get(&verification(&minted, "unsubscribe", "c")).await.status, StatusCode::OK);
    assert_eq!(here.post(&minted.callback, feeds::added(1..2)).await.status, StatusCode::GONE);
    assert_eq!(here.get(&verification(&minted, "subscribe", "c")).await.status, StatusCode::OK);
    assert_eq!(here.post(&minted.callback, feeds::added(1..2)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_denial_is_recorded_with_its_reason() {
    let here = Here::new();
    let minted = here.mint("kittens");
    here.get(&format!("{}?hub.mode=denied&hub.topic=x&hub.reason=accounts+need+Pro", minted.callback)).await;
    let store = rusqlite::Connection::open(here.dir.path().join("store.db")).unwrap();
    let recorded: String =
        store.query_row("SELECT denied_reason FROM callbacks WHERE event = 'kittens'", [], |row| row.get(0)).unwrap();
    assert_eq!(recorded, "accounts need Pro");
}

#[tokio::test]
async fn a_full_disk_is_answered_with_503_so_that_the_hub_tries_again() {
    let here = Here::new();
    let minted = here.mint("kittens");
    // A trigger stands in for the disk: SQLite reports both as a statement that failed.
    let other = rusqlite::Connection::open(here.dir.path().join("history.db")).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END;
             CREATE TRIGGER full_too BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'disk full'); END",
        )
        .unwrap();
    let answer = here.post(&minted.callback, feeds::added(1..2)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers[header::RETRY_AFTER], "30");
    assert!(!answer.text.contains("disk full"), "the cause is for the log: {}", answer.text);
    assert_eq!(here.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    other.execute_batch("DROP TRIGGER full; DROP TRIGGER full_too").unwrap();
    assert_eq!(here.get("/readyz").await.status, StatusCode::OK, "it comes back by itself");
    assert_eq!(here.post(&minted.callback, feeds::added(1..2)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_delivery_limit_is_a_setting() {
    let here = Here::with(|config| Config { delivery_limit: 2048, ..config }, |it| it);
    let minted = here.mint("kittens");
    let answer = here.post(&minted.callback, feeds::added(1..10)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.text, "a delivery has at most 2048 bytes\n");
}
