//! Where a stranger's callback may be, and the client that goes nowhere else.
//!
//! A hub calls the addresses that it is given. Open to strangers, it would be their hand inside our own network, so what
//! they name must be on the public internet. The check is made where it cannot be walked around: names are resolved by
//! a resolver of ours that hands on public addresses only, so what was checked is what is connected to; addresses that are
//! spelled out never reach a resolver and are checked before; redirects are not followed, and no proxy is asked.

mod special;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect};
use url::{Host, Url};

use crate::hub::endpoint::ClientError;
use crate::tls;
pub use special::is_public;

/// What calls of the public hub name themselves.
const USER_AGENT: &str = concat!("flickr-conduit/", env!("CARGO_PKG_VERSION"), " (WebSub hub)");

/// The longest callback, in bytes. Flickr's are 255 at most; other subscribers' carry whole topics inside.
pub const MAX_CALLBACK: usize = 1024;

/// How far a hub goes for strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The public internet, and no address of a special range.
    World,
    /// This machine as well: for a hub that is tried out here, and that nobody else can ask.
    ThisMachine,
}

impl Reach {
    /// Whether such an address may be connected to.
    #[must_use]
    pub fn admits(self, ip: IpAddr) -> bool {
        is_public(ip) || (self == Self::ThisMachine && ip.to_canonical().is_loopback())
    }

    /// Checks a callback as far as its text goes; a name is checked again whenever it is resolved.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(self, callback: &Url) -> Result<(), OutOfReach> {
        if !matches!(callback.scheme(), "http" | "https") {
            return Err(OutOfReach::Scheme);
        }
        if callback.as_str().len() > MAX_CALLBACK {
            return Err(OutOfReach::Long);
        }
        if !callback.username().is_empty() || callback.password().is_some() || callback.fragment().is_some() {
            return Err(OutOfReach::Parts);
        }
        // Below 1024 other protocols live, some of which take an HTTP request for one of theirs.
        if callback.port().is_some_and(|it| it < 1024 && !matches!(it, 80 | 443)) {
            return Err(OutOfReach::Port);
        }
        match callback.host() {
            None => Err(OutOfReach::Scheme),
            Some(Host::Ipv4(ip)) if !self.admits(ip.into()) => Err(OutOfReach::Special),
            Some(Host::Ipv6(ip)) if !self.admits(ip.into()) => Err(OutOfReach::Special),
            Some(_) => Ok(()),
        }
    }
}

/// Why a callback is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfReach {
    /// Not of the web.
    #[error("expected an address with http or https")]
    Scheme,
    /// Too long.
    #[error("expected at most {MAX_CALLBACK} bytes")]
    Long,
    /// What an address may have and a callback has no use for.
    #[error("expected an address without user, password and fragment")]
    Parts,
    /// A port of something else.
    #[error("expected the port 80 or 443, or one from 1024 on")]
    Port,
    /// Private, loopback, link-local, multicast and so on.
    #[error("this hub calls public addresses only, and not those of private networks or of machines themselves")]
    Special,
}

/// A client that reaches no farther than it should. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Caller {
    client: Client,
    reach: Reach,
}

impl Caller {
    /// One that asks the system for addresses.
    ///
    /// # Errors
    /// When the client cannot be set up.
    pub fn new(reach: Reach) -> Result<Self, ClientError> {
        Self::with_resolver(reach, System)
    }

    /// One that asks `resolver`, and believes only what `reach` admits.
    ///
    /// # Errors
    /// When the client cannot be set up.
    pub fn with_resolver(reach: Reach, resolver: impl Resolve + 'static) -> Result<Self, ClientError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls::client()?)
            .user_agent(USER_AGENT)
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            // A stranger's callback is not called every second: what is open for long costs, and serves nobody.
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(15))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Sieve { resolver: Arc::new(resolver), reach }))
            .build()?;
        Ok(Self { client, reach })
    }

    /// Checks a callback as [`Reach::check`] does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, callback: &Url) -> Result<(), OutOfReach> {
        self.reach.check(callback)
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }
}

/// The system's resolver.
#[derive(Debug)]
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// A resolver that keeps back what is out of reach.
struct Sieve {
    resolver: Arc<dyn Resolve>,
    reach: Reach,
}

impl Resolve for Sieve {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, reach) = (self.resolver.resolve(name), self.reach);
        Box::pin(async move {
            let admitted: Vec<SocketAddr> = found.await?.filter(|it| reach.admits(it.ip())).collect();
            if admitted.is_empty() {
                return Err(OutOfReach::Special.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
