//! The Partner Center API, as far as it is implemented: clients written for Microsoft's use this portal when their base
//! address is changed.
//!
//! From the bottom up: [`fault`] has the error codes; [`json`] and [`reader`] read requests into the structs of
//! [`bodies`], and [`wire`] has the structs of answers; [`call`] has the request, the response and what an operation is.
//! Above them, one file per resource has the handlers; [`operations`] is the table of all operations, from which
//! [`openapi`] describes the API. [`serve`] receives requests, after [`access`] has found out who calls. Writes are the
//! same functions of `actions` that the pages call.

pub mod access;
pub mod agreements;
pub mod audit_records;
pub mod bodies;
pub mod bulk;
pub mod call;
pub mod carts;
pub mod catalogue;
pub mod compliance;
pub mod customers;
pub mod fault;
pub mod gate;
pub mod json;
pub mod jwt;
pub mod new_customer;
pub mod oauth;
pub mod openapi;
pub mod operations;
pub mod orders;
pub mod partner;
pub mod profiles;
pub mod properties;
pub mod qualifications;
pub mod rate;
pub mod reader;
pub mod relationships;
pub mod serve;
pub mod state;
pub mod subscriptions;
pub mod validations;
pub mod wire;

pub use self::state::{Api, Options};
