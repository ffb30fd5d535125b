//! What the stage answers. In an address it is a code, so that nobody can make the page say words of theirs.

use axum::http::StatusCode;

use super::play::Refused;

/// What came of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Uploaded,
    Faved,
    Unfaved,
    Retitled,
    Retagged,
    Private,
    Public,
    Deleted,
    FaultsSet,
    Forgotten,
    PaceSet,
    NoPhoto,
    Hidden,
    NotYours,
    OwnPhoto,
    AlreadyFaved,
    NotFaved,
    Already,
    NoPerson,
    NoAct,
    NoPlace,
    NoFault,
    NoPace,
    NoSubscription,
    Foreign,
}

impl Said {
    const ALL: [Self; 25] = [
        Self::Uploaded,
        Self::Faved,
        Self::Unfaved,
        Self::Retitled,
        Self::Retagged,
        Self::Private,
        Self::Public,
        Self::Deleted,
        Self::FaultsSet,
        Self::Forgotten,
        Self::PaceSet,
        Self::NoPhoto,
        Self::Hidden,
        Self::NotYours,
        Self::OwnPhoto,
        Self::AlreadyFaved,
        Self::NotFaved,
        Self::Already,
        Self::NoPerson,
        Self::NoAct,
        Self::NoPlace,
        Self::NoFault,
        Self::NoPace,
        Self::NoSubscription,
        Self::Foreign,
    ];

    /// Its code in an address, its status for a program, and its words.
    const fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Uploaded => ("uploaded", 200, "Posted."),
            Self::Faved => ("faved", 200, "Faved."),
            Self::Unfaved => ("unfaved", 200, "Faved no more. Flickr pushes nothing for that."),
            Self::Retitled => ("retitled", 200, "It has another title."),
            Self::Retagged => ("retagged", 200, "It has other tags."),
            Self::Private => ("private", 200, "Only you see it now."),
            Self::Public => ("public", 200, "Everybody sees it again."),
            Self::Deleted => ("deleted", 200, "Deleted."),
            Self::FaultsSet => ("faults-set", 200, "The faults are set."),
            Self::Forgotten => ("forgotten", 200, "Forgotten. The subscriber was not told."),
            Self::PaceSet => ("pace-set", 200, "Things happen at another pace."),
            Self::NoPhoto => ("no-photo", 404, "There is no such photo. It may have been deleted."),
            Self::Hidden => ("hidden", 403, "This photo is private, and somebody else's."),
            Self::NotYours => ("not-yours", 403, "Only the owner of a photo may do that."),
            Self::OwnPhoto => ("own-photo", 409, "Nobody can fave a photo of their own."),
            Self::AlreadyFaved => ("already-faved", 409, "This person faves this photo already."),
            Self::NotFaved => ("not-faved", 409, "This person does not fave this photo."),
            Self::Already => ("already", 409, "It is so already."),
            Self::NoPerson => ("no-person", 400, "Nobody here has this id: as=… must be one of the people's."),
            Self::NoAct => (
                "no-act",
                400,
                "Expected do=upload, fave, unfave, retitle, retag, private, public or delete, and photo=… for all but the first.",
            ),
            Self::NoPlace => (
                "no-place",
                400,
                "A place is a latitude from -90 to 90 and a longitude from -180 to 180, such as 47.37 and 8.54.",
            ),
            Self::NoFault => ("no-fault", 400, "Expected the names of faults, each with a number from 0 to 1000."),
            Self::NoPace => ("no-pace", 400, "A pace is 0, or a number of events a second from 0.1 to 100."),
            Self::NoSubscription => ("no-subscription", 404, "There is no such subscription any more."),
            Self::Foreign => ("foreign", 403, "This form was sent by a page of another site, and was not read."),
        }
    }

    pub(super) const fn code(self) -> &'static str {
        self.row().0
    }

    pub(super) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) const fn words(self) -> &'static str {
        self.row().2
    }

    pub(super) const fn is_refusal(self) -> bool {
        self.row().1 != 200
    }

    pub(super) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.code() == code)
    }
}

impl From<Refused> for Said {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::NoPhoto,
            Refused::Hidden => Self::Hidden,
            Refused::NotYours => Self::NotYours,
            Refused::OwnPhoto => Self::OwnPhoto,
            Refused::AlreadyFaved => Self::AlreadyFaved,
            Refused::NotFaved => Self::NotFaved,
            Refused::Already => Self::Already,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_found_by_its_code() {
        for said in Said::ALL {
            assert_eq!(Said::of(said.code()), Some(said));
            assert!(!said.words().is_empty() && said.status() != StatusCode::INTERNAL_SERVER_ERROR);
        }
        assert_eq!(Said::of("Your account was closed"), None);
    }
}
