//! The rules, and nothing else: no waiting, no input or output, no clock but the one given.
//!
//! What people type is parsed here once, into types that cannot be wrong; what may be done is decided here by
//! plain functions that return closed enums. Words for people are chosen elsewhere.

pub mod actor;
pub mod agreement;
pub mod audit;
pub mod catalogue_file;
pub mod clock;
pub(crate) mod codes;
pub mod country;
pub mod country_rules;
pub mod csv_file;
pub mod csv_marks;
pub mod culture;
pub mod customer;
pub mod customer_file;
pub mod date_input;
pub mod encoding;
pub mod field;
pub mod file_day;
pub mod fold;
pub mod headings;
pub mod identifiers;
pub mod indirect_reseller;
pub mod invalid;
pub mod kept_hash;
pub mod language;
pub mod likely_text;
pub mod list_columns;
pub mod list_file;
pub mod new_customer;
pub mod order;
pub mod partner_account;
pub mod person;
pub mod preflight;
pub mod registration_number;
pub mod removal;
pub mod reseller_file;
pub mod role;
pub mod selection;
pub mod sheet;
pub mod status;
pub mod subscription_file;
pub mod text;
pub mod token;
pub mod xlsx_file;
