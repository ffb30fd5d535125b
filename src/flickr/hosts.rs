//! Where Flickr is.

use url::Url;

const WWW: &str = "www.flickr.com";
const API: &str = "api.flickr.com";

/// The real hosts, or all below one base (`FLICKR_URL`), which may have a path.
///
/// ```
/// # use flickr_conduit::flickr::Hosts;
/// let practice = "http://localhost:8080/practice".parse().unwrap();
/// assert_eq!(Hosts::below(&practice).name(), "localhost:8080");
/// assert_eq!(Hosts::real().name(), "www.flickr.com");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts(Base);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Base {
    Real,
    /// Without query and fragment, and with a slash at its end.
    Below(Url),
}

impl Hosts {
    /// `www.flickr.com` and `api.flickr.com`, on https (compulsory since 2014: error 95).
    #[must_use]
    pub fn real() -> Self {
        Self(Base::Real)
    }

    /// All paths below `base`; a query or fragment of it is left out.
    #[must_use]
    pub fn below(base: &Url) -> Self {
        let mut base = base.clone();
        base.set_query(None);
        base.set_fragment(None);
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Self(Base::Below(base))
    }

    /// Below `FLICKR_URL`, or the real ones when there is none.
    #[must_use]
    pub fn of(flickr_url: Option<&Url>) -> Self {
        flickr_url.map_or_else(Self::real, Self::below)
    }

    /// What a page calls it: `www.flickr.com`, or host and port of the base.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.0 {
            Base::Real => WWW.to_owned(),
            Base::Below(base) => {
                let host = base.host_str().unwrap_or_default();
                base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
            }
        }
    }

    /// Whether it is on this machine, where no proxy leads.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let Base::Below(base) = &self.0 else { return false };
        match base.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Where REST methods are called.
    pub(super) fn rest(&self) -> Url {
        self.at(API, "services/rest")
    }

    /// `request_token`, `authorize` or `access_token`.
    pub(super) fn oauth(&self, step: &str) -> Url {
        self.at(WWW, &format!("services/oauth/{step}"))
    }

    /// A keyless feed, `photos_public.gne`.
    pub(super) fn feed(&self, file: &str) -> Url {
        self.at(WWW, &format!("services/feeds/{file}"))
    }

    /// A page of Flickr's, without the slash before it: `photos/1@N01/2/`.
    pub(super) fn page(&self, path: &str) -> Url {
        self.at(WWW, path)
    }

    /// A photo's page by its address, if it is Flickr's own.
    pub(super) fn own_page(&self, address: &str) -> Option<Url> {
        let (url, photos) = (Url::parse(address).ok()?, self.page("photos/"));
        let own = url.origin() == photos.origin() && url.path().starts_with(photos.path()) && url.username().is_empty();
        own.then_some(url)
    }

    /// A form of a practice Flickr's stage; none at the real one.
    pub(super) fn stage(&self, form: &str) -> Option<Url> {
        matches!(self.0, Base::Below(_)).then(|| self.at(WWW, &format!("stage/{form}")))
    }

    fn at(&self, host: &str, path: &str) -> Url {
        let mut url = match &self.0 {
            Base::Real => Url::parse(&format!("https://{host}/")).expect("a host of the list above"),
            Base::Below(base) => base.clone(),
        };
        url.set_path(&format!("{}{path}", url.path()));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_at_its_host_or_below_the_base() {
        let addresses = |hosts: Hosts| (hosts.rest().to_string(), hosts.oauth("authorize").to_string(), hosts.name());
        let below = |base: &str| addresses(Hosts::below(&base.parse().unwrap()));
        let expected = |a: &str, b: &str, name: &str| (a.to_owned(), b.to_owned(), name.to_owned());
        assert_eq!(
            addresses(Hosts::of(None)),
            expected(
                "https://api.flickr.com/services/rest",
                "https://www.flickr.com/services/oauth/authorize",
                "www.flickr.com"
            )
        );
        let practice = expected(
            "http://localhost:8080/practice/services/rest",
            "http://localhost:8080/practice/services/oauth/authorize",
            "localhost:8080",
        );
        assert_eq!(below("http://localhost:8080/practice"), practice);
        assert_eq!(below("http://LOCALHOST:8080/practice/?a=b#c"), practice);
        let plain = expected("https://f.test/services/rest", "https://f.test/services/oauth/authorize", "f.test");
        assert_eq!(below("https://f.test:443"), plain, "the scheme's own port is no part of a signature's address");
    }

    #[test]
    fn loopback_is_told_from_the_world() {
        let is_loopback = |base: &str| Hosts::below(&base.parse().unwrap()).is_loopback();
        for base in ["http://localhost:1", "http://a.localhost", "http://127.8.9.1", "http://[::1]:80"] {
            assert!(is_loopback(base), "{base}");
        }
        for base in ["http://localhost.example.org", "http://10.0.0.1", "http://[::2]"] {
            assert!(!is_loopback(base), "{base}");
        }
        assert!(!Hosts::real().is_loopback());
    }
}
