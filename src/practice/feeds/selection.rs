//! Which photos a feed shows, and what it is called.

use jiff::Timestamp;

use crate::hub::people::{self, Person};
use crate::hub::world::{Photo, Search};
use crate::practice::realm::Realm;
use crate::topic::tag;

/// Entries of every feed of Flickr's (observed in all samples).
const ENTRIES: usize = 20;

/// What a feed is made of.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) base: String,
    pub(super) title: String,
    /// What follows `tag:flickr.com,2005:`.
    pub(super) id: String,
    /// The page that shows the same.
    pub(super) page: String,
    /// The feed itself.
    pub(super) address: String,
    /// Whose feed it is.
    pub(super) person: Option<&'static Person>,
    pub(super) modified: Timestamp,
    pub(super) photos: Vec<Photo>,
}

/// Why there is no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// No feed has this name.
    #[error("no such feed; there are photos_public.gne, photos_friends.gne and photos_faves.gne")]
    Feed,
    /// It is not said whose, or nobody has that account.
    #[error("no such person; give the id of an account of the practice Flickr, such as 10000007@N01")]
    Person,
    /// Flickr may have it, but we have not.
    #[error("no such format; there are atom, rss2 and json")]
    Format,
}

impl Selection {
    pub(super) fn choose<'a>(
        realm: &Realm,
        file: &str,
        get: &impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, Missing> {
        let person = |name: &str| get(name).map(|nsid| people::find(nsid).ok_or(Missing::Person)).transpose();
        let address = format!("{}/services/feeds/{file}", realm.base);
        let made = |title: String, id: String, page: String, person: Option<&'static Person>, photos: Vec<Photo>| {
            let modified = photos.iter().map(|it| it.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
            Self { base: realm.base.to_string(), title, id, page, address: address.clone(), person, modified, photos }
        };
        match file {
            "photos_public.gne" => {
                let listed = get("ids").unwrap_or_default().split(',').chain(get("id"));
                let listed = listed.map(str::trim).filter(|it| !it.is_empty());
                let owners: Vec<_> = listed.map(people::find).collect::<Option<_>>().ok_or(Missing::Person)?;
                let tags: Vec<String> = get("tags").unwrap_or_default().split(',').map(tag::normal).collect();
                let tags: Vec<String> = tags.into_iter().filter(|it| !it.is_empty()).collect();
                // Documented: all of the tags, unless `tagmode=any`.
                let all_tags = get("tagmode") != Some("any");
                let (title, id, page) = public(&realm.base, &owners, &tags, all_tags);
                let only = if let [only] = owners[..] { Some(only) } else { None };
                let owners = Some(owners).filter(|it| !it.is_empty());
                let search = Search { owners, tags, all_tags, ..Search::default() };
                let photos =
                    realm.world(|world| world.search(&search, None).into_iter().take(ENTRIES).cloned().collect());
                Ok(made(title, id, page, only, photos))
            }
            "photos_friends.gne" => {
                let person = person("user_id")?.ok_or(Missing::Person)?;
                let search = Search { owners: Some(people::contacts(person.nsid)), ..Search::default() };
                let photos =
                    realm.world(|world| world.search(&search, None).into_iter().take(ENTRIES).cloned().collect());
                let title = format!("Photos from {}'s contacts", person.name);
                let page = format!("{}/people/{}/", realm.base, person.nsid);
                Ok(made(title, format!("/photos/friends/{}", person.nsid), page, Some(person), photos))
            }
            "photos_faves.gne" => {
                // Observed in different years: nsid and id.
                let person = person("nsid")?.or(person("id")?).ok_or(Missing::Person)?;
                let photos = realm.world(|world| {
                    let faves = world.faves_of(person, None).into_iter();
                    faves.take(ENTRIES).map(|(photo, _)| photo.clone()).collect()
                });
                let title = format!("Favorites from {}", person.name);
                let page = format!("{}/people/{}/", realm.base, person.nsid);
                Ok(made(title, format!("/photos/faves/{}", person.nsid), page, Some(person), photos))
            }
            _ => Err(Missing::Feed),
        }
    }
}

/// Title, id and page of a feed of public photos.
fn public(base: &str, owners: &[&Person], tags: &[String], all_tags: bool) -> (String, String, String) {
    let tagged = tags.join(if all_tags { " and " } else { " or " });
    let tagged = if tags.is_empty() { String::new() } else { format!(", tagged {tagged}") };
    match owners {
        [] if tags.is_empty() => ("Uploads from everyone".into(), "/photos/public".into(), format!("{base}/")),
        [] => {
            let id = format!("/photos/public/tagged/{}", tags.join(","));
            (format!("Recent Uploads{}", tagged.trim_start_matches(',')), id, format!("{base}/"))
        }
        owners => {
            let names: Vec<_> = owners.iter().map(|it| it.name).collect();
            let ids: Vec<_> = owners.iter().map(|it| it.nsid).collect();
            let page = format!("{base}/people/{}/", ids[0]);
            (format!("Uploads from {}{tagged}", names.join(", ")), format!("/photos/public/{}", ids.join(",")), page)
        }
    }
}
