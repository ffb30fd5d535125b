//! The remote in real Chromium: a phone drives a screen.

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::feeds;
use crate::support::practice::{practice_picture, practice_pictures};
use crate::support::program::{Program, mint};
use crate::support::socket::Socket;

fn photo(base: &str, id: u64, title: &str, owner: &str) -> Value {
    json!({"id": id.to_string(), "title": title, "owner": owner, "nsid": format!("{id}@N00"), "image": practice_picture(base, id, "n")})
}

async fn report(wall: &str, instance: &str, showing: &Value) {
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let request = client.post(format!("{wall}/screens/{instance}")).header("content-type", "application/json");
    let answer = request.body(showing.to_string()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
}

/// What the element reads that `css` finds.
fn text(css: &str) -> String {
    format!("document.querySelector('{css}')?.textContent")
}

/// The next message of a screen that is not a photo.
async fn told(screen: &mut Socket) -> Value {
    loop {
        let message = screen.next().await;
        if message["type"] != "photo" && message["type"] != "hello" {
            return message;
        }
    }
}

#[tokio::test]
async fn a_phone_sees_what_the_screens_show_and_drives_them_without_loading_the_page_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (base, pictures) = practice_pictures().await;
    let server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    let stream = minted.wall.replace("/wall/", "/stream?wall=");
    let browser = Browser::open().await;
    browser.client.set_window_size(390, 844).await.unwrap();
    browser.client.goto(&minted.remote).await.unwrap();
    browser.shows(&text("#none h2"), "No screen is connected").await;
    browser.keep("remote-none").await;

    // A screen connects, and is there by itself.
    let mut kitchen = Socket::open(&format!("{stream}&screen=kitchen&instance=instance-1")).await;
    assert_eq!(told(&mut kitchen).await["type"], "wall");
    browser.shows(&text("#screens h2"), "kitchen").await;
    browser.script("window.stayed = 'yes'").await;
    let cat = photo(&base, 53_000_000_001, "A cat <b>asleep</b> \u{732b}", "Ann");
    report(&minted.wall, "instance-1", &json!({"photos": [cat], "layout": "single", "waiting": 2})).await;
    browser.shows(&text(".photo .title"), "A cat <b>asleep</b> \u{732b}").await;
    browser.shows("String(document.querySelector('.photo img')?.naturalWidth > 0)", "true").await;
    browser.shows(&text("#screens .stage"), "on, 2 more waiting").await;
    browser.keep("remote").await;

    // Its buttons come to the screen, and what it then says comes to the phone.
    browser.press("#screens button[value=next]").await;
    assert_eq!(told(&mut kitchen).await, json!({"type": "command", "do": "next"}));
    browser.shows("document.getElementById('notice').textContent", "Next photo on kitchen.").await;
    browser.press("#screens button.turn").await;
    assert_eq!(told(&mut kitchen).await["do"], "pause");
    report(&minted.wall, "instance-1", &json!({"photos": [cat], "layout": "single", "paused": true})).await;
    browser.press("#screens button.turn[value=play]").await;
    assert_eq!(told(&mut kitchen).await["do"], "play");

    // A second screen: both at once.
    let mut hall = Socket::open(&format!("{stream}&screen=hall&instance=instance-2")).await;
    told(&mut hall).await;
    let four: Vec<_> = ["Bridge", "Fog", "A boat with a long name that goes on and on", ""]
        .iter()
        .zip(2..)
        .map(|(title, n)| photo(&base, 53_000_000_000 + n, title, "Nolan"))
        .collect();
    report(&minted.wall, "instance-2", &json!({"photos": four, "layout": "mosaic", "waiting": 37})).await;
    browser.shows("String(document.getElementById('all').hidden)", "false").await;
    browser.press("#all button[value=sleep]").await;
    assert_eq!((&told(&mut kitchen).await["do"], &told(&mut hall).await["do"]), (&"sleep".into(), &"sleep".into()));
    browser.shows("String(document.querySelectorAll('.photo').length)", "5").await;
    browser.keep("remote-two").await;

    // Hidden, listed, and shown again.
    browser.press("#s-instance-1 button[value=hide]").await;
    assert_eq!(told(&mut kitchen).await["hidden"], json!(["53000000001"]));
    browser.press("#s-instance-2 .photo:nth-child(2) button[value=mute]").await;
    assert_eq!(told(&mut kitchen).await["muted"][0]["nsid"], "53000000003@N00");
    browser.shows("document.getElementById('away-count').textContent", "2").await;
    browser.press("#away summary").await;
    browser.keep("remote-away").await;
    browser.press("#away button[value=unhide]").await;
    assert_eq!(told(&mut kitchen).await["hidden"], json!([]));
    browser.shows("document.getElementById('away-count').textContent", "1").await;

    // A screen that leaves is gone, and the page was never loaded anew.
    hall.leave().await;
    browser.shows("String(document.querySelectorAll('#screens .screen').length)", "1").await;
    assert_eq!(browser.script("return window.stayed").await, "yes");
    let logged = browser.script("return document.body.scrollWidth <= innerWidth").await;
    assert_eq!(logged, true, "nothing is cut off");

    // The server goes and comes back; so does the page.
    let port = server.port;
    server.kill().await;
    browser.shows("String(document.getElementById('notice').textContent.startsWith('No connection'))", "true").await;
    let server = Program::serve(dir.path(), port).await;
    browser.shows("String(document.getElementById('none').hidden)", "false").await;
    browser.shows("document.getElementById('away-count').textContent", "1").await;
    browser.close().await;
    server.kill().await;
    pictures.abort();
}

#[tokio::test]
async fn without_a_script_the_same_buttons_work_as_forms() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    client.post(&minted.callback).body(feeds::added(1..2)).send().await.unwrap();
    let stream = minted.wall.replace("/wall/", "/stream?wall=");
    let mut kitchen = Socket::open(&format!("{stream}&screen=kitchen&instance=instance-1")).await;
    told(&mut kitchen).await;
    report(&minted.wall, "instance-1", &json!({"photos": [{"id": "1", "title": "Photo 1", "nsid": "1@N00"}]})).await;
    let browser = Browser::without_scripts().await;
    browser.client.goto(&minted.remote).await.unwrap();
    browser.press("#screens button[value=next]").await;
    assert_eq!(told(&mut kitchen).await["do"], "next");
    browser.arrives("/remote/").await;
    let notice = browser.client.find(Locator::Css("#notice")).await.unwrap();
    assert_eq!(notice.text().await.unwrap(), "The next photo comes.");
    browser.press("#screens button[value=hide]").await;
    assert_eq!(told(&mut kitchen).await["hidden"], json!(["1"]));
    browser.press("#away summary").await;
    browser.press("#away button[value=unhide]").await;
    assert_eq!(told(&mut kitchen).await["hidden"], json!([]));
    browser.close().await;
    server.kill().await;
}
