//! The debug pages in real Chromium: a delivery appears, is opened, followed to the screen that paints it, and played again.

use fantoccini::Locator;

use crate::support::browser::Browser;
use crate::support::feeds;
use crate::support::practice::{practice_picture, practice_pictures};
use crate::support::program::{Program, command, mint};

async fn operator_link(dir: &std::path::Path, port: u16) -> String {
    let out = command(dir).args(["mint", "--operator", "--port", &port.to_string()]).output().await.unwrap();
    String::from_utf8(out.stdout).unwrap().strip_prefix("operator: ").unwrap().trim().to_owned()
}

/// What the first element reads that `css` finds.
fn text(css: &str) -> String {
    format!("document.querySelector('{css}')?.textContent")
}

const NEWEST: &str = "#log > li:first-child";

#[tokio::test]
async fn a_delivery_appears_by_itself_is_followed_to_the_screen_opened_and_played_again() {
    let dir = tempfile::tempdir().unwrap();
    let (base, pictures) = practice_pictures().await;
    let server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let wall = Browser::open().await;
    wall.client.goto(&minted.wall).await.unwrap();
    wall.shows("document.body.dataset.connection", "live").await;

    let browser = Browser::open().await;
    browser.client.goto(&operator_link(dir.path(), server.port).await).await.unwrap();
    assert_eq!(browser.client.current_url().await.unwrap().query(), None, "the key left the address");
    browser.shows(&text("#state"), "live").await;
    browser.shows("String(document.getElementById('empty').hidden)", "false").await;
    browser.keep("debug-empty").await;
    browser.script("window.stayed = 'yes'").await;

    // A hub without the right token, and then a delivery.
    let wrong = format!("{}?mode=subscribe&challenge=c&verify_token=WrongWrong", minted.callback);
    client.get(&wrong).send().await.unwrap();
    browser.shows(&text(&format!("{NEWEST} .verdict")), "wrong token").await;
    let title = "Kittens & <b>bold</b> moves";
    let body = feeds::titled(53_000_000_001, title, &practice_picture(&base, 53_000_000_001, "z"));
    client.post(&minted.callback).body(body.clone()).send().await.unwrap();
    browser.shows(&text(&format!("{NEWEST} .verdict")), "published").await;
    browser.shows(&text(&format!("{NEWEST} .sent")), "1 stream, 1 screen").await;
    // The screen says that it painted it, and the row that is there already says so too.
    let painted = format!("{}.startsWith('painted after ')", text(&format!("{NEWEST} .seen")));
    browser.shows(&format!("String({painted})"), "true").await;
    assert_eq!(browser.script("return window.stayed").await, "yes");
    browser.keep("debug-log").await;

    // Paused, what comes waits.
    browser.press("#pause").await;
    client.post(&minted.callback).body("<html>").send().await.unwrap();
    browser.shows(&text("#state"), "paused, 1 new").await;
    browser.shows(&text(&format!("{NEWEST} .verdict")), "published").await;
    browser.press("#pause").await;
    browser.shows(&text(&format!("{NEWEST} .verdict")), "not a feed").await;

    // Opened: its way, its card, its bytes; nothing of them is markup.
    browser.press("#log > li:nth-child(2) a").await;
    browser.arrives("/debug/records/2").await;
    browser.shows(&text(".made .title"), title).await;
    browser.shows("String(document.querySelector('.made img')?.naturalWidth > 0)", "true").await;
    browser.shows("String(document.querySelectorAll('.raw b, .made b b').length)", "0").await;
    browser.shows(&format!("String({}.includes('painted it'))", text(".journey li:last-child b")), "true").await;
    browser.keep("debug-record").await;
    browser.client.set_window_size(390, 844).await.unwrap();
    browser.keep("debug-record-phone").await;
    browser.shows("String(document.documentElement.scrollWidth <= innerWidth)", "true").await;

    // Played again: a repeat here, new elsewhere.
    browser.press("form[action$='/replay'] button").await;
    browser.arrives("/debug/records/4").await;
    browser.shows(&text("h1"), "1 entry, 1 repeat: taken with 200").await;
    browser.fill("#event", "puppies").await;
    browser.press("form[action$='/replay'] button").await;
    browser.arrives("/debug/records/5").await;
    browser.shows(&text("h1"), "1 entry, 1 new: taken with 200").await;

    // A file that is dropped on the page.
    browser.press(".tabs a").await;
    browser.shows(&text("#state"), "live").await;
    browser.keep("debug-log-phone").await;
    browser.shows("String(document.documentElement.scrollWidth <= innerWidth)", "true").await;
    browser.press("#deliver summary").await;
    browser.fill("#event", "kittens").await;
    let drop = format!(
        "const files = new DataTransfer();
         files.items.add(new File([{}], 'x.xml', {{ type: 'text/xml' }}));
         dispatchEvent(new DragEvent('dragover', {{ dataTransfer: files, cancelable: true }}));
         dispatchEvent(new DragEvent('drop', {{ dataTransfer: files, cancelable: true }}));",
        serde_json::to_string(&feeds::titled(53_000_000_002, "Dropped", &practice_picture(&base, 53_000_000_002, "z")))
            .unwrap()
    );
    browser.script(&drop).await;
    browser.shows(&text(&format!("{NEWEST} .sentence")), "1 entry, 1 new: taken with 200").await;
    browser.shows(&text(&format!("{NEWEST} [data-text=kind]")), "dropped file").await;
    wall.shows("document.body.dataset.photo", "53000000002").await;
    browser.shows(&text("#notice a"), "Open its record").await;
    browser.keep("debug-deliver-phone").await;
    browser.close().await;

    // What differs is said in words; without a script there is all of it too.
    let plain = Browser::without_scripts().await;
    plain.client.goto(&operator_link(dir.path(), server.port).await).await.unwrap();
    assert_eq!(plain.client.find_all(Locator::Css("#log > li")).await.unwrap().len(), 6);
    plain.press("#deliver summary").await;
    plain.fill("#event", "kittens").await;
    plain.fill("#text", "hello").await;
    plain.press("#drop button").await;
    plain.arrives("/debug/records/7").await;
    plain.close().await;
    wall.close().await;
    server.kill().await;
    pictures.abort();
}
