//! The fonts of the PDF: Noto Sans, which is part of the program, and what a folder adds for other scripts.

use std::{fs, io, path::Path, sync::Arc};

use krilla::text::Font;
use rustybuzz::{Face, UnicodeBuffer};

const REGULAR: &[u8] = include_bytes!("../../../static/fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../static/fonts/NotoSans-Bold.ttf");

/// The most fonts that are taken from a folder.
const MAX_FONTS: usize = 64;

/// Fonts, in the order in which a character is looked for in them.
#[derive(Clone)]
pub struct Fonts(Arc<Vec<Shape>>);

/// One font, for measuring and for drawing.
struct Shape {
    face: Face<'static>,
    font: Font,
}

impl Shape {
    fn of(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { face: Face::from_slice(bytes, 0)?, font: Font::new(bytes.into(), 0)? })
    }
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A file in it is no font.
    #[error("{0} is no font that can be used")]
    NotAFont(String),
    /// It holds more fonts than are taken.
    #[error("it holds more than {MAX_FONTS} fonts; leave those that are needed")]
    TooMany,
}

/// Which of the fonts, and how strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Which(usize);

impl Fonts {
    /// Noto Sans: Latin, Greek and Cyrillic.
    pub fn bundled() -> Self {
        Self(Arc::new([REGULAR, BOLD].into_iter().filter_map(Shape::of).collect()))
    }

    /// The same with the fonts of a folder, by name: files that end with `.ttf` or `.otf`. They stay in memory for as
    /// long as the program runs.
    ///
    /// # Errors
    ///
    /// [`FontError`], when a file in it is not what its name says.
    pub fn with_folder(folder: &Path) -> Result<Self, FontError> {
        let mut files: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        files.retain(|file| {
            let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
            ["ttf", "otf"].iter().any(|one| end.eq_ignore_ascii_case(one))
        });
        files.sort();
        if files.len() > MAX_FONTS {
            return Err(FontError::TooMany);
        }
        let mut fonts: Vec<Shape> = [REGULAR, BOLD].into_iter().filter_map(Shape::of).collect();
        for file in files {
            let bytes: &'static [u8] = Box::leak(fs::read(&file)?.into_boxed_slice());
            fonts.push(Shape::of(bytes).ok_or_else(|| FontError::NotAFont(file.display().to_string()))?);
        }
        Ok(Self(Arc::new(fonts)))
    }

    /// The font that a character is drawn with; none has every character.
    pub(super) fn of(&self, character: char, bold: bool) -> Option<Which> {
        // The bold one lacks nothing that the other has; more fonts are there in one strength only.
        let has = |at: &usize| self.0.get(*at).is_some_and(|one| one.face.glyph_index(character).is_some());
        let own = usize::from(bold);
        std::iter::once(own).chain(2..self.0.len()).find(has).map(Which)
    }

    /// For drawing.
    pub(super) fn font(&self, which: Which) -> Option<Font> {
        self.0.get(which.0).map(|one| one.font.clone())
    }

    /// How wide a character is by itself, in points, in one font of this size: enough to break lines by.
    pub(super) fn advance(&self, which: Which, character: char, size: f32) -> f32 {
        let Some(Shape { face, .. }) = self.0.get(which.0) else { return 0.0 };
        let glyph = face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph));
        f32::from(glyph.unwrap_or_default()) * size / per_em(face)
    }

    /// How wide a text is, in points, in one font of this size.
    pub(super) fn width(&self, which: Which, text: &str, size: f32) -> f32 {
        let Some(Shape { face, .. }) = self.0.get(which.0) else { return 0.0 };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(face, &[], buffer);
        let units: i32 = shaped.glyph_positions().iter().map(|position| position.x_advance).sum();
        // Widths of a line lie far within what a float holds exactly.
        #[expect(clippy::cast_precision_loss)]
        let units = units as f32;
        units * size / per_em(face)
    }
}

fn per_em(face: &Face<'_>) -> f32 {
    f32::from(u16::try_from(face.units_per_em()).unwrap_or(1_000))
}
