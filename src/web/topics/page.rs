//! The page, as its template wants it.

use askama::Template;

use crate::assets;
use crate::store::Wall;
use crate::topic::Kind;
use crate::web::session::SignedIn;
use crate::web::topics::choice::{self, Choice, FieldError, MAX_TITLE};
use crate::web::topics::desk::Desk;
use crate::web::topics::institutions::List;
use crate::web::topics::map::{Pin, View};
use crate::web::topics::typed::Typed;
use crate::words::capital;

/// Where the form is shown again after a button of the map.
const MAP_ACTION: &str = "/topics#places";

#[derive(Template)]
#[template(path = "topics.html")]
pub(super) struct TopicsPage<'a> {
    assets: String,
    who: &'a SignedIn,
    here: &'a str,
    errors: &'a [FieldError],
    /// `new`, or the link of the wall that is changed.
    link: &'a str,
    wall: Option<&'a Wall>,
    other_walls: Vec<&'a Wall>,
    others: Vec<Other>,
    groups: [Group; 2],
    typed: &'a Typed,
    has_commons: bool,
    has_equal_places: bool,
    places: Vec<Place<'a>>,
    pins: Vec<Pin>,
    institutions: Vec<Row>,
    has_list: bool,
    max_title: usize,
    map_action: &'a str,
}

/// Boxes that belong together.
struct Group {
    legend: &'static str,
    boxes: Vec<Box>,
}

/// A topic without arguments.
struct Box {
    name: &'static str,
    title: String,
    line: &'static str,
    is_ticked: bool,
}

struct Place<'a> {
    n: usize,
    point_id: String,
    radius_id: String,
    point: &'a str,
    radius: &'a str,
    is_picked: bool,
}

/// An institution.
struct Row {
    nsid: String,
    name: String,
    is_ticked: bool,
}

/// Something on the wall that the form cannot say.
struct Other {
    event: String,
    words: String,
    is_ticked: bool,
}

const PEOPLE: [Kind; 3] = [Kind::ContactsFaves, Kind::ContactsPhotos, Kind::PhotosOfContacts];
const YOU: [Kind; 3] = [Kind::PhotosOfMe, Kind::MyPhotos, Kind::MyFaves];

fn line(kind: Kind) -> &'static str {
    match kind {
        Kind::ContactsFaves => "What the people you follow fave, whoever took it.",
        Kind::ContactsPhotos => "What the people you follow upload.",
        Kind::PhotosOfContacts => "Photos in which somebody tagged a person you follow.",
        Kind::PhotosOfMe => "Photos in which somebody tagged you.",
        Kind::MyPhotos => "What you upload yourself.",
        Kind::MyFaves => "What you fave. Good for a try: fave a photo, and it comes up here.",
        Kind::Geo | Kind::Commons | Kind::Tags => "",
    }
}

fn group(legend: &'static str, kinds: [Kind; 3], typed: &Typed) -> Group {
    let one = |kind: Kind| Box {
        name: kind.name(),
        title: capital(kind.title()),
        line: line(kind),
        is_ticked: typed.has(&kind),
    };
    Group { legend, boxes: kinds.map(one).into() }
}

/// The institutions that are ticked first, so that nobody has to search for them.
fn rows(list: Option<&List>, typed: &Typed) -> Vec<Row> {
    let known = list.map(|it| &it[..]).unwrap_or_default();
    let is_ticked = |nsid: &str| typed.nsids.iter().any(|it| it == nsid);
    let strangers = typed.nsids.iter().filter(|it| known.iter().all(|known| known.nsid != **it));
    let mut rows: Vec<_> = strangers.map(|it| Row { nsid: it.clone(), name: it.clone(), is_ticked: true }).collect();
    let of = |it: &crate::flickr::Institution| (it.nsid.clone(), it.name.clone(), is_ticked(&it.nsid));
    rows.extend(known.iter().map(of).map(|(nsid, name, is_ticked)| Row { nsid, name, is_ticked }));
    rows.sort_by_key(|it| !it.is_ticked);
    rows
}

impl<'a> TopicsPage<'a> {
    pub(super) fn of(
        who: &'a SignedIn,
        desk: &'a Desk,
        typed: &'a Typed,
        list: Option<&List>,
        errors: &'a [FieldError],
    ) -> Self {
        let link = desk.wall.as_ref().map_or("new", |it| it.link.as_str());
        let place = |(n, it): (usize, &'a super::typed::TypedPlace)| Place {
            n: n + 1,
            point_id: format!("place{}", n + 1),
            radius_id: format!("radius{}", n + 1),
            point: &it.point,
            radius: &it.radius,
            is_picked: typed.picked == n,
        };
        let pin = |(n, it)| Some(Pin::of(n + 1, &choice::circle(it)?, typed.picked == n));
        let other = |(event, words): (crate::event_name::EventName, String)| Other {
            is_ticked: typed.kept.iter().any(|it| it == event.as_str()),
            event: event.to_string(),
            words: capital(&words),
        };
        Self {
            assets: assets::prefix(),
            who,
            here: "topics",
            errors,
            link,
            wall: desk.wall.as_ref(),
            other_walls: desk.walls.iter().rev().filter(|it| it.link != link).collect(),
            others: desk.others().into_iter().map(other).collect(),
            groups: [group("The people you follow", PEOPLE, typed), group("You", YOU, typed)],
            typed,
            has_commons: typed.has(&Kind::Commons),
            has_equal_places: Choice::of(typed).0.has_equal_places,
            places: typed.places.iter().enumerate().map(place).collect(),
            pins: typed.places.iter().enumerate().filter_map(pin).collect(),
            institutions: rows(list, typed),
            has_list: list.is_some(),
            max_title: MAX_TITLE,
            map_action: MAP_ACTION,
        }
    }

    pub(super) fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }

    /// What is wrong with a field.
    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|it| it.field == field).map(|it| it.sentence.as_str())
    }

    fn view(&self) -> &View {
        &self.typed.view
    }
}
