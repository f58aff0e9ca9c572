//! Pages. A request comes in through the layers of [`serve`](crate::app), meets a guard ([`access`]), is parsed
//! by [`form`] into domain values, reads from `store` or writes through one function of `actions`, and leaves as
//! a [`layout`] by [`respond`].

mod acceptance_view;
pub mod access;
pub mod account;
pub mod agreements;
pub mod api_clients;
pub mod api_operation;
pub mod api_reference;
pub mod app_state;
pub mod assets;
pub mod audit;
pub mod badge;
mod country_filter;
pub mod customer_header;
pub mod customers;
pub mod edit_customer;
mod enum_labels;
pub mod error;
pub mod error_pages;
mod events;
pub mod export;
pub mod flash;
pub mod form;
pub mod form_token;
pub mod headers;
pub mod health;
pub mod history;
pub mod layout;
pub mod new_customer;
pub mod next;
pub mod offers;
pub mod orders;
pub mod origin;
pub mod path_id;
pub mod paths;
pub mod preferences;
pub mod queue;
pub mod record;
pub mod rendered;
pub mod request_context;
pub mod request_id;
pub mod respond;
pub mod routes;
pub mod session;
pub mod session_end;
pub mod setup;
pub mod sign_in;
pub mod status;
pub mod subscriptions;
pub mod summary;
pub mod upload;

pub use app_state::{Address, AppState};
