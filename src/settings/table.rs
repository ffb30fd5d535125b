//! The table of all settings.

use crate::settings::kind::{Choice, Kind, Value};

/// A setting of a wall: one row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The parameter in the address.
    pub name: &'static str,
    /// Where it stands on the page.
    pub group: Group,
    /// Which values it takes.
    pub kind: Kind,
    /// What holds when the address does not say; written as in the address.
    pub default: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub meaning: &'static str,
}

/// What settings have to do with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Which photos.
    Shows,
    /// The pictures.
    Looks,
    /// What is written.
    Words,
    /// How fast.
    Pace,
    /// When the screen sleeps.
    Night,
    /// The machine that shows the wall.
    Screen,
}

impl Group {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 6] = [Self::Shows, Self::Looks, Self::Words, Self::Pace, Self::Night, Self::Screen];

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Shows => "What it shows",
            Self::Looks => "How it looks",
            Self::Words => "Words",
            Self::Pace => "Pace",
            Self::Night => "Night",
            Self::Screen => "At the screen",
        }
    }
}

impl Setting {
    /// What holds when the address does not say.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match self.kind {
            // A test reads every default: none of them is refused.
            Kind::Text(_) | Kind::Zone => Value::Text(self.default.to_owned()),
            kind => kind.read(self.default).unwrap_or_else(|_| Value::Text(self.default.to_owned())),
        }
    }
}

const fn choice(value: &'static str, label: &'static str) -> Choice {
    Choice { value, label }
}

const fn setting(
    name: &'static str,
    group: Group,
    kind: Kind,
    default: &'static str,
    label: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { name, group, kind, default, label, meaning }
}

/// All of them, group by group.
pub const SETTINGS: &[Setting] = &[
    setting(
        "show",
        Group::Shows,
        Kind::Choice(&[
            choice("all", "uploads and faves"),
            choice("uploads", "uploads only"),
            choice("faves", "faves only"),
        ]),
        "all",
        "Show",
        "Which photos come to the wall: new ones, faved ones, or both.",
    ),
    setting(
        "history",
        Group::Shows,
        Kind::Switch,
        "on",
        "Older photos when nothing is new",
        "Shows again what came before, least recently shown first; off, the last photo stays.",
    ),
    setting(
        "layout",
        Group::Looks,
        Kind::Choice(&[
            choice("auto", "what suits the photos"),
            choice("single", "one photo at a time"),
            choice("mosaic", "four at a time"),
        ]),
        "auto",
        "Layout",
        "One photo fills the screen, two upright ones share it, and many that wait make a mosaic; or always the same.",
    ),
    setting(
        "transition",
        Group::Looks,
        Kind::Choice(&[choice("fade", "fade"), choice("cut", "cut"), choice("zoom", "fade, and zoom slowly")]),
        "fade",
        "From photo to photo",
        "How one photo gives way to the next. A device that is too slow for more cuts by itself.",
    ),
    setting(
        "backdrop",
        Group::Looks,
        Kind::Choice(&[choice("blur", "the photo, blurred"), choice("plain", "plain dark")]),
        "blur",
        "Around the photo",
        "What fills the screen where the photo does not: nothing is ever stretched or cropped.",
    ),
    setting(
        "motion",
        Group::Looks,
        Kind::Choice(&[
            choice("auto", "as the device asks"),
            choice("less", "less: cuts, no zoom"),
            choice("full", "all of it"),
        ]),
        "auto",
        "Motion",
        "Whether things move; by itself the wall follows the device's wish for reduced motion.",
    ),
    setting(
        "contrast",
        Group::Looks,
        Kind::Choice(&[choice("auto", "as the device asks"), choice("high", "high")]),
        "auto",
        "Contrast",
        "High puts the words on black.",
    ),
    setting(
        "caption",
        Group::Words,
        Kind::Choice(&[
            choice("full", "title, owner and more"),
            choice("title", "the title alone"),
            choice("off", "nothing"),
        ]),
        "full",
        "Caption",
        "What is written on a photo: title, owner, why it is here, its age, place and licence. Flickr's rules ask for its title, its owner and a way to its page.",
    ),
    setting(
        "corner",
        Group::Words,
        Kind::Choice(&[choice("auto", "change sides"), choice("left", "left"), choice("right", "right")]),
        "auto",
        "Where the caption stands",
        "At the bottom, on one side; changing sides spares a screen that could burn in.",
    ),
    setting(
        "text",
        Group::Words,
        Kind::Choice(&[choice("small", "small"), choice("normal", "normal"), choice("large", "large")]),
        "normal",
        "Size of the words",
        "Normal can be read from three metres.",
    ),
    setting(
        "qr",
        Group::Words,
        Kind::Switch,
        "on",
        "QR code to the photo's page",
        "A small code in the caption: a phone's camera opens the photo at Flickr.",
    ),
    setting(
        "line",
        Group::Words,
        Kind::Text(80),
        "",
        "Line while nothing comes",
        "Your own words for quiet hours, in place of the wall's.",
    ),
    setting(
        "interval",
        Group::Pace,
        Kind::Seconds(5, 3600),
        "15",
        "Seconds for a photo",
        "How long a photo stays while few others wait; when many do, it goes faster.",
    ),
    setting(
        "quiet",
        Group::Pace,
        Kind::Seconds(10, 86_400),
        "40",
        "Seconds when nothing is new",
        "How long a photo stays before an older one takes its place.",
    ),
    setting(
        "night",
        Group::Night,
        Kind::Night,
        "",
        "When the screen sleeps",
        "Black, and nothing is loaded. A span belongs to the day on which it begins.",
    ),
    setting(
        "zone",
        Group::Night,
        Kind::Zone,
        "",
        "Time zone of the night",
        "Where the clock hangs that it goes by; empty for the screen's own.",
    ),
    setting(
        "screen",
        Group::Screen,
        Kind::Text(40),
        "",
        "Name of this screen",
        "What the remote calls it, such as kitchen; one that has none finds itself one.",
    ),
    setting(
        "controls",
        Group::Screen,
        Kind::Switch,
        "on",
        "Keys and touch",
        "Whether keys, touch and a TV's remote work at the screen; off, nobody who passes by changes anything.",
    ),
    setting(
        "awake",
        Group::Screen,
        Kind::Switch,
        "on",
        "Keep the screen awake",
        "Asks the device not to dim or lock while the wall shows.",
    ),
    setting(
        "shift",
        Group::Screen,
        Kind::Switch,
        "on",
        "Move the picture a little",
        "At most 1.5 % of the screen, once a minute: no picture burns in.",
    ),
];
