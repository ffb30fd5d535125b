//! A thousand subscriptions at a hundred events a second: what the practice Flickr and the server cost, each a process
//! of its own, measured by the system over a minute.
//!
//! `cargo bench --bench subscriptions` (or `-- 20` for 20 seconds). Linux only: it reads `/proc`.
//!
//! What an event costs depends on how many want it. By default most subscriptions are of places, each its own, and an
//! event has some ten takers; `-- broad` makes most of them common tags, with some thirty takers for each event.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use std::io::{BufRead, BufReader};

use flickr_conduit::clock::Clock;
use flickr_conduit::conduit::mint;
use flickr_conduit::config::{Config, PublicUrl, Secret};
use flickr_conduit::flickr::{App, Budget, Flickr, Hosts, Perms, Verify};
use flickr_conduit::hub::people::{self, Person};
use flickr_conduit::practice::{KEY, SECRET};
use flickr_conduit::signing::Keys;
use flickr_conduit::store::subscription::Standing;
use flickr_conduit::store::{Account, Store};
use flickr_conduit::subscriber::permission;
use flickr_conduit::topic::{Area, Circle, Topic};

const SUBSCRIPTIONS: usize = 1000;
const RATE: u32 = 100;
const WARM_UP: Duration = Duration::from_secs(10);
const SECRET_KEY: &str = "a secret of some length";

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// A process of ours, killed when it is dropped.
struct Process {
    child: Child,
    port: u16,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Fallible<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flickr-conduit"));
        command.args(arguments).env_clear().envs(environment.iter().copied());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no stderr")?).lines();
        let port = loop {
            let line = lines.next().ok_or("it ended before it listened")??;
            let line: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if line["message"] == "listening" {
                let address = line["address"].as_str().unwrap_or_default();
                break address.rsplit_once(':').ok_or("no port")?.1.parse()?;
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, port })
    }

    /// Asks it to end, and waits.
    fn end(mut self) -> Fallible<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        Ok(())
    }

    /// Seconds of CPU since it began.
    fn cpu(&self) -> Fallible<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<_> = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace().collect();
        // Fields 14 and 15 of proc(5), in ticks of a hundredth of a second.
        Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
    }

    /// Megabytes: resident now, and at most so far.
    fn memory(&self) -> Fallible<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| -> Fallible<f64> {
            let line = status.lines().find(|it| it.starts_with(name)).ok_or("no such line")?;
            Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse::<f64>()? / 1024.0)
        };
        Ok((of("VmRSS:")?, of("VmHWM:")?))
    }
}

fn main() -> Fallible<()> {
    let seconds = std::env::args().filter_map(|it| it.parse().ok()).next().unwrap_or(60);
    let broad = std::env::args().any(|it| it == "broad");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(Duration::from_secs(seconds), broad))
}

async fn run(length: Duration, broad: bool) -> Fallible<()> {
    let folder = tempfile::tempdir()?;
    let data_dir = folder.path().display().to_string();
    let practice = Process::start(&["practice", "--port", "0", "--rate", "0", "--log", "info"], &[])?;
    let flickr_url = format!("http://localhost:{}", practice.port);
    let environment = [
        ("DATA_DIR", data_dir.as_str()),
        ("SECRET_KEY", SECRET_KEY),
        ("FLICKR_URL", &flickr_url),
        ("FLICKR_KEY", KEY),
        ("FLICKR_SECRET", SECRET),
        // Nobody looks, and nothing may fall asleep.
        ("UNWATCHED_MINUTES", "600"),
    ];
    let server = Process::start(&["serve", "--port", "0"], &environment)?;
    let port = server.port;
    let wanted = subscribe(&flickr_url, port, broad).await?;
    server.end()?;
    record(folder.path(), &wanted).await?;
    let server = Process::start(&["serve", "--port", &port.to_string()], &environment)?;

    let client = flickr_conduit::hub::endpoint::client()?;
    let pace =
        client.post(format!("{flickr_url}/stage/pace")).header("content-type", "application/x-www-form-urlencoded");
    let set = pace.body(format!("rate={RATE}")).send().await?;
    assert!(set.status().as_u16() < 400, "the pace is set: {}", set.status());
    tokio::time::sleep(WARM_UP).await;
    let metrics = async || -> Fallible<(f64, f64)> {
        let text = client.get(format!("http://localhost:{port}/metrics")).send().await?.text().await?;
        let sum = |name: &str| {
            text.lines()
                .filter(|it| it.starts_with(name))
                .filter_map(|it| it.rsplit(' ').next()?.parse::<f64>().ok())
                .sum()
        };
        Ok((sum("flickr_conduit_deliveries_total"), sum("flickr_conduit_entries_total")))
    };
    let before = (practice.cpu()?, server.cpu()?, metrics().await?);
    tokio::time::sleep(length).await;
    let after = (practice.cpu()?, server.cpu()?, metrics().await?);
    let per_second = |before: f64, after: f64| (after - before) / length.as_secs_f64();
    println!("{} subscriptions, {RATE} events a second, {} s:", wanted.len(), length.as_secs());
    let entries = per_second(before.2.1, after.2.1);
    println!(
        "{:.0} deliveries a second with {entries:.0} entries a second, {:.0} takers for each event",
        per_second(before.2.0, after.2.0),
        entries / f64::from(RATE)
    );
    for (name, process, cpu) in [
        ("practice Flickr", &practice, per_second(before.0, after.0)),
        ("server", &server, per_second(before.1, after.1)),
    ] {
        let (now, most) = process.memory()?;
        println!(
            "{name}: {:.1} % of one core (target 10), {now:.0} MB, at most {most:.0} MB (target 100)",
            cpu * 100.0
        );
    }
    Ok(())
}

/// An account that signed in, and what it wants.
struct Wanted {
    account: Account,
    topic: Topic,
}

/// Signs everybody in and subscribes a thousand topics, by Flickr's own API; the server only has to agree.
async fn subscribe(flickr_url: &str, port: u16, broad: bool) -> Fallible<Vec<Wanted>> {
    let clock = Clock::system();
    let keys = Keys::derive(SECRET_KEY);
    let public_url = PublicUrl::localhost(port);
    let people: Vec<&Person> = people::PEOPLE.iter().filter(|it| it.is_pro()).collect();
    let (tags, places) = seen(flickr_url).await?;
    let mut wanted = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let share = SUBSCRIPTIONS / people.len() + usize::from(index < SUBSCRIPTIONS % people.len());
        let app = App { key: Secret::new(KEY), secret: Secret::new(SECRET) };
        let hosts = Hosts::of(Some(&flickr_url.parse()?));
        // A budget for each, since a thousand calls at once are no manners for one.
        let flickr = Flickr::new(app, hosts, clock.clone(), Budget::new(clock.clone()))?;
        let access = sign_in(&flickr, person).await?;
        let token = permission::seal(&keys, &clock, &access)?;
        let account = Account {
            nsid: access.nsid.clone(),
            name: access.username.clone(),
            token: Some(token),
            since: clock.now(),
            signed_in_at: clock.now(),
        };
        for topic in topics(&tags, &places, index, broad).take(share) {
            let minted = mint(&keys, &public_url, topic.event_name(&access.nsid)?.as_str())?;
            flickr.subscribe(&access.token, &topic, &minted.callback, &minted.verify_token, Verify::Sync, None).await?;
            wanted.push(Wanted { account: account.clone(), topic });
        }
    }
    assert_eq!(wanted.len(), SUBSCRIPTIONS);
    Ok(wanted)
}

/// What one account wants: everything that has no arguments, then tags and places that occur.
fn topics(tags: &[String], places: &[(f64, f64)], index: usize, broad: bool) -> impl Iterator<Item = Topic> {
    let (n_tags, n_places, radius_km) = if broad { (usize::MAX, 0, 3.0) } else { (12, 200, 3.0) };
    let personal = [
        Topic::ContactsPhotos,
        Topic::ContactsFaves,
        Topic::PhotosOfContacts,
        Topic::PhotosOfMe,
        Topic::MyPhotos,
        Topic::MyFaves,
        Topic::Commons(Vec::new()),
    ];
    let around = places.iter().cycle().skip(index * 7).take(n_places).filter_map(|(latitude, longitude)| {
        Circle::new(*latitude, *longitude, radius_km, 1).ok().map(|it| Topic::Geo(Area::Circle(it)))
    });
    let tagged = tags.iter().take(n_tags).filter_map(|tag| Topic::tags([tag.as_str()]).ok());
    let pairs = tags.windows(2).take(n_tags / 2).filter_map(|two| Topic::tags(two.iter().map(String::as_str)).ok());
    let around: Vec<_> = around.collect();
    let mut all: Vec<Topic> = personal.into_iter().chain(tagged).chain(pairs).chain(around).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|it| seen.insert(it.to_text()));
    all.into_iter()
}

/// Tags and places of the photos that are there.
async fn seen(flickr_url: &str) -> Fallible<(Vec<String>, Vec<(f64, f64)>)> {
    let client = flickr_conduit::hub::endpoint::client()?;
    let address = format!(
        "{flickr_url}/services/rest?method=flickr.photos.search&api_key={KEY}&format=json&nojsoncallback=1&per_page=500&extras=geo,tags&bbox=-180,-90,180,90"
    );
    let answer: serde_json::Value = serde_json::from_str(&client.get(address).send().await?.text().await?)?;
    let photos = answer["photos"]["photo"].as_array().cloned().unwrap_or_default();
    let number = |value: &serde_json::Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    let tags = photos.iter().flat_map(|it| it["tags"].as_str().unwrap_or_default().split(' ').map(str::to_owned));
    let mut tags: Vec<String> = tags.filter(|it| !it.is_empty() && !it.contains(':')).collect();
    tags.sort();
    tags.dedup();
    let places = photos.iter().filter_map(|it| number(&it["latitude"]).zip(number(&it["longitude"]))).collect();
    Ok((tags, places))
}

async fn sign_in(flickr: &Flickr, person: &Person) -> Fallible<flickr_conduit::flickr::Access> {
    let request = flickr.request_token(&"http://localhost/done".parse()?).await?;
    let client = flickr_conduit::hub::endpoint::client()?;
    let url = flickr.authorize_url(&request, Perms::Read);
    let page = client.get(url.clone()).send().await?.text().await?;
    let seal = page.split("name=\"seal\" value=\"").nth(1).and_then(|it| it.split('"').next()).ok_or("no seal")?;
    let fields = [
        ("oauth_token", request.token.as_str()),
        ("seal", seal),
        ("perms", "read"),
        ("nsid", person.nsid),
        ("answer", "allow"),
    ];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut action = url;
    action.set_query(None);
    let posted =
        client.post(action).header("content-type", "application/x-www-form-urlencoded").body(body).send().await?;
    let back = posted.headers().get("location").and_then(|it| it.to_str().ok()).ok_or("not allowed")?;
    let back: url::Url = back.parse()?;
    let verifier = back.query_pairs().find(|(name, _)| name == "oauth_verifier").ok_or("no verifier")?.1.into_owned();
    Ok(flickr.access_token(&request, &verifier).await?)
}

/// Writes down what the server would have written down had it subscribed them itself.
async fn record(folder: &std::path::Path, wanted: &[Wanted]) -> Fallible<()> {
    let clock = Clock::system();
    let store = Store::open(&Config::local(folder).data_dir)?;
    for Wanted { account, topic } in wanted {
        store.record_account(account.clone()).await?;
        let event = topic.event_name(&account.nsid)?;
        store.want(&account.nsid, topic, &event, clock.now()).await?;
        let standing = Standing { asked_at: Some(clock.now()), confirmed_at: Some(clock.now()), ..Standing::default() };
        store.record_standing(&event, &Standing::default(), standing).await?;
    }
    Ok(())
}
