//! `flickr-conduit deliver`: plays a hub. Delivers a file, or those of a folder, to a callback, and says in words what was
//! answered.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};
use tokio::time::{MissedTickBehavior, interval};
use url::Url;

use crate::clock::Clock;
use crate::hub::endpoint::{self, Mode, Names, Question, VerifyError};
use crate::web::debug::raw::visible;

/// What ends the names of files that are delivered out of a folder, and how they are sent.
const KINDS: &[(&str, &str)] = &[
    ("xml", "application/atom+xml"),
    ("atom", "application/atom+xml"),
    ("rss", "application/rss+xml"),
    ("json", "application/json"),
];
/// The most characters of an answer that are printed.
const LONGEST: usize = 300;

/// What can be said on the command line.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// A file to deliver, or a folder: its .xml, .atom, .rss and .json files, by name
    #[arg(value_name = "FILE|FOLDER")]
    pub path: PathBuf,
    /// The callback, as `mint` prints it
    #[arg(value_name = "CALLBACK", value_parser = callback)]
    pub callback: Url,
    /// Verify the subscription first, with this verify_token
    #[arg(long, value_name = "TOKEN")]
    pub verify_token: Option<String>,
    /// Deliveries a second, of a folder
    #[arg(long, default_value = "1", value_name = "NUMBER", value_parser = rate)]
    pub rate: f64,
    /// Deliver them all so many times
    #[arg(long, default_value = "1", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub times: u32,
}

fn callback(text: &str) -> Result<Url, String> {
    let expected =
        "expected a callback such as http://localhost:8080/callback/kittens.…, as `flickr-conduit mint` prints it";
    let url: Url = text.parse().map_err(|cause| format!("{cause}: {expected}"))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(expected.into()) }
}

fn rate(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|it: &f64| (0.001..=1000.0).contains(it));
    number.ok_or_else(|| "expected a number from 0.001 to 1000".into())
}

/// Delivers them.
///
/// # Errors
/// When there is nothing to deliver, or something was not taken.
pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let files = files(&options.path)?;
    let client = endpoint::client_as("flickr-conduit deliver")?;
    if let Some(token) = &options.verify_token {
        verify(&client, &options.callback, token).await?;
    }
    let mut pace = interval(Duration::from_secs_f64(1.0 / options.rate));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut sent, mut refused) = (0_u64, 0_u64);
    for _ in 0..options.times {
        for file in &files {
            pace.tick().await;
            sent += 1;
            let (line, taken) = deliver(&client, &options.callback, file).await?;
            println!("{}: {line}", file.display());
            refused += u64::from(!taken);
        }
    }
    anyhow::ensure!(refused == 0, "{refused} of {sent} deliveries were not taken");
    Ok(())
}

/// The file itself, or those of a folder, by name.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", path.display());
    if !std::fs::metadata(path).with_context(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?.path();
        if mime(&entry).is_some() && entry.is_file() {
            found.push(entry);
        }
    }
    found.sort();
    anyhow::ensure!(!found.is_empty(), "{} holds no .xml, .atom, .rss or .json file", path.display());
    Ok(found)
}

fn mime(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    KINDS.iter().find(|(it, _)| *it == ending).map(|(_, mime)| *mime)
}

async fn verify(client: &Client, callback: &Url, token: &str) -> anyhow::Result<()> {
    let challenge = format!("{:016x}", u64::from_be_bytes(Clock::system().random()?));
    let question = Question {
        names: Names::Bare,
        mode: Mode::Subscribe,
        topic: None,
        challenge: &challenge,
        verify_token: Some(token),
        lease_seconds: None,
    };
    match endpoint::ask(client, callback, &question).await {
        Ok(()) => {
            println!("verification: it echoed the challenge: subscribed");
            Ok(())
        }
        Err(VerifyError::Refused { status: StatusCode::NOT_FOUND, .. }) => anyhow::bail!(
            "the verification was refused with 404: the callback is not that server's, the token is not this callback's \
             (has SECRET_KEY changed?), or nobody wants the subscription. Its debug page says which"
        ),
        Err(other) => Err(anyhow::Error::new(other).context("the verification failed")),
    }
}

/// Delivers one file: what was answered, in words, and whether it was taken.
async fn deliver(client: &Client, callback: &Url, file: &Path) -> anyhow::Result<(String, bool)> {
    let body = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let begun = Instant::now();
    let request = client.post(callback.clone()).body(body);
    let request = request.header(CONTENT_TYPE, mime(file).unwrap_or("application/octet-stream"));
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(cause) => {
            let cause = anyhow::Error::new(cause.without_url());
            return Ok((format!("no answer: {cause:#}"), false));
        }
    };
    let (status, elapsed) = (answer.status(), begun.elapsed());
    let text = answer.text().await.unwrap_or_default();
    let line: String = visible(text.lines().next().unwrap_or_default().as_bytes()).chars().take(LONGEST).collect();
    let words = format!("{} in {} ms: {}", status.as_u16(), elapsed.as_millis(), said(status, &line));
    Ok((words, status.is_success()))
}

/// What an answer means.
fn said(status: StatusCode, line: &str) -> String {
    let with = |words: &str| if line.is_empty() { words.to_owned() } else { format!("{words}: {line}") };
    match status.as_u16() {
        200..=299 if line.is_empty() => "taken".into(),
        200..=299 => line.to_owned(),
        300..=399 => "it points elsewhere, and hubs do not follow: is the scheme, the host or a slash wrong?".into(),
        400 => with("it cannot be read"),
        404 => "not a callback of that server: is the address whole, and its SECRET_KEY the one that minted it?".into(),
        410 => "this subscription has ended, and a hub would stop now".into(),
        413 => with("it is too large"),
        415 => with("it is encoded"),
        429 => with("too many deliveries: a hub would wait"),
        500.. => with("the server has trouble, and a hub would try again"),
        _ => with("refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_is_told_in_words() {
        let check = |status, line: &str, expected: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(said(status, line).starts_with(expected), "{}", said(status, line));
        };
        check(200, "2 new, 0 repeated, 0 skipped, 0 bad", "2 new, 0 repeated");
        check(204, "", "taken");
        check(301, "", "it points elsewhere");
        check(400, "not a feed: x (line 1, column 1)", "it cannot be read: not a feed: x (line 1, column 1)");
        check(404, "no such callback", "not a callback of that server");
        check(410, "", "this subscription has ended");
        check(503, "", "the server has trouble");
        check(403, "no", "refused: no");
    }

    #[test]
    fn a_folder_gives_its_feeds_by_name_and_a_file_is_itself_whatever_its_name() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.XML", "c.txt", "d.rss"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(dir.path().join("e.xml")).unwrap();
        let names = |path: &Path| {
            let files = files(path).unwrap();
            files.iter().map(|it| it.file_name().unwrap().to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(dir.path()), ["a.XML", "b.json", "d.rss"]);
        assert_eq!(names(&dir.path().join("c.txt")), ["c.txt"]);
        assert!(files(&dir.path().join("nowhere")).is_err());
        assert!(files(&dir.path().join("e.xml")).unwrap_err().to_string().contains("holds no .xml"));
        assert_eq!(rate("0.5"), Ok(0.5));
        assert!(rate("0").is_err() && rate("x").is_err() && callback("kittens").is_err());
    }
}
