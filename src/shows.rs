//! What `serve` shows without anybody's account, as it is said on the command line.

use clap::Args;

use crate::hub::bridge::Wish;
use crate::hub::engine::Interest;
use crate::topic::{Topic, is_nsid};

/// Real photos with no account: a wall of these is printed when the server starts.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "A wall at once, without an account")]
pub struct Shows {
    /// Photos with one of these tags, separated by commas
    #[arg(long, value_name = "TAGS")]
    tags: Option<String>,
    /// Photos that somebody posts, such as 12345678@N00; several times for several people
    #[arg(long, value_name = "NSID")]
    photos_of: Vec<String>,
    /// Photos that somebody faves
    #[arg(long, value_name = "NSID")]
    faves_of: Vec<String>,
    /// Photos of somebody's contacts
    #[arg(long, value_name = "NSID")]
    contacts_of: Vec<String>,
    /// Photos of a group's pool
    #[arg(long, value_name = "GROUP")]
    group: Vec<String>,
    /// The newest photos of all of Flickr
    #[arg(long)]
    everyone: bool,
}

impl Shows {
    /// All that is to be shown; nothing when nothing was said.
    ///
    /// # Errors
    /// The flag that is wrong, in a sentence.
    pub fn wishes(&self) -> Result<Vec<Wish>, String> {
        let mut wishes = Vec::new();
        let mut add = |what: &str, account: &str, interest: Interest| {
            wishes.push(Wish::by_hand(what, account, interest).map_err(|it| it.to_string())?);
            Ok::<_, String>(())
        };
        if let Some(tags) = &self.tags {
            let topic = Topic::tags(tags.split(',')).map_err(|it| format!("--tags: {}", it.sentence))?;
            let spelled = if let Topic::Tags(tags) = &topic { tags.join(".") } else { String::new() };
            add(&format!("tags:{spelled}"), "", Interest::Topic(topic))?;
        }
        for (flag, people, what, topic) in [
            ("--photos-of", &self.photos_of, "photos", Topic::MyPhotos),
            ("--faves-of", &self.faves_of, "faves", Topic::MyFaves),
            ("--contacts-of", &self.contacts_of, "contacts", Topic::ContactsPhotos),
        ] {
            for nsid in people {
                check(flag, nsid)?;
                add(&format!("{what}:{nsid}"), nsid, Interest::Topic(topic.clone()))?;
            }
        }
        for id in &self.group {
            check("--group", id)?;
            add(&format!("group:{id}"), "", Interest::Group(id.clone()))?;
        }
        if self.everyone {
            add("everyone", "", Interest::Everything)?;
        }
        Ok(wishes)
    }
}

/// Groups have ids of the same form as people.
fn check(flag: &str, id: &str) -> Result<(), String> {
    let expected = "expected the id of an account or a group, such as 12345678@N00";
    if is_nsid(id) { Ok(()) } else { Err(format!("{flag}: {id:?}: {expected}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_is_a_wish_with_a_name_that_can_be_read() {
        let shows = Shows {
            tags: Some("Kitten, New York".into()),
            photos_of: vec!["1@N01".into()],
            faves_of: vec!["2@N01".into()],
            contacts_of: vec!["3@N01".into()],
            group: vec!["4@N20".into()],
            everyone: true,
        };
        let names: Vec<_> = shows.wishes().unwrap().iter().map(|it| it.event.to_string()).collect();
        let expected =
            ["tags:kitten.newyork", "photos:1@N01", "faves:2@N01", "contacts:3@N01", "group:4@N20", "everyone"];
        assert_eq!(names, expected.map(|it| format!("public-{it}")));
        assert_eq!(Shows::default().wishes().unwrap(), []);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_flag() {
        let wrong = Shows { photos_of: vec!["ida".into()], ..Shows::default() }.wishes().unwrap_err();
        assert!(wrong.starts_with("--photos-of: \"ida\""), "{wrong}");
        let wrong = Shows { tags: Some(" , ".into()), ..Shows::default() }.wishes().unwrap_err();
        assert!(wrong.starts_with("--tags: expected at least one"), "{wrong}");
    }
}
