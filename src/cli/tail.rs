//! `flickr-conduit tail`: a wall, an event name or the delivery log, on a terminal or as JSON lines.

use std::io::{ErrorKind, Write};

use clap::Args;
use serde_json::Value;
use url::Url;

use super::follow::{Follower, Listener, Over};
use crate::clock::Clock;
use crate::web::debug::raw::visible;

/// What can be said on the command line.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// A stream's address (`mint` prints it), a wall's link, or the operator's link for the delivery log
    #[arg(value_name = "ADDRESS", value_parser = address)]
    pub address: Url,
    /// Print each message as it comes, one line of JSON each
    #[arg(long)]
    pub json: bool,
    /// How many of the newest to begin with
    #[arg(long, default_value = "10", value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(0..=500))]
    pub last: u16,
    /// Begin after this position instead: the `position` of the last message that was seen
    #[arg(long, value_name = "POSITION")]
    pub after: Option<String>,
}

/// Follows it for ever.
///
/// # Errors
/// When the server will not have us, or standard output fails.
pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let mut address = options.address.clone();
    address.query_pairs_mut().append_pair("last", &options.last.to_string());
    let mut follower = Follower::new(address, options.after.clone(), Clock::system())?;
    match follower.run(&mut Terminal { json: options.json }).await {
        // `tail … | head` has what it wants.
        Over::Unread(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        over => Err(over.into()),
    }
}

/// The address of a stream, out of what people have at hand.
fn address(text: &str) -> Result<Url, String> {
    let expected = "expected a stream's address such as http://localhost:8080/stream?token=…, or a wall's link";
    let mut url: Url = text.parse().map_err(|cause| format!("{cause}: {expected}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(expected.into());
    }
    let path = url.path().to_owned();
    if let Some(at) = path.rfind("/wall/") {
        let link = path[at + "/wall/".len()..].split('/').next().unwrap_or_default().to_owned();
        let link = percent_encoding::percent_decode_str(&link).decode_utf8_lossy().into_owned();
        url.set_path(&format!("{}/stream", &path[..at]));
        // The settings of a wall are not those of its stream.
        url.query_pairs_mut().clear().append_pair("wall", &link);
    } else if let Some(before) = path.strip_suffix("/debug") {
        let key = url.query_pairs().find(|(name, _)| name == "key").map(|(_, key)| key.into_owned());
        let key = key.ok_or("the delivery log is followed by the operator's link: `flickr-conduit mint --operator`")?;
        url.set_path(&format!("{before}/stream"));
        url.query_pairs_mut().clear().append_pair("debug", &key);
    } else if !path.ends_with("/stream") {
        return Err(expected.into());
    }
    url.set_fragment(None);
    Ok(url)
}

struct Terminal {
    json: bool,
}

impl Listener for Terminal {
    fn hear(&mut self, message: &str) -> std::io::Result<()> {
        let line = if self.json { as_json(message) } else { as_words(message) };
        if let Some(line) = line {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{line}")?;
            out.flush()?;
        }
        Ok(())
    }

    fn say(&mut self, words: &str) {
        eprintln!("flickr-conduit: {words}");
    }
}

/// The message, unless it only shows that the stream lives.
fn as_json(message: &str) -> Option<String> {
    (!message.starts_with(r#"{"type":"ping""#)).then(|| message.to_owned())
}

/// The message as a person reads it; `None` when there is nothing to say.
fn as_words(message: &str) -> Option<String> {
    let message: Value = serde_json::from_str(message).ok()?;
    let text = |value: &Value| line(value.as_str().unwrap_or_default());
    match message["type"].as_str()? {
        "hello" => {
            let names: Vec<_> = message["events"].as_array().into_iter().flatten().map(text).collect();
            (!names.is_empty()).then(|| format!("following {}", names.join(", ")))
        }
        "photo" => Some(photo(&message, text)),
        "record" => {
            let (row, changed) = (&message["row"], message["new"] == false);
            let known = |name: &str| Some(text(&row[name])).filter(|it| !it.is_empty());
            let facts: Vec<_> = ["delay", "reached", "painted"].into_iter().filter_map(known).collect();
            let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join("; ")) };
            let mark = if changed { "… " } else { "" };
            let (time, event, kind, hub) =
                (text(&row["time"]), text(&row["event"]), text(&row["kind"]), text(&row["hub"]));
            Some(format!("{time}  {mark}{event}  {kind} from {hub}: {}{facts}", text(&row["sentence"])))
        }
        "gap" => Some(format!(
            "events of {} are missing here: the history does not reach back so far",
            text(&message["event"])
        )),
        "missed" => Some(format!("{} events were missed: this program was too slow", message["count"])),
        _ => None,
    }
}

fn photo(message: &Value, text: impl Fn(&Value) -> String) -> String {
    let photo = &message["photo"];
    let name = |person: &Value| Some(text(&person["name"])).filter(|it| !it.is_empty());
    let mut words = format!("{}  {}", text(&message["event"]), text(&photo["change"]));
    match (name(&photo["faved_by"]), photo["updates"].as_array()) {
        (Some(fan), _) => words.push_str(&format!(", faved by {fan}")),
        (None, Some(updates)) if photo["change"] == "updated" => {
            let updates: Vec<_> = updates.iter().map(&text).collect();
            words.push_str(&format!(" ({})", updates.join(", ")));
        }
        _ => {}
    }
    let title = Some(text(&photo["title"])).filter(|it| !it.is_empty());
    words.push_str(&title.map_or_else(|| format!("  photo {}", text(&photo["id"])), |it| format!("  “{it}”")));
    words.extend(name(&photo["owner"]).map(|it| format!(" by {it}")));
    let page = text(&photo["page"]);
    if !page.is_empty() {
        words.push_str(&format!("  {page}"));
    }
    words
}

/// Foreign text on one line, with nothing in it that a terminal obeys.
fn line(text: &str) -> String {
    visible(text.as_bytes()).replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_people_have_at_hand_leads_to_its_stream() {
        let check = |given: &str, expected: &str| assert_eq!(address(given).unwrap().as_str(), expected);
        check("http://localhost:8080/stream?token=a.b", "http://localhost:8080/stream?token=a.b");
        check(
            "https://w.example.org/wall/kittens.MAC?layout=single#x",
            "https://w.example.org/stream?wall=kittens.MAC",
        );
        check("https://w.example.org/wall/a,b.MAC/settings", "https://w.example.org/stream?wall=a%2Cb.MAC");
        check("https://w.example.org/debug?key=operator.MAC", "https://w.example.org/stream?debug=operator.MAC");
        for wrong in ["kittens", "ftp://x/stream", "https://w.example.org/", "https://w.example.org/debug"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_message_is_one_line_and_foreign_text_moves_no_cursor() {
        let check =
            |message: &str, expected: Option<&str>| assert_eq!(as_words(message).as_deref(), expected, "{message}");
        check(r#"{"type":"ping"}"#, None);
        check(r#"{"type":"hello","events":["kittens"]}"#, Some("following kittens"));
        check(
            r#"{"type":"photo","event":"kittens","position":"x:1","photo":{"change":"added","id":"7","title":"A\u001b[31m\ncat","owner":{"name":"Ann"},"page":"https://x/7"}}"#,
            Some("kittens  added  “A\\u{1b}[31m cat” by Ann  https://x/7"),
        );
        check(
            r#"{"type":"photo","event":"k","photo":{"change":"updated","updates":["faves"],"id":"7","faved_by":{"name":"Bo"}}}"#,
            Some("k  updated, faved by Bo  photo 7"),
        );
        check(
            r#"{"type":"photo","event":"k","photo":{"change":"updated","updates":["title","tags"],"id":"7"}}"#,
            Some("k  updated (title, tags)  photo 7"),
        );
        check(
            r#"{"type":"gap","event":"k"}"#,
            Some("events of k are missing here: the history does not reach back so far"),
        );
        check(
            r#"{"type":"record","new":true,"row":{"time":"05:00:00","event":"k","kind":"delivery","hub":"Flickr","sentence":"1 entry, 1 new: taken with 200","delay":"2.0 s old","reached":"","painted":""}}"#,
            Some("05:00:00  k  delivery from Flickr: 1 entry, 1 new: taken with 200 (2.0 s old)"),
        );
        check("no json", None);
        assert_eq!(as_json(r#"{"type":"ping"}"#), None);
        assert_eq!(as_json(r#"{"type":"gap","event":"k"}"#).as_deref(), Some(r#"{"type":"gap","event":"k"}"#));
    }
}
