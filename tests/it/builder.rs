//! The page that writes a wall's link, in real Chromium.

use fantoccini::Locator;

use crate::browser::CONNECTION;
use crate::support::browser::Browser;
use crate::support::{Served, path, until};

const ADDRESS: &str = "document.getElementById('address').value";
const OPEN: &str = "document.getElementById('open').search";
const CODE: &str = "new URL(document.getElementById('code').src).search";
const PREVIEW: &str = "String([...document.querySelectorAll('#glass iframe')].map(it => new URL(it.src).search))";

#[tokio::test]
async fn the_link_the_code_and_the_preview_follow_what_is_chosen_and_the_wall_opens_so() {
    let served = Served::new().await;
    let wall = served.conduit.mint("kittens").unwrap().wall;
    let browser = Browser::open().await;
    browser.client.goto(&format!("{wall}/settings?caption=title&qr=maybe")).await.unwrap();
    browser.shows(ADDRESS, &format!("{wall}?caption=title")).await;
    browser.shows(PREVIEW, "?caption=title&preview=1").await;

    // What was wrong in the address is said until something is chosen.
    browser.shows("document.getElementById('qr-error').textContent", "qr is \"maybe\": expected on or off").await;

    // What is typed settles; only what differs from the defaults gets into the link.
    browser.fill("#interval", "020").await;
    browser.press("#history").await;
    browser.press("#layout option[value=mosaic]").await;
    browser.press("#caption option[value=full]").await;
    let query = "?history=off&layout=mosaic&interval=20";
    browser.shows(ADDRESS, &format!("{wall}{query}")).await;
    browser.shows(OPEN, query).await;
    browser.shows("String(document.getElementById('qr-error').hidden)", "true").await;
    browser.shows(CODE, query).await;
    browser.shows(PREVIEW, &format!("{query}&preview=1")).await;
    browser.shows("location.search", query).await;
    let drawn = "String(document.getElementById('code').naturalWidth > 0)";
    browser.shows(drawn, "true").await;

    // The wall in the preview is alive, and a standing screen is higher than wide.
    let inside = "document.querySelector('#glass iframe').contentDocument.body.dataset";
    browser.shows(&format!("{inside}.connection"), "live").await;
    browser.shows(&format!("{inside}.preview"), "yes").await;
    browser.press("[value=standing]").await;
    browser.shows("String(glass.clientHeight > glass.clientWidth)", "true").await;
    browser.press("[value=lying]").await;

    // What cannot be understood is said at its field, and stays out of the link.
    browser.fill("#night", "mo 22:00-7:00").await;
    browser
        .shows("String(document.getElementById('night-error').textContent.includes('\"mo\" is no day'))", "true")
        .await;
    browser.shows("document.getElementById('night').getAttribute('aria-invalid')", "true").await;
    browser.shows(ADDRESS, &format!("{wall}{query}")).await;
    browser.keep("builder").await;
    browser.fill("#night", "mon 22:00-7:00").await;
    browser.shows("String(document.getElementById('night-error').hidden)", "true").await;
    browser.shows(OPEN, &format!("{query}&night=mon+22:00-07:00")).await;

    browser.press("#open").await;
    browser.shows(CONNECTION, "live").await;
    browser.shows("String(JSON.parse(document.body.dataset.settings).interval)", "20").await;
    browser.close().await;
    served.stop().await;
}

#[tokio::test]
async fn without_scripts_the_form_shows_the_link_and_opens_the_wall() {
    let served = Served::new().await;
    let wall = served.conduit.mint("kittens").unwrap().wall;
    let browser = Browser::without_scripts().await;
    browser.client.goto(&format!("{wall}/settings")).await.unwrap();
    browser.fill("#interval", "20").await;
    browser.press("#history").await;
    browser.press("#send button[formaction]").await;
    let expected = format!("{}?history=off&interval=20", path(&wall));
    until("the link of these settings", async || {
        let link = browser.client.find(Locator::Css("#open")).await.ok()?.attr("href").await.ok()??;
        (link == expected).then_some(())
    })
    .await;
    browser.keep("builder-without-scripts").await;
    browser.press("#send button:not([formaction])").await;
    let there = until("the wall", async || {
        let there = browser.client.current_url().await.ok()?;
        (there.path() == path(&wall)).then_some(there)
    })
    .await;
    let (settings, problems) = flickr_conduit::settings::Settings::read(there.query().unwrap());
    assert_eq!((settings.query().as_str(), problems), ("history=off&interval=20", vec![]));
    browser.close().await;
    served.stop().await;
}
