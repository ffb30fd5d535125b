use super::*;

const STEM: &str = "https://live.staticflickr.com/1/7_abc";

/// Checks the images of photo 7 as words: `s 75x75`, with `~` before derived ones and without pixels that are unknown.
fn check(stated: &[(&str, u32, u32)], html: &str, expected: &str) {
    let stated = stated.iter().map(|(name, width, height)| {
        let url = if name.contains(':') { (*name).to_owned() } else { format!("{STEM}{name}.jpg") };
        let known = |it: &u32| Some(*it).filter(|it| *it > 0);
        Stated { url: Cow::Owned(url), width: known(width), height: known(height) }
    });
    let found: Vec<_> = images("7", stated.collect(), &[html])
        .into_iter()
        .map(|it| {
            let name = it.url.strip_prefix(STEM).and_then(|it| it.strip_suffix(".jpg")).unwrap_or(&it.url);
            let pixels = it.width.zip(it.height).map(|(width, height)| format!(" {width}x{height}"));
            format!("{}{name}{}", if it.derived { "~" } else { "" }, pixels.unwrap_or_default())
        })
        .collect();
    assert_eq!(found.join(", "), expected);
}

#[test]
fn sizes_follow_from_one_another_up_to_1024_pixels() {
    let all = "~_s 75x75, ~_t 100x67, ~_q 150x150, ~_m 240x160, ~_n 320x213, ~ 500x333, ~_z 640x427, ~_c 800x534, _b 1024x683";
    check(&[("_b", 1024, 683)], "", all);
    check(&[("_m", 0, 0)], "", "~_s 75x75, ~_q 150x150, ~_t, _m, ~_n, ~, ~_z, ~_c, ~_b");
}

#[test]
fn larger_sizes_have_secrets_of_their_own() {
    check(&[("_h", 1600, 1067)], "", "_h 1600x1067");
    check(&[("_o", 0, 0)], "", "_o");
    check(&[("_3k", 0, 0), ("http://elsewhere.example/x.jpg", 0, 0)], "", "_3k, http://elsewhere.example/x.jpg");
}

#[test]
fn nothing_is_larger_than_the_original() {
    check(
        &[("_s", 75, 75), ("_o", 600, 400)],
        "",
        "_s 75x75, ~_t 100x67, ~_q 150x150, ~_m 240x160, ~_n 320x213, ~ 500x333, _o 600x400",
    );
    check(&[("_b", 320, 200)], "", "~_s 75x75, ~_t 100x63, ~_q 150x150, ~_m 240x150, _b 320x200, ~_n 320x200");
}

#[test]
fn the_content_is_asked_when_it_can_add_something() {
    let html = format!("<p><img src=\"{STEM}_m.jpg\" width=\"240\" height=\"120\"><img src=\"http://x/second.jpg\">");
    let sizes = "~_s 75x75, ~_t 100x50, ~_q 150x150, _m 240x120, ~_n 320x160, ~ 500x250, ~_z 640x320, ~_c 800x400, ";
    check(&[], &html, &format!("{sizes}~_b 1024x512"));
    check(&[("_b", 0, 0)], &html, &format!("{sizes}_b"));
    // The same file again, and now with pixels.
    check(&[("_m", 0, 0)], &html, &format!("{sizes}~_b 1024x512"));
    check(&[("_b", 1024, 512)], &html, &format!("{}_b 1024x512", sizes.replace("_m", "~_m")));
    // Somebody else's picture is welcome only where there is no other.
    let other = "<img src='https://live.staticflickr.com/1/8_abc_m.jpg' width=240 height=180>";
    check(&[("_o", 0, 0)], other, "_o");
    check(&[], other, "https://live.staticflickr.com/1/8_abc_m.jpg 240x180");
}

#[test]
fn a_url_is_there_once_and_only_web_addresses_are() {
    check(&[("_h", 0, 0), ("_h", 1600, 900), ("javascript:alert(1)", 1, 1), ("http://", 1, 1)], "", "_h 1600x900");
}
