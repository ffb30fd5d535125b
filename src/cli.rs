//! The command line: what was typed to what is run.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::clock::Clock;
use crate::conduit::{self, Conduit};
use crate::config::{Config, Settings};
use crate::demo;
use crate::logging;
use crate::secret_key::{self, Origin};
use crate::signing::Keys;

/// Photos from Flickr's push feeds, live on a wall.
#[derive(Debug, Parser)]
#[command(name = "flickr-conduit", version, about, max_term_width = 120)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Listen to hubs, and show what they deliver
    #[command(after_help = AFTER_HELP)]
    Serve(Box<Settings>),
    /// Serve a wall of invented photos: no key, no account, no network needed
    Demo {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Seconds between the demo's deliveries
        #[arg(long, default_value = "5", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
        pace: u64,
    },
    /// Print the callback, the verify_token, the stream and the wall of an event name, to subscribe by hand
    Mint {
        /// Letters, digits and @ . _ ~ : - such as kittens or 12345678@N00-contacts_faves
        event: String,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

const AFTER_HELP: &str = "Each option is an environment variable too; the option wins. Keep SECRET_KEY and DATA_DIR.";

/// Runs what the command line says. Mistakes are told in words; the exit code is 2 for those of the configuration.
pub fn run(cli: Cli) -> ExitCode {
    let (settings, job): (_, Job) = match cli.command {
        Command::Serve(settings) => (settings, Job::Serve),
        Command::Demo { settings, pace } => (settings, Job::Demo { pace }),
        Command::Mint { event, settings } => (settings, Job::Mint { event }),
    };
    let config = match settings.check() {
        Ok(config) => config,
        Err(mistakes) => {
            eprintln!("flickr-conduit: {mistakes}");
            return ExitCode::from(2);
        }
    };
    let done = match job {
        Job::Mint { event } => mint(&config, &event),
        Job::Serve => start(&config, None),
        Job::Demo { pace } => start(&config, Some(std::time::Duration::from_secs(pace))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("flickr-conduit: {error:#}");
            ExitCode::FAILURE
        }
    }
}

enum Job {
    Serve,
    Demo { pace: u64 },
    Mint { event: String },
}

fn mint(config: &Config, event: &str) -> anyhow::Result<()> {
    let (secret, origin) = secret_key::find_or_make(config, &Clock::system())?;
    say_origin(&origin);
    let minted = conduit::mint(&Keys::derive(secret.reveal()), &config.public_url_at(config.bind.1), event)?;
    println!("callback: {}", minted.callback);
    println!("verify_token: {}", minted.verify_token);
    println!("stream: {}", minted.stream);
    println!("wall: {}", minted.wall);
    Ok(())
}

/// A key that was just made is worth a word: everything that is minted hangs on it.
fn say_origin(origin: &Origin) {
    if let Origin::Made(path) = origin {
        eprintln!("flickr-conduit: made a SECRET_KEY and keep it in {}", path.display());
    }
}

#[tokio::main]
async fn start(config: &Config, demo: Option<std::time::Duration>) -> anyhow::Result<()> {
    logging::start(&config.log)?;
    let listener = TcpListener::bind(config.bind).await.with_context(|| {
        let (ip, port) = config.bind;
        format!("cannot listen on {ip}:{port} (is another program there? PORT or --port chooses another)")
    })?;
    let port = listener.local_addr()?.port();
    let conduit = Conduit::open(config, port)?;
    match conduit.secret() {
        Origin::Given => tracing::info!("SECRET_KEY was given"),
        Origin::Kept(path) => tracing::info!(path = %path.display(), "SECRET_KEY read from the file that keeps it"),
        Origin::Made(path) => tracing::info!(path = %path.display(), "no SECRET_KEY was given: made one and keep it"),
    }
    if config.redis_url.is_some() {
        tracing::warn!("REDIS_URL is set, but this version keeps everything in DATA_DIR: run one process only");
    }
    if conduit.public_url().is_loopback() {
        tracing::info!("no hub outside this machine can call {}: set PUBLIC_URL for that", conduit.public_url());
    }
    tracing::info!(address = %listener.local_addr()?, public_url = %conduit.public_url(), "listening");
    let stop = until_told()?;
    match demo {
        None => {
            let app = conduit.router();
            conduit.serve(listener, app, stop).await?;
        }
        Some(pace) => demo::serve(conduit, listener, pace, stop).await?,
    }
    Ok(())
}

/// Over at the first SIGTERM or SIGINT. The second ends the process at once.
fn until_told() -> std::io::Result<impl Future<Output = ()>> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    async fn either(term: &mut Signal, int: &mut Signal) {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
    }
    Ok(async move {
        either(&mut term, &mut int).await;
        tokio::spawn(async move {
            either(&mut term, &mut int).await;
            std::process::exit(130);
        });
    })
}
