//! The delivery log on the wire: what a hub does, and a screen shows, is there in words.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use flickr_conduit::delivery_log::{Hub, Kind, Record, Scope, Verdict, Whole};
use serde_json::json;

use crate::support::socket::Socket;
use crate::support::{Here, Served, feeds, path, until, verification};

const ALL: &Scope = &Scope::Everything;

async fn newest(conduit: &flickr_conduit::Conduit) -> Whole {
    let log = conduit.delivery_log();
    let record = log.newest(ALL, None, 1).await.unwrap().remove(0);
    log.get(ALL, record.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_delivery_is_followed_from_the_hub_to_the_screen_that_paints_it() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let stream = minted.wall.replace("/wall/", "/stream?wall=");
    let mut screen = Socket::open(&format!("{stream}&screen=kitchen&instance=instance-1")).await;
    assert_eq!(screen.next().await["type"], "hello");
    let _program = Socket::open(&minted.stream).await;
    let body = feeds::added(1..3);
    let posted = client.post(&minted.callback).header("user-agent", "Flickr Kitten Hose").body(body.clone());
    assert_eq!(posted.send().await.unwrap().status().as_u16(), 200);

    let Whole { record, head, body: kept } = newest(&here.conduit).await;
    assert_eq!(kept.as_deref(), Some(body.as_bytes()));
    assert_eq!((record.kind, record.hub, record.from.as_str()), (Kind::Delivery, Hub::Flickr, "127.0.0.1"));
    assert_eq!((record.verdict.clone(), record.status), (Verdict::Published, 200));
    let parsed = record.parsed.clone().unwrap();
    assert_eq!((parsed.entries, parsed.fresh, parsed.streams, parsed.screens), (2, 2, 2, 1));
    assert_eq!((parsed.photos, parsed.painted), (vec!["1".to_owned(), "2".into()], None));
    assert!(parsed.delay_ms.is_some() && parsed.published_at.unwrap() >= record.at);
    assert!(head.address.starts_with("/callback/kittens.") && head.address.ends_with('…'), "{}", head.address);

    // The screen says what it shows: another photo first, then one of these.
    for id in ["9", "2"] {
        let showing = json!({"photos": [{"id": id}], "layout": "single"});
        let report = client.post(format!("{}/screens/instance-1", minted.wall)).body(showing.to_string());
        let answer = report.header("content-type", "application/json").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 204);
    }
    let painted = newest(&here.conduit).await.record.parsed.unwrap().painted.unwrap();
    assert_eq!((painted.screen.as_str(), painted.photo.as_str()), ("kitchen", "2"));
    assert!(painted.after_ms >= 0 && painted.at >= record.at);

    // The same again is a repeat, and reaches nobody.
    client.post(&minted.callback).body(body).send().await.unwrap();
    let again = newest(&here.conduit).await.record;
    assert_eq!(again.sentence(), "2 entries, 2 repeats: taken with 200");
    assert_eq!(again.parsed.map(|it| (it.streams, it.screens)), Some((0, 0)));
    here.stop().await;
}

#[tokio::test]
async fn every_way_to_refuse_a_hub_is_in_the_log_in_words() {
    let here = Here::with(|config| flickr_conduit::config::Config { delivery_limit: 2048, ..config }, |it| it);
    let minted = here.mint("kittens");
    let check = async |said: &str| {
        let record: Record = newest(&here.conduit).await.record;
        assert_eq!(record.sentence(), said);
    };
    here.get(&verification(&minted, "subscribe", "c")).await;
    check("the token is right and somebody wants it: subscribed").await;
    here.get(&format!("{}?mode=subscribe&challenge=c", minted.callback)).await;
    check(&format!("no verify_token came, and we hold {}…: refused with 404", &minted.verify_token[..2])).await;
    here.get(&verification(&minted, "dance", "c")).await;
    check("unknown mode: expected subscribe, unsubscribe or denied: refused with 400").await;
    here.get(&format!("{}?hub.mode=denied&hub.reason=Pro+only", minted.callback)).await;
    check("the hub will not serve this subscription: Pro only").await;
    let put = Request::put(path(&minted.callback)).body(Body::empty()).unwrap();
    assert_eq!(here.send(put).await.status, StatusCode::NOT_FOUND);
    check("a hub sends GET to verify and POST to deliver, and nothing else: refused with 404").await;
    here.post(&minted.callback.replace("kittens", "puppies"), "x").await;
    check("not a callback that this server minted (has SECRET_KEY changed, or was the address cut?): refused with 404")
        .await;
    here.post(&minted.callback, "<html>").await;
    check("not a feed: the root element is <html> (line 1, column 1): refused with 400").await;
    // What was read of a body that is too large is kept; of one that says so itself nothing was read.
    here.post(&minted.callback, Body::from_stream(chunks(vec!["x".repeat(2000), "y".repeat(2000)]))).await;
    check("more than the 2048 bytes of DELIVERY_LIMIT_BYTES: refused with 413").await;
    assert_eq!(newest(&here.conduit).await.record.size, 2048);
    let bad = feeds::added(1..3).replacen("</entry>", "</od>", 1);
    here.post(&minted.callback, bad).await;
    let record = newest(&here.conduit).await.record;
    assert_eq!(record.sentence(), "2 entries, 1 new, 1 bad: taken with 200, but for what could not be read");
    let flaws = record.parsed.unwrap().flaws;
    assert!(flaws[0].starts_with("line ") && flaws[0].contains("column") && flaws[0].contains("</od>"), "{flaws:?}");
    here.get(&verification(&minted, "unsubscribe", "c")).await;
    here.post(&minted.callback, feeds::added(1..2)).await;
    check("this subscription has ended: refused with 410").await;
}

fn chunks(chunks: Vec<String>) -> impl futures_util::Stream<Item = Result<String, std::io::Error>> {
    futures_util::stream::iter(chunks.into_iter().map(Ok))
}

#[tokio::test]
async fn the_log_is_there_after_a_restart_and_costs_nothing_when_it_is_off() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    client.post(&minted.callback).body(feeds::added(1..2)).send().await.unwrap();
    let here = here.restart().await;
    let log = here.conduit.delivery_log().clone();
    until("the record", async || log.newest(ALL, None, 9).await.unwrap().pop()).await;
    here.stop().await;
    let off = Here::with(|config| flickr_conduit::config::Config { log_deliveries: 0, ..config }, |it| it);
    assert_eq!(off.post(&off.mint("kittens").callback, feeds::added(1..2)).await.status, StatusCode::OK);
    assert_eq!(off.conduit.delivery_log().newest(ALL, None, 9).await.unwrap(), []);
    assert!(!off.dir.path().join("deliveries.db").exists());
}

#[tokio::test]
async fn the_command_on_a_records_page_does_the_same_again_when_it_is_pasted() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    client.get(verification(&minted, "subscribe", "it's%20c1")).send().await.unwrap();
    let bodies = [feeds::added(1..3), format!("{}\r\n\t'$HOME` END_OF_BODY\n", feeds::added(3..4)), "\u{1}".into()];
    for body in &bodies {
        client.post(&minted.callback).header("content-type", "text/xml").body(body.clone()).send().await.unwrap();
    }
    let cookie = operator(&here.conduit).await;
    for (n, expected) in ["it's c1", "0 new, 2 repeated", "0 new, 1 repeated", "not a feed"].into_iter().enumerate() {
        let page =
            client.get(format!("http://127.0.0.1:{}/debug/records/{}", here.port, n + 1)).header("cookie", &cookie);
        let page = page.send().await.unwrap().text().await.unwrap();
        let command = page.split(r#"id="curl" tabindex="0">"#).nth(1).unwrap().split("</pre>").next().unwrap();
        let command = unescaped(command);
        let run = tokio::process::Command::new("bash").args(["-c", &command]).output().await.unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains(expected), "{command}\n{said}");
        let again = newest(&here.conduit).await;
        if n > 0 {
            // A shell ends what is pasted with a line feed; the page says so.
            let (sent, came) = (&bodies[n - 1], again.body.unwrap());
            let came = std::str::from_utf8(&came).unwrap();
            assert!(came == sent || (n == 1 && came.strip_suffix('\n') == Some(sent)), "{came:?}");
            assert_eq!(again.head.headers.iter().find(|(it, _)| it == "content-type").unwrap().1, "text/xml");
        }
    }
    here.stop().await;
}

/// The cookie of whoever opened the operator's link.
async fn operator(conduit: &flickr_conduit::Conduit) -> String {
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let answer = client.get(conduit.operator_link()).send().await.unwrap();
    answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// What a browser makes of the page's text.
fn unescaped(html: &str) -> String {
    let entities = [
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
    ];
    let text = entities.iter().fold(html.to_owned(), |text, (entity, it)| text.replace(entity, it));
    text.replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn whoever_tails_the_log_hears_of_records_live_and_resumes() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let link = here.conduit.operator_link();
    let address = link.replace("/debug?key=", "/stream?debug=");
    let mut tail = Socket::open(&address).await;
    assert_eq!(tail.next().await["type"], "hello");
    client.post(&minted.callback).body(feeds::added(1..3)).send().await.unwrap();
    let told = tail.next().await;
    assert_eq!(
        (&told["type"], &told["new"], &told["row"]["verdict"]),
        (&"record".into(), &true.into(), &"published".into())
    );
    assert_eq!(told["record"]["parsed"]["photos"], json!(["1", "2"]));
    let here = here.restart().await;
    tail.end().await;
    client.post(&minted.callback).body(feeds::added(3..4)).send().await.unwrap();
    let mut tail = Socket::open(&format!("{address}&after={}", told["position"].as_str().unwrap())).await;
    assert_eq!(tail.next().await["backlog"], 1);
    assert_eq!(tail.next().await["record"]["parsed"]["photos"], json!(["3"]));
    here.stop().await;
}
