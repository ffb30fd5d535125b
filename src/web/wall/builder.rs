//! The page that writes a wall's link: a form with every setting of the table, which works without scripts; with them
//! the wall itself is shown beside it, and the link follows what is chosen ([`read`] says it for `builder.js`).

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::json;
use url::Url;

use crate::assets;
use crate::error::AppResult;
use crate::settings::{Group, Kind, Problem, Setting, Settings, Value, zone};
use crate::state::AppState;
use crate::web::layers;
use crate::web::session::SignedIn;
use crate::web::wall::{self, InPath, Known};

#[derive(Template)]
#[template(path = "builder.html")]
struct BuilderPage<'a> {
    assets: String,
    who: Option<&'a SignedIn>,
    here: &'a str,
    wall: &'a Known,
    groups: Vec<Fieldset>,
    /// What could not be understood and belongs to no field.
    strays: Vec<String>,
    /// Where the wall is, with these settings, for all the world.
    address: String,
    /// The query of these settings with its `?`, or nothing.
    query: String,
    zones: Vec<&'static str>,
    /// Whether the address leads nowhere from another machine.
    local: bool,
}

struct Fieldset {
    title: &'static str,
    fields: Vec<Field>,
}

struct Field {
    setting: &'static Setting,
    /// As it stands in the field: what was written, even when it cannot be understood, if the field can hold it.
    text: String,
    problem: Option<String>,
}

impl BuilderPage<'_> {
    fn is_wrong(&self) -> bool {
        !self.strays.is_empty() || self.groups.iter().flat_map(|it| &it.fields).any(|it| it.problem.is_some())
    }
}

impl Field {
    fn is_on(&self) -> bool {
        self.text == "on"
    }
}

/// Shows the page. With `from=`, a whole link that somebody pasted, it goes on from that link's settings.
pub async fn show(
    State(state): State<AppState>,
    who: Option<SignedIn>,
    link: InPath,
    RawQuery(query): RawQuery,
) -> AppResult<Response> {
    let wall = wall::find(&state, &link.map(|Path(it)| it).unwrap_or_default()).await?;
    let query = query.unwrap_or_default();
    if let Some((_, from)) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "from") {
        let (settings, _) = Settings::read(&query_of(&from));
        return Ok(Redirect::to(&format!("/wall/{}/settings{}", wall.link, questioned(&settings))).into_response());
    }
    let (settings, problems) = Settings::read(&query);
    let page = BuilderPage {
        assets: assets::prefix(),
        who: who.as_ref(),
        here: "walls",
        address: wall.address(&state, &settings),
        wall: &wall,
        groups: fieldsets(&settings, &problems),
        strays: problems.iter().filter(|it| !is_setting(&it.name)).map(|it| it.sentence.clone()).collect(),
        query: questioned(&settings),
        zones: zone::names().collect(),
        local: state.site.public_url.is_loopback(),
    };
    let policy = layers::content_security_policy(&state.site, layers::Frames::Ours);
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(page.render()?)).into_response())
}

/// What a query says, for scripts: the settings, the shortest query that says the same, the wall's address with it, and
/// the problems by name.
pub async fn read(State(state): State<AppState>, link: InPath, RawQuery(query): RawQuery) -> AppResult<Response> {
    let wall = wall::find(&state, &link.map(|Path(it)| it).unwrap_or_default()).await?;
    let (settings, problems) = Settings::read(query.as_deref().unwrap_or_default());
    let problems: Vec<_> = problems.iter().map(|it| json!({"name": it.name, "sentence": it.sentence})).collect();
    let answer = json!({
        "query": settings.query(), "address": wall.address(&state, &settings), "settings": settings, "problems": problems,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn is_setting(name: &str) -> bool {
    crate::settings::SETTINGS.iter().any(|it| it.name == name)
}

fn questioned(settings: &Settings) -> String {
    match settings.query() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

/// The query of a link that somebody copied; of a text that is no link, the text itself.
fn query_of(pasted: &str) -> String {
    let pasted = pasted.trim();
    match Url::parse(pasted) {
        Ok(url) => url.query().unwrap_or_default().to_owned(),
        Err(_) => pasted.split_once('?').map_or(pasted, |(_, query)| query).to_owned(),
    }
}

fn fieldsets(settings: &Settings, problems: &[Problem]) -> Vec<Fieldset> {
    let field = |(setting, value): (&'static Setting, &Value)| {
        let problem = problems.iter().find(|it| it.name == setting.name);
        Field {
            setting,
            text: match (problem, setting.kind) {
                (Some(problem), kind) if !matches!(kind, Kind::Choice(_) | Kind::Switch) => problem.given.clone(),
                _ => value.to_string(),
            },
            problem: problem.map(|it| it.sentence.clone()),
        }
    };
    let of = |group: Group| Fieldset {
        title: group.title(),
        fields: settings.iter().filter(|(it, _)| it.group == group).map(field).collect(),
    };
    Group::ALL.into_iter().map(of).collect()
}
