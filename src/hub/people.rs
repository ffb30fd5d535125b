//! The people and institutions of the practice Flickr, and who follows whom. None of them exists.

/// Somebody who posts and faves: a person, or an institution of the Commons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Their account, in the form of Flickr's ids.
    pub nsid: &'static str,
    /// The name they show.
    pub name: &'static str,
    /// What they title their photos in.
    pub language: Language,
}

/// A language that titles are written in, chosen for its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Japanese.
    Japanese,
    /// Arabic, right to left.
    Arabic,
    /// Hindi.
    Hindi,
    /// Greek.
    Greek,
    /// Russian.
    Russian,
    /// Korean.
    Korean,
    /// Portuguese.
    Portuguese,
    /// Turkish.
    Turkish,
    /// Chinese, in traditional characters.
    Chinese,
    /// Hebrew, right to left.
    Hebrew,
}

use Language::{Arabic, Chinese, English, Greek, Hebrew, Hindi, Japanese, Korean, Portuguese, Russian, Turkish};

/// Those who are people.
pub const PEOPLE: [Person; 13] = [
    person("10000007@N01", "Ida Lindqvist-Okoro", English),
    person("10000011@N01", "水野しおり", Japanese),
    person("10000013@N01", "ليلى السنونو", Arabic),
    person("10000019@N01", "अनन्या वनराज", Hindi),
    person("10000023@N01", "Ελένη Κάππα", Greek),
    person("10000029@N01", "Тимофей Лугов", Russian),
    person("10000031@N01", "한소라", Korean),
    person("10000037@N01", "João Marés", Portuguese),
    person("10000041@N01", "Ayşe Karayel", Turkish),
    person("10000043@N01", "林望舒", Chinese),
    person("10000047@N01", "נועה ברק", Hebrew),
    // What people really call themselves: markup that is no markup, and an emoji of several code points.
    person("10000053@N01", "Salt & Silver <film only>", English),
    person("10000061@N01", "moss 🧑🏽‍🌾 keeper", English),
];

/// The institutions of the Commons. They have accounts like everybody else.
pub const INSTITUTIONS: [Person; 3] = [
    person("20000003@N02", "Harbour Archive of Vesterhamn", English),
    person("20000017@N02", "Museu da Luz Parada", Portuguese),
    person("20000029@N02", "霧ヶ原写真資料館", Japanese),
];

/// Everybody, people first. Contacts are numbers in this order.
pub const ACCOUNTS: [Person; 16] = everybody();

/// Whose photos each follows. Made up so that following is not mutual: nobody may take one direction for the other.
const CONTACTS: [&[usize]; ACCOUNTS.len()] = [
    &[1, 4, 7, 12],
    &[0, 6, 9, 11, 13],
    &[3, 8, 10],
    &[2, 5, 12, 14, 0],
    &[0, 7, 8],
    &[4, 1, 6, 11, 15, 3],
    &[1, 9, 13],
    &[0, 2, 4, 11, 12, 8, 14],
    &[2, 7, 10],
    &[1, 6, 3, 5],
    &[8, 2, 0],
    &[5, 12, 7, 15],
    &[0, 11, 3, 9, 13],
    &[14, 15, 1],
    &[13, 15, 3],
    &[13, 14, 11],
];

/// Who has not paid, so that what Flickr keeps for Pro accounts is refused to somebody (`flickr.push.subscribe`, error 5).
const NOT_PRO: &str = "10000061@N01";

const fn person(nsid: &'static str, name: &'static str, language: Language) -> Person {
    Person { nsid, name, language }
}

const fn everybody() -> [Person; 16] {
    let mut all = [PEOPLE[0]; 16];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < PEOPLE.len() { PEOPLE[at] } else { INSTITUTIONS[at - PEOPLE.len()] };
        at += 1;
    }
    all
}

impl Person {
    /// Whether they pay Flickr. All but one do.
    #[must_use]
    pub fn is_pro(&self) -> bool {
        self.nsid != NOT_PRO
    }

    /// Whether this is an institution of the Commons.
    #[must_use]
    pub fn is_institution(&self) -> bool {
        INSTITUTIONS.iter().any(|it| it.nsid == self.nsid)
    }
}

/// Who has this account.
#[must_use]
pub fn find(nsid: &str) -> Option<&'static Person> {
    ACCOUNTS.iter().find(|person| person.nsid == nsid)
}

/// Whose photos and faves the person with this account wants to see: three to seven. None of somebody unknown.
#[must_use]
pub fn contacts(nsid: &str) -> Vec<&'static Person> {
    let at = ACCOUNTS.iter().position(|person| person.nsid == nsid);
    at.map(|at| CONTACTS[at].iter().filter_map(|contact| ACCOUNTS.get(*contact)).collect()).unwrap_or_default()
}

/// Who has the person with this account among their contacts.
#[must_use]
pub fn followers(nsid: &str) -> Vec<&'static Person> {
    ACCOUNTS.iter().filter(|person| contacts(person.nsid).iter().any(|contact| contact.nsid == nsid)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_an_account_of_their_own() {
        for (index, person) in ACCOUNTS.iter().enumerate() {
            assert_eq!(ACCOUNTS.iter().position(|other| other.nsid == person.nsid), Some(index));
            assert_eq!(find(person.nsid).map(|found| found.name), Some(person.name));
            assert!(crate::topic::is_nsid(person.nsid));
        }
        assert_eq!(find("12345678@N00"), None);
        assert_eq!(ACCOUNTS.iter().filter(|it| !it.is_pro()).count(), 1);
        assert_eq!(ACCOUNTS.iter().filter(|it| it.is_institution()).count(), INSTITUTIONS.len());
    }

    #[test]
    fn everybody_follows_three_to_seven_others_and_is_followed() {
        for person in &ACCOUNTS {
            let contacts = contacts(person.nsid);
            assert!((3..=7).contains(&contacts.len()), "{}", person.name);
            assert!(!contacts.contains(&person), "nobody follows themselves");
            for (at, contact) in contacts.iter().enumerate() {
                assert!(!contacts[..at].contains(contact), "{} follows {} once", person.name, contact.name);
                assert!(followers(contact.nsid).contains(&person));
            }
            assert!(!followers(person.nsid).is_empty(), "{}", person.name);
        }
        assert!(contacts("12345678@N00").is_empty() && followers("12345678@N00").is_empty());
    }

    #[test]
    fn following_is_not_always_mutual() {
        let one_way = |person: &Person| contacts(person.nsid) != followers(person.nsid);
        assert!(ACCOUNTS.iter().filter(|it| one_way(it)).count() > 8);
    }
}
