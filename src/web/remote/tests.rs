//! The remote, as people and programs meet it.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};

use crate::screens::{Command, Instance, Presence, ScreenName, Showing};
use crate::web::tests::{Answer, House};

const ADA: &str = "1@N01";
const KITTENS: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const DOGS: &str = "BBBBBBBBBBBBBBBBBBBBBB";

/// Ada with two walls, and the path of her remote.
async fn house() -> (House, String, String) {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    house.wall(ADA, KITTENS, "Kittens", &[]).await;
    house.wall(ADA, DOGS, "Dogs", &[]).await;
    let remote = remote_of(&house.get("/walls", &ada).await.text);
    (house, ada, remote)
}

fn remote_of(page: &str) -> String {
    let address = page.split("https://wall.example.org/remote/").nth(1).expect("a link of a remote");
    format!("/remote/{}", address.split('"').next().unwrap())
}

fn enter(house: &House, link: &str, name: &str, instance: &str) -> Presence {
    let (name, instance) = (ScreenName::read(name).unwrap(), Instance::read(instance).unwrap());
    house.state.screens.enter(link, &[], &name, &instance, house.state.clock.now()).unwrap()
}

fn report(house: &House, link: &str, instance: &str, report: &serde_json::Value) {
    let showing = Showing::read(report.to_string().as_bytes()).unwrap();
    assert!(house.state.screens.report(link, &Instance::read(instance).unwrap(), showing).is_some());
}

fn cat() -> serde_json::Value {
    serde_json::json!({"layout": "single", "waiting": 3, "photos": [{"id": "53000000001", "title": "A <cat>",
        "owner": "Ann", "nsid": "9@N00", "image": "https://live.staticflickr.com/cat.jpg"}]})
}

/// As a program does it: no origin, and one line back.
async fn curl(house: &House, remote: &str, form: &str) -> (u16, String) {
    let answer = house.send(Request::post(remote).body(Body::from(form.to_owned())).unwrap()).await;
    assert!(answer.text.ends_with('\n') && answer.text.lines().count() == 1, "one line: {}", answer.text);
    (answer.status.as_u16(), answer.text.trim_end().to_owned())
}

async fn press(house: &House, remote: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(remote);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

async fn state(house: &House, remote: &str) -> serde_json::Value {
    let answer = house.get(&format!("{remote}/state"), "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

fn is_private(headers: &HeaderMap) -> bool {
    headers[header::CACHE_CONTROL] == "private, no-store"
}

#[tokio::test]
async fn a_line_of_curl_drives_one_screen_or_all_of_them() {
    let (house, _, remote) = house().await;
    let mut kitchen = enter(&house, KITTENS, "Kitchen", "instance-1");
    let mut hall = enter(&house, DOGS, "hall", "instance-2");
    let said = curl(&house, &remote, "do=next&screen=kitchen").await;
    assert_eq!(said, (200, "Next photo on Kitchen.".into()));
    assert_eq!(kitchen.command().await, Some(Command::Next));
    let said = curl(&house, &remote, "do=sleep").await;
    assert_eq!(said, (200, "Asleep: hall and Kitchen.".into()));
    assert_eq!(hall.command().await, Some(Command::Sleep), "and the next went to the kitchen alone");
    assert_eq!(kitchen.command().await, Some(Command::Sleep));
    assert_eq!(curl(&house, &remote, "do=name&screen=instance-2").await.0, 200);
    assert_eq!(hall.command().await, Some(Command::Name));
    for (wall, link) in [("kittens", KITTENS), (DOGS, DOGS)] {
        let said = curl(&house, &remote, &format!("do=open&wall={wall}&screen=hall")).await;
        assert!(said.0 == 200 && said.1.ends_with("opens on hall."), "{said:?}");
        assert_eq!(hall.command().await, Some(Command::Open(link.into())));
    }
    let json = press(&house, &remote, "do=pause", &[("accept", "application/json")]).await;
    let told: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    let expected =
        serde_json::json!({"do": "pause", "screens": ["hall", "Kitchen"], "said": "Paused: hall and Kitchen."});
    assert_eq!(told, expected);
    let metrics = house.get("/metrics", "").await.text;
    assert!(metrics.contains("flickr_conduit_screens 2") && metrics.contains("flickr_conduit_screen_commands_total 8"));
}

#[tokio::test]
async fn every_mistake_is_told_with_what_there_is_instead() {
    let (house, _, remote) = house().await;
    let check = async |form: &str, status: u16, expected: &str| {
        let (found, said) = curl(&house, &remote, form).await;
        assert!(found == status && said.contains(expected), "{form}: {found} {said}");
    };
    check("do=next", 404, "no screen is connected: open one of the walls on it (\"Kittens\" is https://wall.").await;
    let _kitchen = enter(&house, KITTENS, "kitchen", "instance-1");
    check("do=next&screen=kitchn", 404, "no screen is called \"kitchn\": there is only \"kitchen\"").await;
    let _hall = enter(&house, DOGS, "hall", "instance-2");
    check("do=next&screen=x", 404, "there are \"hall\" and \"kitchen\"").await;
    check("do=dance", 400, "do is \"dance\": expected one of next, ").await;
    check("", 400, "say what to do").await;
    check("do=hide", 409, "no photo is on show there just now, so there is nothing to hide").await;
    check("do=mute&screen=hall", 409, "nobody can be muted").await;
    check("do=unhide&photo=1", 404, "photo 1 is not hidden here").await;
    check("do=unmute&owner=9@N00", 404, "the owner 9@N00 is not muted here").await;
    check("do=open&wall=Birds", 404, "this remote has no wall \"Birds\": there are \"Kittens\" and \"Dogs\"").await;
    check(&format!("do=next&x={}", "x".repeat(9_000)), 400, "a form of at most 8192 bytes").await;
    for _ in 0..16 {
        check("do=next&screen=hall", 200, "Next photo on hall.").await;
    }
    check("do=next&screen=hall", 409, "hall takes no more just now").await;
    check("do=next", 200, "Next photo on kitchen. hall takes no more just now.").await;
    let json = press(&house, &remote, "do=dance", &[("accept", "application/json")]).await;
    assert!(json.status == StatusCode::BAD_REQUEST && json.text.starts_with("{\"error\":\"do is "), "{}", json.text);
}

#[tokio::test]
async fn what_is_hidden_or_muted_is_listed_and_can_be_shown_again() {
    let (house, _, remote) = house().await;
    let _kitchen = enter(&house, KITTENS, "kitchen", "instance-1");
    let _hall = enter(&house, KITTENS, "hall", "instance-2");
    report(&house, KITTENS, "instance-1", &cat());
    report(&house, KITTENS, "instance-2", &cat());
    let said = curl(&house, &remote, "do=hide&screen=kitchen").await;
    assert_eq!(said, (200, "“A <cat>” is not shown on “Kittens” any more.".into()));
    let said = curl(&house, &remote, "do=mute").await;
    assert_eq!(said, (200, "Photos by Ann are not shown on “Kittens” any more.".into()));
    // A photo that has gone by meanwhile, and one on a wall that no screen shows.
    assert_eq!(curl(&house, &remote, "do=hide&screen=hall&photo=2").await.0, 200);
    assert_eq!(curl(&house, &remote, "do=hide&photo=3&wall=Dogs").await.0, 200);

    let told = state(&house, &remote).await;
    let rows = |list: &str, key: &str| -> Vec<String> {
        told[list].as_array().unwrap().iter().map(|it| it[key].as_str().unwrap().to_owned()).collect()
    };
    let mut photos = rows("hidden", "photo");
    photos.sort();
    assert_eq!(photos, ["2", "3", "53000000001"]);
    assert_eq!((rows("muted", "owner"), rows("muted", "name")), (vec!["9@N00".into()], vec!["Ann".into()]));
    let page = house.get(&remote, "").await.text;
    assert!(page.contains("A &#60;cat&#62;") && !page.contains("<cat>"), "{page}");
    assert!(page.contains("Hidden and muted"));

    let said = curl(&house, &remote, "do=unhide&photo=53000000001").await;
    assert_eq!(said, (200, "The photo may be shown on “Kittens” again.".into()));
    assert_eq!(curl(&house, &remote, "do=unmute&owner=9@N00").await.0, 200);
    let left = house.state.store.not_shown(KITTENS).await.unwrap();
    assert_eq!((left.hidden.len(), left.muted.len()), (1, 0));
}

#[tokio::test]
async fn without_a_script_a_button_leads_back_to_its_card() {
    let (house, _, remote) = house().await;
    let mut kitchen = enter(&house, KITTENS, "kitchen", "instance-1");
    report(&house, KITTENS, "instance-1", &cat());
    let page = house.get(&remote, "").await;
    assert!(is_private(&page.headers));
    for part in ["id=\"s-instance-1\"", "https://live.staticflickr.com/cat.jpg", "by <bdi", "Kittens", "3 more waiting"]
    {
        assert!(page.text.contains(part), "{part} is not in\n{}", page.text);
    }
    let ours = [("accept", "text/html,*/*;q=0.8"), ("sec-fetch-site", "same-origin")];
    let back = press(&house, &remote, "do=next&screen=kitchen&at=instance-1", &ours).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(back.location(), format!("{remote}?done=next#s-instance-1"));
    assert_eq!(kitchen.command().await, Some(Command::Next));
    assert!(house.get(&format!("{remote}?done=next"), "").await.text.contains("The next photo comes."));
    // What went wrong stands above the same page.
    let wrong = press(&house, &remote, "do=next&screen=attic&at=%22%3E", &ours).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    assert!(wrong.text.contains("No screen is called &#34;attic&#34;") && wrong.text.contains("id=\"s-instance-1\""));
    let hostile = press(&house, &remote, "do=next&at=//evil.example", &ours).await;
    assert_eq!(hostile.location(), format!("{remote}?done=next"));
}

#[tokio::test]
async fn two_screens_of_one_name_can_be_told_apart_on_the_page() {
    let (house, _, remote) = house().await;
    let _one = enter(&house, KITTENS, "tv", "instance-1");
    let _two = enter(&house, DOGS, "TV", "instance-2");
    let told = state(&house, &remote).await;
    let targets: Vec<_> = told["screens"].as_array().unwrap().iter().map(|it| it["target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["instance-1", "instance-2"]);
    assert_eq!(curl(&house, &remote, "do=next&screen=tv").await.1, "Next photo on tv and TV.");
    assert_eq!(curl(&house, &remote, "do=next&screen=instance-2").await.1, "Next photo on TV.");
}

#[tokio::test]
async fn a_remote_that_mint_printed_drives_its_wall_alone() {
    let (house, _, _) = house().await;
    let events = vec!["kittens".parse().unwrap()];
    let link = house.state.keys.wall_link(&events);
    let remote = format!("/remote/{}", house.state.keys.remote_token(&crate::signing::Remote::Wall(events)));
    let said = curl(&house, &remote, "do=next").await;
    assert_eq!(said, (404, format!("no screen is connected: open https://wall.example.org/wall/{link} on one")));
    let _hers = enter(&house, KITTENS, "kitchen", "instance-1");
    let mut its = enter(&house, &link, "hall", "instance-2");
    assert_eq!(curl(&house, &remote, "do=next").await.1, "Next photo on hall.");
    assert_eq!(its.command().await, Some(Command::Next));
    assert_eq!(curl(&house, &remote, "do=next&screen=kitchen").await.0, 404);
    assert_eq!(curl(&house, &remote, &format!("do=open&wall={KITTENS}")).await.0, 404);
    assert_eq!(curl(&house, &remote, &format!("do=hide&photo=1&wall={KITTENS}")).await.0, 404);
    assert_eq!(curl(&house, &remote, "do=hide&photo=1").await.1, "The photo is not shown on “kittens” any more.");
    let page = house.get(&remote, "").await.text;
    assert!(page.contains("hall") && !page.contains("Kittens") && !page.contains("Show another wall"), "{page}");
}

#[tokio::test]
async fn a_new_link_ends_the_one_before_and_being_forgotten_ends_both() {
    let (house, ada, remote) = house().await;
    assert_eq!(remote_of(&house.get("/subscriptions", &ada).await.text), remote, "there is one, wherever it is shown");
    let renewed = house.post("/remote", &ada, &[("on", "subscriptions")]).await;
    assert_eq!(renewed.location(), "/subscriptions?done=remote");
    let page = house.get(renewed.location(), &ada).await.text;
    assert!(page.contains("The remote has a new link.") && page.contains("<svg"), "{page}");
    let newest = remote_of(&page);
    assert_ne!(newest, remote);
    assert_eq!(house.get(&remote, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get(&newest, "").await.status, StatusCode::OK);
    assert_eq!(curl(&house, &remote, "do=next").await.0, 404);
    assert_eq!(house.post("/remote", &ada, &[]).await.location(), "/walls?done=remote");

    let newest = remote_of(&house.get("/walls", &ada).await.text);
    house.post("/account/forget", &ada, &[]).await;
    assert_eq!(house.get(&newest, "").await.status, StatusCode::NOT_FOUND);
    let back = house.signed_in(ADA, "Ada").await;
    assert_ne!(remote_of(&house.get("/walls", &back).await.text), newest);
    assert_eq!(house.get(&newest, "").await.status, StatusCode::NOT_FOUND, "nor does coming back");
}

#[tokio::test]
async fn strangers_and_pages_of_other_sites_drive_nothing() {
    let (house, _, remote) = house().await;
    let mut kitchen = enter(&house, KITTENS, "kitchen", "instance-1");
    for foreign in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let refused = press(&house, &remote, "do=next", &[foreign]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{foreign:?}");
        assert_eq!(refused.text, "a page of another site may not do this\n");
    }
    let altered = remote.replace("1@N01", "2@N01");
    for wrong in ["/remote/x", "/remote/%FF", &format!("/remote/{KITTENS}"), &altered] {
        let (status, said) = curl(&house, wrong, "do=next").await;
        assert!(status == 404 && said.starts_with("This link drives no screens here."), "{wrong}: {said}");
        let page = house.get(wrong, "").await;
        assert!(page.status == StatusCode::NOT_FOUND && page.text.contains("<h1>No such remote</h1>"));
        assert_eq!(house.get(&format!("{wrong}/state"), "").await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(curl(&house, &remote, "do=wake").await.0, 200);
    assert_eq!(kitchen.command().await, Some(Command::Wake), "and nothing came before");
}

#[tokio::test]
async fn whatever_a_screen_says_stays_text() {
    let (house, ada, remote) = house().await;
    let evil = r#""><script>alert('x')</script>"#;
    let _screen = enter(&house, KITTENS, evil, "instance-1");
    let shown = serde_json::json!({"photos": [{"id": "1", "title": evil, "owner": evil,
        "image": format!("https://example.org/{evil}")}]});
    report(&house, KITTENS, "instance-1", &shown);
    curl(&house, &remote, "do=hide").await;
    house.state.store.record_title(KITTENS, evil).await.unwrap();
    for path in [remote.as_str(), "/walls"] {
        let page = house.get(path, &ada).await.text;
        let inline = page.matches("<script").count() - page.matches("<script type=\"module\" src=\"/static/").count();
        assert!(inline == 0 && page.contains("&#60;script"), "{path}\n{page}");
    }
}
