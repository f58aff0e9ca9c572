//! Parts of pages that are kept as HTML.

use std::fmt;

use askama::{Template, filters::HtmlSafe};

use super::error::Error;

/// A part of a page that was made before the page: what a template has written needs no escaping again. Nothing else
/// makes one.
pub struct Rendered(String);

impl Rendered {
    /// Makes the part.
    pub fn of(part: &impl Template) -> Result<Self, Error> {
        part.render().map(Self).map_err(|error| Error::fault_of(&error))
    }
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Rendered {}
