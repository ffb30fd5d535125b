//! The configuration: environment and flags to one checked [`Config`].
//!
//! clap reads the words, and `--help` is the reference; [`Settings::check`] understands them and reports **all**
//! mistakes at once, each naming its variable.

pub mod public_url;
pub mod secret;

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;
use url::Url;

pub use public_url::PublicUrl;
pub use secret::Secret;

const PORT: &str = "8080";
const BIND: &str = "127.0.0.1";
const DATA_DIR: &str = "data";
const DELIVERY_LIMIT_BYTES: &str = "2097152";
const UNWATCHED_MINUTES: &str = "15";
const HEARTBEAT_SECONDS: &str = "25";
const LOG: &str = "info";
const LOG_DELIVERIES: &str = "200";
const LOG_HOURS: &str = "24";
const FLICKR_HUB: &str = "auto";
const HUB_PUBLIC: &str = "no";

/// The shortest SECRET_KEY that is taken, in characters.
const MIN_SECRET: usize = 16;

/// The settings as they were typed. Each has a flag and an environment variable of the same name; the flag wins.
#[derive(Debug, Clone, Default, Args)]
pub struct Settings {
    /// Port to listen on; 0 takes any free one
    #[arg(long, env = "PORT", default_value = PORT, value_name = "NUMBER")]
    pub port: String,
    /// Address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, env = "BIND", default_value = BIND, value_name = "IP")]
    pub bind: String,
    /// Where hubs and browsers reach this server, such as `https://wall.example.org`; this machine only when absent
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Folder of the history and of a SECRET_KEY that was made here
    #[arg(long, env = "DATA_DIR", default_value = DATA_DIR, value_name = "FOLDER")]
    pub data_dir: String,
    /// Signs callbacks, tokens and wall links; made and kept in DATA_DIR when absent. Changing it orphans them all
    #[arg(long, env = "SECRET_KEY", hide_env_values = true, value_name = "TEXT")]
    pub secret_key: Option<String>,
    /// File that holds SECRET_KEY
    #[arg(long, env = "SECRET_KEY_FILE", value_name = "FILE")]
    pub secret_key_file: Option<String>,
    /// Largest delivery that is read, in bytes
    #[arg(long, env = "DELIVERY_LIMIT_BYTES", default_value = DELIVERY_LIMIT_BYTES, value_name = "NUMBER")]
    pub delivery_limit_bytes: String,
    /// Minutes without any screen or stream after which a subscription is let go; it comes back with the next screen
    #[arg(long, env = "UNWATCHED_MINUTES", default_value = UNWATCHED_MINUTES, value_name = "NUMBER")]
    pub unwatched_minutes: String,
    /// Seconds after which a stream shows that it lives; fewer for a proxy that cuts silent connections sooner
    #[arg(long, env = "HEARTBEAT_SECONDS", default_value = HEARTBEAT_SECONDS, value_name = "NUMBER")]
    pub heartbeat_seconds: String,
    /// What is logged: error, warn, info, debug, trace, or rules such as info,flickr_conduit=debug
    #[arg(long, env = "LOG", default_value = LOG, value_name = "FILTER")]
    pub log: String,
    /// How many verifications and deliveries are kept for each account, to be looked at; 0 keeps none
    #[arg(long, env = "LOG_DELIVERIES", default_value = LOG_DELIVERIES, value_name = "NUMBER")]
    pub log_deliveries: String,
    /// Hours after which they are deleted
    #[arg(long, env = "LOG_HOURS", default_value = LOG_HOURS, value_name = "NUMBER")]
    pub log_hours: String,
    /// Key of a Flickr app, so that people can sign in and choose topics
    #[arg(long, env = "FLICKR_KEY", hide_env_values = true, value_name = "TEXT")]
    pub flickr_key: Option<String>,
    /// File that holds FLICKR_KEY
    #[arg(long, env = "FLICKR_KEY_FILE", value_name = "FILE")]
    pub flickr_key_file: Option<String>,
    /// Secret of that app
    #[arg(long, env = "FLICKR_SECRET", hide_env_values = true, value_name = "TEXT")]
    pub flickr_secret: Option<String>,
    /// File that holds FLICKR_SECRET
    #[arg(long, env = "FLICKR_SECRET_FILE", value_name = "FILE")]
    pub flickr_secret_file: Option<String>,
    /// Another Flickr, such as a practice Flickr: one base for OAuth, REST, feeds and photos; the real hosts when absent
    #[arg(long, env = "FLICKR_URL", value_name = "URL")]
    pub flickr_url: Option<String>,
    /// Which hub serves: flickr (its own push), bridge (this server asks Flickr), or auto, the first that works
    #[arg(long, env = "FLICKR_HUB", default_value = FLICKR_HUB, value_name = "HUB")]
    pub flickr_hub: String,
    /// Whether strangers may subscribe to the hub that runs here, by WebSub and flickr.push: yes or no
    #[arg(long, env = "HUB_PUBLIC", default_value = HUB_PUBLIC, default_missing_value = "yes", num_args = 0..=1,
          require_equals = true, value_name = "YES")]
    pub hub_public: String,
    /// Accounts that may sign in, separated by commas; everybody when absent
    #[arg(long, env = "ALLOWED_USERS", value_name = "NSIDS")]
    pub allowed_users: Option<String>,
    /// A Redis for several processes (checked; this version keeps its history in DATA_DIR and says so)
    #[arg(long, env = "REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub redis_url: Option<String>,
    /// File that holds REDIS_URL
    #[arg(long, env = "REDIS_URL_FILE", value_name = "FILE")]
    pub redis_url_file: Option<String>,
}

/// The settings, understood.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 is any free one.
    pub bind: (IpAddr, u16),
    /// Where the world reaches us; `None` means this machine only.
    pub public_url: Option<PublicUrl>,
    /// The folder of everything that lasts.
    pub data_dir: PathBuf,
    /// SECRET_KEY when it was given.
    pub secret_key: Option<Secret>,
    /// Bytes of the largest delivery that is read.
    pub delivery_limit: usize,
    /// How long after its last watcher a subscription is kept.
    pub patience: SignedDuration,
    /// How often a stream shows that it lives.
    pub heartbeat: Duration,
    /// A filter for `tracing`.
    pub log: String,
    /// How many verifications and deliveries are kept for each account.
    pub log_deliveries: usize,
    /// How long.
    pub log_age: SignedDuration,
    /// Key and secret of a Flickr app.
    pub flickr_app: Option<(Secret, Secret)>,
    /// Another Flickr.
    pub flickr_url: Option<Url>,
    /// Which hub is asked.
    pub flickr_hub: FlickrHub,
    /// Whether strangers may subscribe to the hub that runs here.
    pub hub_public: bool,
    /// Accounts that may sign in; empty means everybody.
    pub allowed_users: Vec<String>,
    /// A Redis for several processes.
    pub redis_url: Option<Secret>,
}

/// Which hub is asked for subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlickrHub {
    /// Flickr's own push, or the bridge where that does not work.
    Auto,
    /// Flickr's own push only.
    Flickr,
    /// The bridge only.
    Bridge,
}

impl Config {
    /// The configuration of tests and of programs that embed the server: this folder, this machine only, any free port.
    pub fn local(data_dir: &Path) -> Self {
        Self {
            bind: (IpAddr::from([127, 0, 0, 1]), 0),
            public_url: None,
            data_dir: data_dir.to_owned(),
            secret_key: None,
            delivery_limit: 2 * 1024 * 1024,
            patience: SignedDuration::from_mins(15),
            heartbeat: Duration::from_secs(25),
            log: "info".into(),
            log_deliveries: 200,
            log_age: SignedDuration::from_hours(24),
            flickr_app: None,
            flickr_url: None,
            flickr_hub: FlickrHub::Auto,
            hub_public: false,
            allowed_users: Vec::new(),
            redis_url: None,
        }
    }

    /// Where the world reaches us when we listen on `port`.
    pub fn public_url_at(&self, port: u16) -> PublicUrl {
        self.public_url.clone().unwrap_or_else(|| PublicUrl::localhost(port))
    }
}

impl Settings {
    /// Understands the settings.
    ///
    /// # Errors
    /// All mistakes, in the order of `--help`.
    pub fn check(self) -> Result<Config, Mistakes> {
        let mut wrong = Mistakes(Vec::new());
        // Platforms set variables that somebody left blank; a blank one says nothing.
        let given = |text: String, default: &str| if text.trim().is_empty() { default.to_owned() } else { text };
        let typed = |text: Option<String>| text.filter(|it| !it.trim().is_empty());
        let port = given(self.port, PORT);
        let bind = given(self.bind, BIND);
        let delivery_limit_bytes = given(self.delivery_limit_bytes, DELIVERY_LIMIT_BYTES);
        let log = given(self.log, LOG);
        let port = wrong.parse::<u16>("PORT", &port, "a number from 0 to 65535");
        let ip = wrong.parse::<IpAddr>("BIND", &bind, "an IP address such as 127.0.0.1 or 0.0.0.0");
        let public_url = typed(self.public_url).and_then(|text| wrong.take("PUBLIC_URL", text.parse::<PublicUrl>()));
        let secret_key = wrong.secret("SECRET_KEY", self.secret_key, self.secret_key_file);
        if secret_key.as_ref().is_some_and(|it| it.reveal().chars().count() < MIN_SECRET) {
            wrong
                .add("SECRET_KEY", format!("has fewer than {MIN_SECRET} characters; `openssl rand -hex 32` makes one"));
        }
        let limit = "a number of bytes from 1024 to 67108864";
        let delivery_limit = wrong.parse::<usize>("DELIVERY_LIMIT_BYTES", &delivery_limit_bytes, limit);
        if delivery_limit.is_some_and(|it| !(1024..=64 * 1024 * 1024).contains(&it)) {
            wrong.add("DELIVERY_LIMIT_BYTES", format!("is {delivery_limit_bytes}: expected {limit}"));
        }
        let minutes = "a number of minutes from 1 to 10080";
        let unwatched_minutes = given(self.unwatched_minutes, UNWATCHED_MINUTES);
        let patience = wrong.parse::<i64>("UNWATCHED_MINUTES", &unwatched_minutes, minutes);
        if patience.is_some_and(|it| !(1..=7 * 24 * 60).contains(&it)) {
            wrong.add("UNWATCHED_MINUTES", format!("is {unwatched_minutes}: expected {minutes}"));
        }
        let seconds = "a number of seconds from 1 to 50";
        let heartbeat_seconds = given(self.heartbeat_seconds, HEARTBEAT_SECONDS);
        let heartbeat = wrong.parse::<u64>("HEARTBEAT_SECONDS", &heartbeat_seconds, seconds);
        // Heroku cuts connections that were silent for 55 s.
        if heartbeat.is_some_and(|it| !(1..=50).contains(&it)) {
            wrong.add("HEARTBEAT_SECONDS", format!("is {heartbeat_seconds}: expected {seconds}"));
        }
        if !is_filter(&log) {
            let expected = "error, warn, info, debug, trace, off, or rules such as info,flickr_conduit=debug";
            wrong.add("LOG", format!("is {log:?}: expected {expected}"));
        }
        let expected = "a number from 0 to 2000";
        let log_deliveries = given(self.log_deliveries, LOG_DELIVERIES);
        let log_deliveries = wrong.within("LOG_DELIVERIES", &log_deliveries, 0..=2000, expected);
        let expected = "a number of hours from 1 to 168";
        let log_hours = wrong.within("LOG_HOURS", &given(self.log_hours, LOG_HOURS), 1..=168, expected);
        let flickr_key = wrong.secret("FLICKR_KEY", self.flickr_key, self.flickr_key_file);
        let flickr_secret = wrong.secret("FLICKR_SECRET", self.flickr_secret, self.flickr_secret_file);
        match (&flickr_key, &flickr_secret) {
            (Some(_), None) => wrong.add("FLICKR_SECRET", "is missing, and FLICKR_KEY is useless without it"),
            (None, Some(_)) => wrong.add("FLICKR_KEY", "is missing, and FLICKR_SECRET is useless without it"),
            _ => {}
        }
        let flickr_url = typed(self.flickr_url).and_then(|text| wrong.take("FLICKR_URL", public_url::http(&text)));
        let flickr_hub = match given(self.flickr_hub, FLICKR_HUB).as_str() {
            "auto" => FlickrHub::Auto,
            "flickr" => FlickrHub::Flickr,
            "bridge" => FlickrHub::Bridge,
            other => {
                wrong.add("FLICKR_HUB", format!("is {other:?}: expected auto, flickr or bridge"));
                FlickrHub::Auto
            }
        };
        let hub_public = given(self.hub_public, HUB_PUBLIC);
        let hub_public = match hub_public.trim() {
            "yes" | "true" | "on" | "1" => true,
            "no" | "false" | "off" | "0" => false,
            other => {
                wrong.add("HUB_PUBLIC", format!("is {other:?}: expected yes or no"));
                false
            }
        };
        let allowed_users: Vec<String> = self
            .allowed_users
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        if let Some(stranger) = allowed_users.iter().find(|it| !it.contains('@')) {
            wrong.add("ALLOWED_USERS", format!("holds {stranger:?}: expected ids such as 12345678@N00"));
        }
        let redis_url = wrong.secret("REDIS_URL", self.redis_url, self.redis_url_file);
        if redis_url.as_ref().is_some_and(|it| !["redis://", "rediss://"].iter().any(|s| it.reveal().starts_with(s))) {
            wrong.add("REDIS_URL", "does not begin with redis:// or rediss://");
        }
        match (port, ip, delivery_limit, patience, heartbeat) {
            (Some(port), Some(ip), Some(delivery_limit), Some(patience), Some(heartbeat)) if wrong.0.is_empty() => {
                Ok(Config {
                    bind: (ip, port),
                    public_url,
                    data_dir: given(self.data_dir, DATA_DIR).into(),
                    secret_key,
                    delivery_limit,
                    patience: SignedDuration::from_mins(patience),
                    heartbeat: Duration::from_secs(heartbeat),
                    log,
                    log_deliveries: log_deliveries.unwrap_or_default(),
                    log_age: SignedDuration::from_hours(log_hours.unwrap_or_default()),
                    flickr_app: flickr_key.zip(flickr_secret),
                    flickr_url,
                    flickr_hub,
                    hub_public,
                    allowed_users,
                    redis_url,
                })
            }
            _ => Err(wrong),
        }
    }
}

/// Whether `log` says what it seems to say: the library takes a word that it does not know for the name of a module,
/// and then logs nothing at all.
fn is_filter(log: &str) -> bool {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let is_level = |word: &str| levels.contains(&word.trim().to_ascii_lowercase().as_str());
    let understood = |rule: &str| rule.rsplit_once('=').map_or_else(|| is_level(rule), |(_, level)| is_level(level));
    log.split(',').all(understood) && log.parse::<tracing_subscriber::EnvFilter>().is_ok()
}

/// Everything that is wrong with the configuration: a variable and a sentence for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<(&'static str, String)>);

impl Mistakes {
    fn add(&mut self, variable: &'static str, sentence: impl Into<String>) {
        self.0.push((variable, sentence.into()));
    }

    fn take<T>(&mut self, variable: &'static str, read: Result<T, String>) -> Option<T> {
        read.map_err(|sentence| self.add(variable, sentence)).ok()
    }

    fn parse<T: std::str::FromStr>(&mut self, variable: &'static str, text: &str, expected: &str) -> Option<T> {
        self.take(variable, text.trim().parse().map_err(|_| format!("is {text:?}: expected {expected}")))
    }

    /// A number within bounds; `expected` says which.
    fn within<T: std::str::FromStr + PartialOrd>(
        &mut self,
        variable: &'static str,
        text: &str,
        bounds: std::ops::RangeInclusive<T>,
        expected: &str,
    ) -> Option<T> {
        let number = self.parse::<T>(variable, text, expected)?;
        if !bounds.contains(&number) {
            self.add(variable, format!("is {}: expected {expected}", text.trim()));
        }
        Some(number)
    }

    fn secret(&mut self, variable: &'static str, text: Option<String>, file: Option<String>) -> Option<Secret> {
        self.take(variable, Secret::choose(variable, text, file)).flatten()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0.len();
        write!(f, "the configuration has {n} {}:", if n == 1 { "mistake" } else { "mistakes" })?;
        self.0.iter().try_for_each(|(variable, sentence)| write!(f, "\n  {variable} {sentence}"))
    }
}

impl std::error::Error for Mistakes {}

#[cfg(test)]
mod tests;
