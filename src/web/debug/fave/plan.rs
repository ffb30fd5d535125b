//! Who can fave, and under which event name that must arrive.

use std::time::Duration;

use crate::config::FlickrHub;
use crate::delivery_log::Scope;
use crate::error::AppError;
use crate::event_name::EventName;
use crate::fave::Around;
use crate::flickr::stage::Fan;
use crate::flickr::{Flickr, Token};
use crate::state::AppState;
use crate::store::Subscription;
use crate::topic::Kind;

/// A hub that pushes is given so long for each hop.
pub(super) const PUSHED: Duration = Duration::from_secs(20);
/// The bridge is given its interval, and so long besides: Flickr's lists may be behind.
const ASKED: Duration = Duration::from_secs(60);
/// The bridge's interval when it has none yet.
const INTERVAL: Duration = Duration::from_secs(60);

/// What will be done.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) faver: Faver,
    /// The event name under which it must arrive.
    pub(super) event: EventName,
    /// The subscription, if it is one.
    pub(super) subscription: Option<Box<Subscription>>,
    /// Whether the bridge is the hub of it.
    pub(super) by_bridge: bool,
}

/// Who faves.
#[derive(Debug)]
pub(super) enum Faver {
    /// Somebody of a practice Flickr.
    Stage(Fan),
    /// A test account, by the API.
    Account { flickr: Flickr, token: Token, nsid: String, name: String },
}

/// Finds it, or says in a sentence what is missing.
pub(super) async fn find(state: &AppState, scope: &Scope) -> Result<Result<Plan, String>, AppError> {
    if state.delivery_log.bounds().is_none() {
        return Ok(Err("The fave test reads the delivery log, and LOG_DELIVERIES is 0: nothing is logged.".into()));
    }
    let all = match scope {
        Scope::Everything => state.store.subscriptions().await?,
        Scope::Account(nsid) => state.store.subscriptions_of(nsid).await?,
    };
    let of_kind = |kind: Kind, nsid: Option<&str>| {
        let fits =
            |it: &&Subscription| it.wanted && it.topic.kind() == kind && nsid.is_none_or(|nsid| nsid == it.account);
        all.iter().find(fits).cloned()
    };
    if let Some(account) = state.store.test_account(super::owner(scope)).await?
        && let Some(flickr) = &state.flickr
    {
        let Some(token) = super::connect::open(state, &account) else {
            return Ok(Err(
                "The permission of the test account was stored with another SECRET_KEY: connect it again.".into()
            ));
        };
        let heard = of_kind(Kind::MyFaves, Some(&account.nsid)).or_else(|| of_kind(Kind::ContactsFaves, None));
        let (flickr, nsid, name) = (flickr.clone(), account.nsid, account.name);
        return Ok(match heard {
            Some(it) => Ok(Plan::of(state, Faver::Account { flickr, token, nsid, name }, it)),
            None => Err(nothing_hears(&name)),
        });
    }
    if !state.feeds.has_stage().await {
        return Ok(Err(if state.flickr.is_some() {
            "Connect a test account below: it faves a photo, and takes that back.".into()
        } else {
            "There is no FLICKR_KEY, so nobody can fave by the API. Try it in the demo: `flickr-conduit demo`.".into()
        }));
    }
    if let Some(it) = of_kind(Kind::MyFaves, None) {
        return Ok(Ok(Plan::of(state, Faver::Stage(Fan::Them(it.account.clone())), it)));
    }
    if let Some(it) = of_kind(Kind::ContactsFaves, None) {
        return Ok(Ok(Plan::of(state, Faver::Stage(Fan::ContactOf(it.account.clone())), it)));
    }
    // The demo's own wall hears everything.
    let link = state.site.front_wall.as_deref().and_then(|it| it.strip_prefix("/wall/"));
    let shown = link.and_then(|it| state.keys.recognise_wall_link(it)).and_then(|it| it.into_iter().next());
    Ok(match (scope, shown) {
        (Scope::Everything, Some(event)) => {
            Ok(Plan { faver: Faver::Stage(Fan::Anybody), event, subscription: None, by_bridge: false })
        }
        _ => Err(nothing_hears("somebody you follow")),
    })
}

fn nothing_hears(who: &str) -> String {
    format!(
        "No subscription here would hear of a fave by {who}: choose “your faves” for the account that faves, or “your \
         contacts' faves” for one that follows it, on the topics page."
    )
}

impl Plan {
    fn of(state: &AppState, faver: Faver, it: Subscription) -> Self {
        let by_bridge = it.serving.bridged_at.is_some() || state.site.flickr_hub == FlickrHub::Bridge;
        Self { faver, event: it.event.clone(), subscription: Some(Box::new(it)), by_bridge }
    }

    /// Who faves, in words.
    pub(super) fn who(&self, state: &AppState) -> String {
        match &self.faver {
            Faver::Account { name, .. } => name.clone(),
            Faver::Stage(_) => format!("Somebody at {}", state.feeds.hosts().name()),
        }
    }

    /// What is heard, in words.
    pub(super) fn heard(&self) -> String {
        match &self.subscription {
            Some(it) => format!("“{}” of {}", it.topic, it.account),
            None => format!("“{}”", self.event),
        }
    }

    /// What the button does.
    pub(super) fn sentence(&self) -> String {
        let who = match &self.faver {
            Faver::Account { name, .. } => format!("The test account {name} faves a new photo of somebody's at Flickr"),
            Faver::Stage(Fan::Them(_)) => "The person of this subscription faves a photo on the practice Flickr".into(),
            Faver::Stage(Fan::ContactOf(_)) => "A contact faves a photo on the practice Flickr".into(),
            Faver::Stage(Fan::Anybody) => "Somebody faves a photo on the practice Flickr".into(),
        };
        let how = if self.by_bridge {
            " The bridge is the hub, and asks Flickr only now and then, so this takes as long as its interval, a minute or \
             more."
        } else {
            ""
        };
        format!("{who}; it must arrive as an event of {}, and it is taken back afterwards.{how}", self.heard())
    }

    /// A wall that shows it, for the screen on the page.
    pub(super) fn wall(&self, state: &AppState) -> String {
        let link = state.keys.wall_link(std::slice::from_ref(&self.event));
        format!("/wall/{link}?screen=fave+test&interval=5&controls=off&awake=off&qr=off")
    }

    /// How long each hop may take, and what explains one that is missing.
    pub(super) async fn around(&self, state: &AppState, wait: Option<Duration>) -> Around {
        let every = state.bridge.served(&self.event).and_then(|it| it.every).map(|(_, longest)| longest);
        let waited = match self.by_bridge {
            true => every.unwrap_or(INTERVAL) + ASKED,
            false => PUSHED,
        };
        let now = state.store.subscription(&self.event).await.ok().flatten();
        let trouble = now.and_then(|it| it.standing.trouble.or(it.serving.why)).filter(|_| !self.by_bridge);
        let screens = state.screens.showing(&self.event);
        Around { bridge: self.by_bridge.then_some(every), trouble, screens, waited: wait.unwrap_or(waited) }
    }
}
