//! What people call their photos, and the tags they put on them.

use crate::hub::dice::Dice;
use crate::hub::people::Language;
use crate::hub::picture::Subject;
use crate::hub::world::Photo;

/// Two hundred and more characters, cut in the middle of a word as Flickr's feeds cut them.
const LONG: &str = "Waited for this since half past three in the morning, with cold tea and colder fingers, and when the \
                    light came at last it stayed for exactly as long as it takes to change a battery; so this is the one \
                    after the one that you should have se";

/// A title as it was posted. Mostly in the owner's language, sometimes hard on whoever shows it.
pub(super) fn title(dice: &mut Dice, subject: Subject, language: Language) -> String {
    let plain = words(subject, language);
    match dice.below(100) {
        0..3 => String::new(),
        3..5 => LONG.to_owned(),
        5..8 => format!("<b>{plain}</b> & more"),
        // Straight from the camera.
        8..14 => format!("{}{:04}", dice.pick(&["DSC_", "IMG_", "_MG_", "P10", "DSCF"]), dice.below(10_000)),
        14..22 => format!("{plain} {}", dice.pick(&["✨", "🌅", "👩🏽‍🎨", "🇯🇵", "❤️", "🏔️"])),
        22..26 => format!("{plain} ({} of {})", 1 + dice.below(3), 3 + dice.below(3)),
        _ => plain.to_owned(),
    }
}

/// A second thought about a title, never the same as before.
pub(super) fn revised(dice: &mut Dice, photo: &Photo) -> String {
    let plain = words(photo.picture().subject, photo.owner.language);
    if photo.title == plain {
        format!("{plain} {}", dice.pick(&["II", "*", "– b/w soon", "(2nd try)"]))
    } else {
        plain.to_owned()
    }
}

/// Two to five of the subject's, one of them now and then a machine tag.
pub(super) fn tags(dice: &mut Dice, subject: Subject) -> Vec<String> {
    let mut tags: Vec<String> = common(subject).iter().map(|tag| (*tag).to_owned()).collect();
    for _ in 0..dice.below(4) {
        tags.remove(dice.index(tags.len()));
    }
    if dice.chance(12) {
        tags.push("upload:by=practice".to_owned());
    }
    tags
}

const fn common(subject: Subject) -> [&'static str; 5] {
    match subject {
        Subject::Ridges => ["mountains", "mist", "layers", "山", "landscape"],
        Subject::Sea => ["sea", "sunset", "mar", "horizon", "longexposure"],
        Subject::Dunes => ["desert", "dunes", "صحراء", "sand", "minimal"],
        Subject::Aurora => ["aurora", "northernlights", "norrsken", "night", "lake"],
        Subject::City => ["city", "night", "skyline", "도시", "lights"],
        Subject::Balloons => ["balloons", "balon", "morning", "hills", "sky"],
        Subject::Petals => ["flower", "macro", "花", "bokeh", "garden"],
        Subject::Trails => ["startrails", "night", "stars", "longexposure", "звёзды"],
        Subject::Forest => ["forest", "light", "trees", "лес", "fog"],
        Subject::Tree => ["tree", "silhouette", "δέντρο", "alone", "goldenhour"],
    }
}

const fn words(subject: Subject, language: Language) -> &'static str {
    let [english, japanese, arabic, hindi, greek, russian, korean, portuguese, turkish, chinese, hebrew] = match subject
    {
        Subject::Ridges => [
            "Seven ridges before breakfast",
            "霧の中の山々",
            "جبال في الضباب",
            "धुंध में पहाड़",
            "Βουνά στην ομίχλη",
            "Горы в утреннем тумане",
            "안개 낀 산",
            "Serras na névoa",
            "Sisin ardındaki dağlar",
            "雲霧山巒",
            "הרים בערפל",
        ],
        Subject::Sea => [
            "The last ferry has gone",
            "夕凪の海",
            "البحر عند الغروب",
            "शाम का समुद्र",
            "Η θάλασσα το σούρουπο",
            "Море на закате",
            "해 질 녘 바다",
            "Mar ao fim da tarde",
            "Akşam denizi",
            "落日與海",
            "הים בשקיעה",
        ],
        Subject::Dunes => [
            "Wind wrote this",
            "風の砂丘",
            "كثبان عند الفجر",
            "रेत के टीले",
            "Αμμόλοφοι",
            "Дюны и ветер",
            "모래 언덕",
            "Dunas ao vento",
            "Rüzgârın çizdiği kum",
            "沙丘的線條",
            "דיונות ברוח",
        ],
        Subject::Aurora => [
            "It moved, and we forgot the cold",
            "オーロラの夜",
            "الشفق القطبي فوق البحيرة",
            "उत्तरी ध्रुवीय ज्योति",
            "Βόρειο σέλας",
            "Северное сияние",
            "호수 위의 오로라",
            "Aurora sobre o lago",
            "Kuzey ışıkları",
            "極光之夜",
            "זוהר הצפון",
        ],
        Subject::City => [
            "Somebody is still at work",
            "眠らない街",
            "أضواء المدينة",
            "रात का शहर",
            "Φώτα της πόλης",
            "Город не спит",
            "잠들지 않는 도시",
            "Luzes da cidade",
            "Şehrin ışıkları",
            "不夜城",
            "אורות העיר",
        ],
        Subject::Balloons => [
            "Everybody up",
            "朝の気球",
            "مناطيد الصباح",
            "सुबह के गुब्बारे",
            "Αερόστατα το πρωί",
            "Воздушные шары на рассвете",
            "아침의 열기구",
            "Balões de manhã",
            "Balonlar kalkarken",
            "清晨的熱氣球",
            "כדורים פורחים בבוקר",
        ],
        Subject::Petals => [
            "Anatomy of a Tuesday",
            "花のかたち",
            "قلب الزهرة",
            "फूल की पंखुड़ियाँ",
            "Πέταλα",
            "Лепестки",
            "꽃잎",
            "Por dentro da flor",
            "Bir çiçeğin içi",
            "花瓣的光",
            "עלי כותרת",
        ],
        Subject::Trails => [
            "Two hours, one tripod, no clouds",
            "星の軌跡",
            "مسارات النجوم",
            "तारों के पथ",
            "Τροχιές των άστρων",
            "Звёздные круги",
            "별의 궤적",
            "Rastos de estrelas",
            "Yıldız izleri",
            "星軌",
            "שבילי כוכבים",
        ],
        Subject::Forest => [
            "Where the path gives up",
            "木漏れ日",
            "ضوء بين الأشجار",
            "जंगल की रोशनी",
            "Φως στο δάσος",
            "Свет в лесу",
            "숲속의 빛",
            "Luz entre as árvores",
            "Ormanın ışığı",
            "林間晨光",
            "אור ביער",
        ],
        Subject::Tree => [
            "Keeps its own company",
            "一本の木",
            "شجرة وحيدة",
            "अकेला पेड़",
            "Το μοναχικό δέντρο",
            "Одинокое дерево",
            "나무 한 그루",
            "A árvore sozinha",
            "Tek başına bir ağaç",
            "一棵樹",
            "עץ בודד",
        ],
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
        Language::Arabic => arabic,
        Language::Hindi => hindi,
        Language::Greek => greek,
        Language::Russian => russian,
        Language::Korean => korean,
        Language::Portuguese => portuguese,
        Language::Turkish => turkish,
        Language::Chinese => chinese,
        Language::Hebrew => hebrew,
    }
}
