//! Who posted or faved a photo, from all that an entry says of them.

use std::borrow::Cow;

use super::address::address;
use super::id::segments_after;
use super::markup;
use crate::photo::Person;

/// What an entry says of somebody.
#[derive(Debug, Default)]
pub(super) struct Somebody<'x> {
    pub(super) name: Option<Cow<'x, str>>,
    pub(super) nsid: Option<Cow<'x, str>>,
    pub(super) page: Option<Cow<'x, str>>,
    pub(super) icon: Option<Cow<'x, str>>,
}

impl Somebody<'_> {
    /// The person, of whom the pages and the icon may tell the nsid too; `photo_page` is the page of a photo of theirs.
    pub(super) fn into_person(self, photo_page: Option<&str>) -> Option<Person> {
        let filled = |it: &Cow<'_, str>| address(it);
        let page = self.page.as_ref().and_then(filled);
        let icon = self.icon.as_ref().and_then(filled);
        let from_photo = || segments_after(photo_page?, "photos").next().and_then(nsid);
        let nsid = (self.nsid.as_deref().and_then(nsid))
            .or_else(|| segments_after(page.as_deref()?, "people").next().and_then(nsid))
            .or_else(|| segments_after(page.as_deref()?, "photos").next().and_then(nsid))
            .or_else(from_photo)
            .or_else(|| icon.as_deref().and_then(nsid_in_icon))
            .map(str::to_owned);
        let person = Person {
            name: self.name.and_then(|it| markup::line(&it, super::TITLE)),
            nsid,
            page: page.or_else(|| photo_page.and_then(page_of_owner)),
            icon,
        };
        (person != Person::default()).then_some(person)
    }
}

/// Flickr's id of an account, `12345678@N00`.
fn nsid(text: &str) -> Option<&str> {
    let text = text.trim();
    let (number, place) = text.split_once("@N")?;
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    ((1..=20).contains(&number.len()) && is_number(number) && place.len() == 2 && is_number(place)).then_some(text)
}

/// Observed in Flickr's feeds: `…/buddyicons/49503048699@N01.jpg?1102118620#49503048699@N01`, and of people without an
/// icon `…/images/buddyicon.jpg?40235412@N00` in 2005, `…/images/buddyicon10.png#39829646@N02` in 2019.
fn nsid_in_icon(icon: &str) -> Option<&str> {
    let file = segments_after(icon, "buddyicons").next();
    (file.and_then(|it| it.split('.').next()).and_then(nsid)).or_else(|| icon.rsplit(['#', '?']).next().and_then(nsid))
}

/// `…/photos/{owner}/{id}/` is a photo of the person at `…/people/{owner}/`.
fn page_of_owner(photo_page: &str) -> Option<String> {
    let (host, path) = photo_page.split_once("/photos/")?;
    let owner = path.split('/').next().filter(|it| !it.is_empty())?;
    super::id::of_page(photo_page)?;
    Some(format!("{host}/people/{owner}/"))
}

/// The name in an RSS author, who is written as an e-mail address: `nobody@flickr.com (I - mo - I)`, and in JSON
/// `nobody@flickr.com ("I - mo - I")`.
pub(super) fn name_in_author(author: &str) -> &str {
    let name = author.trim();
    let name = match name.split_once('(') {
        Some((mail, name)) if mail.contains('@') => name.strip_suffix(')').unwrap_or(name),
        _ if name.contains('@') && !name.contains(' ') => "",
        _ => name,
    };
    let name = name.trim();
    name.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_out_of_addresses() {
        for (author, expected) in [
            ("nobody@flickr.com (I - mo - I)", "I - mo - I"),
            ("nobody@flickr.com (\"Omroep Zeeland\")", "Omroep Zeeland"),
            ("nobody@flickr.com (a (b) c)", "a (b) c"),
            ("nobody@flickr.com", ""),
            ("Ruth and Dave", "Ruth and Dave"),
            ("nobody@flickr.com ()", ""),
        ] {
            assert_eq!(name_in_author(author), expected, "{author}");
        }
    }

    #[test]
    fn the_nsid_is_found_wherever_it_is_written() {
        let check = |nsid: &str, page: &str, icon: &str, photo: &str, expected: Option<&str>| {
            let some = |it: &str| (!it.is_empty()).then(|| Cow::Owned(it.to_owned()));
            let somebody = Somebody { name: None, nsid: some(nsid), page: some(page), icon: some(icon) };
            let person = somebody.into_person(Some(photo)).unwrap_or_default();
            assert_eq!(person.nsid.as_deref(), expected, "{nsid} {page} {icon} {photo}");
        };
        check("1@N00", "http://x/people/2@N00/", "", "", Some("1@N00"));
        check("1@N0", "http://x/people/2@N00/", "", "", Some("2@N00"));
        check("", "http://x/people/alias/", "http://x/1/buddyicons/3@N01.jpg?5#3@N01", "", Some("3@N01"));
        check("", "", "http://x/images/buddyicon10.png#5@N03", "", Some("5@N03"));
        check("", "", "http://x/images/buddyicon.jpg?6@N04", "", Some("6@N04"));
        check("", "http://x/people/alias/", "", "http://x/photos/4@N02/77/", Some("4@N02"));
        check("", "http://x/people/alias/", "", "http://x/photos/alias/77/", None);
    }
}
