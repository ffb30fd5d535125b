use axum::http::StatusCode;

use crate::event_name::EventName;
use crate::store::Wall;
use crate::store::subscription::Standing;
use crate::topic::Topic;
use crate::web::tests::{Answer, House};

const ANNA: &str = "12345678@N00";
const BEN: &str = "87654321@N00";

fn named(names: &[&str]) -> Vec<EventName> {
    names.iter().map(|it| format!("{ANNA}-{it}").parse().unwrap()).collect()
}

/// A server, and Anna who signed in.
async fn anna() -> (House, String) {
    let house = House::new();
    let cookies = house.signed_in(ANNA, "Anna").await;
    (house, cookies)
}

impl House {
    async fn save(&self, cookies: &str, fields: &[(&str, &str)]) -> Answer {
        self.post("/topics", cookies, fields).await
    }

    async fn walls(&self) -> Vec<Wall> {
        self.state.store.walls_of(ANNA).await.unwrap()
    }

    /// What Anna wants, by event name.
    async fn wanted(&self) -> Vec<EventName> {
        let all = self.state.store.subscriptions_of(ANNA).await.unwrap();
        let mut wanted: Vec<_> = all.into_iter().filter(|it| it.wanted).map(|it| it.event).collect();
        wanted.sort();
        wanted
    }
}

/// The boxes, round and square, that are ticked on a page.
fn ticked(page: &str) -> Vec<&str> {
    let value = |it: &str| it.split_once("value=\"").map(|(_, rest)| rest.len());
    let boxes = page.split("<input type=\"").filter(|it| it.starts_with("checkbox"));
    let boxes = boxes.filter(|it| it.split('>').next().unwrap().contains(" checked"));
    boxes.filter_map(|it| Some(it[it.len() - value(it)?..].split('"').next().unwrap())).collect()
}

// The clock is paused, so that waiting for a hub that does not exist takes no time.

#[tokio::test(start_paused = true)]
async fn who_comes_first_finds_what_most_people_want_and_who_wants_another_wall_finds_nothing() {
    let (house, anna) = anna().await;
    let first = house.get("/topics", &anna).await.text;
    assert_eq!(ticked(&first), ["contacts_faves", "contacts_photos"]);
    assert!(first.contains("value=\"My wall\""));
    house.save(&anna, &[("wall", "new"), ("topic", "my_faves")]).await;
    let second = house.get("/topics?wall=new", &anna).await.text;
    assert_eq!(ticked(&second), Vec::<&str>::new());
    assert!(second.contains("value=\"My wall 2\""));
    assert_eq!(ticked(&house.get("/topics", &anna).await.text), ["my_faves"], "the newest wall");
}

#[tokio::test(start_paused = true)]
async fn saving_subscribes_and_leads_to_a_wall_that_the_page_then_shows_as_it_is() {
    let (house, anna) = anna().await;
    let fields = [
        ("wall", "new"),
        ("title", "Kittens & friends"),
        ("topic", "contacts_faves"),
        ("topic", "commons"),
        ("tags", "Kitten, New York"),
        ("place1", "52,52 13,405"),
        ("place2", "52.52, 13.405"),
        ("radius3", "x"),
    ];
    let answer = house.save(&anna, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let events = named(&["commons", "contacts_faves", "geo:52.52:13.405:5km", "tags:kitten.newyork"]);
    assert_eq!(house.wanted().await, events);
    let [wall] = &house.walls().await[..] else { panic!("one wall") };
    assert_eq!((&*wall.title, &wall.events, wall.link.len()), ("Kittens & friends", &events, 22));
    assert_eq!(answer.location(), format!("/wall/{}", wall.link));

    let page = house.get(&format!("/topics?wall={}", wall.link), &anna).await.text;
    assert_eq!(ticked(&page), ["contacts_faves", "commons"]);
    for shown in [">kitten, newyork</textarea>", "value=\"52.52, 13.405\"", "value=\"Kittens &#38; friends\""] {
        assert!(page.contains(shown), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_wall_whose_button_is_pressed_twice_is_one_wall() {
    let (house, anna) = anna().await;
    let fields = [("wall", "new"), ("topic", "my_faves")];
    let (first, second) = (house.save(&anna, &fields).await, house.save(&anna, &fields).await);
    assert_eq!(first.location(), second.location());
    house.state.clock.advance(jiff::SignedDuration::from_mins(2));
    assert_ne!(first.location(), house.save(&anna, &fields).await.location());
    assert_eq!(house.walls().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_work_comes_back_with_everything_that_was_typed_and_nothing_is_saved() {
    let (house, anna) = anna().await;
    let fields = [
        ("wall", "new"),
        ("title", "<b>bold</b> \"title\""),
        ("topic", "photos_of_me"),
        ("topic", "commons"),
        ("nsid", "8623220@N02"),
        ("nsid", "\"><script>alert(1)</script>"),
        ("tags", "</textarea><script>alert(2)</script>"),
        ("place1", "' onfocus=alert(3) autofocus='"),
        ("place2", "91, 200"),
        ("place3", "1, 2"),
        ("radius3", "33<i>"),
        ("pick", "3"),
        ("keep", "<u>somebody's</u>"),
    ];
    let answer = house.save(&anna, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((house.wanted().await, house.walls().await), (vec![], vec![]));
    let page = &answer.text;
    for tag in ["<script>alert", "<b>bold", "<i>", "<u>", "onfocus=alert(3) autofocus='"] {
        assert!(!page.contains(tag), "{tag} is markup: {page}");
    }
    assert_eq!(ticked(page)[..3], ["photos_of_me", "commons", "8623220@N02"]);
    for (field, value) in [
        ("title", "value=\"&#60;b&#62;bold&#60;/b&#62; &#34;title&#34;\""),
        ("tags", "&#60;/textarea&#62;&#60;script&#62;alert(2)&#60;/script&#62;</textarea>"),
        ("place1", "value=\"&#39; onfocus=alert(3) autofocus=&#39;\""),
        ("place2", "value=\"91, 200\""),
        ("radius3", "value=\"33&#60;i&#62;\""),
        ("pick", "value=\"3\" checked"),
    ] {
        assert!(page.contains(value), "{field} is not kept: {page}");
    }
    for field in ["place1", "place2", "radius3", "commons"] {
        assert!(page.contains(&format!("<a href=\"#{field}\">")), "{field} is not in the summary");
        assert!(page.contains(&format!("id=\"{field}-error\"")), "{field} has no error");
        assert!(page.contains(&format!("{field}-error\" aria-invalid=\"true\"")), "{field} is not marked");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_at_all_is_refused_by_the_first_box() {
    let (house, anna) = anna().await;
    let answer = house.save(&anna, &[("wall", "new")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("id=\"contacts_faves-error\""));
}

#[tokio::test(start_paused = true)]
async fn a_click_on_the_map_fills_in_the_place_keeps_the_rest_and_subscribes_nothing() {
    let (house, anna) = anna().await;
    let typed = [("wall", "new"), ("tags", "a, !"), ("title", "Mine"), ("topic", "my_faves"), ("pick", "2")];
    let click = [typed.as_slice(), &[("map.x", "387"), ("map.y", "75"), ("view", "0 0 720")]].concat();
    let answer = house.save(&anna, &click).await;
    assert_eq!(answer.status, StatusCode::OK, "a tag that cannot work is told when it is to be saved");
    for kept in ["value=\"52.5, 13.5\"", ">a, !</textarea>", "value=\"Mine\"", "value=\"2\" checked"] {
        assert!(answer.text.contains(kept), "{kept}");
    }
    assert_eq!(ticked(&answer.text), ["my_faves"]);
    let closer = [typed.as_slice(), &[("place2", "52.5, 13.5"), ("zoom", "in"), ("view", "0 0 720")]].concat();
    assert!(house.save(&anna, &closer).await.text.contains("viewBox=\"297 30 180 90\""));
    assert_eq!((house.wanted().await, house.walls().await), (vec![], vec![]));
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_wall_is_no_wall() {
    let (house, anna) = anna().await;
    let ben = house.signed_in(BEN, "Ben").await;
    house.save(&anna, &[("wall", "new"), ("topic", "my_faves")]).await;
    let link = house.walls().await[0].link.clone();
    assert_eq!(house.get(&format!("/topics?wall={link}"), &ben).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/topics?wall=nobodys", &ben).await.status, StatusCode::NOT_FOUND);
    let answer = house.save(&ben, &[("wall", &link), ("topic", "my_photos"), ("title", "Mine now")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(house.walls().await[0].title, "My wall");
}

#[tokio::test(start_paused = true)]
async fn what_is_unticked_ends_unless_another_wall_shows_it() {
    let (house, anna) = anna().await;
    house.save(&anna, &[("wall", "new"), ("topic", "my_faves"), ("topic", "my_photos")]).await;
    let first = house.walls().await[0].link.clone();
    house.save(&anna, &[("wall", "new"), ("title", "Second"), ("topic", "my_photos")]).await;
    house.save(&anna, &[("wall", &first), ("title", "First"), ("topic", "photos_of_me")]).await;
    assert_eq!(house.wanted().await, named(&["my_photos", "photos_of_me"]));
    let walls = house.walls().await;
    let wall = |title: &str| walls.iter().find(|it| it.title == title).unwrap().events.clone();
    assert_eq!((wall("First"), wall("Second")), (named(&["photos_of_me"]), named(&["my_photos"])));
}

#[tokio::test(start_paused = true)]
async fn what_the_form_cannot_say_stays_on_the_wall_until_it_is_unticked() {
    let (house, anna) = anna().await;
    let topics = [Topic::MyFaves, Topic::from_text("topic=geo&woe_ids=638242").unwrap()];
    let mut events = house.state.subscriber.want(ANNA, &topics).await.unwrap();
    events.push("minted-by-hand".parse().unwrap());
    let (link, title, created_at) = ("abc".into(), "Odd".into(), house.state.clock.now());
    let wall = Wall { link, account: ANNA.into(), title, created_at, events: events.clone() };
    house.state.store.add_wall(wall).await.unwrap();

    let page = house.get("/topics?wall=abc", &anna).await.text;
    assert_eq!(ticked(&page), ["my_faves", events[1].as_str(), "minted-by-hand"]);
    assert!(page.contains("Photos from the place with WOE id 638242"));
    let strange = [("wall", "abc"), ("keep", events[1].as_str()), ("keep", "minted-by-hand"), ("keep", "a-strangers")];
    house.save(&anna, &strange).await;
    let [kept] = &house.walls().await[..] else { panic!("one wall") };
    assert_eq!(kept.events, events[1..]);
    house.save(&anna, &[("wall", "abc"), ("topic", "my_photos")]).await;
    assert_eq!(house.wanted().await, named(&["my_photos"]));
    let gone = house.save(&anna, &[("wall", "abc"), ("keep", "minted-by-hand")]).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "it is no longer there, and nothing else is chosen");
}

#[tokio::test(start_paused = true)]
async fn trouble_with_the_hub_is_shown_where_it_is_explained() {
    let (house, anna) = anna().await;
    let event = Topic::MyFaves.event_name(ANNA).unwrap();
    // The hub answers once it was asked.
    let hub = async {
        while house.state.store.subscription(&event).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        let standing = Standing { trouble: Some("Flickr said no".into()), ..Default::default() };
        house.state.store.record_standing(&event, &Default::default(), standing).await.unwrap();
    };
    let (answer, ()) = tokio::join!(house.save(&anna, &[("wall", "new"), ("topic", "my_faves")]), hub);
    assert_eq!(answer.location(), "/subscriptions?done=trouble");
    assert_eq!(house.walls().await.len(), 1, "the wall is there all the same");
}

#[tokio::test(start_paused = true)]
async fn limits_are_told_by_name() {
    let (house, anna) = anna().await;
    for n in 0..super::desk::MAX_WALLS {
        house.wall(ANNA, &format!("link{n}"), "Many", &[]).await;
    }
    let full = house.save(&anna, &[("wall", "new"), ("topic", "my_faves")]).await;
    assert_eq!(full.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(full.text.contains("You have 100 walls"));
    assert_eq!(house.save(&anna, &[("wall", "link7"), ("topic", "my_faves")]).await.status, StatusCode::SEE_OTHER);

    let long = format!("https://{}example.org", "wall.".repeat(40)).parse().unwrap();
    let house = House::with(|site| crate::state::Site { public_url: long, ..site }, None);
    let anna = house.signed_in(ANNA, "Anna").await;
    let answer = house.save(&anna, &[("wall", "new"), ("topic", "my_faves")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("(PUBLIC_URL) is too long by"), "{}", answer.text);
}

#[tokio::test(start_paused = true)]
async fn the_commons_can_be_had_without_their_list() {
    let (house, anna) = anna().await;
    let page = house.get("/topics", &anna).await.text;
    assert!(page.contains("does not tell us the list of institutions"));
    house.save(&anna, &[("wall", "new"), ("topic", "commons"), ("nsid", "8623220@N02")]).await;
    assert_eq!(house.wanted().await, named(&["commons:8623220@N02"]));
    assert!(house.get("/topics", &anna).await.text.contains("or keep those that you have"));
}
