//! What somebody tells a remote: a form, from its page or by `curl -d do=next -d screen=kitchen`.

use crate::screens::Command;
use crate::screens::showing::{is_owner, is_photo};
use crate::web::remote::refusal::Refusal;

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The next photo.
    Next,
    /// The one before.
    Previous,
    /// Stay with it.
    Pause,
    /// Go on.
    Play,
    /// This photo never again on this wall.
    Hide,
    /// Nothing by its owner any more on this wall.
    Mute,
    /// A hidden photo again.
    Unhide,
    /// A muted owner again.
    Unmute,
    /// Dark.
    Sleep,
    /// Bright.
    Wake,
    /// Another wall.
    Open,
    /// What the screen is called.
    Name,
}

impl Deed {
    /// All of them with their words, in the order in which a person is told them.
    pub const ALL: [(&'static str, Self); 12] = [
        ("next", Self::Next),
        ("previous", Self::Previous),
        ("pause", Self::Pause),
        ("play", Self::Play),
        ("hide", Self::Hide),
        ("mute", Self::Mute),
        ("unhide", Self::Unhide),
        ("unmute", Self::Unmute),
        ("sleep", Self::Sleep),
        ("wake", Self::Wake),
        ("open", Self::Open),
        ("name", Self::Name),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("", |(word, _)| word)
    }

    /// What it means to a screen; `None` of what is done to a wall, which its screens follow. `wall` is where
    /// [`Deed::Open`] leads.
    #[must_use]
    pub fn command(self, wall: Option<&str>) -> Option<Command> {
        match self {
            Self::Next => Some(Command::Next),
            Self::Previous => Some(Command::Previous),
            Self::Pause => Some(Command::Pause),
            Self::Play => Some(Command::Play),
            Self::Sleep => Some(Command::Sleep),
            Self::Wake => Some(Command::Wake),
            Self::Name => Some(Command::Name),
            Self::Open => wall.map(|link| Command::Open(link.to_owned())),
            Self::Hide | Self::Mute | Self::Unhide | Self::Unmute => None,
        }
    }
}

/// A form, understood. What was left empty is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// `do`.
    pub deed: Deed,
    /// `screen`: a name, or an instance; all screens when absent.
    pub screen: Option<String>,
    /// `photo`: a number; what is on show when absent.
    pub photo: Option<String>,
    /// `owner`: Flickr's id of somebody; whose photo is on show when absent.
    pub owner: Option<String>,
    /// `wall`: a link or a title.
    pub wall: Option<String>,
    /// `at`: the card on the page that the button was on.
    pub at: Option<String>,
}

impl Order {
    /// Reads a form.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub fn read(form: &[u8]) -> Result<Self, Refusal> {
        let field = |name: &str| {
            let found = form_urlencoded::parse(form).find(|(it, _)| it == name);
            found.map(|(_, value)| value.trim().to_owned()).filter(|it| !it.is_empty())
        };
        let words = || Deed::ALL.map(|(word, _)| word).join(", ");
        let Some(word) = field("do") else {
            return Err(Refusal::bad(format!("say what to do: do= one of {}", words())));
        };
        let Some((_, deed)) = Deed::ALL.into_iter().find(|(it, _)| *it == word) else {
            let start: String = word.chars().take(40).collect();
            return Err(Refusal::bad(format!("do is {start:?}: expected one of {}", words())));
        };
        let (photo, owner) = (field("photo"), field("owner"));
        if let Some(wrong) = photo.as_ref().filter(|it| !is_photo(it)) {
            let start: String = wrong.chars().take(40).collect();
            return Err(Refusal::bad(format!("photo is {start:?}: expected the number of a photo")));
        }
        if let Some(wrong) = owner.as_ref().filter(|it| !is_owner(it)) {
            let start: String = wrong.chars().take(40).collect();
            return Err(Refusal::bad(format!("owner is {start:?}: expected an id at Flickr, such as 12345678@N00")));
        }
        let missing = match deed {
            Deed::Unhide if photo.is_none() => Some("which photo shall be shown again? photo=NUMBER"),
            Deed::Unmute if owner.is_none() => Some("whose photos shall be shown again? owner=NSID"),
            Deed::Open if field("wall").is_none() => Some("which wall shall be shown? wall=LINK, or its title"),
            _ => None,
        };
        if let Some(sentence) = missing {
            return Err(Refusal::bad(sentence));
        }
        Ok(Self { deed, screen: field("screen"), photo, owner, wall: field("wall"), at: field("at") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str) -> Result<Order, String> {
        Order::read(form.as_bytes()).map_err(|it| match it {
            Refusal::Order { sentence, .. } => sentence,
            Refusal::Other(error) => error.sentence(),
        })
    }

    #[test]
    fn a_form_is_read_and_what_was_left_empty_is_absent() {
        let order = read("do=hide&screen=+K%C3%BCche+&photo=53000000001&owner=&wall=&other=1").unwrap();
        let expected = Order {
            deed: Deed::Hide,
            screen: Some("Küche".into()),
            photo: Some("53000000001".into()),
            owner: None,
            wall: None,
            at: None,
        };
        assert_eq!(order, expected);
        for (word, deed) in Deed::ALL {
            assert_eq!(deed.word(), word);
            assert_eq!(read(&format!("do={word}&photo=1&owner=1@N00&wall=x")).unwrap().deed, deed);
            let command = deed.command(Some("x"));
            assert!(command.is_none_or(|it| it.word() == word), "a screen knows it by the same word");
        }
    }

    #[test]
    fn every_mistake_is_told_in_a_sentence() {
        let check = |form: &str, expected: &str| {
            let said = read(form).unwrap_err();
            assert!(said.starts_with(expected), "{form}: {said}");
        };
        check("", "say what to do: do= one of next, previous, pause, ");
        check("{\"do\":\"next\"}", "say what to do");
        check("do=dance", "do is \"dance\": expected one of next, previous, ");
        check("do=hide&photo=cat", "photo is \"cat\": expected the number of a photo");
        check("do=mute&owner=Ann+B", "owner is \"Ann B\": expected an id at Flickr");
        check("do=unhide", "which photo shall be shown again?");
        check("do=unmute", "whose photos shall be shown again?");
        check("do=open", "which wall shall be shown?");
    }
}
