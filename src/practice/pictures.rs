//! The practice Flickr's pages and pictures, for a browser that follows the addresses in a delivery.
//!
//! Nothing is stored: [a photo's number decides everything](crate::hub), so this answers for photos of every run.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::hub::painter;
use crate::hub::people::{self, Person};
use crate::hub::picture::{self, Picture, SERVER, Size};
use crate::hub::world::Photo;

/// Pictures drawn at one time. Each takes a processor for a while, and the others want to answer too.
const PAINTERS: usize = 2;

/// A picture never changes: its address holds all that it is made of.
const FOREVER: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=31536000, immutable");

/// The pages stand alone: one picture from this host, a style inside, no script.
const POLICY: (HeaderName, &str) = (
    CONTENT_SECURITY_POLICY,
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The routes below the base that [`crate::hub::world::World::new`] was given. They need no state of the caller's.
pub fn router() -> Router {
    Router::new()
        .route("/photos/{nsid}/{id}/", get(photo))
        .route("/people/{nsid}/", get(person))
        .route("/buddyicons/{file}", get(icon))
        .route("/{server}/{file}", get(image))
        .with_state(Easel(Arc::new(Semaphore::new(PAINTERS))))
}

/// Where pictures are drawn, a few at a time.
#[derive(Debug, Clone)]
struct Easel(Arc<Semaphore>);

impl Easel {
    /// Draws on a thread that may block. The permit goes with the work, not with the request: a browser that has gone
    /// away does not let another in while its picture is still being drawn.
    async fn draw(self, work: impl FnOnce() -> Option<Vec<u8>> + Send + 'static) -> Response {
        let Ok(permit) = self.0.acquire_owned().await else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        let drawing = spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        match drawing.await {
            Ok(Some(jpeg)) => ([FOREVER, (CONTENT_TYPE, "image/jpeg")], jpeg).into_response(),
            Ok(None) => StatusCode::NOT_FOUND.into_response(),
            Err(error) => {
                tracing::error!(%error, "practice Flickr: a drawing failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

async fn image(State(easel): State<Easel>, Path((server, file)): Path<(String, String)>) -> Response {
    let right = |&(id, secret, suffix): &(u64, &str, &str)| {
        server == SERVER && Size::of(suffix).is_some_and(|size| Picture::of(id).secret(size) == secret)
    };
    // Looked at here already, so that a wrong address does not wait for a place to draw.
    if picture::parse_file(&file).filter(right).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    easel
        .draw(move || {
            let (id, secret, suffix) = picture::parse_file(&file)?;
            painter::paint(id, secret, suffix)
        })
        .await
}

async fn icon(State(easel): State<Easel>, Path(file): Path<String>) -> Response {
    let Some(person) = file.strip_suffix(".jpg").and_then(people::find) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    easel.draw(move || painter::paint_icon(person.nsid)).await
}

async fn photo(Path((nsid, id)): Path<(String, String)>) -> Response {
    let photo = picture::number(&id).map(Invented::of).filter(|photo| photo.owner.nsid == nsid);
    let Some(photo) = photo else {
        return StatusCode::NOT_FOUND.into_response();
    };
    page(&PhotoPage { owner: photo.owner, photo: Some(photo) })
}

async fn person(Path(nsid): Path<String>) -> Response {
    let Some(owner) = people::find(&nsid) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    page(&PhotoPage { owner, photo: None })
}

/// One template for both: a photo and its owner, or the owner alone. Links are relative, so the pages work below
/// whatever address they are mounted at.
#[derive(Template)]
#[template(path = "practice_photo.html")]
struct PhotoPage {
    owner: &'static Person,
    photo: Option<Invented>,
}

/// What a page says of a photo: that which follows from its number. Later titles are the running world's.
struct Invented {
    owner: &'static Person,
    title: String,
    tags: Vec<String>,
    image: String,
    width: u32,
    height: u32,
}

impl Invented {
    fn of(id: u64) -> Self {
        // No page tells the times, which alone do not follow from the number.
        let photo = Photo::invent(id, "".into(), Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let picture = photo.picture();
        let (width, height) = picture.pixels(Size::Long1024);
        let image = format!("{SERVER}/{}", picture.file(Size::Long1024));
        Self { owner: photo.owner, title: photo.title, tags: photo.tags, image, width, height }
    }
}

fn page(page: &PhotoPage) -> Response {
    match page.render() {
        Ok(html) => ([POLICY], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "practice Flickr: a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests;
