//! Formats of cells, as far as they decide what a number means.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::{
    archive::Archive,
    number::Format,
    problem::{Limit, Problem},
    xml::attribute,
};

/// The most formats; Excel allows 65,490.
const MAX_FORMATS: usize = 65_536;

/// The format of each style.
#[derive(Default)]
pub(super) struct Styles(Vec<Format>);

impl Styles {
    pub(super) fn read(archive: &mut Archive<'_>, part: &str) -> Result<Self, Problem> {
        if !archive.has(part) {
            return Ok(Self::default());
        }
        archive.read(part, |xml| {
            let mut custom = HashMap::new();
            let mut styles = Vec::new();
            let mut in_cells = false;
            while let Some(event) = xml.next()? {
                match event {
                    Event::Start(tag) => match tag.local_name().as_ref() {
                        "numFmt" => {
                            let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                            if let (Some(id), Some(code)) = (id, attribute(&tag, "formatCode")) {
                                custom.insert(id, Format::of_code(&code));
                            }
                        }
                        "cellXfs" => in_cells = true,
                        "xf" if in_cells => {
                            let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
                            // The formats come before the styles.
                            styles.push(custom.get(&id).copied().unwrap_or_else(|| Format::built_in(id)));
                        }
                        _ => {}
                    },
                    Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
                    _ => {}
                }
                if styles.len() > MAX_FORMATS || custom.len() > MAX_FORMATS {
                    return Err(Problem::TooMuch(Limit::Formats));
                }
            }
            Ok(Self(styles))
        })
    }

    /// The format of a style.
    pub(super) fn format(&self, style: usize) -> Format {
        self.0.get(style).copied().unwrap_or(Format::Number)
    }
}
