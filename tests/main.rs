//! Tests through a real server and a real database, on SQLite always and on PostgreSQL where
//! `COUNTERSIGN_TEST_POSTGRES` names a server that may be written to.

mod api;
mod architecture;
mod cli;
mod faults;
mod schema;
mod support;
mod templates;
mod web;
