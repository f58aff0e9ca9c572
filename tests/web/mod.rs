//! The pages.

mod account;
mod confirm;
mod customers;
