//! The people of the practice Flickr. None of them exists.

/// Somebody who posts and faves.
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

/// Everybody.
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

const fn person(nsid: &'static str, name: &'static str, language: Language) -> Person {
    Person { nsid, name, language }
}

/// Who has this account.
#[must_use]
pub fn find(nsid: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.nsid == nsid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_an_account_of_their_own() {
        for (index, person) in PEOPLE.iter().enumerate() {
            assert_eq!(PEOPLE.iter().position(|other| other.nsid == person.nsid), Some(index));
            assert_eq!(find(person.nsid).map(|found| found.name), Some(person.name));
        }
        assert_eq!(find("12345678@N00"), None);
    }
}
