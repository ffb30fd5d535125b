//! Somebody in front of the pages, without a browser: cookies, forms, redirects.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder};

/// One person with their cookies.
pub(crate) struct Visitor {
    http: Client,
    pub(crate) base: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Page {
    /// The value of the first field of this name.
    pub(crate) fn field(&self, name: &str) -> String {
        let at = self.text.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name} in {}", self.text));
        let tag_end = self.text[at..].find('>').unwrap() + at;
        let value = self.text[at..tag_end].split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        value.replace("&#38;", "&").replace("&amp;", "&")
    }
}

impl Visitor {
    /// A stranger to the server at `base`.
    pub(crate) fn new(base: &str) -> Self {
        let http = flickr_conduit::hub::endpoint::client().unwrap();
        Self { http, base: base.to_owned(), cookies: BTreeMap::new() }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.http.get(format!("{}{path}", self.base));
        self.send(request).await
    }

    /// Sends a form from a page of the server's own, with the token of the session when there is one.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut all: Vec<(String, String)> = fields.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        let account = self.get("/account").await;
        if account.status == 200 {
            all.push(("form".into(), account.field("form")));
        }
        let request = self.http.post(format!("{}{path}", self.base)).header(ORIGIN, self.base.as_str());
        self.send(form(request, &all)).await
    }

    /// Signs in as one of the practice Flickr's people, by its pages.
    pub(crate) async fn sign_in(&mut self, nsid: &str) {
        let begun = self.post("/signin", &[]).await;
        assert_eq!(begun.status, 200, "{}", begun.text);
        let back = self.allow(&begun, nsid, "read").await;
        let done = self.get(super::path(&back)).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }

    /// Says yes on Flickr's page, which `begun` leads to; where they are sent back to.
    pub(crate) async fn allow(&mut self, begun: &Page, nsid: &str, perms: &str) -> String {
        // A page that leads on by itself: the policy of forms would stop a redirect to another host.
        let onward = begun.text.split("0; url=").nth(1).unwrap().split('"').next().unwrap();
        let onward = onward.replace("&#38;", "&").replace("&amp;", "&");
        let asked = self.http.get(onward).send().await.unwrap();
        let (status, url) = (asked.status().as_u16(), asked.url().clone());
        let asked = Page { status, text: asked.text().await.unwrap() };
        let fields = [
            ("oauth_token", asked.field("oauth_token")),
            ("seal", asked.field("seal")),
            ("perms", perms.to_owned()),
            ("nsid", nsid.to_owned()),
            ("answer", "allow".to_owned()),
        ];
        let fields: Vec<_> = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        let mut action = url.clone();
        action.set_query(None);
        let request = self.http.post(action).header(ORIGIN, url.origin().ascii_serialization());
        let allowed = form(request, &fields).send().await.unwrap();
        allowed.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    async fn send(&mut self, request: RequestBuilder) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Page { status: answer.status().as_u16(), text: answer.text().await.unwrap() }
    }
}

fn form(request: RequestBuilder, fields: &[(String, String)]) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}
