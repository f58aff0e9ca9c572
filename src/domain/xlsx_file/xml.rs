//! The XML of a part, piece by piece.

use std::io::{self, BufRead, Read};

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use super::{
    part::TooLarge,
    problem::{Limit, MAX_CELL, Problem},
};

/// The most bytes of one tag or one run of text.
const MAX_PIECE: usize = 1024 * 1024;

/// How deep tags may lie in each other.
const MAX_DEPTH: usize = 64;

/// A part's XML.
pub(super) struct Xml<'a, R: BufRead> {
    part: &'a str,
    reader: Reader<Pieces<&'a mut R>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<'a, R: BufRead> Xml<'a, R> {
    pub(super) fn new(part: &'a str, source: &'a mut R) -> Self {
        let mut reader = Reader::from_reader(Pieces { source, since: 0 });
        reader.config_mut().expand_empty_elements = true;
        Self { part, reader, buffer: Vec::new(), depth: 0 }
    }

    /// The next tag or text; none at the end. Elements without content come as two tags.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, Problem> {
        self.buffer.clear();
        self.reader.get_mut().since = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(failed(self.part, &error)),
        };
        match &event {
            Event::DocType(_) => return Err(Problem::Entities),
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(Problem::Damaged { part: self.part.to_owned() });
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(Problem::Damaged { part: self.part.to_owned() }),
            Event::Eof => return Ok(None),
            _ => {}
        }
        Ok(Some(event))
    }

    /// Something that does not fit.
    pub(super) fn damaged(&self) -> Problem {
        Problem::Damaged { part: self.part.to_owned() }
    }

    /// Appends the text of an event to that of a cell.
    ///
    /// # Errors
    ///
    /// Entities that are not those of XML, and more text than a cell holds.
    pub(super) fn append(event: &Event<'_>, text: &mut String) -> Result<(), Problem> {
        match event {
            Event::Text(more) => text.push_str(&more.xml10_content()),
            Event::CData(more) => text.push_str(&more.xml10_content()),
            Event::GeneralRef(reference) => text.push(character(reference)?),
            _ => {}
        }
        if text.len() > MAX_CELL { Err(Problem::TooMuch(Limit::Text)) } else { Ok(()) }
    }
}

/// The value of an attribute, by its name without a prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found = attributes.with_checks(false).flatten().find(|one| one.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Whether an attribute says yes.
pub(super) fn is_on(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
}

fn character(reference: &BytesRef<'_>) -> Result<char, Problem> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| Problem::Entities)? {
        return Ok(character);
    }
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Problem::Entities),
    }
}

fn failed(part: &str, error: &quick_xml::Error) -> Problem {
    if let quick_xml::Error::Io(error) = error
        && let Some(inner) = error.get_ref()
    {
        if inner.is::<TooLarge>() {
            return Problem::Bomb;
        }
        if inner.is::<PieceTooLarge>() {
            return Problem::TooMuch(Limit::Text);
        }
    }
    Problem::Damaged { part: part.to_owned() }
}

/// What one tag or run of text ends with that is too long.
#[derive(Debug, thiserror::Error)]
#[error("a tag or text is too long")]
struct PieceTooLarge;

/// Reads on until one piece has become too long, which the XML reader would keep whole.
struct Pieces<R> {
    source: R,
    since: usize,
}

impl<R: BufRead> Read for Pieces<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        self.source.read(target)
    }
}

impl<R: BufRead> BufRead for Pieces<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > MAX_PIECE {
            return Err(io::Error::other(PieceTooLarge));
        }
        self.source.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.since += amount;
        self.source.consume(amount);
    }
}
