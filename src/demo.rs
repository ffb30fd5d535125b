//! The demo: a conduit and a practice Flickr in one process, which know one another by HTTP only.

use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use tokio::net::TcpListener;
use url::Url;

use crate::conduit::Conduit;
use crate::config::{Config, Secret};
use crate::event_name::EventName;
use crate::hub::engine::{self, Interest, Request, Verify};
use crate::practice::{self, Choice, Practice};
use crate::serve;
use crate::web::layers;

/// The event name of the demo.
pub const EVENT: &str = "demo";
/// Where the practice Flickr is, below the address of the demo.
const MOUNTED: &str = "/practice";

/// The configuration of a demo that listens on `port`: its folder is apart, so that invented photos stay out of a real
/// history, and its Flickr is its own.
///
/// # Errors
/// When PUBLIC_URL makes no address of a Flickr.
pub fn configure(config: &Config, port: u16) -> anyhow::Result<Config> {
    Ok(Config {
        data_dir: config.data_dir.join("demo"),
        flickr_app: Some((Secret::new(practice::KEY), Secret::new(practice::SECRET))),
        flickr_url: Some(config.public_url_at(port).join(MOUNTED).parse()?),
        ..config.clone()
    })
}

/// Serves the wall of the demo, as `config` says that [`configure`] made, until `stop` is over; something happens each `pace`.
///
/// # Errors
/// When the address of the demo cannot be minted, or the practice Flickr cannot be set up.
pub async fn serve(
    conduit: Conduit,
    config: &Config,
    listener: TcpListener,
    pace: Duration,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let event: EventName = EVENT.parse()?;
    let minted = conduit.mint(EVENT)?;
    conduit.record_wish(&event, true).await?;
    // By this machine's own door: PUBLIC_URL may be a name that does not lead back in from here, or https.
    let minted_for_all: Url = minted.callback.parse()?;
    let callback = format!("{}{}", serve::door(listener.local_addr()?), minted_for_all.path()).parse()?;
    let choice = Choice {
        base: conduit.public_url().join(MOUNTED),
        rate: 1.0 / pace.as_secs_f64(),
        seed: u64::from_be_bytes(conduit.clock().random()?),
        hub: engine::Settings::default(),
    };
    let practice = Practice::new(choice, conduit.clock().clone())?;
    let everything = Request {
        account: EVENT.to_owned(),
        interest: Interest::Everything,
        callback,
        verify: Verify::Async,
        verify_token: Some(minted.verify_token),
        lease: None,
    };
    let shutdown = conduit.shutdown();
    shutdown.tasks.spawn({
        let (practice, stopping) = (practice.clone(), shutdown.stopping.clone());
        async move { practice.run(stopping).await }
    });
    practice.realm().hub.subscribe(everything).await?;
    practice.open();
    let stream = minted.wall.replace("/wall/", "/stream?wall=");
    println!("\n  Open the wall:  {}\n  Or listen:      curl -N '{stream}'", minted.wall);
    println!("  Drive it:       {}", minted.remote);
    println!("  Sign in:        {}\n  Make it happen: {}", conduit.public_url(), practice.realm().base);
    println!("  What hubs do:   {}", conduit.operator_link());
    println!("\n  (Ctrl-C ends the demo)\n");
    let conduit = conduit.with_front_wall(&event).with_public_hub(practice.realm().hub.clone(), config)?;
    let slash = get(async || Redirect::permanent(MOUNTED));
    let app = Router::new()
        .nest(MOUNTED, layers::all(practice.router(), conduit.clock()))
        .route(&format!("{MOUNTED}/"), slash)
        .merge(conduit.router());
    conduit.serve(listener, app, stop).await?;
    Ok(())
}
