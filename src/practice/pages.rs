//! The pages of photos and people, which deliveries and API link to.

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::Timestamp;

use crate::hub::people::{self, Person};
use crate::hub::picture::{self, SERVER, Size};
use crate::hub::world::{Photo, Refused};
use crate::practice::form;
use crate::practice::realm::Realm;

/// The pages stand alone: one picture from this host, a style inside, no script.
const POLICY: (HeaderName, &str) = (
    CONTENT_SECURITY_POLICY,
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The routes below the realm's base.
pub fn router(realm: Realm) -> Router {
    Router::new()
        .route("/photos/{nsid}/{id}/", get(photo))
        .route("/people/{nsid}/", get(person))
        .route("/photo.gne", get(find))
        .with_state(realm)
}

/// A photo as the world has it. One that it no longer remembers is shown as it was posted, which
/// [follows from its number](crate::hub); so links of an earlier run still lead somewhere.
fn seen(realm: &Realm, id: &str) -> Option<Photo> {
    let id = picture::number(id)?;
    match realm.world(|world| world.photo(id, None).cloned()) {
        Ok(photo) => Some(photo),
        // No page tells the times, which alone do not follow from the number.
        Err(Refused::NotFound) => Some(Photo::invent(id, "".into(), Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH)),
        Err(_) => None,
    }
}

async fn photo(State(realm): State<Realm>, Path((nsid, id)): Path<(String, String)>) -> Response {
    match seen(&realm, &id).filter(|photo| photo.owner.nsid == nsid) {
        Some(photo) => page(&PhotoPage { owner: photo.owner, photo: Some(Shown::of(photo)) }),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn person(Path(nsid): Path<String>) -> Response {
    match people::find(&nsid) {
        Some(owner) => page(&PhotoPage { owner, photo: None }),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `photo.gne?id=`, Flickr's address of a photo whose owner one does not know (observed in pua).
async fn find(State(realm): State<Realm>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let id = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "id").map(|(_, id)| id);
    match id.and_then(|id| seen(&realm, &id)) {
        Some(photo) => {
            let prefix = form::prefix(&realm.base);
            Redirect::to(&format!("{prefix}/photos/{}/{}/", photo.owner.nsid, photo.id)).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// One template for both: a photo and its owner, or the owner alone. Links are relative, so the pages work below
/// whatever address they are mounted at.
#[derive(Template)]
#[template(path = "practice_photo.html")]
struct PhotoPage {
    owner: &'static Person,
    photo: Option<Shown>,
}

/// What a page says of a photo.
struct Shown {
    title: String,
    tags: Vec<String>,
    image: String,
    width: u32,
    height: u32,
}

impl Shown {
    fn of(photo: Photo) -> Self {
        let picture = photo.picture();
        let (width, height) = picture.pixels(Size::Long1024);
        let image = format!("{SERVER}/{}", picture.file(Size::Long1024));
        Self { title: photo.title, tags: photo.tags, image, width, height }
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
