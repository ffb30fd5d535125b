//! What can be wrong, as values: a cause holds what was seen; [`said`](Cause::said) says it, and
//! [`remedy`](Cause::remedy) what helps.

use std::time::Duration;

use crate::words::{counted, since, within};

/// Why photos do not come.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each field is a word of the sentence that `said` makes")]
pub enum Cause {
    /// PUBLIC_URL is not set.
    NoPublicUrl { address: String },
    /// Another server answers at PUBLIC_URL.
    WrongHost { url: String, answer: String, port: u16, found: Option<String> },
    /// PUBLIC_URL sends on to another address.
    SentOn { url: String, to: String },
    /// A conduit answers at PUBLIC_URL, and it is not this one.
    OtherConduit { url: String, version: String },
    /// http where it is https, or the other way round.
    WrongScheme { url: String, right: String, why: String },
    /// Nobody listens at the port of PUBLIC_URL; perhaps at another.
    WrongPort { url: String, found: Option<String>, port: u16 },
    /// Somebody answers for this server, and cannot reach it.
    ProxyFindsNobody { url: String, status: u16, bind: String, port: u16 },
    /// The name leads nowhere.
    NoSuchHost { url: String, host: String },
    /// Nothing comes back.
    NoWay { url: String, how: String, bind: String },
    /// No secure connection.
    BadCertificate { url: String, detail: String },
    /// Only this machine, or this house, can reach PUBLIC_URL.
    NotFromOutside { url: String, which: &'static str },
    /// A proxy strips or changes the query.
    QueryStripped { sent: String, came: String },
    /// A proxy keeps an event stream back.
    StreamBuffered { waited: Duration },
    /// An event stream is refused on the way.
    StreamRefused { status: u16 },
    /// A proxy does not pass WebSocket upgrades on.
    SocketsBlocked { answer: String },
    /// Another program has the port.
    PortTaken { address: String, why: String },

    /// FLICKR_KEY is wrong.
    KeyWrong { said: String },
    /// FLICKR_SECRET is wrong.
    SecretWrong { said: String },
    /// The clock is wrong, by so many seconds.
    ClockOff { seconds: u64, ahead: bool },
    /// Flickr cannot be asked.
    NoFlickr { sentence: String },
    /// All calls of this hour are used up.
    BudgetUsedUp { again_in: Duration, lately: usize },

    /// Flickr no longer accepts an account's permission.
    TokenRevoked { account: String },
    /// An account's permission does not cover what is needed.
    PermissionMissing { account: String },
    /// An account is not Pro.
    NotPro { whose: String, bridged: bool },
    /// A permission, or a callback that a hub knows, was made with another SECRET_KEY.
    SecretKeyChanged { sign: String },
    /// Somebody calls callbacks that this SECRET_KEY did not sign: a hub that knows them from before, or who guesses.
    StrangeCallbacks { event: String, times: usize, ago: Duration },

    /// A callback is longer than Flickr takes.
    CallbackTooLong { whose: String, bytes: usize, most: usize, bridged: bool },
    /// The callback belongs to another subscription.
    CallbackInUse { whose: String, bridged: bool },
    /// The hub still waits for a verification.
    VerificationPending { whose: String, bridged: bool },
    /// The hub called and got no right answer, or says so.
    HubRefuses { whose: String, said: String, bridged: bool },
    /// The hub took the subscription and has never called.
    HubNeverCalls { whose: String, waits: Duration, bridged: bool },
    /// Anything else that is wrong with a subscription, in the words that its owner reads.
    Subscription { whose: String, sentence: String, bridged: bool },

    /// A hub calls with a token that is not ours.
    TokenDiffers { whose: String, theirs: String, ours: String, ago: Duration },
    /// What came could not be read.
    NotParsed { whose: String, why: String, ago: Duration, times: usize, record: u64 },
    /// It came for a name that nobody follows.
    NobodySubscribed { event: String, ago: Duration, photos: usize, like: Option<String> },
    /// It came for a subscription that has ended.
    Ended { event: String, ago: Duration },
    /// Nothing could be stored.
    NotStored { ago: Duration },
    /// Nothing came since nothing happened: the bridge finds nothing either.
    NothingHappened { whose: String, quiet: Option<Duration>, asked: Duration },
    /// Nothing came, and nobody knows whether something happened.
    Silent { whose: String, quiet: Option<Duration> },
    /// Nobody watches, so nothing is asked.
    NobodyWatches { whose: String },
    /// The bridge cannot ask, for this reason.
    BridgeTroubled { whose: String, sentence: String },

    /// DATA_DIR cannot be written to.
    FolderUnwritable { folder: String, why: String },
    /// A file in DATA_DIR cannot be used; the sentence says which, and what helps.
    FolderUnusable { sentence: String },
    /// There is no room in DATA_DIR, or hardly any.
    FolderFull { folder: String, free: Option<u64> },
    /// A server holds DATA_DIR and does not answer.
    ServerSilent { folder: String, door: String, why: String },
}

impl Cause {
    /// A word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoPublicUrl { .. } => "no-public-url",
            Self::WrongHost { .. } => "wrong-host",
            Self::SentOn { .. } => "sent-on",
            Self::OtherConduit { .. } => "other-conduit",
            Self::WrongScheme { .. } => "wrong-scheme",
            Self::WrongPort { .. } => "wrong-port",
            Self::ProxyFindsNobody { .. } => "proxy-finds-nobody",
            Self::NoSuchHost { .. } => "no-such-host",
            Self::NoWay { .. } => "no-way",
            Self::BadCertificate { .. } => "bad-certificate",
            Self::NotFromOutside { .. } => "not-from-outside",
            Self::QueryStripped { .. } => "query-stripped",
            Self::StreamBuffered { .. } => "stream-buffered",
            Self::StreamRefused { .. } => "stream-refused",
            Self::SocketsBlocked { .. } => "sockets-blocked",
            Self::PortTaken { .. } => "port-taken",
            Self::KeyWrong { .. } => "key-wrong",
            Self::SecretWrong { .. } => "secret-wrong",
            Self::ClockOff { .. } => "clock-off",
            Self::NoFlickr { .. } => "no-flickr",
            Self::BudgetUsedUp { .. } => "budget-used-up",
            Self::TokenRevoked { .. } => "token-revoked",
            Self::PermissionMissing { .. } => "permission-missing",
            Self::NotPro { .. } => "not-pro",
            Self::SecretKeyChanged { .. } => "secret-key-changed",
            Self::StrangeCallbacks { .. } => "strange-callbacks",
            Self::CallbackTooLong { .. } => "callback-too-long",
            Self::CallbackInUse { .. } => "callback-in-use",
            Self::VerificationPending { .. } => "verification-pending",
            Self::HubRefuses { .. } => "hub-refuses",
            Self::HubNeverCalls { .. } => "hub-never-calls",
            Self::Subscription { .. } => "subscription",
            Self::TokenDiffers { .. } => "token-differs",
            Self::NotParsed { .. } => "not-parsed",
            Self::NobodySubscribed { .. } => "nobody-subscribed",
            Self::Ended { .. } => "ended",
            Self::NotStored { .. } => "not-stored",
            Self::NothingHappened { .. } => "nothing-happened",
            Self::Silent { .. } => "silent",
            Self::NobodyWatches { .. } => "nobody-watches",
            Self::BridgeTroubled { .. } => "bridge-troubled",
            Self::FolderUnwritable { .. } => "folder-unwritable",
            Self::FolderUnusable { .. } => "folder-unusable",
            Self::FolderFull { .. } => "folder-full",
            Self::ServerSilent { .. } => "server-silent",
        }
    }

    /// What was found, as a sentence.
    #[must_use]
    pub fn said(&self) -> String {
        match self {
            Self::NoPublicUrl { address } => {
                format!("PUBLIC_URL is not set, so hubs and browsers are told {address}, which this machine alone can reach.")
            }
            Self::WrongHost { url, answer, .. } => {
                format!("{url} answers, but it is another server ({answer}; no flickr-conduit there).")
            }
            Self::SentOn { url, to } => format!("{url} answers, and sends everybody on to {to}. A hub does not follow."),
            Self::OtherConduit { url, version } => {
                format!("{url} leads to another flickr-conduit (version {version}), not to this one.")
            }
            Self::WrongScheme { url, why, .. } => format!("{url} has the wrong scheme: {why}."),
            Self::WrongPort { url, found: Some(found), .. } => {
                format!("Nobody listens at {url}, but this server answers at {found}.")
            }
            Self::WrongPort { url, found: None, .. } => format!("Nobody listens at {url} (no connection)."),
            Self::ProxyFindsNobody { url, status, bind, .. } => {
                format!("{url} answers {status}: a proxy is there, and it does not reach this server, which listens at {bind}.")
            }
            Self::NoSuchHost { url, host } => format!("{url} cannot be looked up: no name server knows {host}."),
            Self::NoWay { url, how, .. } => format!("{url} gives no answer ({how})."),
            Self::BadCertificate { url, detail } => format!("{url} makes no secure connection ({detail})."),
            Self::NotFromOutside { url, which } => format!("{url} leads here, but only from {which}: no hub on the internet can call it."),
            Self::QueryStripped { came, .. } if came.is_empty() => {
                "Something between PUBLIC_URL and this server strips the query of an address: verifications come without their challenge.".into()
            }
            Self::QueryStripped { sent, came } => {
                format!("Something between PUBLIC_URL and this server changes the query of an address: {sent} arrived as {came}.")
            }
            Self::StreamBuffered { waited } => format!(
                "Something between PUBLIC_URL and this server buffers event streams: nothing came within {}, and directly it comes at once.",
                within(*waited)
            ),
            Self::StreamRefused { status } => format!("An event stream through PUBLIC_URL is answered {status}."),
            Self::SocketsBlocked { answer } => {
                format!("Something between PUBLIC_URL and this server blocks WebSocket upgrades ({answer} in place of 101).")
            }
            Self::PortTaken { address, why } => format!("This server cannot listen on {address}: {why}."),

            Self::KeyWrong { said } => format!("Flickr does not know FLICKR_KEY ({said})."),
            Self::SecretWrong { said } => format!("Flickr knows FLICKR_KEY, and FLICKR_SECRET is not its secret ({said})."),
            Self::ClockOff { seconds: 0..=60, .. } => "Flickr refuses signatures for their time (timestamp_refused), though \
                its answers carry the same time as this machine: a cache in between may have held either back."
                .into(),
            Self::ClockOff { seconds, ahead } => {
                let by = within(Duration::from_secs(*seconds));
                let way = if *ahead { "ahead of" } else { "behind" };
                format!("The clock of this machine is {by} {way} Flickr's, which refuses signatures that are more than 5 minutes off.")
            }
            Self::NoFlickr { sentence } => sentence.clone(),
            Self::BudgetUsedUp { again_in, lately } => format!(
                "The calls that Flickr allows in an hour are used up (the bridge made {lately} of them). It asks again in {}.",
                within(*again_in)
            ),

            Self::TokenRevoked { account } => format!("Flickr no longer accepts the permission of {account}: it was taken back or has expired."),
            Self::PermissionMissing { account } => format!("The permission of {account} does not allow reading (99)."),
            Self::NotPro { whose, bridged: true } => {
                format!("{whose} is not Flickr Pro (error 5), and Flickr pushes to Pro accounts only: the bridge serves instead.")
            }
            Self::NotPro { whose, bridged: false } => format!("{whose} is not Flickr Pro (error 5), and Flickr pushes to Pro accounts only."),
            Self::SecretKeyChanged { sign } => format!("SECRET_KEY is another one than before: {sign}."),
            Self::StrangeCallbacks { event, times, ago } => {
                let were = if *times == 1 { "was" } else { "were" };
                format!("{} {were} refused with 404, the last {} for “{event}”: this SECRET_KEY did not sign that callback.", counted(*times, "call"), since(*ago))
            }

            Self::CallbackTooLong { whose, bytes, most, .. } => {
                format!("{whose}: its callback has {bytes} bytes, and Flickr takes {most}.")
            }
            Self::CallbackInUse { whose, .. } => {
                format!("{whose}: Flickr uses this callback for another subscription already (error 3).")
            }
            Self::VerificationPending { whose, .. } => {
                format!("{whose}: Flickr still waits for the answer to a verification (error 6), so its calls do not arrive here, or their answers there.")
            }
            Self::HubRefuses { whose, said, .. } => format!("{whose}: the hub refuses. {said}"),
            Self::HubNeverCalls { whose, waits, .. } => {
                format!("{whose}: the hub took the subscription {} ago and has never called.", within(*waits))
            }
            Self::Subscription { whose, sentence, .. } => format!("{whose}: {sentence}"),

            Self::TokenDiffers { whose, theirs, ours, ago } => {
                format!("{whose}: a hub called {} with the verify_token {theirs}, and this server holds {ours}.", since(*ago))
            }
            Self::NotParsed { whose, why, ago, times, record } => {
                let n = if *times == 1 { "A delivery".to_owned() } else { format!("{times} deliveries") };
                format!("{whose}: {n} could not be read, the last {}: {why} (/debug/records/{record} has the bytes).", since(*ago))
            }
            Self::NobodySubscribed { event, ago, photos, .. } => {
                format!("{} came for “{event}” {}, and no wall, screen or stream follows that name.", counted(*photos, "photo"), since(*ago))
            }
            Self::Ended { event, ago } => {
                format!("A hub still delivers to “{event}” ({}), a subscription that has ended: it was answered 410.", since(*ago))
            }
            Self::NotStored { ago } => format!("A delivery could not be stored {}: the hub was told to send it again.", since(*ago)),
            Self::NothingHappened { whose, quiet, asked } => {
                format!("{whose}: {} because nothing happened: the bridge asked Flickr {} and sees no events either.",
                    quiet_words(*quiet), since(*asked))
            }
            Self::Silent { whose, quiet } => {
                format!("{whose}: {}, and nobody looks whether something happened, since the push alone may serve it.", quiet_words(*quiet))
            }
            Self::NobodyWatches { whose } => format!("{whose}: no screen or stream watches it, so it rests and costs no calls."),
            Self::BridgeTroubled { whose, sentence } => format!("{whose}: {sentence}"),

            Self::FolderUnwritable { folder, why } => format!("DATA_DIR {folder} cannot be written to ({why})."),
            Self::FolderUnusable { sentence } => format!("{}.", sentence.trim_end_matches(['.', '?'])),
            Self::FolderFull { folder, free: None } => format!("The disk of DATA_DIR {folder} is full."),
            Self::FolderFull { folder, free: Some(free) } => {
                format!("The disk of DATA_DIR {folder} has {} MB left.", free / 1_000_000)
            }
            Self::ServerSilent { folder, door, why } => {
                format!("A flickr-conduit runs on DATA_DIR {folder} and does not answer at {door} ({why}).")
            }
        }
    }
}

fn quiet_words(quiet: Option<Duration>) -> String {
    match quiet {
        Some(quiet) => format!("nothing came for {}", within(quiet)),
        None => "nothing has come yet".into(),
    }
}
