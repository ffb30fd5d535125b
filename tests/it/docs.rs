//! What is written about the program, compared with the program.

use std::collections::BTreeSet;

use clap::CommandFactory;
use flickr_conduit::cli::Cli;
use flickr_conduit::settings::SETTINGS;

fn read(name: &str) -> String {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{path}: {cause}"))
}

/// The variables of `serve` with their defaults, as `--help` has them.
fn variables() -> BTreeSet<(String, String)> {
    let cli = Cli::command();
    let serve = cli.get_subcommands().find(|it| it.get_name() == "serve").unwrap().clone();
    let of = |arg: &clap::Arg| {
        let name = arg.get_env()?.to_str()?.to_owned();
        let flag = format!("--{}", arg.get_long()?);
        assert_eq!(flag, format!("--{}", name.to_lowercase().replace('_', "-")), "flag and variable have one name");
        let default = arg.get_default_values().first().and_then(|it| it.to_str()).unwrap_or_default();
        Some((name, default.to_owned()))
    };
    let found: BTreeSet<_> = serve.get_arguments().filter_map(of).collect();
    assert!(found.len() > 10);
    found
}

#[test]
fn the_table_in_the_readme_is_what_help_says() {
    let readme = read("README.md");
    let table = readme.split("## Configuration").nth(1).unwrap().split("\n## ").next().unwrap();
    let row = |line: &str| {
        let cells: Vec<_> = line.strip_prefix("| `")?.split(" | ").map(|it| it.trim_matches(['|', ' ', '`'])).collect();
        Some((cells[0].to_owned(), cells[1].to_owned()))
    };
    let told: BTreeSet<_> = table.lines().filter_map(row).collect();
    assert_eq!(told, variables());
}

#[test]
fn the_table_of_the_walls_settings_is_the_one_that_addresses_are_read_by() {
    let readme = read("README.md");
    let table = readme.split("## The wall").nth(1).unwrap().split("\n## ").next().unwrap();
    let told: Vec<_> = table.lines().filter(|it| it.starts_with("| `")).collect();
    let rows = SETTINGS.iter().map(|it| {
        let default = if it.default.is_empty() { String::new() } else { format!("`{}`", it.default) };
        format!("| `{}` | {default} | {} | {} |", it.name, it.kind.values(), it.meaning)
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(told, rows, "the README wants:\n{}", rows.join("\n"));
}

#[test]
fn the_sample_environment_names_every_variable_with_its_default() {
    let sample = read(".env.sample");
    let entry = |line: &str| {
        let (name, value) = line.trim_start_matches(['#', ' ']).split_once('=')?;
        let is_name = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        is_name.then(|| (name.to_owned(), value.to_owned()))
    };
    let told: BTreeSet<_> = sample.lines().filter_map(entry).collect();
    assert_eq!(told, variables());
}

#[test]
fn the_readme_shows_the_wall_first_and_how_to_try_it_soon() {
    let readme = read("README.md");
    let line = |what: &str| readme.lines().position(|it| it.contains(what)).unwrap_or_else(|| panic!("{what}")) + 1;
    assert!(line("![") <= 10, "a picture of the wall by line 10");
    assert!(line("cargo run --release -- demo") <= 30, "a try that needs no key by line 30");
    assert!(line("tests/run") > 0 && line("curl -N") > 0);
}

#[test]
fn every_file_that_the_readme_links_to_is_there() {
    for link in read("README.md").split("](").skip(1).map(|it| it.split(')').next().unwrap()) {
        if !link.starts_with("http") && !link.starts_with('#') {
            let path = link.split('#').next().unwrap();
            assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{link}");
        }
    }
}

#[test]
fn the_example_in_the_readme_is_the_one_that_is_compiled_and_is_short() {
    let example = read("examples/kittens.rs");
    let code: Vec<_> = example.lines().filter(|it| !it.starts_with("//")).collect();
    assert!(code.len() < 20, "{} lines", code.len());
    assert!(read("README.md").contains(code.join("\n").trim()), "the README has another example");
}
