//! The test's clock, tested: at any rate a timer comes when it is due, and all clocks agree.

use std::time::Duration;

use crate::support::until;
use crate::support::warp::Warped;

/// Notes for each timer the time that it should have come at and the time that it did come at.
const TIMERS: &str = "
    window.late = []; window.order = [];
    const expect = (ms, then) => {
        const due = performance.now() + ms;
        setTimeout(() => { late.push(Math.abs(performance.now() - due)); order.push(due); then(); }, ms);
    };
    setTimeout(() => { // Inside a timer time stands still, so that all of these begin at once.
        for (const ms of [0, 1, 3, 40, 250, 251, 1000, 15000, 40000]) expect(ms, () => {});
        window.beats = [];
        const began = performance.now();
        const beat = setInterval(() => {
            beats.push(performance.now() - began);
            if (beats.length === 160) clearInterval(beat);
        }, 250);
        let left = 50;
        const again = () => { if (left-- > 0) expect(100, again); };
        again();
    }, 1);";

#[tokio::test]
async fn timers_come_at_their_time_at_every_rate() {
    let browser = Warped::open(&[]).await;
    for rate in [1_u32, 20, 500] {
        browser.goto("data:text/html,<title>clock</title>").await;
        browser.run_at(rate).await;
        if rate == 1 {
            // Page time passes as real time does.
            let drift = "const [a, b] = [warp.now(), warp.realNow()];
                return new Promise((done) => { warp.timeout(() => done(Math.abs((warp.now() - a) - (warp.realNow() - b))), 300); });";
            let drift = browser.script(drift).await;
            assert!(drift.as_f64().unwrap() < 20.0, "{drift} ms of 300");
            continue;
        }
        browser.script(TIMERS).await;
        let begun = std::time::Instant::now();
        browser
            .shows("String(window.late && window.beats && late.length === 59 && beats.length === 160)", "true")
            .await;
        println!("40 s at rate {rate} took {:?}", begun.elapsed());
        let worst = browser.script("return Math.max(...late)").await.as_f64().unwrap();
        assert!(worst < 0.01, "rate {rate}: a timer was {worst} ms off");
        let script = "return order.every((it, i) => i === 0 || order[i - 1] <= it)
            && beats.every((it, i) => Math.abs(it - 250 * (i + 1)) < 0.01)";
        assert_eq!(browser.script(script).await, true, "rate {rate}");
    }
    browser.close().await;
}

#[tokio::test]
async fn an_hour_passes_in_a_jump_and_the_time_of_day_changes_alone() {
    let browser = Warped::open(&[]).await;
    browser.goto("data:text/html,<title>clock</title>").await;
    browser
        .script("window.n = 0; setInterval(() => { n += 1; }, 1000); window.from = [performance.now(), Date.now()];")
        .await;
    browser.jump(Duration::from_secs(3600)).await;
    let passed =
        "return [n >= 3600 && n < 3605, (performance.now() - from[0]) / 1000 | 0, (Date.now() - from[1]) / 1000 | 0]";
    let passed = browser.script(passed).await;
    let about_an_hour = |it: &serde_json::Value| (3600..3605).contains(&it.as_i64().unwrap());
    assert!(passed[0] == true && about_an_hour(&passed[1]) && about_an_hour(&passed[2]), "{passed}");

    browser.script("window.from = [performance.now(), Date.now(), n]").await;
    browser.correct(-86_400).await;
    let passed = "return [(performance.now() - from[0]) / 1000 | 0, (new Date() - from[1]) / 1000 | 0, n - from[2]]";
    let passed = browser.script(passed).await;
    assert!(passed[0].as_i64().unwrap() < 5 && passed[2].as_i64().unwrap() < 5, "{passed}");
    assert!((-86_400..-86_390).contains(&passed[1].as_i64().unwrap()), "{passed}");
    browser.close().await;
}

#[tokio::test]
async fn a_frozen_page_does_nothing_and_thaws_into_a_later_time_with_the_events_of_a_browser() {
    let browser = Warped::open(&[]).await;
    browser.goto("data:text/html,<title>clock</title>").await;
    browser
        .script(
            "window.n = 0; setInterval(() => { n += 1; }, 1000); window.heard = [];
        for (const name of ['visibilitychange', 'freeze', 'resume'])
            document.addEventListener(name, () => heard.push(name + (document.hidden ? ' hidden' : '')));",
        )
        .await;
    let before = browser.page_time().await;
    browser.freeze(Duration::from_secs(7200)).await;
    let passed = browser.page_time().await - before;
    assert!((7200..7210).contains(&passed.as_secs()), "{passed:?}");
    // An interval that slept comes once.
    until("the interval to come", async || (browser.script("return n").await != 0).then_some(())).await;
    assert!(browser.script("return n").await.as_u64().unwrap() < 10);
    let heard = browser.script("return heard.join(', ')").await;
    assert_eq!(heard, "visibilitychange hidden, freeze hidden, resume hidden, visibilitychange");
    browser.close().await;
}
