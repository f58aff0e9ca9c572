//! A part of a package as it is unpacked.

use std::io::{self, BufRead, Read};

/// A part as it is unpacked, up to a number of bytes.
pub(super) struct Part<'a> {
    entry: Box<dyn Read + 'a>,
    allowed: u64,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
}

impl<'a> Part<'a> {
    pub(super) fn new(entry: impl Read + 'a, allowed: u64) -> Self {
        Self { entry: Box::new(entry), allowed, buffer: vec![0; 16 * 1024], at: 0, filled: 0 }
    }

    /// How many more bytes may come.
    pub(super) fn allowed(&self) -> u64 {
        self.allowed
    }
}

/// What reading a part ends with that is many times as large as it may be.
#[derive(Debug, thiserror::Error)]
#[error("unpacks to more than it may")]
pub(super) struct TooLarge;

impl Read for Part<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(target.len());
        target[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.filled {
            self.filled = self.entry.read(&mut self.buffer)?;
            self.at = 0;
            let count = self.filled as u64;
            self.allowed = self.allowed.checked_sub(count).ok_or_else(|| io::Error::other(TooLarge))?;
        }
        Ok(&self.buffer[self.at..self.filled])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}
