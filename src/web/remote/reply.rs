//! How a remote answers: a page to people, JSON or one line of text to programs.

use askama::Template;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Serialize;
use serde_json::json;

use crate::assets;
use crate::error::AppError;
use crate::screens::Instance;
use crate::screens::showing::Shown;
use crate::web::remote::drive::Done;
use crate::web::remote::order::{Deed, Order};
use crate::web::remote::page::{Card, Overview};
use crate::web::remote::refusal::Refusal;
use crate::web::remote::scope::Scope;
use crate::words::capital;

/// What the caller reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A browser's form.
    Page,
    /// JSON.
    Json,
    /// One line, as for `curl`.
    Line,
}

impl Wanted {
    /// By the `Accept` header.
    #[must_use]
    pub fn of(accept: Option<&str>) -> Self {
        let accept = accept.unwrap_or_default().to_ascii_lowercase();
        let accepts = |mime: &str| accept.split(',').any(|one| one.trim_start().starts_with(mime));
        if accepts("text/html") {
            Self::Page
        } else if accepts("application/json") {
            Self::Json
        } else {
            Self::Line
        }
    }
}

/// What stands above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

impl Notice {
    /// The notice for the code in `done=`: a link from elsewhere must not put words into our mouth.
    #[must_use]
    pub fn read(query: Option<&str>) -> Option<Self> {
        let (_, code) = form_urlencoded::parse(query?.as_bytes()).find(|(name, _)| name == "done")?;
        let (_, deed) = Deed::ALL.into_iter().find(|(word, _)| *word == code)?;
        let text = match deed {
            Deed::Next => "The next photo comes.",
            Deed::Previous => "The photo before comes back.",
            Deed::Pause => "Paused.",
            Deed::Play => "It goes on.",
            Deed::Hide => "The photo is not shown there any more.",
            Deed::Mute => "Their photos are not shown there any more.",
            Deed::Unhide => "The photo may be shown again.",
            Deed::Unmute => "Their photos may be shown again.",
            Deed::Sleep => "It goes dark.",
            Deed::Wake => "It wakes up.",
            Deed::Open => "The other wall opens.",
            Deed::Name => "The name is on the screen for a moment.",
        };
        Some(Self { text: text.into(), bad: false })
    }
}

#[derive(Template)]
#[template(path = "remote.html")]
struct RemotePage<'a> {
    assets: String,
    it: &'a Overview,
    notice: Option<Notice>,
    blank: Card,
    blank_photo: Shown,
}

/// The page.
///
/// # Errors
/// When it cannot be rendered.
pub fn page(overview: &Overview, notice: Option<Notice>) -> Result<Response, AppError> {
    let page = RemotePage {
        assets: assets::prefix(),
        it: overview,
        notice,
        blank: Card::default(),
        blank_photo: Shown::default(),
    };
    Ok(private(Html(page.render()?)))
}

/// JSON.
pub fn json(value: &impl Serialize) -> Response {
    private(Json(value))
}

/// What was done.
pub fn done(wanted: Wanted, scope: &Scope, order: &Order, done: Done) -> Response {
    let Done { sentence, screens } = done;
    match wanted {
        Wanted::Page => {
            // Back to the card that the button was on.
            let at = order.at.as_deref().and_then(|it| Instance::read(it).ok());
            let card = at.map(|it| format!("#s-{it}")).unwrap_or_default();
            private(Redirect::to(&format!("/remote/{}?done={}{card}", scope.token, order.deed.word())))
        }
        Wanted::Json => json(&json!({ "do": order.deed.word(), "screens": screens, "said": sentence })),
        Wanted::Line => private(format!("{sentence}\n")),
    }
}

/// What was not done, and why; on the page when there is one.
pub fn refuse(wanted: Wanted, refusal: Refusal, overview: Option<Overview>) -> Response {
    let (status, sentence) = match refusal {
        Refusal::Order { status, sentence } => (status, sentence),
        Refusal::Other(error) if wanted == Wanted::Page => return error.into_response(),
        Refusal::Other(error) => {
            let sentence = error.sentence();
            (error.into_response().status(), sentence)
        }
    };
    let mut response = match wanted {
        Wanted::Page => {
            let text = capital(&sentence);
            let page = overview.map(|it| page(&it, Some(Notice { text, bad: true })));
            page.unwrap_or_else(|| Ok(private(format!("{sentence}\n")))).unwrap_or_else(AppError::into_response)
        }
        Wanted::Json => json(&json!({ "error": sentence })),
        Wanted::Line => private(format!("{sentence}\n")),
    };
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// The address is a key, and what it shows is somebody's.
fn private(response: impl IntoResponse) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    (headers, response).into_response()
}
