//! Does what a remote is told: sends commands to screens, and keeps what a wall does not show.

use std::collections::BTreeSet;

use crate::screens::showing::Shown;
use crate::screens::{Command, Screen, Sent};
use crate::state::AppState;
use crate::store::hidden::{Hidden, Muted};
use crate::web::remote::order::{Deed, Order};
use crate::web::remote::refusal::Refusal;
use crate::web::remote::scope::{Scope, listed, those_there};

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// In a sentence.
    pub sentence: String,
    /// The names of the screens that were told, or that follow.
    pub screens: Vec<String>,
}

/// Carries out an order, and writes a line in the log.
///
/// # Errors
/// When it cannot be carried out: why, and what would help.
pub async fn carry_out(state: &AppState, scope: &Scope, order: &Order) -> Result<Done, Refusal> {
    let wall = order.wall.as_deref().map(|it| scope.wall(it)).transpose()?;
    let done = match order.deed {
        Deed::Hide => hide(state, scope, order, wall.map(|it| it.link.as_str())).await,
        Deed::Mute => mute(state, scope, order, wall.map(|it| it.link.as_str())).await,
        Deed::Unhide | Deed::Unmute => show_again(state, scope, order, wall.map(|it| it.link.as_str())).await,
        deed => match deed.command(wall.map(|it| it.link.as_str())) {
            Some(command) => command_screens(state, scope, order, &command, wall.map_or("", |it| &it.title)),
            None => Err(Refusal::bad("which wall shall be shown? wall=LINK, or its title")),
        },
    }?;
    tracing::info!(
        command = order.deed.word(),
        screens = listed(done.screens.iter().cloned()),
        photo = order.photo,
        owner = order.owner,
        remote = scope.whose,
        "remote"
    );
    Ok(done)
}

/// The screens that an order is for.
fn targets(state: &AppState, scope: &Scope, order: &Order) -> Result<Vec<Screen>, Refusal> {
    let all = state.screens.of(scope.links());
    if all.is_empty() {
        return Err(Refusal::missing(none_is_connected(scope)));
    }
    let Some(named) = &order.screen else { return Ok(all) };
    let folded = named.to_lowercase();
    let called: Vec<Screen> = all.iter().filter(|it| it.name.folded() == folded).cloned().collect();
    let found = if called.is_empty() {
        all.iter().filter(|it| it.instance.as_str() == named).cloned().collect()
    } else {
        called
    };
    if found.is_empty() {
        let there = those_there(all.iter().map(|it| it.name.as_str()));
        let named: String = named.chars().take(40).collect();
        return Err(Refusal::missing(format!("no screen is called {named:?}: {there}")));
    }
    Ok(found)
}

fn none_is_connected(scope: &Scope) -> String {
    match &scope.walls[..] {
        [] => "no screen is connected, and there is no wall yet that one could show".into(),
        [wall] => format!("no screen is connected: open {} on one", wall.address),
        walls => {
            let addresses = listed(walls.iter().map(|it| format!("{:?} is {}", it.title, it.address)));
            format!("no screen is connected: open one of the walls on it ({addresses})")
        }
    }
}

fn command_screens(
    state: &AppState,
    scope: &Scope,
    order: &Order,
    command: &Command,
    wall: &str,
) -> Result<Done, Refusal> {
    let (mut told, mut full) = (Vec::new(), Vec::new());
    let screens = targets(state, scope, order)?;
    let asleep = |it: &Screen| it.showing.as_ref().is_some_and(|showing| showing.asleep);
    if matches!(order.deed, Deed::Next | Deed::Previous) && screens.iter().all(asleep) {
        let names = listed(screens.iter().map(|it| it.name.to_string()));
        let is = if screens.len() > 1 { "are" } else { "is" };
        return Err(Refusal::not_now(format!("{names} {is} asleep and shows nothing: wake it first (do=wake)")));
    }
    for screen in screens {
        let name = screen.name.to_string();
        match state.screens.send(&screen, command.clone()) {
            Sent::Yes => told.push(name),
            Sent::Full => full.push(name),
            Sent::Gone => {}
        }
    }
    state.metrics.commands.inc_by(told.len() as u64);
    if told.is_empty() {
        return Err(Refusal::not_now(match &full[..] {
            [] => "the screen has just left: look again in a moment".into(),
            names => format!("{} takes no more just now: so many commands wait there", listed(names.iter().cloned())),
        }));
    }
    let on = listed(told.iter().cloned());
    let mut sentence = match order.deed {
        Deed::Next => format!("Next photo on {on}."),
        Deed::Previous => format!("The photo before on {on}."),
        Deed::Pause => format!("Paused: {on}."),
        Deed::Play => format!("Going on: {on}."),
        Deed::Sleep => format!("Asleep: {on}."),
        Deed::Wake => format!("Awake: {on}."),
        Deed::Name => format!("Names itself: {on}."),
        _ => format!("“{wall}” opens on {on}."),
    };
    if !full.is_empty() {
        sentence += &format!(" {} takes no more just now.", listed(full.into_iter()));
    }
    Ok(Done { sentence, screens: told })
}

/// Something on show, and the wall that shows it.
struct Meant {
    link: String,
    shown: Shown,
}

/// What an order means that is about a photo on show: the one that it names by `named`, or what the screens have in
/// focus. With a name, what is on show no longer counts as well: somebody may be slower than the wall.
fn meant(
    state: &AppState,
    scope: &Scope,
    order: &Order,
    wall: Option<&str>,
    named: Option<&str>,
    key: fn(&Shown) -> &str,
) -> Result<Vec<Meant>, Refusal> {
    let screens = match targets(state, scope, order) {
        Err(_) if named.is_some() && order.screen.is_none() => Vec::new(),
        screens => screens?,
    };
    let screens: Vec<_> = screens.into_iter().filter(|it| wall.is_none_or(|wall| it.link == wall)).collect();
    let mut found: Vec<Meant> = Vec::new();
    for screen in &screens {
        let on_show = screen.showing.iter().flat_map(|it| &it.photos);
        let shown = match named {
            Some(named) => on_show.into_iter().find(|it| key(it) == named),
            None => on_show.into_iter().next(),
        };
        if let Some(shown) = shown.filter(|it| !key(it).is_empty())
            && !found.iter().any(|it| it.link == screen.link && key(&it.shown) == key(shown))
        {
            found.push(Meant { link: screen.link.clone(), shown: shown.clone() });
        }
    }
    if let (true, Some(_)) = (found.is_empty(), named) {
        let links: BTreeSet<&str> = match (wall, &screens[..], &scope.walls[..]) {
            (Some(wall), ..) => [wall].into(),
            (None, [], [only]) => [only.link.as_str()].into(),
            (None, screens, _) => screens.iter().map(|it| it.link.as_str()).collect(),
        };
        found.extend(links.into_iter().map(|link| Meant { link: link.to_owned(), shown: Shown::default() }));
        if found.is_empty() {
            return Err(Refusal::missing("no screen is connected, so say on which wall: wall=LINK, or its title"));
        }
    }
    Ok(found)
}

async fn hide(state: &AppState, scope: &Scope, order: &Order, wall: Option<&str>) -> Result<Done, Refusal> {
    let photos = meant(state, scope, order, wall, order.photo.as_deref(), |it| &it.id)?;
    if photos.is_empty() {
        return Err(Refusal::not_now("no photo is on show there just now, so there is nothing to hide"));
    }
    let at = state.clock.now();
    for Meant { link, shown } in &photos {
        let photo = order.photo.clone().unwrap_or_else(|| shown.id.clone());
        let (title, owner) = (shown.title.clone(), shown.owner.clone());
        state.store.hide(link, Hidden { photo, title, owner, at }).await?;
    }
    let what = listed(photos.iter().map(|it| match it.shown.title.as_str() {
        "" => "The photo".to_owned(),
        title => format!("“{title}”"),
    }));
    let is = if photos.len() > 1 && what.contains(" and ") { "are" } else { "is" };
    let on = listed(photos.iter().map(|it| format!("“{}”", scope.title_of(&it.link))));
    Ok(Done { sentence: format!("{what} {is} not shown on {on} any more."), screens: following(state, &photos) })
}

async fn mute(state: &AppState, scope: &Scope, order: &Order, wall: Option<&str>) -> Result<Done, Refusal> {
    let photos = meant(state, scope, order, wall, order.owner.as_deref(), |it| &it.nsid)?;
    if photos.is_empty() {
        return Err(Refusal::not_now(
            "no photo whose owner is known is on show there just now, so nobody can be muted",
        ));
    }
    let at = state.clock.now();
    for Meant { link, shown } in &photos {
        let nsid = order.owner.clone().unwrap_or_else(|| shown.nsid.clone());
        state.store.mute(link, Muted { nsid, name: shown.owner.clone(), at }).await?;
    }
    let who = listed(photos.iter().map(|it| match (it.shown.owner.as_str(), &order.owner) {
        ("", Some(nsid)) => nsid.clone(),
        ("", None) => it.shown.nsid.clone(),
        (name, _) => name.to_owned(),
    }));
    let on = listed(photos.iter().map(|it| format!("“{}”", scope.title_of(&it.link))));
    Ok(Done {
        sentence: format!("Photos by {who} are not shown on {on} any more."),
        screens: following(state, &photos),
    })
}

/// The names of the screens that follow, since their wall has changed.
fn following(state: &AppState, photos: &[Meant]) -> Vec<String> {
    let links: BTreeSet<&str> = photos.iter().map(|it| it.link.as_str()).collect();
    state.screens.of(links).iter().map(|it| it.name.to_string()).collect()
}

async fn show_again(state: &AppState, scope: &Scope, order: &Order, wall: Option<&str>) -> Result<Done, Refusal> {
    let links: Vec<&str> = wall.map_or_else(|| scope.links().collect(), |it| vec![it]);
    let mut changed = Vec::new();
    for link in links {
        let was = match (order.deed, &order.photo, &order.owner) {
            (Deed::Unhide, Some(photo), _) => state.store.unhide(link, photo).await?,
            (_, _, Some(nsid)) => state.store.unmute(link, nsid).await?,
            _ => false,
        };
        if was {
            changed.push(link);
        }
    }
    let what = match order.deed {
        Deed::Unhide => format!("photo {}", order.photo.as_deref().unwrap_or_default()),
        _ => format!("the owner {}", order.owner.as_deref().unwrap_or_default()),
    };
    if changed.is_empty() {
        let done = if order.deed == Deed::Unhide { "hidden" } else { "muted" };
        return Err(Refusal::missing(format!("{what} is not {done} here")));
    }
    let on = listed(changed.iter().map(|it| format!("“{}”", scope.title_of(it))));
    let what = if order.deed == Deed::Unhide { "The photo" } else { "Their photos" };
    let screens = state.screens.of(changed).iter().map(|it| it.name.to_string()).collect();
    Ok(Done { sentence: format!("{what} may be shown on {on} again."), screens })
}
