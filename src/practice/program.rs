//! The practice Flickr as a program of its own.

use std::net::IpAddr;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::config::public_url;
use crate::hub::engine::Settings;
use crate::practice::{Choice, KEY, Practice, SECRET, pace};
use crate::serve;
use crate::shutdown::Shutdown;
use crate::web::layers;

/// What can be said on the command line.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value = "8081", value_name = "NUMBER")]
    pub port: u16,
    /// Address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    pub bind: IpAddr,
    /// Where it is reached, when that is not <http://localhost:PORT>; signatures are made for it
    #[arg(long, value_name = "URL", value_parser = base)]
    pub url: Option<String>,
    /// Events a second, from 0.1 to 100; with 0 nothing happens but what you do
    #[arg(long, default_value = "0.5", value_name = "NUMBER", value_parser = rate)]
    pub rate: f64,
    /// The same seed gives the same people the same photos
    #[arg(long, default_value = "1", value_name = "NUMBER")]
    pub seed: u64,
    /// Seconds after which a subscription that renews itself is verified again; Flickr's was a day
    #[arg(long, default_value = "86400", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(5..=86400))]
    pub lease: u64,
    /// What is logged, as of `serve`
    #[arg(long, default_value = "info", value_name = "FILTER")]
    pub log: String,
}

fn base(text: &str) -> Result<String, String> {
    public_url::http(text).map(|url| url.as_str().trim_end_matches('/').to_owned())
}

fn rate(text: &str) -> Result<f64, String> {
    let expected = || format!("expected 0, or a number from 0.1 to {}", pace::FASTEST);
    text.parse().ok().filter(|it| pace::is_rate(*it)).ok_or_else(expected)
}

/// Serves it until `stop` is over.
///
/// # Errors
/// When it cannot be set up.
pub async fn serve(options: &Options, listener: TcpListener, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let (clock, shutdown) = (Clock::system(), Shutdown::default());
    let address = listener.local_addr()?;
    let base = options.url.clone().unwrap_or_else(|| format!("http://localhost:{}", address.port()));
    let hub = Settings { lease: Duration::from_secs(options.lease), ..Settings::default() };
    let choice = Choice { base: base.clone(), rate: options.rate, seed: options.seed, hub };
    let practice = Practice::new(choice, clock.clone())?;
    shutdown.tasks.spawn({
        let (practice, stopping) = (practice.clone(), shutdown.stopping.clone());
        async move { practice.run(stopping).await }
    });
    tracing::info!(%address, base, "listening");
    println!("\n  The stage, where you play anybody:  {base}/");
    println!("  For a subscriber: FLICKR_URL={base} FLICKR_KEY={KEY} FLICKR_SECRET={SECRET}\n");
    let app = layers::all(practice.router(), &clock);
    serve::serve(listener, app, &shutdown, stop).await?;
    Ok(())
}
