//! The nine topics, without their arguments.

/// One of the nine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `contacts_photos`
    ContactsPhotos,
    /// `contacts_faves`
    ContactsFaves,
    /// `photos_of_contacts`
    PhotosOfContacts,
    /// `photos_of_me`
    PhotosOfMe,
    /// `my_photos`
    MyPhotos,
    /// `my_faves`
    MyFaves,
    /// `geo`
    Geo,
    /// `commons`
    Commons,
    /// `tags`
    Tags,
}

impl Kind {
    /// All of them, in the order of Flickr's announcement (code.flickr.net, "Engage kitten hose", 2011-08-19). A live
    /// test of another library met two more, `geotagged` and `airports`, of which nothing is documented.
    pub const ALL: [Self; 9] = [
        Self::ContactsPhotos,
        Self::ContactsFaves,
        Self::PhotosOfContacts,
        Self::PhotosOfMe,
        Self::MyPhotos,
        Self::MyFaves,
        Self::Geo,
        Self::Commons,
        Self::Tags,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContactsPhotos => "contacts_photos",
            Self::ContactsFaves => "contacts_faves",
            Self::PhotosOfContacts => "photos_of_contacts",
            Self::PhotosOfMe => "photos_of_me",
            Self::MyPhotos => "my_photos",
            Self::MyFaves => "my_faves",
            Self::Geo => "geo",
            Self::Commons => "commons",
            Self::Tags => "tags",
        }
    }

    /// The topic of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What Flickr's `flickr.push.getTopics` calls it.
    #[must_use]
    pub const fn display_name(self) -> &'static str {
        match self {
            Self::ContactsPhotos => "photos from your contacts",
            Self::ContactsFaves => "favorites from your contacts",
            Self::PhotosOfContacts => "photos of your contacts",
            Self::PhotosOfMe => "photos of you",
            Self::MyPhotos => "your photos",
            Self::MyFaves => "your favorites",
            Self::Geo => "photos from an area (geo)",
            Self::Commons => "photos from the Flickr Commons",
            Self::Tags => "photos with a tag (or tags)",
        }
    }

    /// What our pages call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ContactsPhotos => "your contacts' photos",
            Self::ContactsFaves => "your contacts' faves",
            Self::PhotosOfContacts => "photos of your contacts",
            Self::PhotosOfMe => "photos of you",
            Self::MyPhotos => "your photos",
            Self::MyFaves => "your faves",
            Self::Geo => "photos from a place",
            Self::Commons => "photos of the Flickr Commons",
            Self::Tags => "photos with a tag",
        }
    }
}
