//! The opening handshake of a WebSocket (RFC 6455 section 4), by tungstenite's rules.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use hyper::upgrade::OnUpgrade;
use tungstenite::handshake::server::create_response_with_body;

use crate::frame::deflate;

/// A client that may have its WebSocket.
#[derive(Debug)]
pub struct Handshake {
    /// The connection, once the answer is on its way.
    pub connection: OnUpgrade,
    /// The answer.
    pub answer: Response,
    /// Whether permessage-deflate was agreed.
    pub deflate: bool,
}

/// What a client gets that asks for a WebSocket in a wrong way.
pub type Refusal = (StatusCode, &'static str);

impl Handshake {
    /// What `request` asks for; `None` when that is no WebSocket.
    pub fn read(request: &mut Parts) -> Option<Result<Self, Refusal>> {
        let headers = &request.headers;
        let wants = headers.get(header::UPGRADE).and_then(|it| it.to_str().ok());
        if !wants.is_some_and(|it| it.eq_ignore_ascii_case("websocket")) {
            return None;
        }
        let offers = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS).iter().filter_map(|it| it.to_str().ok());
        let deflate = offers.into_iter().any(deflate::is_offered);
        let mut asked = Request::new(());
        (*asked.method_mut(), *asked.version_mut()) = (request.method.clone(), request.version);
        *asked.headers_mut() = headers.clone();
        let Ok(mut answer) = create_response_with_body(&asked, Body::empty) else {
            return Some(Err((
                StatusCode::BAD_REQUEST,
                "a WebSocket begins with GET, HTTP/1.1, Connection: Upgrade, Sec-WebSocket-Version: 13 and a \
                 Sec-WebSocket-Key\n",
            )));
        };
        let Some(connection) = request.extensions.remove::<OnUpgrade>() else {
            return Some(Err((StatusCode::UPGRADE_REQUIRED, "this connection cannot become a WebSocket\n")));
        };
        if deflate {
            let accepted = HeaderValue::from_static(deflate::ACCEPTED);
            answer.headers_mut().insert(header::SEC_WEBSOCKET_EXTENSIONS, accepted);
        }
        Some(Ok(Self { connection, answer, deflate }))
    }
}
