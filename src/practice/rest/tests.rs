//! Every method's shape, and every error's number.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use self::stage::{caller, code, noon, ok, realm};
use super::*;
use crate::hub::people::{PEOPLE, contacts};
use crate::hub::world::Draft;

mod lists;
mod push;
pub(in crate::practice) mod stage;

/// One number of each person and photo that the tables below speak of.
struct Cast {
    realm: Realm,
    reader: Caller,
    writer: Caller,
    own: u64,
    another: u64,
    hidden: u64,
}

fn cast() -> Cast {
    let realm = realm(0);
    let (me, other) = (&PEOPLE[0], &PEOPLE[1]);
    let upload =
        |who, private| realm.world(|world| world.upload(who, Draft { private, ..Draft::default() }, noon())).0.id;
    let (own, another, hidden) = (upload(me, false), upload(other, false), upload(other, true));
    Cast { reader: caller(me, Perms::Read), writer: caller(me, Perms::Write), own, another, hidden, realm }
}

#[tokio::test]
async fn what_is_wrong_with_any_call_has_flickrs_number_and_words() {
    let realm = realm(1);
    let arguments = |query: &str| -> Vec<_> { form_urlencoded::parse(query.as_bytes()).into_owned().collect() };
    for (query, expected, words) in [
        ("method=flickr.test.echo&api_key=k&format=php", 111, "Format \"php\" not found"),
        ("method=flickr.test.echo&format=json", 100, "Invalid API Key (Key has invalid format)"),
        ("method=flickr.fakeMethod&api_key=k&format=json", 112, "Method \"flickr.fakeMethod\" not found"),
        ("api_key=k&format=json", 112, "Method \"unknown\" not found"),
        ("method=flickr.test.login&api_key=k&format=json", 99, "User not logged in / Insufficient permissions"),
    ] {
        let answer = answer(&realm, None, &arguments(query)).await.to_json().expect("an answer of Flickr's");
        assert_eq!(answer, json!({"stat": "fail", "code": expected, "message": words}), "{query}");
    }
    let stranger = Caller { nsid: "12345678@N00".into(), perms: Perms::Write };
    assert_eq!(code(&realm, Some(&stranger), "method=flickr.test.login").await, 98);
}

#[tokio::test]
async fn every_method_is_known_and_asks_for_its_permission() {
    let realm = realm(1);
    for (method, needed) in METHODS {
        let code_of = async |perms: Option<Perms>| {
            let caller = perms.map(|it| caller(&PEOPLE[0], it));
            code(&realm, caller.as_ref(), &format!("method={method}")).await
        };
        assert_ne!(code_of(Some(Perms::Delete)).await, 112, "{method}");
        assert_ne!(code_of(Some(Perms::Delete)).await, 99, "{method}");
        if needed.is_some() {
            assert_eq!(code_of(None).await, 99, "{method}");
        }
        if needed == Some(Perms::Write) {
            assert_eq!(code_of(Some(Perms::Read)).await, 99, "{method}");
        }
    }
}

#[tokio::test]
async fn a_fave_is_refused_with_the_number_of_its_reason() {
    let Cast { realm, writer, own, another, hidden, .. } = cast();
    for (query, expected) in [
        ("method=flickr.favorites.add".to_owned(), 1),
        ("method=flickr.favorites.add&photo_id=7".to_owned(), 1),
        ("method=flickr.favorites.add&photo_id=x".to_owned(), 1),
        (format!("method=flickr.favorites.add&photo_id={own}"), 2),
        (format!("method=flickr.favorites.add&photo_id={hidden}"), 4),
        (format!("method=flickr.favorites.add&photo_id={another}"), 0),
        (format!("method=flickr.favorites.add&photo_id={another}"), 3),
        ("method=flickr.favorites.remove&photo_id=7".to_owned(), 1),
        (format!("method=flickr.favorites.remove&photo_id={own}"), 1),
        (format!("method=flickr.favorites.remove&photo_id={another}"), 0),
        (format!("method=flickr.favorites.remove&photo_id={another}"), 1),
    ] {
        assert_eq!(code(&realm, Some(&writer), &query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn other_errors_have_their_methods_numbers() {
    let Cast { realm, reader, hidden, .. } = cast();
    let many: Vec<_> = (0..21).map(|n| format!("t{n}")).collect();
    let stranger = "12345678@N00";
    for (query, expected) in [
        ("method=flickr.photos.getInfo".to_owned(), 1),
        (format!("method=flickr.photos.getInfo&photo_id={hidden}"), 1),
        ("method=flickr.photos.getSizes&photo_id=7".to_owned(), 1),
        (format!("method=flickr.photos.getSizes&photo_id={hidden}"), 2),
        (format!("method=flickr.favorites.getList&user_id={stranger}"), 1),
        ("method=flickr.favorites.getList&min_fave_date=soon".to_owned(), 18),
        ("method=flickr.people.getPhotos".to_owned(), 1),
        (format!("method=flickr.people.getPhotos&user_id={stranger}"), 2),
        ("method=flickr.people.getPhotosOf".to_owned(), 1),
        (format!("method=flickr.people.getPhotosOf&user_id=me&owner_id={stranger}"), 1),
        (format!("method=flickr.photos.search&tags={}", many.join(",")), 1),
        (format!("method=flickr.photos.search&user_id={stranger}"), 2),
        ("method=flickr.photos.search".to_owned(), 3),
        ("method=flickr.photos.search&tag_mode=all&per_page=3".to_owned(), 3),
        (format!("method=flickr.photos.search&contacts=all&user_id={}", PEOPLE[1].nsid), 17),
        ("method=flickr.photos.search&lat=95&lon=1".to_owned(), 18),
        ("method=flickr.photos.search&lat=x&lon=1".to_owned(), 18),
        ("method=flickr.photos.search&lat=1&lon=1&radius=33".to_owned(), 18),
        ("method=flickr.photos.search&bbox=1,2,3".to_owned(), 18),
        ("method=flickr.photos.search&woe_id=here".to_owned(), 18),
        ("method=flickr.photos.search&min_upload_date=soon".to_owned(), 18),
    ] {
        assert_eq!(code(&realm, Some(&reader), &query).await, expected, "{query}");
    }
    assert_eq!(code(&realm, None, "method=flickr.favorites.getList").await, 99, "whose?");
    assert_eq!(code(&realm, None, "method=flickr.people.getPhotos&user_id=me").await, 2);
    assert_eq!(code(&realm, None, "method=flickr.auth.oauth.checkToken&oauth_token=t").await, 98);
}

#[tokio::test]
async fn who_calls_is_told() {
    let Cast { realm, reader, .. } = cast();
    let me = &PEOPLE[0];
    assert_eq!(
        ok(&realm, Some(&reader), "method=flickr.test.login").await,
        json!({"user": {"id": me.nsid, "username": {"_content": me.name}, "path_alias": null}})
    );
    let user = json!({"nsid": me.nsid, "username": me.name, "fullname": me.name});
    assert_eq!(
        ok(&realm, Some(&reader), "method=flickr.auth.oauth.checkToken&oauth_token=72157-a").await,
        json!({"oauth": {"token": {"_content": "72157-a"}, "perms": {"_content": "read"}, "user": user}})
    );
    assert_eq!(
        ok(&realm, None, "method=flickr.test.echo&foo=bär").await,
        json!({"method": {"_content": "flickr.test.echo"}, "api_key": {"_content": "k"},
               "format": {"_content": "json"}, "foo": {"_content": "bär"}})
    );
}

#[tokio::test]
async fn contacts_and_institutions_are_listed() {
    let Cast { realm, reader, .. } = cast();
    let list = &ok(&realm, Some(&reader), "method=flickr.contacts.getList").await["contacts"];
    let nsids: Vec<_> = contacts(PEOPLE[0].nsid).iter().map(|it| json!(it.nsid)).collect();
    assert_eq!(list["contact"].as_array().map(|it| it.iter().map(|it| it["nsid"].clone()).collect()), Some(nsids));
    assert_eq!((&list["page"], &list["pages"], &list["total"]), (&json!(1), &json!(1), &json!(4)));
    let page = ok(&realm, Some(&reader), "method=flickr.contacts.getList&per_page=3&page=2").await;
    assert_eq!(page["contacts"]["contact"].as_array().map(Vec::len), Some(1));
    let institutions = ok(&realm, None, "method=flickr.commons.getInstitutions").await;
    let first = &institutions["institutions"]["institution"][0];
    assert_eq!(first["nsid"], "20000003@N02");
    assert_eq!(first["name"]["_content"], "Harbour Archive of Vesterhamn");
    assert_eq!(first["urls"]["url"][0]["type"], "flickr");
}

#[tokio::test]
async fn on_the_wire_a_call_is_signed_for_the_address_it_came_to() {
    let realm = realm(1);
    let signed_for = |realm: &Realm, signed: &Signed<'_>| {
        assert_eq!(signed.url, format!("{}/services/rest", realm.base));
        match signed.authorization {
            Some(header) if header.starts_with("OAuth ") => Ok(Some(caller(&PEOPLE[0], Perms::Read))),
            Some("me") => Ok(Some(caller(&PEOPLE[0], Perms::Read))),
            Some(_) => Err(Fail::signature()),
            None => Ok(None),
        }
    };
    let ask = async |request: axum::http::request::Builder, body: &'static str| {
        let request = request.body(Body::from(body)).expect("a request");
        let router = router(signed_for).with_state(realm.clone());
        let (head, body) = router.oneshot(request).await.expect("infallible").into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        (head.status, head.headers["content-type"].clone(), String::from_utf8(body.to_vec()).expect("UTF-8"))
    };
    let query = "/services/rest?api_key=k&format=json&method=flickr.test.login";
    let (status, kind, body) = ask(Request::get(query).header("authorization", "me"), "").await;
    assert_eq!((status, kind.to_str().expect("text")), (StatusCode::OK, "text/javascript; charset=utf-8"));
    assert!(body.starts_with("jsonFlickrApi({") && body.ends_with("})"), "{body}");
    let post = Request::post("/services/rest").header("content-type", "application/x-www-form-urlencoded");
    let form = "api_key=k&format=json&nojsoncallback=1&method=flickr.push.getTopics";
    let (status, kind, body) = ask(post, form).await;
    assert_eq!((status, kind.to_str().expect("text")), (StatusCode::OK, "application/json; charset=utf-8"));
    assert!(body.contains("contacts_faves"));
    let check = "/services/rest?format=json&nojsoncallback=1&method=flickr.auth.oauth.checkToken";
    let header = r#"OAuth oauth_nonce="x", oauth_token="72157%2D9", oauth_consumer_key="k""#;
    let (_, _, body) = ask(Request::get(check).header("authorization", header), "").await;
    assert!(body.contains(r#""token":{"_content":"72157-9"}"#), "{body}");
    let (status, _, body) = ask(Request::get(query).header("authorization", "them"), "").await;
    assert_eq!(status, StatusCode::OK, "failures too");
    assert!(body.contains("\"code\":96"));
    let (_, kind, body) = ask(Request::get("/services/rest?api_key=k&method=flickr.push.getTopics"), "").await;
    assert_eq!(kind.to_str().expect("text"), "text/xml; charset=utf-8");
    assert!(body.contains(r#"<topic display_name="your favorites" name="my_faves"></topic>"#), "{body}");
    let (_, _, body) = ask(Request::get("/services/rest?api_key=k&format=php"), "").await;
    assert!(body.contains(r#"<err code="111" msg="Format &quot;php&quot; not found" />"#), "{body}");
    realm.faults.set(Fault::RestDown, 1);
    assert_eq!(ask(Request::get(query), "").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ask(Request::get(query), "").await.0, StatusCode::OK);
}
