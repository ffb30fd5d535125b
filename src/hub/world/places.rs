//! Where a subject may be found.

use crate::hub::dice::Dice;
use crate::hub::picture::Subject;
use crate::hub::world::Position;

/// A place near one where there really are such sights, never on its doorstep.
pub(super) fn near(dice: &mut Dice, subject: Subject) -> Position {
    let (latitude, longitude) = *dice.pick(places(subject));
    let mut astray = |degrees: f64| degrees + f64::from(dice.between(-0.08, 0.08));
    Position { latitude: rounded(astray(latitude)), longitude: rounded(astray(longitude)) }
}

/// To six digits, a hand's breadth, as Flickr writes them.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// Latitude and longitude of well-known ones, spread over the globe.
const fn places(subject: Subject) -> &'static [(f64, f64); 8] {
    match subject {
        // Dolomites, Huangshan, Annapurna, Torres del Paine, Drakensberg, Great Smokies, Aoraki, Simien.
        Subject::Ridges => &[
            (46.41, 11.84),
            (30.13, 118.16),
            (28.59, 83.82),
            (-50.94, -73.40),
            (-29.00, 29.35),
            (35.61, -83.43),
            (-43.59, 170.14),
            (13.23, 38.07),
        ],
        // Santorini, Big Sur, Zanzibar, Galle, Nazaré, Kamakura, Byron Bay, Valparaíso.
        Subject::Sea => &[
            (36.46, 25.37),
            (36.27, -121.81),
            (-6.16, 39.19),
            (6.03, 80.22),
            (39.60, -9.08),
            (35.30, 139.55),
            (-28.64, 153.64),
            (-33.03, -71.63),
        ],
        // Erg Chebbi, Sossusvlei, Rub al-Khali, Thar, Badain Jaran, White Sands, Lençóis Maranhenses, Simpson Desert.
        Subject::Dunes => &[
            (31.15, -3.97),
            (-24.73, 15.29),
            (19.60, 51.40),
            (26.92, 70.90),
            (39.80, 102.10),
            (32.78, -106.17),
            (-2.49, -43.13),
            (-25.30, 137.40),
        ],
        // Abisko, Tromsø, Þingvellir, Yellowknife, Fairbanks, Inari, Murmansk; and the southern lights from Hobart.
        Subject::Aurora => &[
            (68.35, 18.83),
            (69.65, 18.96),
            (64.26, -21.13),
            (62.45, -114.37),
            (64.84, -147.72),
            (68.91, 27.03),
            (68.97, 33.08),
            (-42.90, 147.30),
        ],
        // Tokyo, Manhattan, São Paulo, Lagos, Seoul, Mumbai, Istanbul, Mexico City.
        Subject::City => &[
            (35.68, 139.76),
            (40.75, -73.98),
            (-23.55, -46.63),
            (6.45, 3.39),
            (37.55, 126.99),
            (19.07, 72.88),
            (41.02, 28.98),
            (19.43, -99.13),
        ],
        // Göreme, Bagan, Albuquerque, Serengeti, Saga, Luxor, Canberra, Bristol.
        Subject::Balloons => &[
            (38.64, 34.83),
            (21.17, 94.86),
            (35.20, -106.60),
            (-2.33, 34.83),
            (33.26, 130.30),
            (25.72, 32.61),
            (-35.30, 149.12),
            (51.45, -2.64),
        ],
        // Lisse, Kyoto, Medellín, Kirstenbosch, Srinagar, Furano, Giverny, Singapore.
        Subject::Petals => &[
            (52.27, 4.55),
            (35.02, 135.76),
            (6.27, -75.56),
            (-33.99, 18.43),
            (34.09, 74.87),
            (43.42, 142.43),
            (49.08, 1.53),
            (1.31, 103.82),
        ],
        // Atacama, Mauna Kea, La Palma, NamibRand, Uluru, Ladakh, Death Valley, Wadi Rum.
        Subject::Trails => &[
            (-24.63, -70.40),
            (19.82, -155.47),
            (28.76, -17.89),
            (-25.20, 16.00),
            (-25.34, 131.03),
            (34.15, 77.57),
            (36.50, -117.10),
            (29.58, 35.42),
        ],
        // Black Forest, Yakushima, Redwoods, Białowieża, Monteverde, Bwindi, Tarkine, Valdivia.
        Subject::Forest => &[
            (48.30, 8.20),
            (30.34, 130.51),
            (41.21, -124.00),
            (52.70, 23.87),
            (10.30, -84.80),
            (-1.05, 29.70),
            (-41.50, 145.30),
            (-39.80, -73.20),
        ],
        // Masai Mara, Alentejo, Mongolia, Patagonia, Tuscany, Oklahoma, Deccan, Otago.
        Subject::Tree => &[
            (-1.49, 35.14),
            (38.20, -7.90),
            (47.40, 103.80),
            (-49.30, -72.90),
            (43.06, 11.62),
            (35.40, -98.20),
            (17.60, 76.40),
            (-44.70, 169.13),
        ],
    }
}
