//! The browser: the wall in real Chromium, driven through chromedriver.

use fantoccini::Locator;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::support::browser::Browser;
use crate::support::feeds;
use crate::support::practice::{practice_picture, practice_pictures};
use crate::support::program::{Program, mint, next_line};

pub(crate) const PHOTO: &str = "document.body.dataset.photo";
pub(crate) const TITLE: &str = "(document.querySelector('.frame:last-child .title') || {}).textContent";
pub(crate) const CONNECTION: &str = "document.body.dataset.connection";
/// Whether a picture with pixels covers a good part of the window.
pub(crate) const PAINTED: &str = "String(Array.from(document.querySelectorAll('#stage img')).some(
    i => i.naturalWidth > 0 && i.getBoundingClientRect().height > innerHeight / 2))";

async fn deliver(callback: &str, body: String) {
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let posted = client.post(callback).body(body).send().await.unwrap();
    assert!(posted.status().is_success(), "{}", posted.text().await.unwrap());
}

#[tokio::test]
async fn a_delivered_photo_is_on_the_wall_which_survives_a_killed_server_and_shows_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let (base, pictures) = practice_pictures().await;
    let server = Program::serve(dir.path(), 0).await;
    let port = server.port;
    let minted = mint(dir.path(), port, "kittens").await;
    let browser = Browser::open().await;
    browser.client.goto(&minted.wall).await.unwrap();
    browser.shows(CONNECTION, "live").await;

    // Text is text, whatever it looks like.
    let title = "Kittens & <b>bold</b> moves \u{732b}";
    deliver(&minted.callback, feeds::titled(53_000_000_001, title, &practice_picture(&base, 53_000_000_001, "z")))
        .await;
    browser.shows(PHOTO, "53000000001").await;
    browser.shows(TITLE, title).await;
    browser.shows(PAINTED, "true").await;

    // An update changes the title in place.
    let renamed = feeds::titled(53_000_000_001, "Renamed", &practice_picture(&base, 53_000_000_001, "z"));
    let renamed =
        renamed.replace("\"created\"", "\"title\"").replace("<updated>2026-11-22T11", "<updated>2026-11-22T12");
    deliver(&minted.callback, renamed).await;
    browser.shows(TITLE, "Renamed").await;

    // No word of farewell; the page keeps its picture and says quietly that it is alone.
    server.kill().await;
    browser.shows(CONNECTION, "away").await;
    browser.shows(PAINTED, "true").await;

    let server = Program::serve(dir.path(), port).await;
    browser.shows(CONNECTION, "live").await;
    deliver(&minted.callback, feeds::titled(53_000_000_002, "The next", &practice_picture(&base, 53_000_000_002, "z")))
        .await;
    browser.shows(PHOTO, "53000000002").await;
    browser.shows(TITLE, "The next").await;

    // What is deleted leaves the screen.
    deliver(&minted.callback, feeds::removed(53_000_000_002)).await;
    browser.shows(PHOTO, "53000000001").await;

    // A second screen sees the last photos at once.
    browser.client.goto("about:blank").await.unwrap();
    browser.client.goto(&minted.wall).await.unwrap();
    browser.shows(PHOTO, "53000000001").await;
    browser.shows(TITLE, "Renamed").await;
    browser.close().await;
    server.kill().await;
    pictures.abort();
}

#[tokio::test]
async fn the_demo_paints_a_photo_by_itself_and_its_front_page_leads_to_the_wall() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = crate::support::program::command(dir.path());
    command.args(["demo", "--port", "0", "--pace", "2"]);
    let mut demo = Program::start(command).await;
    let mut out = BufReader::new(demo.child.stdout.take().unwrap()).lines();
    let wall = loop {
        if let Some((_, wall)) = next_line(&mut out).await.unwrap().split_once("Open the wall:") {
            break wall.trim().to_owned();
        }
    };
    let browser = Browser::open().await;
    browser.client.goto(&wall).await.unwrap();
    browser.shows(PAINTED, "true").await;
    browser.keep("demo").await;

    // The front page leads there by a plain link, which needs no script.
    browser.client.goto(wall.split("/wall/").next().unwrap()).await.unwrap();
    let link = browser.client.find(Locator::Css("a[href^='/wall/']")).await.unwrap();
    link.click().await.unwrap();
    assert!(browser.client.current_url().await.unwrap().path().starts_with("/wall/"));
    browser.close().await;
    let (status, log) = demo.terminate().await;
    assert!(status.success(), "{log:#?}");
}
