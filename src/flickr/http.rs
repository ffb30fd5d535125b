//! One request, and the answer to it, within bounds.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, redirect};

use crate::flickr::answer::Answer;
use crate::flickr::{FlickrError, Hosts, Unreached};
use crate::tls;

/// The longest answer that is read, in bytes. A person's subscriptions are a few kilobytes.
pub(super) const ANSWER_LIMIT: usize = 1024 * 1024;

/// `Retry-After` is not believed beyond a day.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an answer may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) connect: Duration,
    pub(super) whole: Duration,
}

/// Long enough for a `sync` verification, in which Flickr calls us before it answers.
impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), whole: Duration::from_secs(30) }
    }
}

/// The client for `hosts`. No redirects: a signature is for one address.
pub(super) fn client(hosts: &Hosts, patience: Patience) -> Result<Client, FlickrError> {
    let tls = tls::client().map_err(|cause| FlickrError::Unready { cause: cause.to_string() })?;
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("flickr-conduit/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(patience.connect)
        .timeout(patience.whole)
        .redirect(redirect::Policy::none());
    let builder = if hosts.is_loopback() { builder.no_proxy() } else { builder };
    builder.build().map_err(|cause| FlickrError::Unready { cause: chain(&cause) })
}

/// Sends a request and reads all of the answer. `hidden` is cut out of what the answer's errors show.
pub(super) async fn exchange(request: RequestBuilder, hidden: Vec<String>) -> Result<Answer, FlickrError> {
    let mut response = request.send().await.map_err(unreached)?;
    let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers()));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreached)? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_LIMIT {
            body.truncate(ANSWER_LIMIT);
            return Err(Answer { status, retry_after, body, hidden }.not_flickr());
        }
    }
    Ok(Answer { status, retry_after, body, hidden })
}

/// Seconds, or a date (RFC 9110 section 10.2.3), which counts from the answer's own.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|it| it.to_str().ok()).map(str::trim);
    let after = text(RETRY_AFTER)?;
    let wait = match after.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = |text| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
            let (then, now) = (date(after)?, date(text(DATE)?)?);
            Duration::try_from(then.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

/// What went wrong on the way. The address is left out: it may hold the key.
pub(super) fn unreached(error: reqwest::Error) -> FlickrError {
    let (cause, detail) = reach(error);
    FlickrError::NoAnswer { cause, detail }
}

/// The date of an answer, to the second (RFC 9110 section 6.6.1).
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// At what a request failed, and what the HTTP client says of it, without the address.
#[must_use]
pub fn reach(error: reqwest::Error) -> (Unreached, String) {
    let error = error.without_url();
    let cause = if error.is_dns() {
        Unreached::NoSuchHost
    } else if error.is_timeout() {
        Unreached::TimedOut
    } else if causes(&error).any(is_tls) {
        Unreached::Tls
    } else if error.is_connect() {
        Unreached::NotConnected
    } else {
        Unreached::BrokeOff
    };
    (cause, chain(&error))
}

/// An input/output error holds another inside, which is not its source; and that one may do the same.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|it| is_tls(it))
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |it| (*it).source())
}

fn chain(error: &(dyn Error + 'static)) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_and_at_most_a_day() {
        let wait = |after: &'static str| {
            let date = HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT");
            let headers = [(RETRY_AFTER, HeaderValue::from_static(after)), (DATE, date)];
            retry_after(&headers.into_iter().collect())
        };
        let seconds = |it| Some(Duration::from_secs(it));
        assert_eq!(wait("120"), seconds(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:51:37 GMT"), seconds(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), seconds(0));
        assert_eq!(wait("18446744073709551615"), seconds(86_400));
        assert_eq!(["soon", "-5", ""].map(wait), [None; 3]);
    }

    #[test]
    fn the_client_for_the_real_hosts_can_be_made() {
        assert!(client(&Hosts::real(), Patience::default()).is_ok());
    }
}
