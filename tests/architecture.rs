//! The layers and their files: what may import what, and where SQL, words and addresses stand.

mod imports;

use std::{
    fs,
    path::{Path, PathBuf},
};

use imports::Source;

/// The layers, each a folder of `src`.
const LAYERS: [&str; 7] = ["domain", "store", "actions", "i18n", "web", "api", "cli"];

/// The most lines of code of a file, without tests, comments and blank lines.
const LINES_MAX: usize = 400;

/// Every file below a folder with one of the endings, with its text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.extension().is_some_and(|one| one == *ending)) {
                found.push((path.display().to_string(), fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds files");
    found
}

/// The code of a file, without its comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_layer_knows_only_the_ones_below_it() {
    let layers: [(&str, &[&str]); 6] = [
        ("domain", &["store", "actions", "i18n", "web", "api", "app", "cli", "demo", "settings"]),
        ("i18n", &["store", "actions", "web", "api", "app", "cli", "demo", "settings"]),
        ("store", &["actions", "i18n", "web", "api", "app", "cli", "demo", "settings"]),
        ("actions", &["i18n", "web", "api", "app", "cli", "demo", "settings"]),
        ("web", &["api", "app", "cli", "demo", "settings"]),
        ("api", &["i18n", "web", "app", "cli", "demo", "settings"]),
    ];
    for (layer, above) in layers {
        for (path, text) in files(&format!("src/{layer}"), &["rs"]) {
            let code = code(&text);
            for other in above {
                let direct = format!("crate::{other}");
                // Grouped imports: `use crate::{\n    web::…`.
                let grouped = format!("\n    {other}::");
                let imports: String =
                    code.split("use crate::{").skip(1).filter_map(|rest| rest.split("};").next()).collect();
                assert!(!code.contains(&direct) && !imports.contains(&grouped), "{path} knows {other}");
            }
        }
    }
}

/// The files below a folder, without tests.
fn sources(folder: &str) -> Vec<Source> {
    files(folder, &["rs"]).iter().filter_map(|(path, text)| Source::of(path, text)).collect()
}

#[test]
fn no_files_of_a_layer_import_each_other_in_a_circle() {
    for layer in LAYERS {
        let sources = sources(&format!("src/{layer}"));
        if let Some(circle) = imports::circle(&imports::graph(&sources)) {
            let names: Vec<&str> =
                circle.iter().chain(circle.first()).map(|file| sources[*file].path.as_str()).collect();
            panic!("a circle of imports: {}", names.join(" -> "));
        }
    }
}

#[test]
fn no_file_has_more_than_400_lines_of_code() {
    let long: Vec<String> = sources("src")
        .iter()
        .filter(|source| source.lines > LINES_MAX)
        .map(|source| format!("{}: {}", source.path, source.lines))
        .collect();
    assert!(long.is_empty(), "more than {LINES_MAX} lines of code: {long:?}");
}

#[test]
fn the_domain_is_pure() {
    for (path, text) in files("src/domain", &["rs"]) {
        for word in [
            "async ",
            ".await",
            "sqlx::",
            "rusqlite::",
            "actix_web",
            "std::fs",
            "std::net",
            "SystemTime::now",
            "Instant::now",
        ] {
            assert!(!code(&text).contains(word), "{path} has {word}");
        }
    }
}

#[test]
fn sql_lives_in_the_store_and_http_in_the_pages() {
    for (path, text) in files("src", &["rs"]) {
        let code = code(&text);
        let in_store = Path::new(&path).starts_with("src/store");
        for driver in ["sqlx::", "rusqlite::", "libsqlite3_sys::"] {
            assert!(in_store || !code.contains(driver), "{path} knows {driver}");
        }
        assert!(in_store || !code.contains("store::testing"), "{path} runs statements that only tests may");
        let in_web = ["src/web", "src/api", "src/app.rs"].iter().any(|place| Path::new(&path).starts_with(place));
        assert!(in_web || !code.contains("actix_web"), "{path} knows HTTP");
    }
}

#[test]
fn no_page_goes_around_escaping_or_carries_a_script_or_style() {
    for (path, text) in files("templates", &["html"]) {
        for word in ["|safe", "style=", "onclick=", "<script>", "<style", "http://", "javascript:"] {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
    for (path, text) in files("src", &["rs"]) {
        assert!(path.ends_with("web/rendered.rs") || !text.contains("HtmlSafe"), "{path} goes around escaping");
    }
}

#[test]
fn templates_spell_no_address() {
    for (path, text) in files("templates", &["html"]) {
        for word in ["href=\"/", "action=\"/", "src=\"/"] {
            assert!(!text.contains(word), "{path} spells an address: {word}");
        }
    }
}

#[test]
fn templates_say_nothing_but_words_of_the_message_files() {
    for (path, text) in files("templates", &["html"]) {
        let mut rest = text.as_str();
        let mut bare = String::new();
        // What is left without tags, expressions and statements is text that no message file knows.
        while let Some(start) = rest.find(['<', '{']) {
            bare.push_str(&rest[..start]);
            let end = if rest[start..].starts_with("{{") {
                "}}"
            } else if rest[start..].starts_with("{%") {
                "%}"
            } else {
                ">"
            };
            rest = match rest[start..].find(end) {
                Some(length) => &rest[start + length + end.len()..],
                None => "",
            };
            bare.push('\n');
        }
        bare.push_str(rest);
        let words: Vec<&str> = bare
            .lines()
            .map(str::trim)
            .filter(|line| line.chars().filter(|c| c.is_alphabetic()).count() > 2)
            .filter(|line| !["Countersign", "– Countersign"].contains(line))
            .collect();
        assert!(words.is_empty(), "{path} has words of its own: {words:?}");
    }
}

#[test]
fn whatever_reads_customers_says_what_of_those_that_were_removed() {
    // They read all of them, or by the row number of one that was found.
    let all = ["check_rows", "place", "by_text"];
    let (mut statements, mut silent) = (0, Vec::new());
    for (path, text) in files("src/store", &["rs"]) {
        for function in code(&text).split("fn ").skip(1) {
            let name = function.split(['(', '<']).next().unwrap_or_default();
            let reads =
                ["FROM customers", "JOIN customers", "select::<Customer>"].iter().any(|word| function.contains(word));
            let says = ["removed_at", "{PRESENT}", "{REMOVED}", "{condition}", "filter_and_sort("]
                .iter()
                .any(|word| function.contains(word));
            statements += usize::from(reads);
            if reads && !says && !all.contains(&name) {
                silent.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(statements > 15, "{statements}");
    assert_eq!(silent, Vec::<String>::new());
}
