//! Hostile requests. Each comment is the rule that is defended.

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use futures_util::{StreamExt, stream};

use crate::support::{Here, feeds, path, photo_ids, verification};

#[tokio::test]
async fn an_announced_flood_is_refused_before_a_byte_of_it_is_read() {
    // 413 before reading on.
    let here = Here::new();
    let minted = here.mint("kittens");
    let unread = Body::from_stream(stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, std::io::Error>>> {
        panic!("nothing is read")
    }));
    let request = Request::post(path(&minted.callback)).header(header::CONTENT_LENGTH, "2097153").body(unread).unwrap();
    assert_eq!(here.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_flood_without_an_announcement_is_cut_off_at_the_limit() {
    // Chunked bodies have no length to look at; the limit holds while they come.
    let here = Here::new();
    let minted = here.mint("kittens");
    let (chunk, read) =
        (Bytes::from(vec![b' '; 64 * 1024]), std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0)));
    let counted = read.clone();
    let endless = stream::repeat_with(move || {
        counted.fetch_add(chunk.len(), std::sync::atomic::Ordering::Relaxed);
        Ok::<_, std::io::Error>(chunk.clone())
    });
    let request = Request::post(path(&minted.callback)).body(Body::from_stream(endless)).unwrap();
    assert_eq!(here.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let read = read.load(std::sync::atomic::Ordering::Relaxed);
    assert!(read <= 2 * 1024 * 1024 + 2 * 64 * 1024, "{read} bytes were read");
}

#[tokio::test]
async fn the_body_of_a_stranger_is_not_read_at_all() {
    // Who is no hub of ours costs us no memory and no time.
    let here = Here::new();
    let unread = Body::from_stream(stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, std::io::Error>>> {
        panic!("nothing is read")
    }));
    let request = Request::post("/callback/kittens.AAAAAAAAAAAAAAAAAAAAAA").body(unread).unwrap();
    assert_eq!(here.send(request).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_that_breaks_off_publishes_nothing() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let half = feeds::added(1..3).into_bytes();
    let broken = stream::iter([Ok(Bytes::from(half)), Err(std::io::Error::other("reset"))]);
    let answer = here.send(Request::post(path(&minted.callback)).body(Body::from_stream(broken)).unwrap()).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::BAD_REQUEST, "the body broke off\n"));
    assert!(photo_ids(&here.messages(&minted.stream).await).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up_and_publishes_nothing() {
    // Time limits everywhere: a hub that hangs holds nothing of ours for long.
    let here = Here::new();
    let minted = here.mint("kittens");
    let endless = stream::once(async { Ok::<_, std::io::Error>(Bytes::from("<feed>")) }).chain(stream::pending());
    let answer = here.send(Request::post(path(&minted.callback)).body(Body::from_stream(endless)).unwrap()).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::REQUEST_TIMEOUT, "the body took too long\n"));
}

#[tokio::test]
async fn markup_in_a_title_is_text_in_every_surface() {
    // Text is text: a title from Flickr is never markup.
    let here = Here::new();
    let minted = here.mint("kittens");
    let title = "<script>alert(\"1\")</script> & \u{2028} \\ \"";
    here.post(&minted.callback, feeds::titled(1, title, "https://example.org/1.jpg")).await;
    let messages = here.messages(&minted.stream).await;
    assert_eq!(messages[1]["photo"]["title"], title);
}

#[tokio::test]
async fn a_link_cannot_break_out_of_the_page_that_shows_it() {
    // Askama escapes what stands in the page; the error page does not repeat the address at all.
    let here = Here::new();
    let page = here.get("/wall/%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.text.contains("alert(1)"), "{}", page.text);
}

#[tokio::test]
async fn entity_bombs_and_files_are_not_expanded() {
    // No entity of a document type is ever expanded.
    let here = Here::new();
    let minted = here.mint("kittens");
    let bomb = r#"<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>"#;
    let body = feeds::feed(&feeds::entry(1, "&b;&f;")).replacen("?>", &format!("?>{bomb}"), 1);
    assert_eq!(here.post(&minted.callback, body).await.status, StatusCode::OK);
    assert_eq!(here.messages(&minted.stream).await[1]["photo"]["title"], "&b;&f;");
}

#[tokio::test]
async fn addresses_that_a_browser_would_run_are_left_out() {
    // javascript: and data: are no pages and no pictures.
    let here = Here::new();
    let minted = here.mint("kittens");
    let body = feeds::titled(1, "t", "javascript:alert(1)")
        .replace("https://www.flickr.com/photos/12345678@N00/1/", "data:text/html,x");
    here.post(&minted.callback, body).await;
    let photo = &here.messages(&minted.stream).await[1]["photo"];
    assert_eq!((photo.get("page"), photo.get("images")), (None, None), "{photo}");
}

#[tokio::test]
async fn a_page_of_another_site_opens_no_stream() {
    // WebSockets and event streams know no same-origin rule of their own.
    let here = Here::new();
    let minted = here.mint("kittens");
    for accept in ["text/event-stream", "application/json"] {
        let request = Request::get(path(&minted.stream))
            .header("origin", "https://evil.example.org")
            .header("host", "localhost:8080")
            .header("accept", accept);
        let answer = here.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn nothing_of_a_request_can_add_a_header_to_the_answer() {
    // A challenge is echoed into the body, where line breaks do no harm.
    let here = Here::new();
    let answer = here.get(&verification(&here.mint("kittens"), "subscribe", "a%0D%0ASet-Cookie:%20b=c")).await;
    assert_eq!(answer.text, "a\r\nSet-Cookie: b=c");
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
}
