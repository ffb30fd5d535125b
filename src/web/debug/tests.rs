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
