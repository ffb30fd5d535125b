//! PUBLIC_URL: where hubs and browsers reach this server.

use std::fmt;
use std::str::FromStr;

use url::Url;

/// The origin of this server as the world sees it: scheme, host, and port if it is not the scheme's own.
///
/// ```
/// # use flickr_conduit::config::PublicUrl;
/// let public: PublicUrl = "https://wall.example.org/".parse().unwrap();
/// assert_eq!(public.join("/healthz"), "https://wall.example.org/healthz");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    loopback: bool,
}

impl PublicUrl {
    /// This machine only.
    pub fn localhost(port: u16) -> Self {
        Self { origin: format!("http://localhost:{port}"), loopback: true }
    }

    /// The address of `path`, which begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// As browsers send it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether nobody outside this machine can use it.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    /// A sentence that goes on after the variable's name when it cannot be used.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = http(text)?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("is {text:?}: a path is not supported, so it must end after the host"));
        }
        let loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        Ok(Self { origin: url.origin().ascii_serialization(), loopback })
    }
}

/// An http or https URL without user and password, or the sentence that goes on after the variable's name.
pub(crate) fn http(text: &str) -> Result<Url, String> {
    let expected = "expected something like https://wall.example.org";
    if !text.contains("://") {
        return Err(format!("is {text:?}, with no http:// or https:// in front: {expected}"));
    }
    let url = Url::parse(text.trim()).map_err(|cause| format!("is {text:?}, no address ({cause}): {expected}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("is {text:?}, neither http nor https: {expected}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or password: remove it".into());
    }
    Ok(url)
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}
