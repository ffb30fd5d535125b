use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::event_name::EventName;
use crate::web::tests::{Answer, House};

const ADA: &str = "1@N01";
const EVE: &str = "2@N01";

impl House {
    /// The address of a callback.
    fn callback(&self, event: &EventName) -> String {
        format!("/callback/{}", self.state.keys.callback(event))
    }

    async fn deliver(&self, event: &EventName, body: &str) -> Answer {
        self.send(Request::post(self.callback(event)).body(Body::from(body.to_owned())).unwrap()).await
    }

    /// The `Cookie` header of whoever opened the operator's link.
    async fn operator(&self) -> String {
        let answer = self.get(&format!("/debug?key={}", self.state.keys.operator_key()), "").await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/debug"), "the key leaves the address");
        let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(set.contains("HttpOnly") && set.contains("Path=/debug") && set.contains("Secure"), "{set}");
        set.split(';').next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn everybody_sees_their_own_the_operator_sees_all_and_nobody_else_sees_anything() {
    let house = House::new();
    let (ada, eve) = (house.signed_in(ADA, "Ada").await, house.signed_in(EVE, "Eve").await);
    let (hers, by_hand) = (format!("{ADA}-my_faves").parse().unwrap(), "kittens".parse().unwrap());
    house.deliver(&hers, "hello").await;
    house.deliver(&by_hand, "hello").await;
    house.get("/callback/nobody-knows-this.0123456789", "").await;
    let of_ada = house.get("/debug", &ada).await;
    assert!(of_ada.text.contains("1@N01-my_faves") && !of_ada.text.contains("kittens"), "{}", of_ada.text);
    assert!(of_ada.headers[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"));
    assert!(of_ada.text.contains(r#"name="robots" content="noindex""#));
    let of_eve = house.get("/debug", &eve).await.text;
    assert!(of_eve.contains("Nothing has come yet") && !of_eve.contains("my_faves"), "{of_eve}");
    let operator = house.operator().await;
    let all = house.get("/debug", &operator).await.text;
    for part in ["1@N01-my_faves", "kittens", "unknown callback", "not a feed"] {
        assert!(all.contains(part), "{part} is not in\n{all}");
    }
    assert!(!all.contains("0123456789"), "a MAC is on no page");
    for cookies in ["", "operator=operator.AAAAAAAAAAAAAAAAAAAAAA", "session=x"] {
        let refused = house.get("/debug", cookies).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("mint --operator") && !refused.text.contains("kittens"));
    }
    assert_eq!(house.get("/debug?key=operator.AAAAAAAAAAAAAAAAAAAAAA", &ada).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_verdict_is_told_in_words_with_the_beginnings_of_both_tokens() {
    let house = House::new();
    let event: EventName = "kittens".parse().unwrap();
    let operator = house.operator().await;
    let query = "?mode=subscribe&challenge=c&verify_token=WrongWrongWrong";
    assert_eq!(house.get(&format!("{}{query}", house.callback(&event)), "").await.status, StatusCode::NOT_FOUND);
    let token = house.state.keys.verify_token(&event);
    let page = house.get("/debug", &operator).await.text;
    let expected = format!("Asked for token Wr…, we hold {}…: refused with 404", &token[..2]);
    assert!(page.contains(&expected), "{expected} is not in\n{page}");
    assert!(!page.contains("WrongWrong") && !page.contains(&token));
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_record() {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    house.deliver(&format!("{ADA}-my_faves").parse().unwrap(), "hello").await;
    assert_eq!(house.post("/account/forget", &ada, &[]).await.status, StatusCode::OK);
    let operator = house.operator().await;
    assert!(house.get("/debug", &operator).await.text.contains("Nothing has come yet"));
}

/// A feed of one photo.
fn feed(id: u64, title: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry>\n<id>tag:flickr.com,2005:/photo/{id}</id>\n\
         <title>{title}</title></entry></feed>"
    )
}

impl House {
    async fn debug_token(&self, cookies: &str) -> String {
        let page = self.get("/debug", cookies).await.text;
        page.split(r#"name="form" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// Sends the form of a debug page; the token comes first.
    async fn send_form(&self, path: &str, cookies: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("form", token).extend_pairs(fields);
        self.send(self.form(path, cookies, body.finish())).await
    }

    async fn drop_file(&self, cookies: &str, token: &str, event: &str, file: &str, text: &str) -> Answer {
        let field = |name: &str, more: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        };
        let body = [
            field("form", "", token),
            field("event", "", event),
            field("file", "; filename=\"x.xml\"\r\nContent-Type: text/xml", file),
            field("text", "", text),
            "--b--\r\n".into(),
        ]
        .concat();
        let mut request = self.form("/debug/deliver", cookies, body);
        let mime = header::HeaderValue::from_static("multipart/form-data; boundary=b");
        request.headers_mut().insert(header::CONTENT_TYPE, mime);
        self.send(request).await
    }
}

#[tokio::test]
async fn a_record_is_opened_with_its_bytes_what_was_read_of_them_and_the_cards_it_made() {
    let house = House::new();
    let operator = house.operator().await;
    let event: EventName = "kittens".parse().unwrap();
    house.deliver(&event, &feed(7, "&lt;script&gt;alert(1)&lt;/script&gt;")).await;
    house.deliver(&event, "<feed>\n<entry><title>\u{202e}\0</feed>").await;
    let page = house.get("/debug/records/1", &operator).await.text;
    for part in
        ["1 entry, 1 new: taken with 200", "a new photo", "https://wall.example.org/callback/kittens.", "END_OF_BODY"]
    {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(
        !page.contains("<script>alert") && !page.contains("&lt;script&gt;alert(1)&lt;/script&gt;</title>\n"),
        "{page}"
    );
    let bytes = house.get("/debug/records/1/body", &operator).await;
    assert_eq!(bytes.text, feed(7, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_eq!(bytes.headers[header::CONTENT_TYPE], "application/octet-stream");
    assert!(bytes.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert_eq!(bytes.headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
    // What cannot be read is shown where it is, and what cannot be seen is seen.
    let broken = house.get("/debug/records/2", &operator).await.text;
    for part in ["(line 2, column", "line flawed\" id=\"line-2\"", "\\u{202e}\\u{0}", "base64 -d"] {
        assert!(broken.contains(part), "{part} is not in\n{broken}");
    }
    assert!(!broken.contains('\u{202e}'));
    // Of anybody else's there is not even a trace.
    let eve = house.signed_in(EVE, "Eve").await;
    for path in ["/debug/records/1", "/debug/records/1/body", "/debug/records/99", "/debug/records/x"] {
        assert_eq!(house.get(path, &eve).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_replay_goes_the_real_way_and_is_marked_and_new_under_another_name() {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    let (faves, tags): (EventName, String) = (format!("{ADA}-my_faves").parse().unwrap(), format!("{ADA}-tags"));
    house.deliver(&faves, &feed(7, "A cat")).await;
    let token = house.debug_token(&ada).await;
    let again = house.send_form("/debug/records/1/replay", &ada, &token, &[("event", "")]).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/debug/records/2"));
    let page = house.get("/debug/records/2", &ada).await.text;
    assert!(page.contains("1 entry, 1 repeat: taken with 200") && page.contains("played record 1 once more"), "{page}");
    let elsewhere = house.send_form("/debug/records/1/replay", &ada, &token, &[("event", tags.as_str())]).await;
    assert_eq!(elsewhere.location(), "/debug/records/3");
    assert!(house.get("/debug/records/3", &ada).await.text.contains("1 entry, 1 new: taken with 200"));
    // It counts as no push of a hub: how it stands with Flickr's is another matter.
    let pushed = house.state.subscriber.tally().waiting(&tags.parse().unwrap()).unwrap().pushed_at;
    assert_eq!(pushed, None);
    // Nobody delivers to what is not theirs, nor with another's form, nor from another site.
    let refused = house.send_form("/debug/records/1/replay", &ada, &token, &[("event", "kittens")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let eve = house.signed_in(EVE, "Eve").await;
    assert_eq!(house.send_form("/debug/records/1/replay", &eve, &token, &[]).await.status, StatusCode::FORBIDDEN);
    let of_eve = house.debug_token(&eve).await;
    assert_eq!(house.send_form("/debug/records/1/replay", &eve, &of_eve, &[]).await.status, StatusCode::NOT_FOUND);
    let mut foreign = house.form("/debug/records/1/replay", &ada, format!("form={token}"));
    foreign.headers_mut().insert(header::ORIGIN, "https://evil.example".parse().unwrap());
    assert_eq!(house.send(foreign).await.status, StatusCode::FORBIDDEN);
    assert!(!house.get("/debug", &ada).await.text.contains("/debug/records/4\""));
}

#[tokio::test]
async fn a_file_is_delivered_by_a_plain_form_and_so_is_pasted_text() {
    let house = House::new();
    let operator = house.operator().await;
    let token = house.debug_token(&operator).await;
    let dropped = house.drop_file(&operator, &token, "kittens", &feed(7, "A cat"), "").await;
    assert_eq!((dropped.status, dropped.location()), (StatusCode::SEE_OTHER, "/debug/records/1"), "{}", dropped.text);
    let page = house.get("/debug/records/1", &operator).await.text;
    assert!(page.contains("dropped a file") && page.contains("text/xml") && page.contains("1 entry, 1 new"), "{page}");
    house.drop_file(&operator, &token, "kittens", "", &feed(8, "Another")).await;
    assert!(house.get("/debug/records/2", &operator).await.text.contains("Another"));
    // The limit is that of every delivery, and so is the answer.
    house.drop_file(&operator, &token, "kittens", &"x".repeat(5000), "").await;
    assert!(house.get("/debug/records/3", &operator).await.text.contains("1024 bytes of DELIVERY_LIMIT_BYTES"));
    for (token, event, expected) in [
        ("", "kittens", StatusCode::FORBIDDEN),
        (token.as_str(), "a b", StatusCode::BAD_REQUEST),
        (token.as_str(), "", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(house.drop_file(&operator, token, event, "x", "").await.status, expected, "{event}");
    }
    assert_eq!(house.drop_file("", &token, "kittens", "x", "").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_tail_begins_with_what_there_is_and_only_for_who_may_see_it() {
    let house = House::new();
    let ada = house.signed_in(ADA, "Ada").await;
    house.deliver(&format!("{ADA}-my_faves").parse().unwrap(), "x").await;
    house.deliver(&"kittens".parse().unwrap(), "x").await;
    let ask = async |debug: &str, cookies: &str| {
        let request = Request::get(format!("/stream?{debug}")).header(header::ACCEPT, "application/json");
        house.send(request.header(header::COOKIE, cookies).body(Body::empty()).unwrap()).await
    };
    let events = |answer: &Answer| -> Vec<String> {
        let messages: Vec<serde_json::Value> = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(messages[0]["type"], "hello");
        let text = |it: &serde_json::Value| it["row"]["event"].as_str().unwrap().to_owned();
        messages[1..].iter().map(text).collect()
    };
    let key = house.state.keys.operator_key();
    assert_eq!(events(&ask(&format!("debug={key}"), "").await), ["1@N01-my_faves", "kittens"]);
    assert_eq!(events(&ask(&format!("debug={key}&after=1"), "").await), ["kittens"]);
    assert_eq!(events(&ask("debug=me", &ada).await), ["1@N01-my_faves"]);
    for (debug, cookies) in [("debug=me", ""), ("debug=operator.x", ada.as_str()), ("debug=", ada.as_str())] {
        assert_eq!(ask(debug, cookies).await.status, StatusCode::NOT_FOUND, "{debug}");
    }
}
