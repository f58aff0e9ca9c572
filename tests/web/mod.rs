//! The pages.

mod account;
mod api_clients;
mod audit;
mod confirm;
mod customers;
mod damaged_text;
pub mod export;
mod forms;
mod gate;
mod headers;
mod kept_orders;
mod limits;
mod matrix;
mod new_customer;
pub mod orders;
mod origin;
mod preflight;
mod queue;
mod record;
mod selection;
mod sentences;
mod sessions;
mod setup;
mod status;
mod strings;
