//! PUBLIC_URL, and what is between it and this server: facts to checks.

use std::net::SocketAddr;
use std::time::Duration;

use url::{Host, Url};

use crate::config::PublicUrl;
use crate::doctor::{Cause, Check, Group};
use crate::flickr::Unreached;

/// What is known of the way in.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    /// Where the world is told to come.
    pub public_url: PublicUrl,
    /// Whether somebody set it.
    pub given: bool,
    /// Whether Flickr's push alone may serve, so that it must be reachable from outside.
    pub must_be_public: bool,
    /// Where this server listens.
    pub listens: SocketAddr,
    /// What came of asking for this server at PUBLIC_URL.
    pub asked: Asked,
    /// What came of asking at addresses like it, when that failed.
    pub elsewhere: Vec<(String, Asked)>,
    /// What came through, when this server answered.
    pub passage: Option<Passage>,
}

/// What came of asking for this server at some address.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// It answered itself: the query as it arrived, and how long it took.
    Us {
        /// Without its `?`.
        query: String,
        /// There and back.
        took: Duration,
    },
    /// Another conduit answered.
    Other {
        /// Its version.
        version: String,
    },
    /// Something else answered.
    Stranger {
        /// Its status.
        status: u16,
        /// What it calls itself; may be empty.
        server: String,
        /// Where it sends everybody, in full.
        location: Option<String>,
    },
    /// Nothing did.
    Nobody {
        /// At what it failed.
        cause: Unreached,
        /// In the HTTP client's words.
        detail: String,
    },
}

/// What comes through to this server, and back.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The query that was sent.
    pub sent: String,
    /// What came of an event stream.
    pub stream: StreamCame,
    /// The status that a WebSocket upgrade was answered with, or why it was not.
    pub socket: Result<u16, String>,
}

/// What came of an event stream.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamCame {
    /// Its beginning, after so long.
    Began(Duration),
    /// An answer, and nothing of the stream for so long.
    Nothing(Duration),
    /// Another status than 200.
    Refused(u16),
    /// No answer at all.
    Broke(String),
}

/// The names of the checks.
const URL: &str = "PUBLIC_URL";
const QUERY: &str = "proxy query";
const STREAM: &str = "proxy stream";
const SOCKET: &str = "proxy socket";

/// Judges.
#[must_use]
pub fn judge(facts: &Address) -> Vec<Check> {
    let mut all = vec![judge_url(facts)];
    let (Asked::Us { query, .. }, Some(passage)) = (&facts.asked, &facts.passage) else {
        all.push(Check::skipped(
            Group::Address,
            "proxy",
            "What passes through is looked at once PUBLIC_URL leads here.",
        ));
        return all;
    };
    all.push(if *query == passage.sent {
        Check::good(Group::Address, QUERY, "Queries arrive as they were sent.")
    } else {
        let cause = Cause::QueryStripped { sent: passage.sent.clone(), came: query.clone() };
        Check::bad(Group::Address, QUERY, cause)
    });
    all.push(match &passage.stream {
        StreamCame::Began(_) => Check::good(Group::Address, STREAM, "Event streams come as they are sent."),
        StreamCame::Nothing(waited) => Check::bad(Group::Address, STREAM, Cause::StreamBuffered { waited: *waited }),
        StreamCame::Refused(status) if query.is_empty() => Check::skipped(
            Group::Address,
            STREAM,
            format!("Answered {status}, as it must be without its query: see above."),
        ),
        StreamCame::Refused(status) => Check::bad(Group::Address, STREAM, Cause::StreamRefused { status: *status }),
        StreamCame::Broke(why) => Check::skipped(Group::Address, STREAM, format!("No answer ({why}).")),
    });
    all.push(match &passage.socket {
        Ok(101) => Check::good(Group::Address, SOCKET, "WebSocket upgrades pass."),
        Ok(status) if query.is_empty() => Check::skipped(
            Group::Address,
            SOCKET,
            format!("Answered {status}, as it must be without its query: see above."),
        ),
        Ok(status) => {
            Check::bad(Group::Address, SOCKET, Cause::SocketsBlocked { answer: format!("answered {status}") })
        }
        Err(why) => Check::bad(Group::Address, SOCKET, Cause::SocketsBlocked { answer: why.clone() }),
    });
    all
}

fn judge_url(facts: &Address) -> Check {
    let url = facts.public_url.origin().to_owned();
    let port = facts.listens.port();
    if let Asked::Us { took, .. } = &facts.asked {
        let which = narrow(&facts.public_url);
        let cause = match (facts.given, which) {
            (_, None) => {
                return Check::good(
                    Group::Address,
                    URL,
                    format!("{url} leads here, in {} ms (asked from this machine).", took.as_millis().max(1)),
                );
            }
            (false, Some(_)) => Cause::NoPublicUrl { address: url },
            (true, Some(which)) => Cause::NotFromOutside { url, which },
        };
        let check = if facts.must_be_public { Check::bad } else { Check::notice };
        return check(Group::Address, URL, cause);
    }
    let ours = facts.elsewhere.iter().find(|(_, asked)| matches!(asked, Asked::Us { .. })).map(|(at, _)| at.clone());
    let bind = facts.listens.to_string();
    let cause = match (&facts.asked, ours) {
        (Asked::Us { .. }, _) => return Check::good(Group::Address, URL, ""),
        (Asked::Other { version }, _) => Cause::OtherConduit { url, version: version.clone() },
        (Asked::Stranger { location: Some(to), .. }, _) if is_same_but_scheme(&url, to) => {
            let right = origin(to);
            Cause::WrongScheme {
                why: format!("it sends everybody on to {right}, and a hub does not follow"),
                url,
                right,
            }
        }
        (Asked::Stranger { location: Some(to), .. }, _) => Cause::SentOn { url, to: origin(to) },
        // A reverse proxy says so when nobody is behind it.
        (Asked::Stranger { status: status @ 502..=504, .. }, _) => {
            Cause::ProxyFindsNobody { url, status: *status, bind, port }
        }
        (Asked::Stranger { .. } | Asked::Nobody { .. }, Some(right))
            if is_same_but_scheme(&url, &right) && port_of(&url) == port_of(&right) =>
        {
            let (speaks, is) = if right.starts_with("https:") { ("https", "http") } else { ("http", "https") };
            Cause::WrongScheme { why: format!("this server is reached there by {speaks}, and not by {is}"), url, right }
        }
        (Asked::Stranger { status, server, .. }, found) => {
            Cause::WrongHost { url, answer: answer(*status, server), port, found }
        }
        (Asked::Nobody { cause: Unreached::NotConnected | Unreached::TimedOut, .. }, Some(found)) => {
            Cause::WrongPort { url, found: Some(found), port }
        }
        (Asked::Nobody { cause: Unreached::NoSuchHost, .. }, _) => Cause::NoSuchHost { host: host(&url), url },
        (Asked::Nobody { cause: Unreached::Tls, detail }, _) => {
            Cause::BadCertificate { url, detail: last_words(detail) }
        }
        (Asked::Nobody { cause: Unreached::NotConnected, .. }, None) if facts.public_url.is_loopback() => {
            Cause::WrongPort { url, found: None, port }
        }
        (Asked::Nobody { cause, .. }, _) => Cause::NoWay { url, how: cause.to_string(), bind },
    };
    Check::bad(Group::Address, URL, cause)
}

fn answer(status: u16, server: &str) -> String {
    let server: String = server.chars().filter(|it| !it.is_control()).take(40).collect();
    if server.is_empty() { format!("it says {status}") } else { format!("{server} says {status}") }
}

/// From where only an address can be reached; `None` for one that is on the internet, as far as its name says.
fn narrow(url: &PublicUrl) -> Option<&'static str> {
    if url.is_loopback() {
        return Some("this machine");
    }
    let parsed = Url::parse(url.origin()).ok()?;
    let here = match parsed.host()? {
        Host::Ipv4(ip) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        Host::Ipv6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
        Host::Domain(name) => {
            !name.contains('.')
                || [".local", ".lan", ".home", ".internal", ".home.arpa"].iter().any(|it| name.ends_with(it))
        }
    };
    here.then_some("its own network")
}

fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|it| it.host_str().map(str::to_owned)).unwrap_or_else(|| url.to_owned())
}

fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |it| it.origin().ascii_serialization())
}

/// Whether two addresses are at the same host, one by http and one by https.
fn is_same_but_scheme(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.host() == other.host() && one.scheme() != other.scheme(),
        _ => false,
    }
}

/// The port that an address spells; none where it is its scheme's own.
fn port_of(url: &str) -> Option<u16> {
    Url::parse(url).ok()?.port()
}

/// The innermost cause of a chain of them.
fn last_words(detail: &str) -> String {
    detail.rsplit(": ").next().unwrap_or(detail).chars().take(120).collect()
}

/// Addresses like PUBLIC_URL at which this server may be after all.
#[must_use]
pub fn alike(public_url: &PublicUrl, port: u16) -> Vec<String> {
    let Ok(url) = Url::parse(public_url.origin()) else { return Vec::new() };
    let other = if url.scheme() == "https" { "http" } else { "https" };
    let Some(host) = url.host_str() else { return Vec::new() };
    let as_is = url.port().map(|it| format!(":{it}")).unwrap_or_default();
    let mut all = vec![
        format!("{other}://{host}{as_is}"),
        format!("{other}://{host}"),
        format!("{}://{host}", url.scheme()),
        format!("http://{host}:{port}"),
    ]
    .into_iter()
    .map(|it| origin(&it))
    .collect::<Vec<_>>();
    all.retain(|it| it != public_url.origin());
    all.dedup();
    all
}

#[cfg(test)]
mod tests;
