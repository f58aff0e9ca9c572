//! The members of answers, as clients of Partner Center read them. Links begin with the path behind the version.

mod agreements;
mod catalogue;
mod common;
mod customers;
mod orders;
mod partner;

pub use self::{agreements::*, catalogue::*, common::*, customers::*, orders::*, partner::*};
