//! Which photo an entry is about, by its names.

/// More digits than a photo's number will ever have.
const DIGITS: usize = 20;

/// The photo that an Atom id or an RSS guid names.
///
/// Observed in Flickr's feeds: `tag:flickr.com,2005:/photo/{id}`, in RSS with the year 2004, and in group pools
/// `tag:flickr.com,2005:/grouppool/{group}/photo/{id}`. A guid may also be a permalink (RSS 2.0): the photo's page and
/// nothing behind it, since a comment's permalink begins with the page of its photo.
pub(super) fn of_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let (rest, id) = name.rsplit_once('/')?;
    if rest.ends_with("/photo") && is_photo_id(id) {
        return Some(id);
    }
    let alone = segments_after(name, "photos").filter(|it| !it.is_empty()).count() == 2;
    of_page(name).filter(|_| alone && name.starts_with("http") && !name.contains(['?', '#']))
}

/// The photo whose page this is: `…/photos/{owner}/{id}/`, maybe with `in/pool-…` behind.
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
            (" tag:flickr.com,2005:/photo/7\n", Some("7")),
            ("http://www.flickr.com/photos/-mo-/7/", Some("7")),
            ("https://www.flickr.com/photos/1@N00/7", Some("7")),
            ("http://www.flickr.com/photos/-mo-/7/#comment8", None),
            ("http://www.flickr.com/photos/-mo-/7/comment/7", None),
            ("http://www.flickr.com/photos/-mo-/sets/7/", None),
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
