//! What somebody typed and ticked in the form, as they left it: a page that comes back shows it again.

use crate::topic::area::DEFAULT_RADIUS_KM;
use crate::topic::{Area, Circle, Kind, Topic};
use crate::web::session::Pairs;
use crate::web::topics::coordinates::Point;
use crate::web::topics::map::View;

/// How many places the form has room for, as in the original.
pub const PLACES: usize = 3;
/// What a wall is called when its owner says nothing.
pub const TITLE: &str = "My wall";

/// The form.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// The wall's title.
    pub title: String,
    /// The boxes of topics that are ticked; of those with arguments only [`Kind::Commons`] has one.
    pub ticked: Vec<Kind>,
    /// The tags, as one text.
    pub tags: String,
    /// The institutions of the Commons that are ticked.
    pub nsids: Vec<String>,
    /// The places.
    pub places: [TypedPlace; PLACES],
    /// Event names that the wall shows beside what the form can say, and goes on showing.
    pub kept: Vec<String>,
    /// Which place a click on the map sets, from 0.
    pub picked: usize,
    /// What the map shows.
    pub view: View,
}

/// A place in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedPlace {
    /// Latitude and longitude; empty when there is none.
    pub point: String,
    /// Kilometers.
    pub radius: String,
}

impl Default for TypedPlace {
    fn default() -> Self {
        Self { point: String::new(), radius: DEFAULT_RADIUS_KM.to_string() }
    }
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            title: TITLE.into(),
            ticked: Vec::new(),
            tags: String::new(),
            nsids: Vec::new(),
            places: Default::default(),
            kept: Vec::new(),
            picked: 0,
            view: View::WORLD,
        }
    }
}

/// A button that changes the form and saves nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Press {
    /// A click on the map, at this pixel.
    Map(f64, f64),
    /// A closer look, or one from farther away.
    Zoom(f64),
}

impl Press {
    /// The button by which the form was sent; `None` when it is to be saved.
    ///
    /// A browser sends an image's pixel as `map.x` and `map.y` (HTML, "image button"); pressed without a pointer it is
    /// 0, 0, which is no click on anything.
    #[must_use]
    pub fn of(pairs: &Pairs) -> Option<Self> {
        let number = |name: &str| pairs.first(name)?.trim().parse::<f64>().ok().filter(|it| it.is_finite());
        match (number("map.x"), number("map.y"), pairs.first("zoom")) {
            (Some(x), Some(y), _) => Some(if x == 0.0 && y == 0.0 { Self::Zoom(1.0) } else { Self::Map(x, y) }),
            (_, _, Some("in")) => Some(Self::Zoom(4.0)),
            (_, _, Some("out")) => Some(Self::Zoom(0.25)),
            _ => None,
        }
    }
}

impl Typed {
    /// What a browser sent. The names of the fields: `title`, `topic`, `tags`, `nsid`, `place1` to `radius3`, `keep`,
    /// `pick`, `view`.
    #[must_use]
    pub fn from_pairs(pairs: &Pairs) -> Self {
        let text = |name: &str| pairs.first(name).unwrap_or_default().to_owned();
        let all = |name: &'static str| pairs.all(name).map(str::to_owned).collect();
        let place = |n: usize| TypedPlace { point: text(&format!("place{n}")), radius: text(&format!("radius{n}")) };
        let picked = text("pick").parse().unwrap_or(1);
        Self {
            title: text("title"),
            ticked: Kind::ALL.into_iter().filter(|kind| pairs.all("topic").any(|it| it == kind.name())).collect(),
            tags: text("tags"),
            nsids: all("nsid"),
            places: [place(1), place(2), place(3)],
            kept: all("keep"),
            picked: if (1..=PLACES).contains(&picked) { picked - 1 } else { 0 },
            view: View::read(&text("view")).unwrap_or(View::WORLD),
        }
    }

    /// What says `topics`, and the topics among them that the form cannot say: areas that are no circle, a fourth place,
    /// a second list of tags.
    #[must_use]
    pub fn from_topics(title: &str, topics: &[Topic]) -> (Self, Vec<Topic>) {
        let mut typed = Self { title: title.to_owned(), ..Self::default() };
        let (mut places, mut others) = (0, Vec::new());
        for topic in topics {
            match topic {
                Topic::Geo(Area::Circle(circle)) if circle.accuracy == 1 && places < PLACES => {
                    typed.places[places] = TypedPlace::of(circle);
                    places += 1;
                }
                Topic::Tags(tags) if typed.tags.is_empty() => typed.tags = tags.join(", "),
                Topic::Commons(nsids) if !typed.ticked.contains(&Kind::Commons) => {
                    typed.ticked.push(Kind::Commons);
                    typed.nsids.clone_from(nsids);
                }
                Topic::Geo(_) | Topic::Tags(_) | Topic::Commons(_) => others.push(topic.clone()),
                _ => typed.ticked.push(topic.kind()),
            }
        }
        typed.picked = places.min(PLACES - 1);
        (typed, others)
    }

    /// Does what a button says.
    pub fn press(&mut self, press: Press) {
        match press {
            Press::Map(x, y) => self.places[self.picked].point = self.view.point_at(x, y).to_string(),
            Press::Zoom(factor) => {
                let middle = Point::read(&self.places[self.picked].point).ok();
                self.view = self.view.zoomed(factor, middle);
            }
        }
    }

    /// Whether the box of a topic is ticked.
    #[must_use]
    pub fn has(&self, kind: &Kind) -> bool {
        self.ticked.contains(kind)
    }
}

impl TypedPlace {
    fn of(circle: &Circle) -> Self {
        let point = Point { latitude: circle.latitude, longitude: circle.longitude };
        Self { point: point.to_string(), radius: circle.radius_km.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Pairs {
        Pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn topic(text: &str) -> Topic {
        Topic::from_text(text).unwrap()
    }

    #[test]
    fn a_click_on_the_map_fills_in_the_place_that_is_picked_and_keeps_the_rest() {
        let sent = pairs(&[("pick", "2"), ("map.x", "387"), ("map.y", "75"), ("tags", "a, b"), ("place1", "??")]);
        let mut typed = Typed::from_pairs(&sent);
        typed.press(Press::of(&sent).unwrap());
        assert_eq!(typed.places[1].point, "52.5, 13.5");
        assert_eq!((&*typed.places[0].point, &*typed.tags), ("??", "a, b"));
        typed.press(Press::Zoom(4.0));
        assert_eq!(typed.view.point_at(360.0, 180.0).to_string(), "52.5, 13.5");
    }

    #[test]
    fn only_the_maps_own_buttons_are_no_saving() {
        assert_eq!(Press::of(&pairs(&[("tags", "a")])), None);
        assert_eq!(Press::of(&pairs(&[("map.x", "1")])), None);
        assert_eq!(Press::of(&pairs(&[("map.x", "x"), ("map.y", "NaN")])), None);
        assert_eq!(Press::of(&pairs(&[("map.x", "1"), ("map.y", "0")])), Some(Press::Map(1.0, 0.0)));
        let with_a_key = pairs(&[("map.x", "0"), ("map.y", "0"), ("place1", "1, 2")]);
        let mut typed = Typed::from_pairs(&with_a_key);
        typed.press(Press::of(&with_a_key).unwrap());
        assert_eq!((&*typed.places[0].point, typed.view), ("1, 2", View::WORLD));
    }

    #[test]
    fn what_the_form_cannot_say_is_left_over_and_nothing_else() {
        let circle = |n: u8| topic(&format!("topic=geo&lat={n}.5&lon=-1&radius={n}"));
        let odd = [
            topic("topic=geo&woe_ids=638242"),
            topic("topic=geo&lat=1&lon=1&accuracy=11"),
            topic("topic=tags&tags=dogs"),
            topic("topic=commons&nsids=1@N00"),
            circle(4),
        ];
        let plain = [topic("topic=my_faves"), topic("topic=tags&tags=cat,kitten"), topic("topic=commons")];
        let all: Vec<_> = plain.iter().cloned().chain([circle(1), circle(2), circle(3)]).chain(odd.clone()).collect();
        let (typed, others) = Typed::from_topics("Cats", &all);
        assert_eq!(others, odd);
        assert_eq!(typed.ticked, [Kind::MyFaves, Kind::Commons]);
        assert_eq!((&*typed.title, &*typed.tags, typed.nsids.len()), ("Cats", "cat, kitten", 0));
        assert_eq!(typed.places[1], TypedPlace { point: "2.5, -1".into(), radius: "2".into() });
    }
}
