//! The listener: connections with limits, and an end that everybody hears of.
//!
//! In place of `axum::serve`, which sets no limits on headers and, on shutdown, neither tells upgraded sockets nor
//! waits for them (axum issue 3003).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::shutdown::Shutdown;

/// How long a client may take to send its headers, and to come back on a connection that is kept open.
const HEADER_LIMIT: Duration = Duration::from_secs(30);
/// How many bytes of headers are read.
const HEADER_BYTES: usize = 32 * 1024;
/// How many headers.
const HEADERS: usize = 64;
/// How many HTTP connections are open at once (sockets are no longer HTTP); the next one waits in the kernel's queue.
const CONNECTIONS: usize = 20_000;
/// How long a client may take nothing of what was sent to it.
const STALLED: Duration = Duration::from_secs(30);
/// How long the end may take: Heroku and Fly kill after 30 s, an impatient Docker after 10.
const DRAIN: Duration = Duration::from_secs(8);

/// Serves `app` until `stop` is over. Then no more connections are taken, requests are finished, sockets are told
/// (close code 1012) and waited for, 8 s at most.
///
/// # Errors
/// None at present; a listener that fails for a moment (no file descriptors left, say) is tried again.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    shutdown: &Shutdown,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let permit = room.clone().acquire_owned().await;
            (listener.accept().await, permit)
        };
        let ((socket, peer), permit) = tokio::select! {
            () = &mut stop => break,
            () = shutdown.stopping.cancelled() => break,
            (accepted, permit) = accepted => match accepted {
                Ok((socket, peer)) => ((socket, peer), permit),
                Err(cause) => {
                    tracing::error!(%cause, "no connection can be accepted just now");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                }
            },
        };
        let _ = socket.set_nodelay(true);
        give_up_on_who_takes_nothing(&socket);
        let service = app.clone().map_request(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.map(Body::new)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_LIMIT)
            .max_buf_size(HEADER_BYTES)
            .max_headers(HEADERS)
            .serve_connection(TokioIo::new(socket), TowerToHyperService::new(service))
            .with_upgrades();
        let stopping = shutdown.stopping.clone();
        shutdown.tasks.spawn(async move {
            let mut connection = pin!(connection);
            // A client that breaks off, or breaks HTTP, is nothing to report.
            tokio::select! {
                _ = connection.as_mut() => {}
                () = stopping.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
            drop(permit);
        });
    }
    drop(listener);
    shutdown.stopping.cancel();
    shutdown.tasks.close();
    tracing::info!(tasks = shutdown.tasks.len(), "stopping");
    match timeout(DRAIN, shutdown.tasks.wait()).await {
        Ok(()) => tracing::info!("stopped"),
        Err(_) => tracing::warn!(left_behind = shutdown.tasks.len(), "stopped without some that did not end in time"),
    }
    Ok(())
}

/// Where this machine reaches what listens at `address`, whatever name the world has for it.
pub fn door(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// Lets the kernel break a connection whose client no longer acknowledges or takes anything. Without it, whoever asks and
/// never reads holds a connection, and with enough of them all that there are.
fn give_up_on_who_takes_nothing(socket: &TcpStream) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(socket).set_tcp_user_timeout(Some(STALLED));
    #[cfg(not(target_os = "linux"))]
    let _ = (socket, STALLED);
}
