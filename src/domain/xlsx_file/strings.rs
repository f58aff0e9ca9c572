//! The texts that cells share.

use quick_xml::events::Event;

use super::{
    archive::Archive,
    part::Part,
    problem::{Limit, Problem},
    xml::Xml,
};

/// The most texts.
const MAX_STRINGS: usize = 1_000_000;

/// The most bytes of all texts.
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// The texts, one after another.
#[derive(Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    pub(super) fn read(archive: &mut Archive<'_>, part: &str) -> Result<Self, Problem> {
        archive.read(part, |xml| {
            let mut all = Self::default();
            let mut one = String::new();
            while let Some(event) = xml.next()? {
                if !matches!(&event, Event::Start(tag) if tag.local_name().as_ref() == "si") {
                    continue;
                }
                rich_text(xml, "si", &mut one)?;
                if all.ends.len() == MAX_STRINGS || all.text.len() + one.len() > MAX_TEXT {
                    return Err(Problem::TooMuch(Limit::SharedStrings));
                }
                all.text.push_str(&one);
                all.ends.push(u32::try_from(all.text.len()).map_err(|_| Problem::TooMuch(Limit::SharedStrings))?);
            }
            Ok(all)
        })
    }

    /// The text with this number.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)? as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        Some(&self.text[start..end])
    }
}

/// Reads the text inside an element that was just opened, up to its end: the runs one after another, without what says
/// how signs are pronounced.
pub(super) fn rich_text(xml: &mut Xml<'_, Part<'_>>, element: &str, text: &mut String) -> Result<(), Problem> {
    text.clear();
    let mut in_text = false;
    let mut in_reading = false;
    loop {
        let event = xml.next()?;
        match &event {
            None => return Err(Problem::Damaged { part: "xl/sharedStrings.xml".to_owned() }),
            Some(Event::Start(tag)) => match tag.local_name().as_ref() {
                "t" => in_text = true,
                "rPh" => in_reading = true,
                _ => {}
            },
            Some(Event::End(tag)) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_reading = false,
                name if name == element => break,
                _ => {}
            },
            Some(event) if in_text && !in_reading => Xml::<Part<'_>>::append(event, text)?,
            Some(_) => {}
        }
    }
    if text.contains("_x") {
        *text = unescaped(text);
    }
    Ok(())
}

/// Characters that XML cannot hold are written as `_x000D_`, and an underscore before such a text as `_x005F_`.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        let escape = rest[at..].get(..7).filter(|escape| escape.ends_with('_'));
        let hex = escape.map(|escape| &escape[2..6]).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let character = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        if let Some(character) = character {
            plain.push(character);
            rest = &rest[at + 7..];
        } else {
            plain.push_str("_x");
            rest = &rest[at + 2..];
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_characters_are_taken_back() {
        for (text, plain) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00e9_", "é"),
            ("_xD83D_", "_xD83D_"),
            ("_x", "_x"),
            ("_xzzzz_ _x12_", "_xzzzz_ _x12_"),
            ("_x00é9_", "_x00é9_"),
            ("snake_x_case", "snake_x_case"),
        ] {
            assert_eq!(unescaped(text), plain, "{text}");
        }
    }
}
