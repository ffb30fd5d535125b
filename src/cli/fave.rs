//! `flickr-conduit fave`: the fave test in a terminal, of the server that runs on the same DATA_DIR.

use std::process::ExitCode;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use tokio::time::sleep;

use super::neighbour::Neighbour;
use crate::config::Config;
use crate::fave::{HopTold, Told};

/// How often the test is looked at.
const PACE: Duration = Duration::from_millis(100);

/// Lets the server fave a photo, and prints each hop as it comes. The exit code is 1 when one is missing.
#[tokio::main]
pub(super) async fn run(config: &Config, wait: Option<u64>) -> anyhow::Result<ExitCode> {
    let neighbour = Neighbour::find(config)?;
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("form", neighbour.form_token());
    body.extend_pairs(wait.map(|it| ("wait", it.to_string())));
    let request = neighbour.request(Method::POST, "/debug/fave");
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.finish());
    let answer = request.send().await.map_err(|error| {
        let why = crate::flickr::reach(error).0;
        anyhow::anyhow!("no server answers at {} ({why}): start it with the same settings first", neighbour.door)
    })?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        let said: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let why = said["error"].as_str().map_or_else(|| format!("the server says {status}"), str::to_owned);
        anyhow::bail!("{why}");
    }
    let mut told: Told = serde_json::from_str(&text)?;
    let mut printed = 0;
    let mut is_named = false;
    loop {
        if !is_named && (told.hops.first().is_some_and(|it| it.stand != "waiting") || told.over) {
            println!("{}\n", told.doing);
            is_named = true;
        }
        let done = |it: &&HopTold| it.stand != "waiting";
        for hop in told.hops.iter().take_while(done).skip(printed) {
            println!("{}", line(hop));
            printed += 1;
        }
        if told.over {
            break;
        }
        sleep(PACE).await;
        let answer = neighbour.request(Method::GET, &format!("/debug/fave/{}", told.id)).send().await?;
        told = serde_json::from_str(&answer.text().await?)?;
    }
    println!("\n{} {}", told.summary, told.cleaned);
    Ok(if told.well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `hub called      ✓ +0.42 s  from 127.0.0.1`
fn line(hop: &HopTold) -> String {
    let sign = match hop.stand.as_str() {
        "came" => '✓',
        "missing" => '✗',
        _ => '–',
    };
    let parts = [hop.time.as_str(), &hop.said, &hop.usually].into_iter().filter(|it| !it.is_empty());
    let rest = parts.collect::<Vec<_>>().join("  ");
    format!("{:<14} {sign} {rest}", hop.name).trim_end().to_owned()
}
