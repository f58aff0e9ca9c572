//! The database. Its drivers live here and nowhere else, one for each database: `rusqlite` for `SQLite`, `sqlx` for
//! `PostgreSQL`. Above them, one file per noun: free functions over whatever can be [`Read`], a [`WriteTx`] or a
//! [`MaintenanceTx`].
//!
//! SQL is portable: `$1` placeholders, `ON CONFLICT`, `RETURNING`, window functions; never `now()`,
//! `random()`, `ILIKE`, arrays, JSON operators or `OFFSET`. The partner account stands in the SQL, never in a
//! check afterwards.
//!
//! **Lock order**, the same everywhere: a submission's token; a draft; the partner account's row (by whoever creates a
//! customer, so that a domain is taken once); the customer's row; the version set; the counts in the order of their keys; the head of the log last.
//! Whoever imports the catalogue locks that first, and of these only the head of the log.

pub mod agreements;
pub mod api_clients;
pub mod audit;
pub mod carts;
mod codes;
mod commit;
pub mod counts;
pub mod customers;
mod db;
pub mod drafts;
mod error;
pub mod idempotency;
pub mod indirect_resellers;
pub mod migrate;
pub mod offers;
pub mod order_drafts;
pub mod orders;
pub mod partner_accounts;
mod postgres;
pub mod preflight;
mod row;
mod scope;
pub mod search;
pub mod selections;
pub mod sessions;
mod slow_log;
mod sql;
mod sqlite;
mod statement;
pub mod status;
pub mod subscriptions;
mod table;
pub mod temporary_passwords;
#[doc(hidden)]
pub mod testing;
pub mod users;
pub mod verdict;
pub mod verifications;
pub mod verify;

pub use db::{Db, MaintenanceTx, Read, ReadConn, Snapshot, Write, WriteTx};
pub use error::{Cause, Error};
