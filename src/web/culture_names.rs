//! The names of cultures: a language and where it is written so.

use i18n_embed_fl::fl;

use crate::{
    domain::country::Country,
    i18n::{Language, Words},
};

/// The name of a culture such as `nl-NL`: "Dutch (Netherlands)"; the culture itself where its language has no name
/// here.
pub fn culture(culture: &str, t: &Words, language: Language) -> String {
    let (tongue, region) = culture.split_once('-').unwrap_or((culture, ""));
    let (script, region) = region.split_once('-').unwrap_or(("", region));
    let (Some(tongue), true) = (tongue_name(tongue, t), region.is_empty() || Country::parse(region).is_some()) else {
        return culture.to_owned();
    };
    let script = match script {
        "Cyrl" => fl!(t, "script-cyrl"),
        "Latn" => fl!(t, "script-latn"),
        other => other.to_owned(),
    };
    let region = Country::parse(region).map_or("", |country| country.name(language));
    let about: Vec<&str> = [script.as_str(), region].into_iter().filter(|part| !part.is_empty()).collect();
    if about.is_empty() { tongue } else { format!("{tongue} ({})", about.join(", ")) }
}

fn tongue_name(code: &str, t: &Words) -> Option<String> {
    Some(match code {
        "am" => fl!(t, "lang-am"),
        "ar" => fl!(t, "lang-ar"),
        "az" => fl!(t, "lang-az"),
        "be" => fl!(t, "lang-be"),
        "bg" => fl!(t, "lang-bg"),
        "bn" => fl!(t, "lang-bn"),
        "bs" => fl!(t, "lang-bs"),
        "ca" => fl!(t, "lang-ca"),
        "cs" => fl!(t, "lang-cs"),
        "da" => fl!(t, "lang-da"),
        "de" => fl!(t, "lang-de"),
        "dv" => fl!(t, "lang-dv"),
        "el" => fl!(t, "lang-el"),
        "en" => fl!(t, "lang-en"),
        "es" => fl!(t, "lang-es"),
        "et" => fl!(t, "lang-et"),
        "eu" => fl!(t, "lang-eu"),
        "fa" => fl!(t, "lang-fa"),
        "fi" => fl!(t, "lang-fi"),
        "fo" => fl!(t, "lang-fo"),
        "fr" => fl!(t, "lang-fr"),
        "gl" => fl!(t, "lang-gl"),
        "ha" => fl!(t, "lang-ha"),
        "he" => fl!(t, "lang-he"),
        "hi" => fl!(t, "lang-hi"),
        "hr" => fl!(t, "lang-hr"),
        "hu" => fl!(t, "lang-hu"),
        "hy" => fl!(t, "lang-hy"),
        "id" => fl!(t, "lang-id"),
        "is" => fl!(t, "lang-is"),
        "it" => fl!(t, "lang-it"),
        "ja" => fl!(t, "lang-ja"),
        "ka" => fl!(t, "lang-ka"),
        "kk" => fl!(t, "lang-kk"),
        "km" => fl!(t, "lang-km"),
        "ko" => fl!(t, "lang-ko"),
        "ky" => fl!(t, "lang-ky"),
        "lo" => fl!(t, "lang-lo"),
        "lt" => fl!(t, "lang-lt"),
        "lv" => fl!(t, "lang-lv"),
        "mk" => fl!(t, "lang-mk"),
        "mn" => fl!(t, "lang-mn"),
        "ms" => fl!(t, "lang-ms"),
        "mt" => fl!(t, "lang-mt"),
        "nb" | "no" => fl!(t, "lang-nb"),
        "ne" => fl!(t, "lang-ne"),
        "nl" => fl!(t, "lang-nl"),
        "pl" => fl!(t, "lang-pl"),
        "ps" => fl!(t, "lang-ps"),
        "pt" => fl!(t, "lang-pt"),
        "ro" => fl!(t, "lang-ro"),
        "ru" => fl!(t, "lang-ru"),
        "rw" => fl!(t, "lang-rw"),
        "si" => fl!(t, "lang-si"),
        "sk" => fl!(t, "lang-sk"),
        "sl" => fl!(t, "lang-sl"),
        "sq" => fl!(t, "lang-sq"),
        "sr" => fl!(t, "lang-sr"),
        "sv" => fl!(t, "lang-sv"),
        "sw" => fl!(t, "lang-sw"),
        "tg" => fl!(t, "lang-tg"),
        "th" => fl!(t, "lang-th"),
        "tk" => fl!(t, "lang-tk"),
        "tr" => fl!(t, "lang-tr"),
        "uk" => fl!(t, "lang-uk"),
        "ur" => fl!(t, "lang-ur"),
        "uz" => fl!(t, "lang-uz"),
        "vi" => fl!(t, "lang-vi"),
        "wo" => fl!(t, "lang-wo"),
        "zh" => fl!(t, "lang-zh"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;

    #[test]
    fn every_culture_that_is_offered_has_a_name_in_both_languages() {
        for language in Language::ALL {
            let t = i18n::words(language);
            for offered in crate::domain::customer::cultures() {
                assert!(culture(offered, t, language).contains('('), "{offered}");
            }
        }
    }

    #[test]
    fn a_culture_is_named_by_language_script_and_country() {
        for (code, english, dutch) in [
            ("nl-BE", "Dutch (Belgium)", "Nederlands (België)"),
            ("en-GB", "English (United Kingdom)", "Engels (Verenigd Koninkrijk)"),
            ("sr-Cyrl-RS", "Serbian (Cyrillic, Serbia)", "Servisch (Cyrillisch, Servië)"),
            ("sr-Latn-RS", "Serbian (Latin, Serbia)", "Servisch (Latijns, Servië)"),
            ("fy-NL", "fy-NL", "fy-NL"),
            ("zh-CN", "zh-CN", "zh-CN"),
            ("es-419", "es-419", "es-419"),
        ] {
            for (language, name) in [(Language::English, english), (Language::Dutch, dutch)] {
                assert_eq!(culture(code, i18n::words(language), language), name);
            }
        }
    }
}
