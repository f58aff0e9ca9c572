//! Tests through a real server and a real database: see README.md in this folder.

mod api;
mod architecture;
mod cli;
mod faults;
mod schema;
mod store;
mod support;
mod templates;
mod web;
