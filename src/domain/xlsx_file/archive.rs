//! The package around a workbook: a ZIP file.

use std::io::Cursor;

use zip::{ZipArchive, result::ZipError};

use super::{
    part::Part,
    problem::{Limit, MAX_FILE, Problem},
    xml::Xml,
};

/// What files of Excel 97 begin with, and files that a password protects.
pub(super) const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The most parts of a package.
const MAX_PARTS: usize = 1_000;

/// The most bytes of all parts that are read.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;

/// How many times as large as packed a part may be, beyond its first [`SMALL`] bytes.
const MAX_RATIO: u64 = 200;

/// Parts up to this size may be packed as closely as they like.
const SMALL: u64 = 4 * 1024 * 1024;

/// A package of parts.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// How many more bytes may be unpacked.
    left: u64,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        if bytes.len() > MAX_FILE {
            return Err(Problem::FileTooLarge);
        }
        if bytes.starts_with(OLE) {
            // The name of the stream that holds a protected workbook, in UTF-16.
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let is_encrypted = bytes.windows(name.len()).any(|window| window == name);
            return Err(if is_encrypted { Problem::Encrypted } else { Problem::OldFormat });
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if text.trim_ascii_start().starts_with(b"<") {
            return Err(Problem::Markup);
        }
        if declares_too_many_parts(bytes) {
            return Err(Problem::TooMuch(Limit::Parts));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged("package", &error))?;
        if zip.len() > MAX_PARTS {
            return Err(Problem::TooMuch(Limit::Parts));
        }
        if zip.has_duplicate_names() {
            return Err(Problem::Damaged { part: "package".to_owned() });
        }
        let archive = Self { zip, left: MAX_UNPACKED };
        if archive.zip.index_for_name("xl/workbook.bin").is_some() {
            return Err(Problem::Binary);
        }
        Ok(archive)
    }

    /// Whether there is such a part.
    pub(super) fn has(&self, part: &str) -> bool {
        self.zip.index_for_name(part).is_some()
    }

    /// Reads a part as XML, until `take` has had it all.
    pub(super) fn read<T>(
        &mut self,
        part: &str,
        take: impl FnOnce(&mut Xml<'_, Part<'_>>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let entry = self.zip.by_name(part).map_err(|error| damaged(part, &error))?;
        let allowed = entry.compressed_size().saturating_mul(MAX_RATIO).saturating_add(SMALL).min(self.left);
        let mut unpacked = Part::new(entry, allowed);
        let taken = take(&mut Xml::new(part, &mut unpacked));
        let unused = unpacked.allowed();
        drop(unpacked);
        self.left -= allowed - unused;
        taken
    }
}

/// Whether an end record names more parts than a package may have. What an end record says is set aside for before a
/// single part is looked at.
fn declares_too_many_parts(bytes: &[u8]) -> bool {
    let mut has_large_record = false;
    let mut leaves_it_to_large_record = false;
    for (at, _) in bytes.windows(4).enumerate().filter(|(_, window)| window.starts_with(b"PK")) {
        let record = &bytes[at..];
        match &record[2..4] {
            b"\x05\x06" => match record.get(10..12) {
                Some(&[0xff, 0xff]) => leaves_it_to_large_record = true,
                Some(&[low, high]) if usize::from(u16::from_le_bytes([low, high])) > MAX_PARTS => return true,
                _ => {}
            },
            b"\x06\x06" => {
                has_large_record = true;
                let count = record.get(32..40).and_then(|count| <[u8; 8]>::try_from(count).ok());
                if count.is_some_and(|count| u64::from_le_bytes(count) > MAX_PARTS as u64) {
                    return true;
                }
            }
            _ => {}
        }
    }
    leaves_it_to_large_record && !has_large_record
}

fn damaged(part: &str, error: &ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Problem::Encrypted,
        _ => Problem::Damaged { part: part.to_owned() },
    }
}
