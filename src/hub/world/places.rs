//! Where a subject may be found, and the ids of such places.

use crate::hub::dice::Dice;
use crate::hub::picture::Subject;
use crate::topic::Circle;

/// How far from a place a photo may be taken and still belong to it, in kilometres.
const REACH_KM: f64 = 50.0;

/// A point on the globe, degrees, north and east positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// -90 to 90.
    pub latitude: f64,
    /// -180 to 180.
    pub longitude: f64,
    /// How exactly it is known, 1 (world) to 16 (street).
    pub accuracy: u8,
    /// The place that it is near to, if it is near to one that the practice Flickr knows.
    pub place: Option<Place>,
}

/// A place that the practice Flickr has a name and ids for. The places are real, their ids are invented.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// What it is called.
    pub name: &'static str,
    /// The country it is in.
    pub country: &'static str,
    number: u32,
    latitude: f64,
    longitude: f64,
}

impl Position {
    /// A position somewhere. Degrees are rounded to six digits, a hand's breadth, as Flickr writes them; what lies
    /// outside of the globe is brought back to its edge.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64, accuracy: u8) -> Self {
        let (latitude, longitude) = (rounded(latitude.clamp(-90.0, 90.0)), rounded(longitude.clamp(-180.0, 180.0)));
        let here = Circle { latitude, longitude, radius_km: REACH_KM, accuracy: 1 };
        let far = |place: &Place| here.distance_km(place.latitude, place.longitude);
        let near = all().filter(|place| far(place) <= REACH_KM).min_by(|a, b| far(a).total_cmp(&far(b)));
        Self { latitude, longitude, accuracy: accuracy.clamp(1, 16), place: near }
    }
}

impl Place {
    /// Its Where On Earth id.
    #[must_use]
    pub fn woe_id(&self) -> u32 {
        2_400_001 + self.number
    }

    /// Its place id: letters and digits, as Flickr's are.
    #[must_use]
    pub fn place_id(&self) -> String {
        const SIGNS: &[u8; 36] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKL";
        let mut dice = Dice::new(u64::from(self.woe_id()) ^ 0x0070_6c61_6365);
        (0..12).map(|_| char::from(*dice.pick(SIGNS))).collect()
    }

    /// The Where On Earth ids of the place, its country and its continent, in this order.
    #[must_use]
    pub fn woe_ids(&self) -> Vec<u32> {
        let mut ids = vec![self.woe_id()];
        let numbered = (0..).zip(
            COUNTRIES
                .iter()
                .zip(0..)
                .flat_map(|((continent, them), at)| them.iter().map(move |country| (*country, *continent, at))),
        );
        for (number, (country, _, continent)) in numbered {
            if country == self.country {
                ids.extend([23_424_701 + number, 24_865_671 + continent]);
            }
        }
        ids
    }
}

/// A place near one where there really are such sights, never on its doorstep.
pub(super) fn near(dice: &mut Dice, subject: Subject) -> Position {
    let index = dice.index(8);
    let place = numbered(subject, index);
    let mut astray = |degrees: f64| degrees + f64::from(dice.between(-0.08, 0.08));
    let (latitude, longitude) = (rounded(astray(place.latitude)), rounded(astray(place.longitude)));
    let accuracy = *dice.pick(&[16, 16, 16, 15, 14, 12, 11, 6]);
    Position { latitude, longitude, accuracy, place: Some(place) }
}

fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

fn all() -> impl Iterator<Item = Place> {
    Subject::ALL.into_iter().flat_map(|subject| (0..8).map(move |index| numbered(subject, index)))
}

fn numbered(subject: Subject, index: usize) -> Place {
    let (name, country, latitude, longitude) = places(subject)[index % 8];
    let before = Subject::ALL.iter().position(|it| *it == subject).unwrap_or(0) * 8;
    Place { name, country, number: u32::try_from(before + index % 8).unwrap_or(0), latitude, longitude }
}

/// The countries of the places, by continent.
const COUNTRIES: [(&str, &[&str]); 6] = [
    ("Africa", &["South Africa", "Tanzania", "Ethiopia", "Morocco", "Namibia", "Nigeria", "Egypt", "Uganda", "Kenya"]),
    (
        "Asia",
        &[
            "China",
            "Nepal",
            "Sri Lanka",
            "Japan",
            "Saudi Arabia",
            "India",
            "South Korea",
            "Türkiye",
            "Myanmar",
            "Singapore",
            "Jordan",
            "Mongolia",
        ],
    ),
    (
        "Europe",
        &[
            "Italy",
            "Greece",
            "Portugal",
            "Sweden",
            "Norway",
            "Iceland",
            "Finland",
            "Russia",
            "United Kingdom",
            "Netherlands",
            "France",
            "Spain",
            "Germany",
            "Poland",
        ],
    ),
    ("North America", &["United States", "Canada", "Mexico", "Costa Rica"]),
    ("South America", &["Chile", "Brazil", "Colombia", "Argentina"]),
    ("Oceania", &["New Zealand", "Australia"]),
];

/// Name, country, latitude and longitude of well-known ones, spread over the globe.
const fn places(subject: Subject) -> &'static [(&'static str, &'static str, f64, f64); 8] {
    match subject {
        Subject::Ridges => &[
            ("Dolomites", "Italy", 46.41, 11.84),
            ("Huangshan", "China", 30.13, 118.16),
            ("Annapurna", "Nepal", 28.59, 83.82),
            ("Torres del Paine", "Chile", -50.94, -73.40),
            ("Drakensberg", "South Africa", -29.00, 29.35),
            ("Great Smokies", "United States", 35.61, -83.43),
            ("Aoraki", "New Zealand", -43.59, 170.14),
            ("Simien", "Ethiopia", 13.23, 38.07),
        ],
        Subject::Sea => &[
            ("Santorini", "Greece", 36.46, 25.37),
            ("Big Sur", "United States", 36.27, -121.81),
            ("Zanzibar", "Tanzania", -6.16, 39.19),
            ("Galle", "Sri Lanka", 6.03, 80.22),
            ("Nazaré", "Portugal", 39.60, -9.08),
            ("Kamakura", "Japan", 35.30, 139.55),
            ("Byron Bay", "Australia", -28.64, 153.64),
            ("Valparaíso", "Chile", -33.03, -71.63),
        ],
        Subject::Dunes => &[
            ("Erg Chebbi", "Morocco", 31.15, -3.97),
            ("Sossusvlei", "Namibia", -24.73, 15.29),
            ("Rub al-Khali", "Saudi Arabia", 19.60, 51.40),
            ("Thar", "India", 26.92, 70.90),
            ("Badain Jaran", "China", 39.80, 102.10),
            ("White Sands", "United States", 32.78, -106.17),
            ("Lençóis Maranhenses", "Brazil", -2.49, -43.13),
            ("Simpson Desert", "Australia", -25.30, 137.40),
        ],
        Subject::Aurora => &[
            ("Abisko", "Sweden", 68.35, 18.83),
            ("Tromsø", "Norway", 69.65, 18.96),
            ("Þingvellir", "Iceland", 64.26, -21.13),
            ("Yellowknife", "Canada", 62.45, -114.37),
            ("Fairbanks", "United States", 64.84, -147.72),
            ("Inari", "Finland", 68.91, 27.03),
            ("Murmansk", "Russia", 68.97, 33.08),
            ("Hobart", "Australia", -42.90, 147.30),
        ],
        Subject::City => &[
            ("Tokyo", "Japan", 35.68, 139.76),
            ("Manhattan", "United States", 40.75, -73.98),
            ("São Paulo", "Brazil", -23.55, -46.63),
            ("Lagos", "Nigeria", 6.45, 3.39),
            ("Seoul", "South Korea", 37.55, 126.99),
            ("Mumbai", "India", 19.07, 72.88),
            ("Istanbul", "Türkiye", 41.02, 28.98),
            ("Mexico City", "Mexico", 19.43, -99.13),
        ],
        Subject::Balloons => &[
            ("Göreme", "Türkiye", 38.64, 34.83),
            ("Bagan", "Myanmar", 21.17, 94.86),
            ("Albuquerque", "United States", 35.20, -106.60),
            ("Serengeti", "Tanzania", -2.33, 34.83),
            ("Saga", "Japan", 33.26, 130.30),
            ("Luxor", "Egypt", 25.72, 32.61),
            ("Canberra", "Australia", -35.30, 149.12),
            ("Bristol", "United Kingdom", 51.45, -2.64),
        ],
        Subject::Petals => &[
            ("Lisse", "Netherlands", 52.27, 4.55),
            ("Kyoto", "Japan", 35.02, 135.76),
            ("Medellín", "Colombia", 6.27, -75.56),
            ("Kirstenbosch", "South Africa", -33.99, 18.43),
            ("Srinagar", "India", 34.09, 74.87),
            ("Furano", "Japan", 43.42, 142.43),
            ("Giverny", "France", 49.08, 1.53),
            ("Singapore", "Singapore", 1.31, 103.82),
        ],
        Subject::Trails => &[
            ("Atacama", "Chile", -24.63, -70.40),
            ("Mauna Kea", "United States", 19.82, -155.47),
            ("La Palma", "Spain", 28.76, -17.89),
            ("NamibRand", "Namibia", -25.20, 16.00),
            ("Uluru", "Australia", -25.34, 131.03),
            ("Ladakh", "India", 34.15, 77.57),
            ("Death Valley", "United States", 36.50, -117.10),
            ("Wadi Rum", "Jordan", 29.58, 35.42),
        ],
        Subject::Forest => &[
            ("Black Forest", "Germany", 48.30, 8.20),
            ("Yakushima", "Japan", 30.34, 130.51),
            ("Redwoods", "United States", 41.21, -124.00),
            ("Białowieża", "Poland", 52.70, 23.87),
            ("Monteverde", "Costa Rica", 10.30, -84.80),
            ("Bwindi", "Uganda", -1.05, 29.70),
            ("Tarkine", "Australia", -41.50, 145.30),
            ("Valdivia", "Chile", -39.80, -73.20),
        ],
        Subject::Tree => &[
            ("Masai Mara", "Kenya", -1.49, 35.14),
            ("Alentejo", "Portugal", 38.20, -7.90),
            ("Mongolia", "Mongolia", 47.40, 103.80),
            ("Patagonia", "Argentina", -49.30, -72.90),
            ("Tuscany", "Italy", 43.06, 11.62),
            ("Oklahoma", "United States", 35.40, -98.20),
            ("Deccan", "India", 17.60, 76.40),
            ("Otago", "New Zealand", -44.70, 169.13),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::{Area, Topic};
    use std::collections::HashSet;

    #[test]
    fn every_place_has_ids_of_its_own_that_a_topic_takes() {
        let (mut woe, mut ids) = (HashSet::new(), HashSet::new());
        for place in all() {
            let around = place.woe_ids();
            assert_eq!(around.len(), 3, "{} is in a country on a continent", place.name);
            assert!(woe.insert(around[0]) && ids.insert(place.place_id()), "{}", place.name);
            let topic = Topic::from_text(&format!("topic=geo&place_ids={}", place.place_id()));
            assert_eq!(topic, Ok(Topic::Geo(Area::Places(vec![place.place_id()]))));
        }
        assert_eq!(woe.len(), 80);
    }

    #[test]
    fn a_position_knows_the_place_it_is_near_to() {
        assert_eq!(Position::new(35.7, 139.7, 16).place.map(|it| it.name), Some("Tokyo"));
        assert_eq!(Position::new(0.0, -30.0, 16).place, None, "nothing but water");
        let beyond = Position::new(95.0, -200.0, 99);
        assert_eq!((beyond.latitude, beyond.longitude, beyond.accuracy), (90.0, -180.0, 16));
    }
}
