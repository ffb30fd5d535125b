//! Which photo an entry is about, by its names.

/// More digits than a photo's number will ever have.
const DIGITS: usize = 20;

/// The photo that an Atom id or an RSS guid names.
///
/// Observed in Flickr's feeds: `tag:flickr.com,2005:/photo/{id}`, in RSS with the year 2004, in group pools
/// `tag:flickr.com,2005:/grouppool/{group}/photo/{id}`, and in sets `tag:flickr.com,2005:/photo/{id}/in/set-{set}`. A
/// guid may also be a permalink (RSS 2.0).
pub(super) fn of_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let permalink = || of_link(name).filter(|_| name.starts_with("http"));
    first(name, segments_after(name, "photo")).or_else(permalink)
}

/// The photo that an entry with this link is about.
pub(super) fn of_link(link: &str) -> Option<&str> {
    let mut segments = segments_after(link, "photos");
    // `…/photos/tags/2008/` is no photo.
    segments.next().filter(|owner| *owner != "tags")?;
    first(link, segments)
}

/// The photo that the first segment names. It may be in a pool or a set, but nothing further may be behind it, since the
/// address of a comment begins with the page of its photo: `…/{id}/#comment…`, `…/{id}/comment…/`.
fn first<'x>(name: &str, mut segments: impl Iterator<Item = &'x str>) -> Option<&'x str> {
    let id = segments.next().filter(|it| is_photo_id(it))?;
    let is_photo = segments.find(|it| !it.is_empty()).is_none_or(|it| it == "in");
    let is_part = name.split_once('#').is_some_and(|(_, it)| !it.is_empty());
    (is_photo && !is_part).then_some(id)
}

/// The photo whose page this is: `…/photos/{owner}/{id}/`, whatever is behind.
pub(super) fn of_page(page: &str) -> Option<&str> {
    segments_after(page, "photos").nth(1).filter(|it| is_photo_id(it))
}

/// The segments of an address's path behind the first one called `name`.
pub(super) fn segments_after<'x>(address: &'x str, name: &'x str) -> impl Iterator<Item = &'x str> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.split('/').skip_while(move |it| *it != name).skip(1)
}

fn is_photo_id(text: &str) -> bool {
    (1..=DIGITS).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_photos_have_names_of_photos() {
        for (name, expected) in [
            ("tag:flickr.com,2005:/photo/7000000001", Some("7000000001")),
            ("tag:flickr.com,2004:/photo/7", Some("7")),
            ("tag:flickr.com,2005:/grouppool/1577604@N20/photo/7", Some("7")),
            ("tag:flickr.com,2005:/photo/7/in/set-72157600976524175", Some("7")),
            ("tag:flickr.com,2005:/photo/7#note8", None),
            (" tag:flickr.com,2005:/photo/7\n", Some("7")),
            ("http://www.flickr.com/photos/-mo-/7/", Some("7")),
            ("https://www.flickr.com/photos/1@N00/7", Some("7")),
            ("http://www.flickr.com/photos/-mo-/7/#comment8", None),
            ("http://www.flickr.com/photos/-mo-/7/comment/7", None),
            ("http://www.flickr.com/photos/-mo-/7/comment8/", None),
            ("http://www.flickr.com/photos/-mo-/7/in/pool-1@N00", Some("7")),
            ("http://www.flickr.com/photos/-mo-/sets/7/", None),
            ("http://www.flickr.com/photos/tags/7/", None),
            ("tag:flickr.com,2005:/comment/feedmoved", None),
            ("tag:flickr.com,2005:/photo/7/comment/8", None),
            ("tag:flickr.com,2005:/photos/friends-0-0", None),
            ("tag:flickr.com,2005:/photo/", None),
            ("tag:flickr.com,2005:/photo/7a", None),
            ("/photo/123456789012345678901", None),
            ("", None),
        ] {
            assert_eq!(of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn pages_of_photos_are_recognised_on_any_host() {
        for (page, expected) in [
            ("https://www.flickr.com/photos/-mo-/2061136492/", Some("2061136492")),
            ("http://127.0.0.1:8081/photos/1@N00/7", Some("7")),
            ("https://www.flickr.com/photos/alias/7/in/pool-x#comment", Some("7")),
            ("https://www.flickr.com/photos/alias/", None),
            ("https://www.flickr.com/photos/alias/sets/7/", None),
            ("https://www.flickr.com/?/photos/alias/7", None),
        ] {
            assert_eq!(of_page(page), expected, "{page}");
        }
    }
}
