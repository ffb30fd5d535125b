//! What our own client's crate signs is accepted.

use std::num::NonZeroU64;

use super::*;
use crate::practice::caller::Perms;
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList};

/// Values that are easily signed wrongly, by name. (The crate writes names as they are; all of Flickr's are plain.)
const AWKWARD: [(&str, &str); 6] = [
    ("empty", ""),
    ("hebrew", "נועה ברק"),
    ("plus", "a+b c%20d"),
    ("signs", "!*'();:@&=+$,/?#[]"),
    ("tilde", "~.-_"),
    ("under_score", "x"),
];

#[test]
fn a_call_signed_by_our_own_client_is_accepted_in_header_query_and_form() {
    let provider = Provider::new();
    let given = provider.desk.grant("practice-key", "10000007@N01", Perms::Read, &provider.clock).unwrap();
    let url = format!("{BASE}/services/rest");
    let list = ParameterList::new(AWKWARD);
    let builder = |nonce| {
        let mut builder = Builder::new(Credentials::new("practice-key", "practice-secret"), HMAC_SHA1);
        builder.token(Credentials::new(&*given.token, &*given.secret)).nonce(nonce);
        builder.timestamp(NonZeroU64::new(NOW.unsigned_abs()));
        builder
    };
    let check = |method: &str, url: &str, authorization: Option<&str>, body: &[Pair]| {
        let caller = provider.desk.authenticate(method, url, authorization, body, provider.clock.now());
        assert_eq!(caller.map(|it| it.map(|it| it.nsid)), Ok(Some("10000007@N01".to_owned())), "{method} {url}");
    };
    let in_header = builder("a").get(&url, &list);
    check("GET", &oauth1_request::to_query(url.clone(), &list), Some(&in_header), &[]);
    let in_header = builder("b").post(&url, &list);
    check("POST", &url, Some(&in_header), &form(oauth1_request::to_form(&list).as_bytes()));
    // Despite its documentation the crate signs the call's own parameters here and does not write them down.
    let own = oauth1_request::to_form(&list);
    check("GET", &format!("{}&{own}", builder("c").to_query("GET", url.clone(), &list)), None, &[]);
    let in_form = format!("{}&{own}", builder("d").to_form("POST", &url, &list));
    check("POST", &url, None, &form(in_form.as_bytes()));
}
