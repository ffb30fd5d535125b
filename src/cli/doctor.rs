//! `flickr-conduit doctor`: a line for each check, with its remedy.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use reqwest::{Method, StatusCode};
use tokio::net::TcpListener;

use super::cannot_listen;
use super::neighbour::Neighbour;
use crate::conduit::{Conduit, OpenError};
use crate::config::Config;
use crate::doctor::machine::Folder;
use crate::doctor::{Cause, Check, Group, Mood, Runs, Told, summary};
use crate::lock::LockError;
use crate::serve;
use crate::web::debug::doctor::Examined;

/// Looks at everything, and prints it. Where a server runs on DATA_DIR it is asked, and not disturbed; otherwise this
/// process listens for a moment in its place, so that it works before the first start. The exit code is 1 when something
/// is wrong.
#[tokio::main]
pub(super) async fn run(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    if config.bind.1 == 0 {
        anyhow::bail!("with PORT 0 nobody knows where the server will listen: give the port that `serve` has");
    }
    let checks: Vec<Told> = match Conduit::open(config, config.bind.1) {
        Ok(conduit) => alone(config, &conduit).await?.iter().map(Check::told).collect(),
        Err(OpenError::Lock(LockError::Taken(_))) => ask(config).await?,
        Err(error) => unopened(config, &error).iter().map(Check::told).collect(),
    };
    match print(&checks, json) {
        // `doctor | head -1` has what it wants.
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    let is_well = checks.iter().all(|it| it.mood != Mood::Bad);
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(checks: &[Told], json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for check in checks {
        if json {
            writeln!(out, "{}", serde_json::to_string(check)?)?;
        } else {
            writeln!(out, "{check}")?;
        }
    }
    if !json {
        writeln!(out, "\n{}", summary(checks))?;
    }
    out.flush()
}

/// No server runs: this process stands in for it.
async fn alone(config: &Config, conduit: &Conduit) -> anyhow::Result<Vec<Check>> {
    let (ip, port) = config.bind;
    let listener = TcpListener::bind((ip, port)).await;
    let mut checks = Vec::new();
    let listening = match listener {
        Ok(listener) => {
            let (app, shutdown) = (conduit.router(), conduit.shutdown().clone());
            let stop = shutdown.stopping.clone().cancelled_owned();
            Some(tokio::spawn(async move { serve::serve(listener, app, &shutdown, stop).await }))
        }
        Err(cause) => {
            let why = cannot_listen(&cause).split(':').next().unwrap_or_default().to_owned();
            checks.push(Check::bad(Group::Machine, "PORT", Cause::PortTaken { address: format!("{ip}:{port}"), why }));
            None
        }
    };
    checks.extend(conduit.examine(Runs::No).await?);
    conduit.shutdown().stopping.cancel();
    if let Some(listening) = listening {
        listening.await??;
    }
    Ok(checks)
}

/// A server runs, and knows best.
async fn ask(config: &Config) -> anyhow::Result<Vec<Told>> {
    let neighbour = Neighbour::find(config)?;
    eprintln!("flickr-conduit: a server runs on this DATA_DIR: asking it, at {}", neighbour.door);
    let folder = config.data_dir.display().to_string();
    let silent = |why: String| {
        let cause = Cause::ServerSilent { folder: folder.clone(), door: neighbour.door.clone(), why };
        vec![Check::bad(Group::Machine, "server", cause).told()]
    };
    let answer = match neighbour.request(Method::GET, "/debug/doctor").send().await {
        Ok(answer) => answer,
        Err(error) => return Ok(silent(crate::flickr::reach(error).0.to_string())),
    };
    let status = answer.status();
    if status == StatusCode::FORBIDDEN {
        let sign = "the server that runs on this DATA_DIR does not know the key that this command was given".to_owned();
        return Ok(vec![Check::bad(Group::Machine, "SECRET_KEY", Cause::SecretKeyChanged { sign }).told()]);
    }
    let body = answer.text().await.unwrap_or_default();
    match serde_json::from_str::<Examined>(&body) {
        Ok(examined) => Ok(examined.checks),
        Err(_) => Ok(silent(format!("it says {}", status.as_u16()))),
    }
}

/// DATA_DIR cannot be used at all.
fn unopened(config: &Config, error: &OpenError) -> Vec<Check> {
    let folder = Folder::look(&config.data_dir, None);
    let check = folder.judge();
    let check = match check.cause() {
        Some(_) => check,
        None => Check::bad(Group::Machine, "DATA_DIR", Cause::FolderUnusable { sentence: error.to_string() }),
    };
    vec![check, Check::skipped(Group::Address, "all else", "It is looked at once DATA_DIR can be used.")]
}
