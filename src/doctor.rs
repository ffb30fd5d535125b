//! The doctor: looks at everything that can be wrong, and says what is, and what helps.
//!
//! A check is a value ([`check`]): what was looked at, and either that it is good or a [`Cause`] with its words and its
//! remedy. Facts are gathered apart from judgements, so that judgements are pure and tried by tables:
//!
//! | facts | judged by |
//! | --- | --- |
//! | what answers at PUBLIC_URL, and what comes through (`probe`) | [`address`] |
//! | the folder, its disk, the clock | [`machine`] |
//! | what Flickr says to our key, and to what accounts allowed | [`api`] |
//! | subscriptions as store and bridge have them | [`standing`] |
//! | the delivery log | [`arrivals`] |
//!
//! An examination costs Flickr two calls, and two more for each account, and none when few are left. One runs at a time.

pub mod address;
pub mod api;
pub mod arrivals;
mod cause;
pub mod check;
pub mod machine;
mod probe;
mod remedy;
pub mod standing;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::config::FlickrHub;
use crate::delivery_log::{LogError, Scope, Verdict};
use crate::event_name::EventName;
use crate::flickr::budget::HOURLY;
use crate::flickr::{FlickrError, permission};
use crate::hub::bridge;
use crate::state::AppState;
use crate::store::{Account, StoreError};
pub use cause::Cause;
pub use check::{Check, Finding, Group, Mood, Told, summary};
use probe::Probe;

/// Accounts that Flickr is asked about in one examination.
const ACCOUNTS: usize = 10;
/// Subscriptions that are told of in one examination.
const SUBSCRIPTIONS: usize = 100;
/// Records of the delivery log that are looked at.
const RECORDS: usize = 200;
/// Requests to foreign callbacks of which the whole record is looked at.
const FOREIGN: usize = 20;
/// Calls that an examination leaves to others: with fewer, Flickr is not asked.
const LEAVES: u32 = 45;
/// Seconds until there is one more call, about.
const REFILL: f64 = 1.05;
/// The event name whose stream is opened to see whether streams come through. Nothing is ever published under it.
const EVENT: &str = "doctor";

/// Whether the server that is examined is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// It is.
    Yes,
    /// It was opened to be looked at: nobody watches it, and its bridge asks nothing.
    No,
}

/// Why an examination broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The delivery log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Examines everything in `scope`: an account sees what is its own and the way in; the operator sees all.
///
/// # Errors
/// When what is stored cannot be read.
pub async fn examine(state: &AppState, scope: &Scope, runs: Runs) -> Result<Vec<Check>, ExamineError> {
    // Closed never: it lives as long as the state.
    let _turn = state.examinations.acquire().await;
    let now = state.clock.now();
    let asks = state.feeds.budget().left() >= LEAVES;
    let (address, flickr, standing, arrivals) = tokio::join!(
        look_in(state),
        ask_flickr(state, scope, asks),
        look_at_wishes(state, scope, runs),
        look_at_log(state, scope)
    );
    let mut all = Vec::new();
    if *scope == Scope::Everything {
        all.push(look_at_folder(state).await);
    }
    let (date, mut flickr) = flickr?;
    all.push(machine::judge_clock(now, date));
    all.extend(address::judge(&address));
    all.append(&mut flickr);
    all.extend(standing?);
    all.extend(arrivals::judge(&arrivals?));
    all.sort_by_key(|it| it.group);
    Ok(all)
}

/// Asks for this server through PUBLIC_URL.
async fn look_in(state: &AppState) -> address::Address {
    let site = &state.site;
    let mut facts = address::Address {
        public_url: site.public_url.clone(),
        given: site.public_url_given,
        must_be_public: state.flickr.is_some() && site.flickr_hub == FlickrHub::Flickr && !site.is_local_flickr(),
        listens: site.listens,
        asked: address::Asked::Nobody { cause: crate::flickr::Unreached::NotConnected, detail: String::new() },
        elsewhere: Vec::new(),
        passage: None,
    };
    let Some(probe) = Probe::new(&site.instance, site.public_url.is_loopback()) else { return facts };
    let origin = site.public_url.origin();
    facts.asked = probe.ask(origin).await;
    if let address::Asked::Us { .. } = facts.asked {
        if let Ok(event) = EVENT.parse::<EventName>() {
            let stream = format!("/stream?token={}&last=0", state.keys.stream_token(&event));
            facts.passage = Some(probe.pass(origin, &stream).await);
        }
    } else if !matches!(facts.asked, address::Asked::Other { .. }) {
        for other in address::alike(&site.public_url, site.listens.port()) {
            let asked = probe.ask(&other).await;
            facts.elsewhere.push((other, asked));
        }
    }
    facts
}

async fn look_at_folder(state: &AppState) -> Check {
    let (folder, commits) = (state.site.data_dir.clone(), state.bus.is_writable().await);
    let looked = tokio::task::spawn_blocking(move || machine::Folder::look(&folder, Some(commits)).judge()).await;
    looked.unwrap_or_else(|_| Check::skipped(Group::Machine, "DATA_DIR", "The server is stopping."))
}

/// Asks Flickr what time it is, and whether it accepts our key and what accounts allowed.
async fn ask_flickr(
    state: &AppState,
    scope: &Scope,
    asks: bool,
) -> Result<(Option<Timestamp>, Vec<Check>), ExamineError> {
    let (site, now) = (&state.site, state.clock.now());
    let again_in = Duration::from_secs_f64(f64::from(LEAVES) * REFILL);
    let none_left = || FlickrError::BudgetUsedUp { again_in };
    let date = if asks { state.feeds.date().await } else { Err(none_left()) };
    let theirs = date.as_ref().ok().copied().flatten();
    let signed = match &state.flickr {
        None => None,
        Some(_) if !asks => Some(Err(none_left())),
        Some(flickr) => match Url::parse(&site.public_url.join("/signin/done")) {
            Ok(back) => Some(flickr.request_token(&back).await.map(drop)),
            Err(_) => None,
        },
    };
    let off = theirs.map(|it| now.duration_since(it)).unwrap_or_default();
    let app = api::AppAnswer {
        signed,
        reached: date.map(drop),
        clock_is_off: machine::is_far_off(now, theirs),
        off: (off.abs().as_secs().unsigned_abs(), off.is_positive()),
        host: state.feeds.hosts().name(),
        public_url: site.public_url.to_string(),
    };
    let is_known = matches!(app.signed, Some(Ok(())));
    let mut all = api::judge_app(&app);
    let facts = state.bridge.facts();
    let left = state.feeds.budget().left();
    let missing = f64::from((bridge::LEAVES + 1).saturating_sub(left));
    all.push(api::judge_budget(
        left,
        bridge::LEAVES,
        Duration::from_secs_f64(missing * REFILL),
        facts.calls_lately,
        HOURLY,
    ));
    for account in accounts(state, scope).await?.into_iter().take(ACCOUNTS) {
        all.push(ask_about(state, &account, asks && is_known).await);
    }
    Ok((theirs, all))
}

async fn accounts(state: &AppState, scope: &Scope) -> Result<Vec<Account>, StoreError> {
    match scope {
        Scope::Everything => state.store.accounts().await,
        Scope::Account(nsid) => Ok(state.store.account(nsid).await?.into_iter().collect()),
    }
}

async fn ask_about(state: &AppState, account: &Account, asks: bool) -> Check {
    use api::PermissionState::{Asked, Lost, Unreadable};
    let hub = state.site.flickr_hub;
    let kept = account.token.as_ref().map(|sealed| permission::open(&state.keys, &account.nsid, sealed));
    let name = format!("{} ({})", account.name, account.nsid);
    let standing = match (kept, &state.flickr) {
        (None, _) => Lost,
        (Some(None), _) => Unreadable,
        (Some(Some(token)), Some(flickr)) if asks => {
            let checked = flickr.check_token(&token).await;
            let push = match hub {
                FlickrHub::Bridge => None,
                _ => Some(flickr.subscriptions(&token).await),
            };
            Asked(checked, push)
        }
        (Some(Some(_)), _) => {
            let why = format!("That of {name} is not asked for before FLICKR_KEY is good and calls are left.");
            return Check::skipped(Group::Flickr, "permission", why);
        }
    };
    let public_url = state.site.public_url.to_string();
    api::judge_permission(&api::Permission {
        account: name,
        state: standing,
        bridged: hub != FlickrHub::Flickr,
        public_url,
    })
}

/// How each subscription in `scope` stands.
async fn look_at_wishes(state: &AppState, scope: &Scope, runs: Runs) -> Result<Vec<Check>, ExamineError> {
    let all = match scope {
        Scope::Everything => state.store.subscriptions().await?,
        Scope::Account(nsid) => state.store.subscriptions_of(nsid).await?,
    };
    let now = state.clock.now();
    let mut checks = Vec::new();
    for it in all.into_iter().filter(|it| it.wanted).take(SUBSCRIPTIONS) {
        let callback = state.site.public_url.join("/callback/").len() + state.keys.callback(&it.event).len();
        let facts = standing::Facts {
            callback,
            watched: runs == Runs::No || state.subscriber.watching().is_watched(&it.event),
            runs,
            served: state.bridge.served(&it.event),
            hub: state.site.flickr_hub,
            last_delivery: state.subscriber.tally().waiting(&it.event).map(|it| it.last_delivery_at),
            now,
            subscription: it,
        };
        checks.extend(standing::judge(&facts));
    }
    if checks.is_empty() {
        let why = "There are none: sign in and choose topics, or mint a callback by hand.";
        checks.push(Check::skipped(Group::Subscriptions, "subscription", why));
    }
    Ok(checks)
}

/// What hubs asked and brought.
async fn look_at_log(state: &AppState, scope: &Scope) -> Result<arrivals::Facts, ExamineError> {
    let log = &state.delivery_log;
    let records = log.newest(scope, None, RECORDS).await?;
    let mut foreign = Vec::new();
    // Those that came to no callback of ours are nobody's. Of them an account is told what spells a name of its own.
    let strange = log.newest(&Scope::Everything, None, RECORDS).await?;
    let strange = strange.into_iter().filter(|it| it.verdict == Verdict::UnknownCallback).take(FOREIGN);
    for record in strange {
        let whole = log.get(&Scope::Everything, record.id).await?;
        foreign.extend(whole.and_then(|it| spelled(&it.head.address)).map(|event| (event, record.at)));
    }
    let wanted = match scope {
        Scope::Everything => state.store.subscriptions().await?,
        Scope::Account(nsid) => state.store.subscriptions_of(nsid).await?,
    };
    let mut wanted: BTreeSet<EventName> = wanted.into_iter().filter(|it| it.wanted).map(|it| it.event).collect();
    let followed: BTreeSet<EventName> = state.bus.followed().into_iter().filter(|it| it.as_str() != EVENT).collect();
    if *scope == Scope::Everything {
        // What was minted by hand and is followed is wanted by somebody.
        wanted.extend(followed.iter().cloned());
    }
    let (everything, logged) = (*scope == Scope::Everything, log.bounds().is_some());
    Ok(arrivals::Facts { records, foreign, wanted, followed, everything, logged, now: state.clock.now() })
}

/// The event name that the address of a callback spells, whoever signed it.
fn spelled(address: &str) -> Option<EventName> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let sub = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "sub").map(|(_, it)| it.into_owned());
    let last = match sub {
        Some(sub) => sub,
        None => percent_decode_str(path.strip_prefix("/callback/")?).decode_utf8().ok()?.into_owned(),
    };
    last.rsplit_once('.')?.0.parse().ok()
}

#[cfg(test)]
mod tests;
