//! The record as a tagged PDF (PDF/UA-1) on A4.
//!
//! First every line gets its place on a page, then the pages are drawn, and what was drawn is put under the tag of what
//! it belongs to: headings, paragraphs, and for each section a table of two columns.

use std::num::NonZeroU16;

use krilla::{
    Document, SerializeSettings,
    color::luma,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree},
    text::TextDirection,
};

use super::{
    fonts::{Fonts, Which},
    sheet::{Both, Sheet},
};
use crate::i18n::Language;

/// Points of A4 and its margins.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 51.0;
const BOTTOM: f32 = HEIGHT - 45.0;
/// Where the values stand.
const VALUES: f32 = MARGIN + 178.0;

/// What cannot be done with a sheet.
#[derive(Debug)]
pub(super) enum Fault {
    /// No font has these characters.
    Missing(String),
    /// What was made is not what the standard asks for.
    Invalid(String),
}

/// How something is written.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    leading: f32,
    bold: bool,
    /// From black (0) to white.
    grey: u8,
}

const TITLE: Style = Style { size: 10.0, leading: 14.0, bold: true, grey: 60 };
const COMPANY: Style = Style { size: 18.0, leading: 24.0, bold: true, grey: 0 };
const STATE: Style = Style { size: 9.5, leading: 13.0, bold: false, grey: 0 };
const HEADING: Style = Style { size: 11.0, leading: 15.0, bold: true, grey: 0 };
const LABEL: Style = Style { size: 8.5, leading: 11.5, bold: false, grey: 90 };
const VALUE: Style = Style { size: 8.5, leading: 11.5, bold: false, grey: 0 };
const BRAND: Style = Style { size: 12.0, leading: 16.0, bold: true, grey: 0 };
const SMALL: Style = Style { size: 8.5, leading: 11.5, bold: false, grey: 90 };

/// A piece of a line: one font, one language.
struct Piece {
    page: usize,
    x: f32,
    y: f32,
    which: Which,
    text: String,
    style: Style,
    is_english: bool,
    /// What it belongs to.
    slot: usize,
}

/// What the document consists of; the numbers are slots.
enum Element {
    Heading(Heading),
    Paragraph(usize),
    Table(String, Vec<(usize, usize)>),
}

/// A heading and where it stands.
struct Heading {
    level: NonZeroU16,
    title: String,
    slot: usize,
    page: usize,
    y: f32,
}

/// A word, or what is as good as one.
struct Word {
    pieces: Vec<(Which, String)>,
    width: f32,
    is_english: bool,
}

/// Everything with its place.
struct Layout<'a> {
    fonts: &'a Fonts,
    pieces: Vec<Piece>,
    elements: Vec<Element>,
    slots: usize,
    page: usize,
    y: f32,
    missing: String,
}

impl Layout<'_> {
    fn slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    /// Begins a page when so much does not fit on this one.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.page += 1;
            self.y = MARGIN;
        }
    }

    fn words(&mut self, both: &Both, style: Style, width: f32) -> Vec<Word> {
        let mut words = Vec::new();
        let english = both.english.as_ref().map(|english| format!("/ {english}"));
        for (text, is_english) in [(Some(&both.text), false), (english.as_ref(), true)] {
            for word in text.into_iter().flat_map(|text| text.split_whitespace()) {
                self.word(word, is_english, style, width, &mut words);
            }
        }
        words
    }

    /// A word in pieces of one font each; one that is wider than a line is broken.
    fn word(&mut self, text: &str, is_english: bool, style: Style, width: f32, words: &mut Vec<Word>) {
        // What is set apart in grey is not as strong.
        let style = Style { bold: style.bold && !is_english, ..style };
        let mut word = Word { pieces: Vec::new(), width: 0.0, is_english };
        for character in text.chars() {
            let last = word.pieces.last().map(|(which, _)| *which);
            let joins = matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
            let own = if joins { last } else { self.fonts.of(character, style.bold) };
            let Some(which) = own else {
                if !self.missing.contains(character) {
                    self.missing.push(character);
                }
                continue;
            };
            let advance = self.fonts.advance(which, character, style.size);
            if word.width + advance > width && !word.pieces.is_empty() {
                words.push(std::mem::replace(&mut word, Word { pieces: Vec::new(), width: 0.0, is_english }));
            }
            match word.pieces.last_mut() {
                Some((same, piece)) if *same == which => piece.push(character),
                _ => word.pieces.push((which, character.to_string())),
            }
            word.width += advance;
        }
        if !word.pieces.is_empty() {
            words.push(word);
        }
    }

    /// Places words in a column from `y` on; where the next line would stand.
    fn place(&mut self, words: Vec<Word>, x: f32, y: f32, width: f32, style: Style, slot: usize) -> f32 {
        let space = self.fonts.of(' ', style.bold).map_or(0.0, |which| self.fonts.width(which, " ", style.size));
        let (mut at, mut y) = (x, y + style.leading);
        for word in words {
            if at > x && at + word.width > x + width {
                at = x;
                y += style.leading;
            }
            let grey = if word.is_english { style.grey.max(90) } else { style.grey };
            let begin = at;
            let mut pieces = word.pieces.into_iter().peekable();
            while let Some((which, mut text)) = pieces.next() {
                let wide = self.fonts.width(which, &text, style.size);
                if pieces.peek().is_none() {
                    // A reader who copies the text gets the space, too.
                    text.push(' ');
                }
                let style = Style { grey, ..style };
                let page = self.page;
                self.pieces.push(Piece { page, x: at, y, which, text, style, is_english: word.is_english, slot });
                at += wide;
            }
            debug_assert!(at >= begin, "nothing is drawn backwards");
            at += space;
        }
        y
    }

    fn paragraph(&mut self, both: &Both, style: Style) -> usize {
        let width = WIDTH - 2.0 * MARGIN;
        let words = self.words(both, style, width);
        self.room(style.leading * 2.0);
        let slot = self.slot();
        self.y = self.place(words, MARGIN, self.y, width, style, slot);
        slot
    }

    fn heading(&mut self, level: NonZeroU16, both: &Both, style: Style) {
        let slot = self.paragraph(both, style);
        let (page, y) = (self.page, self.y - style.leading);
        self.elements.push(Element::Heading(Heading { level, title: both.text.clone(), slot, page, y }));
    }

    fn row(&mut self, label: &Both, values: &[Both]) -> (usize, usize) {
        let (labels, rest) = (VALUES - MARGIN - 12.0, WIDTH - MARGIN - VALUES);
        let said = self.words(label, LABEL, labels);
        let values: Vec<Vec<Word>> = values.iter().map(|value| self.words(value, VALUE, rest)).collect();
        // As much as a row is likely to take; a longer one goes on below the margin's edge by a line at most.
        let lines = values.iter().map(|words| words.iter().map(|word| word.width + 3.0).sum::<f32>() / rest + 1.0);
        let lines: f32 = lines.map(f32::ceil).sum();
        self.room(VALUE.leading * lines.max(2.0));
        let (head, cell) = (self.slot(), self.slot());
        let left = self.place(said, MARGIN, self.y, labels, LABEL, head);
        let mut right = self.y;
        for value in values {
            right = self.place(value, VALUES, right, rest, VALUE, cell);
        }
        self.y = left.max(right) + 3.0;
        (head, cell)
    }
}

/// Text in one language only.
fn plain(text: &str) -> Both {
    Both { text: text.to_owned(), english: None }
}

const FIRST: NonZeroU16 = NonZeroU16::MIN;

/// Makes the PDF of a sheet in a language.
pub(super) fn pdf(
    sheet: &Sheet,
    language: Language,
    made_at: chrono::DateTime<chrono::Utc>,
    fonts: &Fonts,
) -> Result<Vec<u8>, Fault> {
    let mut layout = Layout {
        fonts,
        pieces: Vec::new(),
        elements: Vec::new(),
        slots: 0,
        page: 0,
        y: MARGIN - 10.0,
        missing: String::new(),
    };
    let brand = layout.paragraph(&plain("Countersign"), BRAND);
    layout.elements.push(Element::Paragraph(brand));
    for part in &sheet.partner {
        let slot = layout.paragraph(part, SMALL);
        layout.elements.push(Element::Paragraph(slot));
    }
    let rule = layout.y + 8.0;
    layout.y += 16.0;
    layout.heading(FIRST, &sheet.title, TITLE);
    let company = layout.paragraph(&plain(&sheet.company), COMPANY);
    layout.elements.push(Element::Paragraph(company));
    layout.y += 2.0;
    let state = layout.paragraph(&sheet.state, STATE);
    layout.elements.push(Element::Paragraph(state));
    for section in &sheet.sections {
        layout.y += 9.0;
        layout.room(60.0);
        layout.heading(FIRST.saturating_add(1), &section.heading, HEADING);
        layout.y += 2.0;
        let rows = section.lines.iter().map(|line| layout.row(&line.label, &line.values)).collect();
        layout.elements.push(Element::Table(section.heading.text.clone(), rows));
    }
    layout.y += 8.0;
    let made = layout.paragraph(&sheet.made, SMALL);
    layout.elements.push(Element::Paragraph(made));
    if layout.missing.is_empty() {
        draw(layout, rule, sheet, language, made_at)
    } else {
        Err(Fault::Missing(layout.missing))
    }
}

fn draw(
    layout: Layout<'_>,
    rule: f32,
    sheet: &Sheet,
    language: Language,
    made_at: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<u8>, Fault> {
    let invalid = |error: &dyn std::fmt::Debug| Fault::Invalid(format!("{error:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| invalid(&error))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut drawn: Vec<Vec<Identifier>> = (0..layout.slots).map(|_| Vec::new()).collect();
    let mut pieces = layout.pieces.into_iter().peekable();
    for number in 0..=layout.page {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Fault::Invalid("A4".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        if number == 0 {
            draw_rule(&mut surface, rule);
        }
        while let Some(piece) = pieces.next_if(|piece| piece.page == number) {
            let tongue = if piece.is_english { "en" } else { language.code() };
            let id = surface.start_tagged(ContentTag::Span(SpanTag::empty().with_lang(Some(tongue))));
            if let Some(font) = layout.fonts.font(piece.which) {
                surface.set_fill(Some(Fill {
                    paint: luma::Color::new(piece.style.grey).into(),
                    opacity: NormalizedF32::ONE,
                    ..Fill::default()
                }));
                let at = Point::from_xy(piece.x, piece.y);
                surface.draw_text(at, font, piece.style.size, &piece.text, false, TextDirection::Auto);
            }
            surface.end_tagged();
            if let Some(slot) = drawn.get_mut(piece.slot) {
                slot.push(id);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree(&layout.elements, &mut drawn).with_lang(Some(language.code().to_owned())));
    document.set_outline(outline(&layout.elements));
    document.set_metadata(
        Metadata::new()
            .title(format!("{} – {}", sheet.title.text, sheet.company))
            .language(language.code().to_owned())
            .creator(concat!("Countersign ", env!("CARGO_PKG_VERSION")).to_owned())
            .creation_date(utc(made_at)),
    );
    document.finish().map_err(|error| invalid(&error))
}

/// The line under the head of the sheet.
fn draw_rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    path.move_to(MARGIN, y);
    path.line_to(WIDTH - MARGIN, y);
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    if let Some(path) = path.finish() {
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke { width: 1.2, ..Stroke::default() }));
        surface.draw_path(&path);
        surface.set_stroke(None);
    }
    surface.end_tagged();
}

/// The headings, to find one's way by.
fn outline(elements: &[Element]) -> Outline {
    let mut outline = Outline::new();
    for element in elements {
        if let Element::Heading(Heading { title, page, y, .. }) = element {
            let place = XyzDestination::new(*page, Point::from_xy(MARGIN, *y));
            outline.push_child(OutlineNode::new(title.clone(), place));
        }
    }
    outline
}

/// What was drawn, under the tags of what it belongs to.
fn tree(elements: &[Element], drawn: &mut [Vec<Identifier>]) -> TagTree {
    let mut group = |tag: krilla::tagging::TagKind, slot: usize| {
        let mut group = TagGroup::new(tag);
        for id in drawn.get_mut(slot).map(std::mem::take).unwrap_or_default() {
            group.push(id);
        }
        group
    };
    let mut tree = TagTree::new();
    for element in elements {
        match element {
            Element::Heading(heading) => {
                tree.push(group(Tag::Hn(heading.level, Some(heading.title.clone())).into(), heading.slot));
            }
            Element::Paragraph(slot) => tree.push(group(Tag::P.into(), *slot)),
            Element::Table(summary, rows) => {
                let mut table = TagGroup::new(Tag::Table.with_summary(Some(summary.clone())));
                for (head, cell) in rows {
                    let mut row = TagGroup::new(Tag::TR);
                    row.push(group(Tag::TH(TableHeaderScope::Row).into(), *head));
                    row.push(group(Tag::TD.into(), *cell));
                    table.push(row);
                }
                tree.push(table);
            }
        }
    }
    tree
}

fn utc(at: chrono::DateTime<chrono::Utc>) -> DateTime {
    use chrono::{Datelike as _, Timelike as _};
    let part = |part: u32| u8::try_from(part).expect("a part of a date fits");
    DateTime::new(u16::try_from(at.year()).expect("a year after 0"))
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Line, Section};
    use super::*;

    fn sheet(company: &str, value: &str) -> Sheet {
        let both = |text: &str, english: &str| Both { text: text.to_owned(), english: Some(english.to_owned()) };
        let line = Line { label: both("Bedrijfsnaam", "Company name"), values: vec![plain(value)], is_code: false };
        Sheet {
            partner: [plain("Noordster"), both("Productie", "Production")],
            title: both("Bevestigingsbewijs", "Confirmation record"),
            company: company.to_owned(),
            state: both("Deze bevestiging geldt.", "This confirmation counts."),
            sections: vec![Section { heading: both("Klant", "Customer"), lines: vec![line] }],
            made: both("Gemaakt", "Made"),
        }
    }

    #[test]
    fn the_library_finds_nothing_against_it() {
        for value in ["Łódź Ωmega Жуков", "a", &"long".repeat(400), &"many words ".repeat(2_000)] {
            let made = pdf(&sheet("Contoso", value), Language::Dutch, chrono::DateTime::UNIX_EPOCH, &Fonts::bundled());
            assert!(
                made.is_ok_and(|pdf| pdf.starts_with(b"%PDF-")),
                "{:?}",
                pdf(&sheet("Contoso", value), Language::Dutch, chrono::DateTime::UNIX_EPOCH, &Fonts::bundled()).err()
            );
        }
    }

    #[test]
    fn characters_that_no_font_has_are_named_once() {
        let made = pdf(&sheet("陈陈", "雅 a"), Language::English, chrono::DateTime::UNIX_EPOCH, &Fonts::bundled());
        assert!(matches!(made, Err(Fault::Missing(characters)) if characters == "陈雅"));
    }
}
