//! How we trust hosts on the net.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// TLS for a client: with ring, which needs no cmake to be built, and with the roots that are compiled in, so that an
/// image without a certificate store works. Nothing global is set.
///
/// # Errors
/// When ring cannot do any of the protocol's versions, which it can.
pub fn client() -> Result<ClientConfig, rustls::Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
        .with_no_client_auth();
    Ok(config)
}
