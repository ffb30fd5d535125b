//! Signatures as RFC 5849 says: HMAC-SHA1, in the `Authorization` header.

use std::num::NonZeroU64;

use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList};
use reqwest::Method;
use reqwest::header::HeaderValue;

use crate::config::Secret;
use crate::flickr::App;

/// What is signed with, before it is known what is signed.
pub(super) struct Signature<'a> {
    app: &'a App,
    token: Option<(&'a str, &'a Secret)>,
    nonce: String,
    timestamp: NonZeroU64,
    callback: Option<&'a str>,
    verifier: Option<&'a str>,
}

impl<'a> Signature<'a> {
    /// The app's own. `timestamp` is in seconds since 1970; no two with the same share a `nonce` (section 3.3).
    pub(super) fn new(app: &'a App, nonce: String, timestamp: NonZeroU64) -> Self {
        Self { app, token: None, nonce, timestamp, callback: None, verifier: None }
    }

    /// With a token, either a person's or one that is to become a person's.
    pub(super) fn token(self, token: &'a str, secret: &'a Secret) -> Self {
        Self { token: Some((token, secret)), ..self }
    }

    /// With the address to which the person returns (section 2.1).
    pub(super) fn callback(self, callback: &'a str) -> Self {
        Self { callback: Some(callback), ..self }
    }

    /// With what the person brought from there (section 2.3).
    pub(super) fn verifier(self, verifier: &'a str) -> Self {
        Self { verifier: Some(verifier), ..self }
    }

    /// The `Authorization` header of a request with these parameters, be they in its query or in its form. `url` has
    /// no query; host in small letters and no port of the scheme's own, as [`url::Url`] writes it (section 3.4.1.2).
    pub(super) fn header(&self, method: &Method, url: &str, parameters: &[(&'static str, String)]) -> HeaderValue {
        let credentials = |name, secret: &'a Secret| Credentials::new(name, secret.reveal());
        let mut builder = Builder::new(credentials(self.app.key.reveal(), &self.app.secret), HMAC_SHA1);
        builder
            .token(self.token.map(|(token, secret)| credentials(token, secret)))
            .nonce(self.nonce.as_str())
            .timestamp(self.timestamp)
            .callback(self.callback)
            .verifier(self.verifier)
            .version(true);
        let header = builder.authorize(method.as_str(), url, &ParameterList::new(parameters.to_vec()));
        // All of it is percent-encoded, so it is a header's text whatever went in.
        let mut header = HeaderValue::try_from(header).unwrap_or_else(|_| HeaderValue::from_static("OAuth"));
        header.set_sensitive(true);
        header
    }
}

/// Parameters as a form or a query has them, encoded as RFC 3986 says, which is what was signed.
pub(super) fn form(parameters: &[(&'static str, String)]) -> String {
    oauth1_request::to_form(&ParameterList::new(parameters.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(key: &str, secret: &str) -> App {
        App { key: Secret::new(key), secret: Secret::new(secret) }
    }

    fn signature(header: &HeaderValue) -> String {
        let text = header.to_str().unwrap();
        let (_, rest) = text.split_once("oauth_signature=\"").unwrap();
        percent_encoding::percent_decode_str(rest.trim_end_matches('"')).decode_utf8().unwrap().into_owned()
    }

    fn seconds(seconds: u64) -> NonZeroU64 {
        NonZeroU64::new(seconds).unwrap()
    }

    #[test]
    fn the_example_of_oauth_core_1_0_appendix_a_is_signed_as_printed_there() {
        let (app, secret) = (app("dpf43f3p2l4k3l03", "kd94hf93k423kf44"), Secret::new("pfkkdhi9sl3r4s00"));
        let signed = Signature::new(&app, "kllo9940pd9333jh".into(), seconds(1_191_242_096))
            .token("nnch734d00sl2jdk", &secret)
            .header(
                &Method::GET,
                "http://photos.example.net/photos",
                &[("size", "original".into()), ("file", "vacation.jpg".into())],
            );
        assert_eq!(signature(&signed), "tR3+Ty81lMeYAr/Fid0kMTYa/WM=");
    }

    #[test]
    fn the_example_of_twitters_documentation_is_signed_as_printed_there() {
        let app = app("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw");
        let secret = Secret::new("LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE");
        let parameters = [
            ("status", "Hello Ladies + Gentlemen, a signed OAuth request!".to_owned()),
            ("include_entities", "true".to_owned()),
        ];
        let signed = Signature::new(&app, "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg".into(), seconds(1_318_622_958))
            .token("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", &secret)
            .header(&Method::POST, "https://api.twitter.com/1.1/statuses/update.json", &parameters);
        assert_eq!(signature(&signed), "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
    }

    /// `www.flickr.com/services/api/auth.oauth.html` prints the text that is signed; its secret is not told.
    #[test]
    fn the_text_that_is_signed_is_the_one_of_flickrs_documentation() {
        use base64::Engine as _;
        use hmac::{KeyInit as _, Mac as _};
        let documented = "GET&https%3A%2F%2Fwww.flickr.com%2Fservices%2Foauth%2Frequest_token&oauth_callback%3Dhttp%253A%252F%252Fwww.example.com%26oauth_consumer_key%3D653e7a6ecc1d528c516cc8f92cf98611%26oauth_nonce%3D95613465%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1305586162%26oauth_version%3D1.0";
        let mut mac = hmac::Hmac::<sha1::Sha1>::new_from_slice(b"sssh&").unwrap();
        mac.update(documented.as_bytes());
        let expected = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        let app = app("653e7a6ecc1d528c516cc8f92cf98611", "sssh");
        let signed = Signature::new(&app, "95613465".into(), seconds(1_305_586_162))
            .callback("http://www.example.com")
            .header(&Method::GET, "https://www.flickr.com/services/oauth/request_token", &[]);
        assert_eq!(signature(&signed), expected);
    }

    #[test]
    fn strange_values_are_signed_as_oauthlib_signs_them() {
        // oauthlib 4.0.1, oauth1.Client.sign with the same nonce and timestamp, the parameters in a form.
        let (app, secret) = (app("the-key", "sé&%cret"), Secret::new("b+/="));
        let parameters = [
            ("tags", "cat,Å! '()* +&=%/~-._🐈".to_owned()),
            ("method", "flickr.push.subscribe".to_owned()),
            ("empty", String::new()),
            ("zz", "https://wall.example.org/callback/a@N00.x?b=c&d=%20".to_owned()),
        ];
        let signed = Signature::new(&app, "n0nce".into(), seconds(1_700_000_000)).token("72157-a", &secret);
        let header = signed.header(&Method::POST, "http://localhost:8080/practice/services/rest", &parameters);
        assert_eq!(signature(&header), "R1m9XVhvTUDjfA6+Ytgwje9J+lc=");
    }

    #[test]
    fn what_is_sent_is_encoded_as_what_is_signed() {
        let all = [("tags", "cat,Å! '()* +&=%/~-._".to_owned()), ("a", String::new())];
        assert_eq!(form(&all), "a=&tags=cat%2C%C3%85%21%20%27%28%29%2A%20%2B%26%3D%25%2F~-._");
    }

    #[test]
    fn a_header_does_not_show_itself_and_holds_no_secret() {
        let (app, secret) = (app("key", "hush1"), Secret::new("hush2"));
        let header = Signature::new(&app, "n".into(), seconds(1))
            .token("t", &secret)
            .verifier("v\r\nX: y \"é\"")
            .header(&Method::GET, "https://f.test/", &[]);
        assert_eq!(format!("{header:?}"), "Sensitive");
        let text = header.to_str().unwrap();
        assert!(!text.contains("hush") && text.contains("oauth_verifier=\"v%0D%0AX%3A%20y%20%22%C3%A9%22\""), "{text}");
    }
}
