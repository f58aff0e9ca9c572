//! The pages.

mod confirm;
