//! The demo: a conduit and a practice hub in one process, which know one another by HTTP only.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::conduit::Conduit;
use crate::event_name::EventName;
use crate::hub::endpoint::{self, Endpoint};
use crate::hub::practice::Practice;
use crate::hub::world::World;
use crate::practice;
use crate::web::layers;

/// The event name of the demo.
pub const EVENT: &str = "demo";

/// Serves the wall of the demo until `stop` is over; a delivery comes each `pace`, more or less.
///
/// # Errors
/// When the address of the demo cannot be minted, or the practice hub cannot be set up.
pub async fn serve(
    conduit: Conduit,
    listener: TcpListener,
    pace: Duration,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let event: EventName = EVENT.parse()?;
    let minted = conduit.mint(EVENT)?;
    conduit.record_wish(&event, true).await?;
    // By this machine's own door: PUBLIC_URL may be a name that does not lead back in from here, or https.
    let minted_for_all: Url = minted.callback.parse()?;
    let door = listener.local_addr()?;
    let ip = if door.ip().is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { door.ip() };
    let callback = format!("http://{}{}", SocketAddr::new(ip, door.port()), minted_for_all.path()).parse()?;
    let practice = Practice {
        client: endpoint::client()?,
        endpoint: Endpoint { callback, verify_token: minted.verify_token },
        world: World::new(u64::from_be_bytes(conduit.clock().random()?), conduit.public_url().join("/practice")),
        pace,
        seed: u64::from_be_bytes(conduit.clock().random()?),
    };
    let leave = CancellationToken::new();
    let clock = conduit.clock().clone();
    let pushing = conduit.shutdown().tasks.spawn({
        let leave = leave.clone();
        async move {
            if let Err(error) = practice.run(move || clock.now(), leave).await {
                tracing::error!(%error, "the practice hub stopped");
            }
        }
    });
    let stream = minted.wall.replace("/wall/", "/stream?wall=");
    println!("\n  Open the wall:  {}\n  Or listen:      curl -N '{stream}'\n\n  (Ctrl-C ends the demo)\n", minted.wall);
    let conduit = conduit.with_front_wall(&event);
    let app = Router::new().nest("/practice", layers::all(practice::router(), conduit.clock())).merge(conduit.router());
    // The practice hub takes its leave while there is still a server that can answer it.
    let stop = async {
        stop.await;
        if let Err(error) = conduit.record_wish(&event, false).await {
            tracing::warn!(%error, "the subscription stays");
        }
        leave.cancel();
        let _ = pushing.await;
    };
    conduit.serve(listener, app, stop).await?;
    Ok(())
}
