//! What a stream must say, by the README's words, for everything that was ever published.

use flickr_conduit::bus::HISTORY;
use flickr_conduit::bus::history::MAX_BACKLOG;

/// Event names, by number.
pub(super) type Name = usize;

/// Everything that is published: the event with the offset `n`, and the photo with the same number, is of the name at
/// `n - 1`.
#[derive(Debug)]
pub(super) struct Truth(pub(super) Vec<Name>);

/// Where a visit begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum From {
    Newest(usize),
    After(usize),
}

/// What is said during a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Told {
    Hello { head: usize, backlog: usize },
    Gap(Name),
    Photo(usize),
    Missed(usize),
}

/// A visit that is being checked, message by message.
#[derive(Debug)]
pub(super) struct Visit<'t> {
    truth: &'t Truth,
    names: &'t [Name],
    from: From,
    /// What must still come of the opening.
    opening: std::collections::VecDeque<Told>,
    /// Everything up to here was told, or is not for this visit.
    through: usize,
    /// The last that will ever be published for it.
    last: usize,
    /// Events that were told to be missing after that.
    missed: usize,
}

impl Truth {
    fn of<'t>(&'t self, names: &'t [Name], after: usize, through: usize) -> impl Iterator<Item = usize> + 't {
        (after + 1..=through).filter(|offset| names.contains(&self.0[offset - 1]))
    }

    /// The last event of these names.
    fn last(&self, names: &[Name]) -> usize {
        self.of(names, 0, self.0.len()).last().unwrap_or(0)
    }

    fn newest(&self, names: &[Name], n: usize, head: usize) -> Vec<usize> {
        let all: Vec<_> = self.of(names, 0, head).collect();
        all[all.len().saturating_sub(n)..].to_vec()
    }

    /// What follows the hello: gaps, then photos.
    fn opening(&self, names: &[Name], from: From, head: usize) -> Vec<Told> {
        let after = match from {
            From::Newest(n) => return self.newest(names, n, head).into_iter().map(Told::Photo).collect(),
            From::After(after) => after,
        };
        // What the history has dropped of a name is all but its newest 500.
        let is_cut = |name: &&Name| self.of(&[**name], after, head).count() > HISTORY;
        let (mut cut, mut whole): (Vec<_>, Vec<_>) = names.iter().partition(is_cut);
        let share = super::LAST.min(MAX_BACKLOG / names.len());
        let room = MAX_BACKLOG - share * cut.len();
        if self.of(&whole, after, head).count() > room {
            cut.append(&mut whole);
        }
        let mut photos: Vec<_> = self.of(&whole, after, head).collect();
        photos.extend(cut.iter().flat_map(|name| self.newest(&[*name], share, head)));
        photos.sort_unstable();
        cut.into_iter().map(Told::Gap).chain(photos.into_iter().map(Told::Photo)).collect()
    }
}

impl<'t> Visit<'t> {
    pub(super) fn new(truth: &'t Truth, names: &'t [Name], from: From) -> Self {
        Self {
            truth,
            names,
            from,
            opening: Default::default(),
            through: usize::MAX,
            last: truth.last(names),
            missed: 0,
        }
    }

    /// The next message.
    pub(super) fn hear(&mut self, told: Told) -> Result<(), String> {
        let wrong = |expected: String| Err(format!("{told:?} where {expected} was to come"));
        if self.through == usize::MAX {
            let Told::Hello { head, backlog } = told else { return wrong("the hello".into()) };
            self.opening = self.truth.opening(self.names, self.from, head).into();
            self.through = head;
            let photos = self.opening.iter().filter(|it| matches!(it, Told::Photo(_))).count();
            return if photos == backlog { Ok(()) } else { wrong(format!("a backlog of {photos}")) };
        }
        if let Some(expected) = self.opening.pop_front() {
            return if told == expected { Ok(()) } else { wrong(format!("{expected:?}")) };
        }
        match told {
            Told::Missed(n) => self.missed += n,
            Told::Photo(offset) => {
                let expected = self.truth.of(self.names, self.through, self.truth.0.len()).nth(self.missed);
                if expected != Some(offset) {
                    return wrong(format!("{expected:?}, after {} missed,", self.missed));
                }
                (self.through, self.missed) = (offset, 0);
            }
            _ => return wrong("a photo".into()),
        }
        Ok(())
    }

    /// Whether nothing can come any more of what is published in all.
    pub(super) fn is_over(&self) -> bool {
        self.opening.is_empty() && self.through != usize::MAX && self.through >= self.last
    }
}
