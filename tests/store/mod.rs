//! What the store promises whoever uses it, on both databases.

mod columns;
mod errors;
mod migrations;
mod writer;
