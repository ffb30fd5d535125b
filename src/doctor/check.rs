//! A check: what was looked at, what was found, and what helps.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::doctor::Cause;

/// The longest name of a check, in characters: lines are aligned by it.
const NAME: usize = 12;

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Where it stands on the page.
    pub group: Group,
    /// What was looked at, in a word or two.
    pub name: &'static str,
    /// What was found.
    pub finding: Finding,
}

/// Checks that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Folder, disk, key, clock.
    Machine,
    /// PUBLIC_URL, and what is between it and this server.
    Address,
    /// Flickr's API, and the permissions that accounts gave.
    Flickr,
    /// What people want, and how it stands.
    Subscriptions,
    /// What hubs asked and brought.
    Deliveries,
}

impl Group {
    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Machine => "This machine",
            Self::Address => "The way in from outside",
            Self::Flickr => "Flickr",
            Self::Subscriptions => "Subscriptions",
            Self::Deliveries => "What hubs brought",
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// As it should be; a sentence that says what that means.
    Good(String),
    /// It was not looked at; a sentence that says why.
    Skipped(String),
    /// Photos come all the same, or may; somebody should know.
    Notice(Cause),
    /// Something does not work.
    Bad(Cause),
}

/// How a finding looks; the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// Not looked at.
    Skipped,
    /// As it should be.
    Good,
    /// To be known.
    Notice,
    /// Broken.
    Bad,
}

/// A check in words, for lines, pages and other processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The heading that it stands under.
    pub group: String,
    /// What was looked at.
    pub name: String,
    /// How it looks.
    pub mood: Mood,
    /// A word for the cause, for programs; absent when nothing is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What was found, as a sentence.
    pub said: String,
    /// What helps, as a sentence; empty when nothing needs to be done.
    #[serde(default)]
    pub remedy: String,
}

impl Check {
    /// One that is as it should be.
    #[must_use]
    pub fn good(group: Group, name: &'static str, said: impl Into<String>) -> Self {
        Self { group, name, finding: Finding::Good(said.into()) }
    }

    /// One that was not looked at.
    #[must_use]
    pub fn skipped(group: Group, name: &'static str, why: impl Into<String>) -> Self {
        Self { group, name, finding: Finding::Skipped(why.into()) }
    }

    /// One that somebody should know of.
    #[must_use]
    pub fn notice(group: Group, name: &'static str, cause: Cause) -> Self {
        Self { group, name, finding: Finding::Notice(cause) }
    }

    /// One that found something broken.
    #[must_use]
    pub fn bad(group: Group, name: &'static str, cause: Cause) -> Self {
        Self { group, name, finding: Finding::Bad(cause) }
    }

    /// The cause that was found, if there is one.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        match &self.finding {
            Finding::Notice(cause) | Finding::Bad(cause) => Some(cause),
            Finding::Good(_) | Finding::Skipped(_) => None,
        }
    }

    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        let (mood, said, remedy) = match &self.finding {
            Finding::Good(said) => (Mood::Good, said.clone(), String::new()),
            Finding::Skipped(why) => (Mood::Skipped, why.clone(), String::new()),
            Finding::Notice(cause) => (Mood::Notice, cause.said(), cause.remedy()),
            Finding::Bad(cause) => (Mood::Bad, cause.said(), cause.remedy()),
        };
        let cause = self.cause().map(|it| it.code().to_owned());
        Told { group: self.group.title().to_owned(), name: self.name.to_owned(), mood, cause, said, remedy }
    }
}

impl Mood {
    /// A sign for it.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Skipped => '–',
            Self::Good => '✓',
            Self::Notice => '!',
            Self::Bad => '✗',
        }
    }

    /// A word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Skipped => "not looked at",
            Self::Good => "good",
            Self::Notice => "to be known",
            Self::Bad => "wrong",
        }
    }

    /// A word for style sheets.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Good => "good",
            Self::Notice => "known",
            Self::Bad => "bad",
        }
    }
}

/// One line: `PUBLIC_URL   ✗ What was found. What helps.`
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<NAME$} {} {}", self.name, self.mood.sign(), self.said)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, " {}", self.remedy) }
    }
}

/// All of it in one sentence: `2 of 14 checks found something wrong, 1 more is to be known.`
#[must_use]
pub fn summary(all: &[Told]) -> String {
    let count = |mood| all.iter().filter(|it| it.mood == mood).count();
    let looked = all.len() - count(Mood::Skipped);
    let (bad, notices) = (count(Mood::Bad), count(Mood::Notice));
    let more = match notices {
        0 => String::new(),
        1 => "; 1 more thing is to be known".into(),
        n => format!("; {n} more things are to be known"),
    };
    match bad {
        0 if looked == 0 => "Nothing could be looked at.".into(),
        0 => format!("{looked} checks found nothing wrong{more}."),
        bad => format!("{bad} of {looked} checks found something wrong{more}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_one_line_with_its_remedy() {
        let good = Check::good(Group::Address, "PUBLIC_URL", "It leads here.").told();
        assert_eq!(good.to_string(), "PUBLIC_URL   ✓ It leads here.");
        let bad = Check::bad(Group::Machine, "clock", Cause::ClockOff { seconds: 900, ahead: true }).told();
        assert!(bad.to_string().starts_with("clock        ✗ The clock of this machine is 15 minutes ahead"), "{bad}");
        assert_eq!((bad.cause.as_deref(), bad.mood), (Some("clock-off"), Mood::Bad));
    }

    #[test]
    fn all_of_it_is_summed_up_in_a_sentence() {
        let told = |mood| Told {
            group: String::new(),
            name: String::new(),
            mood,
            cause: None,
            said: String::new(),
            remedy: String::new(),
        };
        let check = |moods: &[Mood], expected: &str| {
            assert_eq!(summary(&moods.iter().map(|it| told(*it)).collect::<Vec<_>>()), expected);
        };
        check(&[], "Nothing could be looked at.");
        check(&[Mood::Good, Mood::Skipped], "1 checks found nothing wrong.");
        check(&[Mood::Good, Mood::Notice], "2 checks found nothing wrong; 1 more thing is to be known.");
        check(
            &[Mood::Bad, Mood::Good, Mood::Notice, Mood::Notice],
            "1 of 4 checks found something wrong; 2 more things are to be known.",
        );
    }
}
