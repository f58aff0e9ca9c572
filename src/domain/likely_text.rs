//! Whether text can be meant that came of guessing Windows-1252.
//!
//! A file in another code page gives text of wrong letters and signs: `Kùò` for *Kůň*, `£ódŸ` for *Łódź*, `Kšln` for
//! *Köln*. Nobody can tell in every case, but signs within words, and letters that no language puts beside each other,
//! show it. A name that is refused wrongly is read once somebody names the encoding.

/// The languages of Windows-1252, each by the letters beyond ASCII that it writes. Letters that other code pages of the
/// same region have in the same place, such as `š`, count with those that write them.
const ALPHABETS: [&str; 9] = [
    "áàâäçéèêëíïîñóôöúûü", // Dutch, Afrikaans
    "àâçéèêëîïôûùüÿœ",     // French
    "äöüßéèàáç",           // German
    "áéíóúüñçàèò",         // Spanish, Galician, Catalan
    "áàâãçéêíóôõúü",       // Portuguese
    "àèéìíòóù",            // Italian
    "æøåéöäüóòô",          // Danish, Norwegian
    "åäöéüàšž",            // Swedish, Finnish, Estonian
    "áéíóúýäëôöüßšžçâî",   // what Windows-1250 has in the same place
];

/// Ends of company names where Windows-1250 is written.
const CENTRAL_EUROPEAN: [&str; 7] = ["s.r.o.", "spol. s", "a.s.", "sp. z o.o.", "kft.", "zrt.", "d.o.o."];

/// Letters that Windows-1250 has in the same place.
const SAME_PLACE: &str = "áéíóúýäëôöüßšžçâî";

/// The first place that nobody writes so: the number of its line, and the word.
pub fn unlikely(text: &str) -> Option<(u64, String)> {
    // The usual ends of lines; which of them a file uses does not matter to the count.
    let text_lines = text.split('\n').flat_map(|line| line.trim_end_matches('\r').split('\r'));
    (1..).zip(text_lines).filter(|(_, line)| !line.is_ascii()).find_map(|(number, line)| {
        let central = is_central_european(line);
        words(line).find(|word| !is_likely(word, central)).map(|word| (number, word.chars().take(40).collect()))
    })
}

fn is_central_european(line: &str) -> bool {
    let line = line.to_lowercase();
    CENTRAL_EUROPEAN.iter().any(|end| line.contains(end))
}

/// What stands between white space and delimiters.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split([' ', '\t', ',', ';', '"', '/', '|']).filter(|word| !word.is_ascii())
}

fn is_likely(word: &str, central: bool) -> bool {
    let signs: Vec<char> = word.chars().collect();
    (0..signs.len()).all(|at| signs[at].is_ascii() || sign_is_likely(&signs, at))
        && word
            .split(|c: char| !c.is_alphabetic() || matches!(c, 'ª' | 'º' | 'µ'))
            .all(|letters| letters_are_likely(letters, central))
}

/// Whether a character beyond ASCII can stand where it does, as far as its neighbours say.
fn sign_is_likely(signs: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| signs[at]);
    let after = signs.get(at + 1).copied();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let mark = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !c.is_alphabetic() && c != '\u{a0}');
    match signs[at] {
        // What Windows-1252 has no character for.
        '\u{80}'..='\u{9f}' => false,
        '\u{a0}' => !(letter(before) && after.is_some_and(char::is_lowercase)),
        '’' | '´' | '·' => !mark(before) && !mark(after),
        // Between two names: within one it was a letter.
        '–' | '—' => {
            let between = !letter(before) || after.is_none_or(|c| !c.is_lowercase());
            between && !mark(before) && !mark(after)
        }
        '“' => !(mark(before) || letter(before) && letter(after)),
        '‘' | '„' | '‚' | '«' | '‹' | '¡' | '¿' => !letter(before) && !mark(before),
        '”' | '»' | '›' | '™' | '®' | '©' | '°' | '•' => !letter(after) && !mark(after),
        'ª' | 'º' => !letter(after) && before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.'),
        '€' | '£' | '§' => !letter(before) && !letter(after),
        '²' | '³' => (!letter(before) || before == Some('m')) && !letter(after) && !mark(before) && !mark(after),
        '½' | '¼' | '¾' | '×' | '±' | 'µ' | '…' | '‰' => {
            !letter(before) && !letter(after) && !mark(before) && !mark(after)
        }
        c => c.is_alphabetic() && c != 'ƒ' && c != 'ˆ',
    }
}

/// Whether a language can have these letters in one word.
fn letters_are_likely(word: &str, central: bool) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    let small = letters.iter().filter(|c| c.is_lowercase()).count();
    let mut in_a_row = 0;
    for (at, &c) in letters.iter().enumerate() {
        if c.is_ascii() {
            in_a_row = 0;
            continue;
        }
        in_a_row += 1;
        // `MŸller`, `CafŽ`: a capital within small letters; `Mšller` has no vowel beside it; `KšLN`.
        let within = at > 0 && c.is_uppercase() && small > 0 && (letters[at - 1].is_lowercase() || capitals <= 2);
        let small_in_capitals = c.is_lowercase() && c != 'ß' && capitals > 1 && capitals + 1 == letters.len();
        if in_a_row > 2 || within || small_in_capitals {
            return false;
        }
        let (before, after) = (at.checked_sub(1).map(|at| letters[at]), letters.get(at + 1).copied());
        if !fits_its_place(c, before, after) {
            return false;
        }
    }
    let folded: String = word.to_lowercase();
    let beyond: Vec<char> = folded.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).collect();
    if central && beyond.iter().any(|c| !SAME_PLACE.contains(*c)) {
        return false;
    }
    let twice = beyond.iter().filter(|&&c| c == 'ý').count() > 1;
    !twice && (beyond.is_empty() || ALPHABETS.iter().any(|letters| beyond.iter().all(|c| letters.contains(*c))))
}

/// Whether a letter can have these neighbours, `None` for the ends of the word.
fn fits_its_place(c: char, before: Option<char>, after: Option<char>) -> bool {
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiouyáéíóúýàèìòùâêîôûäëïöüãõåæø".contains(lower(c)));
    let next = after.map(lower);
    match lower(c) {
        // Portuguese only.
        'õ' => matches!(next, Some('e')),
        'ã' => matches!(next, None | Some('o' | 'e' | 's' | 'n' | 'z')),
        // At the end of a word in Italian and in the French *où*.
        'ù' | 'ì' => after.is_none(),
        'ò' | 'è' | 'ê' => !vowel(after),
        'š' | 'ž' => vowel(before) || vowel(after) || (before.is_none() && c.is_uppercase()),
        _ => true,
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{
        BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
        WINDOWS_1254, WINDOWS_1255,
    };

    #[test]
    fn names_of_the_west_of_europe_are_likely() {
        for name in [
            "Café Zoë € B.V.",
            "Müller GmbH",
            "MÜLLER GMBH",
            "Größe & Söhne",
            "GROẞE STRAßE",
            "Œuvres françaises",
            "L’Hôtel d’Été",
            "O’Brien–Smith",
            "Peña y Muñoz, S.A.",
            "Conceição & Irmãos",
            "Soluções João",
            "São Luís",
            "Società Città Più",
            "Ærø Fiskeri",
            "Ølhuset Århus",
            "Västerås Växjö",
            "Hämeenlinna Pääkkönen",
            "Škoda Tomáš",
            "Košice",
            "Novotný",
            "“Quoted” name",
            "„Anführung“",
            "Contoso® Ltd",
            "Contoso™",
            "Nº 5",
            "n° 12",
            "1ª Linea",
            "25 m² Büro",
            "£100 Shop",
            "Contoso\u{a0}B.V.",
            "Mÿ",
            "Père Noël",
            "Ça va",
            "Coöperatie Één",
            "Österreich",
            "Ünal",
            "SOCIÉTÉ GÉNÉRALE",
            "élan",
            "Kröller-Müller",
            "São",
            "mañana",
            "Citroën",
            "Nestlé",
            "Curaçao",
            "Ångström",
            "Foo · Bar",
            "Škofja",
        ] {
            let name = name.replace('ẞ', "SS");
            assert_eq!(unlikely(&name), None, "{name}");
        }
    }

    #[test]
    fn names_in_another_code_page_are_not() {
        let cases: [(&'static Encoding, &[&str]); 10] = [
            (
                WINDOWS_1250,
                &[
                    "Kůň s.r.o.",
                    "Łódź Transport",
                    "Dvořák",
                    "Příbram",
                    "Jiří",
                    "Żabka",
                    "Kovačević",
                    "Śląsk",
                    "Ťažký",
                    "Dům",
                    "Čížek",
                    "Szűcs Kft.",
                    "Győr",
                    "Brăila",
                    "Plzeň s.r.o.",
                    "Kučera",
                ],
            ),
            (WINDOWS_1251, &["ООО Ромашка", "Москва", "Київ"]),
            (WINDOWS_1253, &["Αθήνα", "Εταιρεία"]),
            (WINDOWS_1254, &["Yıldız", "Doğan", "Şirketi", "Güneş"]),
            (WINDOWS_1255, &["חברה בעמ"]),
            (
                MACINTOSH,
                &["Café", "Köln", "Müller", "Schön", "Zoë", "Señor", "Façade", "Garçon", "Ångström", "Århus", "naïve"],
            ),
            (SHIFT_JIS, &["株式会社", "テスト"]),
            (GBK, &["公司", "北京"]),
            (BIG5, &["公司", "台北"]),
            (EUC_KR, &["회사", "서울"]),
        ];
        for (encoding, names) in cases {
            for name in names {
                let (bytes, _, lossy) = encoding.encode(name);
                assert!(!lossy, "{name}");
                let (read, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
                assert!(unlikely(&read).is_some(), "{name} as {read}");
            }
        }
        // DOS: é, ö, ë, ñ and ü within words.
        for bytes in [&b"Caf\x82"[..], b"K\x94ln", b"Zo\x89", b"Espa\xa4a", b"M\x81ller", b"M\xa0laga", b"Fran\x87ois"]
        {
            let (read, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            assert!(unlikely(&read).is_some(), "{read}");
        }
    }

    #[test]
    fn the_line_is_named_whatever_ends_the_lines() {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(unlikely(&["a", "Café", "x,£ódŸ y"].join(end)), Some((3, "£ódŸ".to_owned())), "{end:?}");
        }
    }
}
