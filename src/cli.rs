//! The command line: what was typed to what is run.

pub mod deliver;
mod doctor;
mod events;
mod fave;
mod follow;
mod neighbour;
pub mod tail;

use std::io::{ErrorKind, IsTerminal, Write};
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::clock::Clock;
use crate::conduit::{self, Conduit, Minted};
use crate::config::{Config, Settings};
use crate::demo;
use crate::event_name::EventName;
use crate::hub::bridge::Wish;
use crate::logging;
use crate::practice::program as practice;
use crate::secret_key::{self, Origin};
use crate::shows::Shows;
use crate::signing::Keys;
use crate::web::debug::operator_link;

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
    Serve {
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(flatten)]
        shows: Shows,
    },
    /// Serve a wall of invented photos: no key, no account, no network needed
    Demo {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Seconds between the demo's deliveries
        #[arg(long, default_value = "5", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
        pace: u64,
    },
    /// Look at everything that can be wrong, and print a line for each check with its remedy; exit code 1 if something is
    Doctor {
        /// One JSON object for each check
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Fave a photo on purpose, and follow it with a stopwatch: of the server that runs on the same DATA_DIR
    Fave {
        /// Seconds that each hop may take, in place of what the hub usually does
        #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
        wait: Option<u64>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Be a Flickr to practise on: signing in, API, feeds, photos and push, with invented people
    Practice {
        #[command(flatten)]
        options: Box<practice::Options>,
    },
    /// Print the callback, the verify_token, the stream, the wall and its remote of an event name, to subscribe by hand
    Mint {
        /// Letters, digits and @ . _ ~ : - such as kittens or 12345678@N00-contacts_faves
        #[arg(required_unless_present = "operator")]
        event: Option<String>,
        /// Print the operator's link instead: it shows what hubs asked and delivered, all of it
        #[arg(long, conflicts_with = "event")]
        operator: bool,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Follow a wall, an event name or the delivery log of a running server from the terminal
    Tail {
        #[command(flatten)]
        options: tail::Options,
    },
    /// Play a hub: deliver a file, or those of a folder, to a callback, and say what was answered
    Deliver {
        #[command(flatten)]
        options: deliver::Options,
    },
}

const AFTER_HELP: &str = "Each option is an environment variable too; the option wins. Keep SECRET_KEY and DATA_DIR.";

/// Runs what the command line says. Mistakes are told in words; the exit code is 2 for those of the configuration.
pub fn run(cli: Cli) -> ExitCode {
    let (settings, job): (_, Job) = match cli.command {
        Command::Serve { settings, shows } => match shows.wishes() {
            Ok(wishes) => (settings, Job::Serve { wishes }),
            Err(mistake) => {
                eprintln!("flickr-conduit: {mistake}");
                return ExitCode::from(2);
            }
        },
        Command::Demo { settings, pace } => (settings, Job::Demo { pace }),
        Command::Mint { event, settings, .. } => (settings, Job::Mint { event }),
        Command::Fave { wait, settings } => (settings, Job::Fave { wait }),
        Command::Doctor { json, settings } => (settings, Job::Doctor { json }),
        Command::Practice { options } => return told(practice(&options)),
        Command::Tail { options } => return told(wait_for(tail::run(&options))),
        Command::Deliver { options } => return told(wait_for(deliver::run(&options))),
    };
    let config = match settings.check() {
        Ok(config) => config,
        Err(mistakes) => {
            eprintln!("flickr-conduit: {mistakes}");
            return ExitCode::from(2);
        }
    };
    let done = match job {
        Job::Doctor { json } => {
            return doctor::run(&config, json).unwrap_or_else(|error| told(Err(error)));
        }
        Job::Fave { wait } => {
            return fave::run(&config, wait).unwrap_or_else(|error| told(Err(error)));
        }
        Job::Mint { event } => mint(&config, event.as_deref()),
        Job::Serve { wishes } => start(&config, None, wishes),
        Job::Demo { pace } => start(&config, Some(Duration::from_secs(pace)), Vec::new()),
    };
    told(done)
}

#[tokio::main(flavor = "current_thread")]
async fn wait_for(job: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    job.await
}

fn told(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("flickr-conduit: {error:#}");
            ExitCode::FAILURE
        }
    }
}

enum Job {
    Serve {
        wishes: Vec<Wish>,
    },
    Demo {
        pace: u64,
    },
    Doctor {
        json: bool,
    },
    Fave {
        wait: Option<u64>,
    },
    /// The addresses of an event name, or without one the operator's link.
    Mint {
        event: Option<String>,
    },
}

fn mint(config: &Config, event: Option<&str>) -> anyhow::Result<()> {
    if config.bind.1 == 0 && config.public_url.is_none() {
        anyhow::bail!("with PORT 0 and no PUBLIC_URL nobody knows the address: give one of them as `serve` has it");
    }
    // A name that cannot be is told before a key is made for it.
    if let Some(event) = event {
        event.parse::<EventName>()?;
    }
    let (secret, origin) = secret_key::find_or_make(config, &Clock::system())?;
    say_origin(&origin);
    let (keys, public_url) = (Keys::derive(secret.reveal()), config.public_url_at(config.bind.1));
    let lines = match event {
        Some(event) => {
            let Minted { callback, verify_token, stream, wall, remote } = conduit::mint(&keys, &public_url, event)?;
            format!(
                "callback: {callback}\nverify_token: {verify_token}\nstream: {stream}\nwall: {wall}\n\
                 remote: {remote}\n"
            )
        }
        None => format!("operator: {}\n", operator_link(&keys, &public_url)),
    };
    match std::io::stdout().write_all(lines.as_bytes()) {
        // `mint … | head -1` has what it wants.
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Why a port cannot be had, and what helps.
fn cannot_listen(cause: &std::io::Error) -> &'static str {
    match cause.kind() {
        ErrorKind::AddrInUse => "another program is there: PORT or --port chooses another port",
        ErrorKind::PermissionDenied => "ports below 1024 need privileges: --port 8080",
        ErrorKind::AddrNotAvailable => "this machine has no such address: --bind 0.0.0.0 takes all that it has",
        _ => "PORT and BIND choose another address",
    }
}

/// A key that was just made is worth a word: everything that is minted hangs on it.
fn say_origin(origin: &Origin) {
    if let Origin::Made(path) = origin {
        let path = path.display();
        eprintln!("flickr-conduit: made a SECRET_KEY and keep it in {path}");
        eprintln!("flickr-conduit: a server with another key, or another DATA_DIR, will not know what is minted here");
    }
}

/// Tells whoever started the server by hand where the debug pages are. A log that others may read gets no key.
fn say_operator(conduit: &Conduit) {
    if std::io::stdout().is_terminal() {
        println!("\n  What hubs do:   {}", conduit.operator_link());
    } else {
        tracing::info!(
            "what hubs asked and delivered: flickr-conduit mint --operator prints the link, with the same settings"
        );
    }
}

#[tokio::main]
async fn start(config: &Config, demo: Option<Duration>, wishes: Vec<Wish>) -> anyhow::Result<()> {
    let _log = logging::start(&config.log)?;
    let listener = listen(config.bind).await?;
    let port = listener.local_addr()?.port();
    let config = &if demo.is_some() { demo::configure(config, port)? } else { config.clone() };
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
    if !wishes.is_empty() {
        let wall = conduit.show(wishes).await?;
        println!(
            "\n  Open the wall:  {wall}\n  Or listen:      curl -N '{}'\n",
            wall.replace("/wall/", "/stream?wall=")
        );
    } else if demo.is_none() {
        tracing::info!("a callback and a wall: flickr-conduit mint EVENT, with the same settings");
    }
    let stop = until_told()?;
    match demo {
        None => {
            say_operator(&conduit);
            let app = conduit.router();
            conduit.serve(listener, app, stop).await?;
        }
        Some(pace) => demo::serve(conduit, config, listener, pace, stop).await?,
    }
    Ok(())
}

#[tokio::main]
async fn practice(options: &practice::Options) -> anyhow::Result<()> {
    let _log = logging::start(&options.log)?;
    let listener = listen((options.bind, options.port)).await?;
    practice::serve(options, listener, until_told()?).await
}

async fn listen((ip, port): (IpAddr, u16)) -> anyhow::Result<TcpListener> {
    // A wall is a connection, and a shell allows 1,024 of them. Where it cannot be raised, fewer fit.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let listener = TcpListener::bind((ip, port)).await;
    listener.map_err(|cause| anyhow::anyhow!("cannot listen on {ip}:{port}: {}", cannot_listen(&cause)))
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
