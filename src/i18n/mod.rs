//! Words, dates and numbers in the languages of the portal. English is the fallback; a test keeps Dutch complete.

mod format;

use std::sync::LazyLock;

use i18n_embed::{
    LanguageLoader as _,
    fluent::{FluentLanguageLoader, fluent_language_loader},
};
use rust_embed::RustEmbed;

pub use crate::domain::language::Language;
pub use format::{date_long, date_short, number, time, time_of_day};

/// The messages of one language, for `fl!`.
pub type Words = FluentLanguageLoader;

#[derive(RustEmbed)]
#[folder = "src/i18n"]
#[include = "*.ftl"]
struct Messages;

/// The words of a language. Loaded once, at the first use.
pub fn words(language: Language) -> &'static Words {
    static ENGLISH: LazyLock<Words> = LazyLock::new(|| load(Language::English));
    static DUTCH: LazyLock<Words> = LazyLock::new(|| load(Language::Dutch));
    match language {
        Language::English => &ENGLISH,
        Language::Dutch => &DUTCH,
    }
}

fn load(language: Language) -> Words {
    let loader = fluent_language_loader!();
    let wanted = language.code().parse().expect("a language's code is a language identifier");
    loader.load_languages(&Messages, &[wanted]).expect("the embedded messages are well-formed");
    // Marks of direction around every value would end up in addresses and copied text.
    loader.set_use_isolating(false);
    loader
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Each message with the names of the values it takes.
    fn messages(language: Language) -> BTreeMap<String, Vec<String>> {
        let path = format!("{}/countersign.ftl", language.code());
        let file = Messages::get(&path).expect("the file of messages");
        let text = String::from_utf8(file.data.into_owned()).expect("UTF-8");
        let mut messages = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines() {
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = key.to_owned();
                assert!(messages.insert(current.clone(), Vec::new()).is_none(), "{key} stands twice in {path}");
            }
            for value in line.split("{ $").skip(1).chain(line.split("{$").skip(1)) {
                let name: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let values: &mut Vec<String> = messages.get_mut(&current).expect("a message before its values");
                if !values.contains(&name) {
                    values.push(name);
                    values.sort();
                }
            }
        }
        messages
    }

    #[test]
    fn dutch_has_the_messages_of_english_with_the_same_values() {
        let (english, dutch) = (messages(Language::English), messages(Language::Dutch));
        let missing: Vec<_> = english.keys().filter(|key| !dutch.contains_key(*key)).collect();
        let extra: Vec<_> = dutch.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "missing in Dutch: {missing:?}; only in Dutch: {extra:?}");
        for (key, values) in &english {
            assert_eq!(values, &dutch[key], "values of {key}");
        }
        assert!(english.len() > 100, "the files were read");
    }

    #[test]
    fn every_message_is_used() {
        let mut used = String::new();
        let mut folders = vec!["src".into(), "templates".into()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir::<std::path::PathBuf>(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
                    used.push_str(&std::fs::read_to_string(path).expect("a file"));
                }
            }
        }
        let unused: Vec<_> =
            messages(Language::English).into_keys().filter(|key| !used.contains(&format!("\"{key}\""))).collect();
        assert!(unused.is_empty(), "never used: {unused:?}");
    }

    /// Words that were replaced by a standard one, or that a reader has to decode.
    #[test]
    fn no_message_holds_a_forbidden_word() {
        const ENGLISH: &[&str] = &[
            "door",
            "held up",
            "mend",
            "behind the portal’s back",
            "once more",
            "known for",
            "kept by",
            "what programs may ask for",
        ];
        const DUTCH: &[&str] = &["tegengehouden", "wederverkoper", "nog eens na", "ruwe waarden", "in gevaar"];
        for (language, forbidden) in [(Language::English, ENGLISH), (Language::Dutch, DUTCH)] {
            let path = format!("{}/countersign.ftl", language.code());
            let file = Messages::get(&path).expect("the file of messages");
            let text = String::from_utf8(file.data.into_owned()).expect("UTF-8");
            for line in text.lines() {
                let message = line.split_once(" = ").map_or(line, |(_, message)| message);
                // Only letters and single spaces, so that a word is found at either end of a line too.
                let spaced: String =
                    message.chars().map(|c| if c.is_alphabetic() || c == '’' { c } else { ' ' }).collect();
                let words: Vec<&str> = spaced.split_whitespace().collect();
                let line = format!(" {} ", words.join(" ").to_lowercase());
                for words in forbidden {
                    assert!(!line.contains(&format!(" {words} ")), "{path}: “{words}” in{line}");
                }
            }
        }
    }
}
