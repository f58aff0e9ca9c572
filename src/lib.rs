//! Countersign: a portal in which the staff of a Microsoft CSP partner confirm that a customer accepted the
//! Microsoft Customer Agreement, keep the proof, and see who is not confirmed before an order fails.
//!
//! # Map of the code
//!
//! ```text
//! domain  <-  store  <-  actions  <-  web, api  <-  app  <-  main, cli
//!    ^                                  |
//!    '-------------  i18n  <------------'         (an arrow: may be imported by)
//! ```
//!
//! - [`domain`]: the rules, pure. What people type is parsed here into types that cannot be wrong.
//! - [`store`]: SQL, and nowhere else. One handle over SQLite and PostgreSQL; no business row is
//!   written without an event in the log.
//! - [`actions`]: every business write, one use case per file: load, decide, write, record.
//! - [`i18n`]: words, dates and numbers in English and Dutch.
//! - [`web`]: pages. [`web::routes`] is the table of them, [`web::access`] the guards, [`web::cx`] what
//!   handlers are called with, [`web::paths`] the addresses, [`web::form`] and [`web::respond`] the one way forms
//!   come in and pages go out.
//! - [`api`]: the same for API clients. [`api::operations`] is the table of operations, from which [`api::openapi`] describes
//!   them; [`api::bodies`] has the structs of requests, [`api::wire`] those of answers, [`api::fault`] the error codes; `web`
//!   and `api` know nothing of each other.
//! - [`app`]: the layers around the pages, in order. [`settings`] and [`telemetry`] are what it is told; [`secret`] is the
//!   server's key, with which both seal and sign.
//! - [`cli`] and [`demo`]: what the program does from the command line.
//!
//! [`web::status`] shows figures that [`store::counts`] keeps in the transactions which change what they count, and
//! keeps the page itself until something changed; `countersign check` counts again.
//!
//! Programs get their tokens as API clients, which people keep on [`web::api_clients`].
//!
//! The pre-flight check reads a list ([`domain::preflight`], [`web::upload`]) and keeps nothing of it.
//!
//! Lists leave as files through [`web::export`]: rows from `store::Snapshot::walk`, one moment, none kept.
//! [`web::record`] says everything about one confirmation on one sheet, with what the log vouches for it by.
//! `web/events.rs` says an entry of the log as a sentence, on a customer's history and on [`web::audit`].
//!
//! A customer who was removed stays in the store with everything recorded, and nothing finds it but
//! [`store::customers::find_removed`]: every statement on `customers` says so itself, and a test sees that it does.
//!
//! Two pages hold entries in a draft, a row of its own: the wizard ([`web::new_customer`], [`store::drafts`]) and a new
//! order ([`web::orders`], [`store::order_drafts`]), which every agent of the account may continue
//! ([`web::kept_orders`]). What holds an order up leads through [`web::next`] to the
//! confirmation and back; [`web::queue`] leads from blocked customer to blocked customer of a filtered list, and
//! [`web::selection`] confirms several with one date ([`store::selections`]).
//!
//! Every form says in hidden fields in which account it was opened (`web/form_origin.rs`), a form with a date on which day.
//!
//! A noun has the same name in every layer: `agreement` is a rule in `domain/agreement.rs`, rows in
//! `store/agreements.rs`, a write in `actions/confirm_agreement.rs` and pages in `web/agreements.rs`.

pub mod actions;
pub mod api;
pub mod app;
pub mod cli;
pub mod demo;
pub mod domain;
pub mod i18n;
pub mod secret;
pub mod settings;
pub mod store;
pub mod telemetry;
pub mod web;
