//! The stage through its router, without a network.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;

use super::*;
use crate::clock::Clock;
use crate::hub::endpoint;
use crate::hub::engine::{Hub, Interest, Request as Subscribe, Settings, Verify};
use crate::hub::faults::{Fault, Faults};
use crate::hub::people::{PEOPLE, Person};
use crate::hub::world::{Photo, World};
use crate::practice::pace::Pace;
use crate::topic::Topic;

/// Below a path, as inside the demo.
const BASE: &str = "http://flickr.test:8080/practice";

struct Stage {
    realm: Realm,
    router: Router,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Stage {
    /// A stage on which nobody has posted anything.
    fn new() -> Self {
        let clock = Clock::still(Timestamp::from_second(1_700_000_000).unwrap(), 1);
        let hub = Hub::new(Settings::default(), endpoint::client().unwrap(), clock.clone(), Faults::default(), 1);
        let realm = Realm::new(BASE, clock, World::new(1, BASE.to_owned()), hub, Pace::new(0.0));
        let router = Router::new().nest("/practice", router(realm.clone()));
        Self { realm, router }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: head.status, headers: head.headers, body: String::from_utf8(body).unwrap() }
    }

    async fn get(&self, query: &str) -> Answer {
        self.send(Request::get(format!("/practice{query}")).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, form: &str, body: &str) -> Answer {
        let request = Request::post(format!("/practice/stage/{form}"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// As curl does it: the status.
    async fn does(&self, who: &Person, what: &str) -> u16 {
        self.post("act", &format!("as={}&do={what}", who.nsid)).await.status.as_u16()
    }

    fn newest(&self, viewer: &Person) -> Photo {
        play::newest(&self.realm, viewer, 1).remove(0)
    }
}

#[tokio::test]
async fn anybody_can_be_played_and_does_what_flickr_lets_them_do() {
    let stage = Stage::new();
    let [ida, shiori, ..] = &PEOPLE;
    assert_eq!(
        stage.does(ida, "upload&title=A+cat+%26+%3Cb%3E&tags=cat,+my+kitten&latitude=47.37&longitude=-8.5").await,
        200
    );
    let photo = stage.newest(shiori);
    assert_eq!((photo.owner, &*photo.title, photo.tags.join(" ")), (ida, "A cat & <b>", "cat my kitten".to_owned()));
    let position = photo.position.unwrap();
    assert_eq!((position.latitude, position.longitude), (47.37, -8.5));
    let id = photo.id;
    for (who, what, status) in [
        (shiori, format!("fave&photo={id}"), 200),
        (shiori, format!("fave&photo={id}"), 409),
        (ida, format!("fave&photo={id}"), 409),
        (shiori, format!("unfave&photo={id}"), 200),
        (shiori, format!("unfave&photo={id}"), 409),
        (shiori, format!("retitle&photo={id}&title=mine"), 403),
        (ida, format!("retitle&photo={id}&title=Two+cats"), 200),
        (ida, format!("retag&photo={id}&tags=cats+two"), 200),
        (shiori, format!("private&photo={id}"), 403),
        (ida, format!("private&photo={id}"), 200),
        (ida, format!("private&photo={id}"), 409),
        (shiori, format!("fave&photo={id}"), 403),
        (ida, format!("public&photo={id}"), 200),
        (shiori, format!("delete&photo={id}"), 403),
    ] {
        assert_eq!(stage.does(who, &what).await, status, "{} {what}", who.name);
    }
    let photo = stage.newest(shiori);
    assert_eq!((&*photo.title, photo.tags.join(" ")), ("Two cats", "cats two".to_owned()));
    assert_eq!(stage.does(ida, &format!("delete&photo={id}")).await, 200);
    assert_eq!(stage.does(ida, &format!("delete&photo={id}")).await, 404);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let stage = Stage::new();
    for what in [
        "",
        "dance",
        "fave",
        "fave&photo=first",
        "upload&latitude=91&longitude=0",
        "upload&latitude=1",
        "upload&latitude=NaN&longitude=0",
        "upload&latitude=north&longitude=0",
    ] {
        assert_eq!(stage.does(&PEOPLE[0], what).await, 400, "{what}");
    }
    assert_eq!(stage.post("act", "as=nobody&do=upload").await.status, 400);
    assert!(play::newest(&stage.realm, &PEOPLE[0], 1).is_empty());
}

#[tokio::test]
async fn a_form_of_the_page_leads_back_to_it_and_says_what_came_of_it() {
    let stage = Stage::new();
    let nsid = PEOPLE[4].nsid;
    let answer = stage.post("act", &format!("from=page&as={nsid}&do=upload")).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.headers["location"], *format!("/practice?as={nsid}&said=uploaded"));
    let page = stage.get(&format!("?as={nsid}&said=uploaded")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(">Posted.</p>"));
    let answer = stage.post("act", &format!("from=page&as={nsid}&do=fave&photo=1")).await;
    assert_eq!(answer.headers["location"], *format!("/practice?as={nsid}&said=no-photo"));
    let page = stage.get("?said=Your+account+was+closed").await;
    assert!(page.status == 200 && !page.body.contains("closed") && !page.body.contains("role=\"status\""));
    let answer = stage.post("act", "from=page&as=https://evil.test/&do=upload").await;
    assert_eq!(answer.headers["location"], "/practice?as=&said=no-person");
}

#[tokio::test]
async fn the_page_offers_what_this_person_can_do() {
    let stage = Stage::new();
    let [ida, shiori, ..] = &PEOPLE;
    stage.does(ida, "upload&title=%3Cscript%3E&tags=%22quoted%22").await;
    let photo = stage.newest(ida);
    let (mine, theirs) =
        (stage.get(&format!("?as={}", ida.nsid)).await, stage.get(&format!("?as={}", shiori.nsid)).await);
    for (page, yes, no) in
        [(&mine, ["retitle", "private", "delete"], "fave"), (&theirs, ["fave", "fave", "fave"], "delete")]
    {
        for deed in yes {
            assert!(page.body.contains(&format!(r#"<button name="do" value="{deed}">"#)), "{deed}");
        }
        assert!(!page.body.contains(&format!(r#"<button name="do" value="{no}">"#)), "{no}");
        assert!(!page.body.contains("<script"));
        assert!(page.body.contains(&format!("/practice/photos/{}/{}/", ida.nsid, photo.id)));
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"));
    }
    stage.does(shiori, &format!("fave&photo={}", photo.id)).await;
    assert!(stage.get(&format!("?as={}", shiori.nsid)).await.body.contains(r#"value="unfave""#));
    stage.does(ida, &format!("private&photo={}", photo.id)).await;
    assert!(!stage.get(&format!("?as={}", shiori.nsid)).await.body.contains(&photo.id.to_string()));
    assert!(stage.get(&format!("?as={}", ida.nsid)).await.body.contains(r#"value="public""#));
    // Somebody is always played, also when nobody of this name is there.
    assert!(stage.get("?as=nobody").await.body.contains(r#"aria-current="true""#));
}

#[tokio::test]
async fn faults_are_set_by_name_all_or_none() {
    let stage = Stage::new();
    assert_eq!(stage.post("faults", "late=1&lost=2").await.status, 200);
    assert_eq!(stage.realm.faults.left(), [(Fault::Late, 1), (Fault::Lost, 2)]);
    for wrong in ["", "late=3&stolen=1", "late=-1", "late=1001", "late=often"] {
        assert_eq!(stage.post("faults", wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(stage.realm.faults.left(), [(Fault::Late, 1), (Fault::Lost, 2)]);
    let page = stage.get("").await.body;
    for fault in Fault::ALL {
        assert!(page.contains(&format!(r#"name="{}""#, fault.name())));
    }
    assert!(page.contains(r#"name="lost" value="2""#));
    let answer = stage.post("faults", "from=page&as=10000007@N01&lost=0").await;
    assert_eq!(answer.headers["location"], "/practice?as=10000007@N01&said=faults-set");
    assert_eq!(stage.realm.faults.left(), [(Fault::Late, 1)]);
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let stage = Stage::new();
    for form in ["act", "faults", "forget"] {
        let body = "from=page&as=10000007@N01&do=upload&late=1";
        for header in [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")] {
            let request = Request::post(format!("/practice/stage/{form}"))
                .header("content-type", "application/x-www-form-urlencoded")
                .header(header.0, header.1);
            assert_eq!(stage.send(request.body(Body::from(body)).unwrap()).await.status, 403, "{form} {header:?}");
        }
    }
    assert!(play::newest(&stage.realm, &PEOPLE[0], 1).is_empty() && stage.realm.faults.left().is_empty());
}

#[tokio::test]
async fn a_subscription_is_listed_without_its_secret_and_can_be_forgotten() {
    let stage = Stage::new();
    assert!(stage.get("").await.body.contains("Nobody has subscribed"));
    let request = Subscribe {
        account: PEOPLE[2].nsid.to_owned(),
        interest: Interest::Topic(Topic::from_text("topic=tags&tags=cat,kitten").unwrap()),
        callback: "http://wall.test/callback/secret".parse().unwrap(),
        verify: Verify::Async,
        verify_token: None,
        lease: None,
    };
    stage.realm.hub.subscribe(request).await.unwrap();
    let page = stage.get("").await.body;
    for shown in ["photos tagged cat or kitten", "http://wall.test<", "not verified yet", PEOPLE[2].name] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!page.contains("secret"));
    let name = page.split(r#"name="subscription" value=""#).nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(stage.post("forget", "subscription=0123456789abcdef").await.status, 404);
    assert_eq!(stage.post("forget", &format!("subscription={name}")).await.status, 200);
    assert!(stage.realm.hub.subscriptions(PEOPLE[2].nsid).is_empty());
    assert_eq!(stage.post("forget", &format!("subscription={name}")).await.status, 404);
}
