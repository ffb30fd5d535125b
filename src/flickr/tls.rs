//! Secure connections, and whom to trust in them.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

/// TLS with ring for its cryptography, named here since there is no global default; the roots are compiled in, so that
/// an image without a certificate store works. For `reqwest::ClientBuilder::tls_backend_preconfigured`, without which
/// building a client panics.
///
/// # Errors
/// When ring cannot do what TLS 1.2 and 1.3 need.
pub fn config() -> Result<ClientConfig, rustls::Error> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let builder = ClientConfig::builder_with_provider(ring).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
