//! The pages of who is signed in, all of them together.

use axum::http::StatusCode;

use crate::store::subscription::{Standing, Tallied};
use crate::web::tests::{House, ago};

const ADA: &str = "1@N01";
const EVE: &str = "2@N01";

#[tokio::test]
async fn nobody_sees_or_changes_what_is_not_theirs() {
    let house = House::new();
    let (_, eve) = (house.signed_in(ADA, "Ada").await, house.signed_in(EVE, "Eve").await);
    let event = house.subscribe(ADA, "topic=my_faves").await;
    house.wall(ADA, "ada-s-wall", "Ada's", std::slice::from_ref(&event)).await;
    for page in ["/subscriptions", "/walls", "/"] {
        let text = house.get(page, &eve).await.text;
        assert!(!text.contains(event.as_str()) && !text.contains("ada-s-wall"), "{page}");
    }
    for path in [format!("/subscriptions/{event}/end"), "/walls/ada-s-wall/revoke".into()] {
        assert_eq!(house.get(&path, &eve).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(house.post(&path, &eve, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let fields = [("label", "mine"), ("title", "mine")];
    for path in [
        format!("/subscriptions/{event}/renew"),
        format!("/subscriptions/{event}/label"),
        "/walls/ada-s-wall/title".into(),
        "/walls/none/title".into(),
        "/walls/%FF/title".into(),
        "/subscriptions/%FF/renew".into(),
        "/subscriptions/a%20b/renew".into(),
    ] {
        assert_eq!(house.post(&path, &eve, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(house.state.store.subscription(&event).await.unwrap().unwrap().wanted);
    assert_eq!(house.state.store.wall("ada-s-wall").await.unwrap().unwrap().title, "Ada's");
}

#[tokio::test]
async fn a_subscription_is_shown_named_renewed_and_ended() {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    assert!(house.get("/subscriptions", &ada).await.text.contains("There are none yet"));

    let event = house.subscribe(ADA, "topic=tags&tags=cat,kitten").await;
    let trouble = Some("Flickr said: accounts need Pro (5)".to_owned());
    let standing = Standing { asked_at: Some(ago(600)), trouble, lasting: true, ..Standing::default() };
    house.state.store.record_standing(&event, &Default::default(), standing).await.unwrap();
    let written = Tallied { deliveries: 2, events: 1_199, last_delivery_at: ago(7_200), pushed_at: None };
    house.state.store.record_life(vec![(event.clone(), written)], Vec::new()).await.unwrap();
    house.state.subscriber.tally().add(&event, 1, false, ago(180));
    let page = house.get("/subscriptions", &ada).await.text;
    for part in ["Photos tagged cat or kitten", "not working", "accounts need Pro (5)", "1,200", "3 minutes ago"] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }

    let named = house.post(&format!("/subscriptions/{event}/label"), &ada, &[("label", " our \n cats ")]).await;
    assert_eq!(named.location(), "/subscriptions?done=named");
    assert!(house.get(named.location(), &ada).await.text.contains("The name is changed."));
    assert!(house.get("/subscriptions", &ada).await.text.contains("<bdi>our cats</bdi>"));
    let long = house.post(&format!("/subscriptions/{event}/label"), &ada, &[("label", &"x".repeat(61))]).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);

    let renewed = house.post(&format!("/subscriptions/{event}/renew"), &ada, &[]).await;
    assert_eq!(renewed.location(), "/subscriptions?done=renewed");
    assert!(house.get("/subscriptions", &ada).await.text.contains("asking the hub"));

    let question = house.get(&format!("/subscriptions/{event}/end"), &ada).await.text;
    assert!(question.contains("Unsubscribe?") && question.contains("our cats (photos tagged cat or kitten)"));
    let ended = house.post(&format!("/subscriptions/{event}/end"), &ada, &[]).await;
    assert_eq!(ended.location(), "/subscriptions?done=ended");
    assert!(!house.state.store.subscription(&event).await.unwrap().unwrap().wanted);
    assert!(house.get("/subscriptions", &ada).await.text.contains("The hub is being told that it is over."));
}

#[tokio::test]
async fn a_wall_is_shown_named_and_revoked() {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    assert!(house.get("/walls", &ada).await.text.contains(r#"href="/topics?wall=new""#));
    let event = house.subscribe(ADA, "topic=contacts_faves").await;
    house.wall(ADA, "kitchen", "Kitchen", &[event]).await;
    let page = house.get("/walls", &ada).await.text;
    for part in ["https://wall.example.org/wall/kitchen", "2 days ago", "faves"] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(house.get("/", &ada).await.text.contains(r#"href="/wall/kitchen""#));

    let named = house.post("/walls/kitchen/title", &ada, &[("title", "Hall")]).await;
    assert_eq!(named.location(), "/walls?done=named");
    let wall = house.state.store.wall("kitchen").await.unwrap().unwrap();
    assert_eq!((wall.title.as_str(), wall.events.len()), ("Hall", 1), "it shows what it showed");
    assert_eq!(house.post("/walls/kitchen/title", &ada, &[("title", " ")]).await.status, StatusCode::BAD_REQUEST);

    assert!(house.get("/walls/kitchen/revoke", &ada).await.text.contains("says so"));
    assert_eq!(house.post("/walls/kitchen/revoke", &ada, &[]).await.location(), "/walls?done=revoked");
    assert_eq!(house.state.store.wall("kitchen").await.unwrap(), None);
    assert_eq!(house.post("/walls/kitchen/revoke", &ada, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_is_forgotten_is_out_and_reads_what_was_deleted() {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    house.subscribe(ADA, "topic=my_faves").await;
    house.wall(ADA, "kitchen", "Kitchen", &[]).await;
    assert!(house.get("/account", &ada).await.text.contains("One subscription,"));
    assert!(house.get("/account/forget", &ada).await.text.contains("Delete everything"));
    assert!(house.state.store.account(ADA).await.unwrap().is_some(), "a question deletes nothing");
    let gone = house.post("/account/forget", &ada, &[]).await;
    assert!(gone.text.contains("one subscription, one wall"), "{}", gone.text);
    assert_eq!(gone.cookies()["__Host-session"], "");
    assert_eq!(house.state.store.account(ADA).await.unwrap(), None);
    assert_eq!(house.get("/account", &ada).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whatever_somebody_is_called_stays_text() {
    let house = House::new();
    let evil = r#""><script>alert('x')</script>"#;
    let ada = house.signed_in(ADA, evil).await;
    let event = house.subscribe(ADA, "topic=my_faves").await;
    house.state.store.record_label(&event, evil).await.unwrap();
    house.wall(ADA, "kitchen", evil, std::slice::from_ref(&event)).await;
    let trouble = Some(evil.to_owned());
    let standing = Standing { trouble, ..Standing::default() };
    house.state.store.record_standing(&event, &Default::default(), standing).await.unwrap();
    let (end, revoke) = (format!("/subscriptions/{event}/end"), "/walls/kitchen/revoke");
    for path in ["/", "/walls", "/subscriptions", "/account", "/account/forget", &end, revoke] {
        let page = house.get(path, &ada).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains("<script") && page.text.contains("&#60;script"), "{path}\n{}", page.text);
    }
    let injected = house.get("/walls?done=%3Cscript%3E", &ada).await.text;
    assert!(!injected.contains("role=\"status\"") && !injected.contains("done="), "{injected}");
}

#[tokio::test]
async fn who_lost_flickrs_permission_is_asked_to_sign_in_again() {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    assert!(!house.get("/subscriptions", &ada).await.text.contains("no longer accepts"));
    house.state.store.record_token_lost(ADA, &[1]).await.unwrap();
    assert!(house.get("/subscriptions", &ada).await.text.contains("no longer accepts"));
}
