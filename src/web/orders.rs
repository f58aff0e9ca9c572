//! Orders of a customer: the list, one order, and a new one.
//!
//! A new order is a draft that holds the offers as typed. It is saved before it is judged, so that nothing is lost when
//! the customer's confirmation status holds it up: then the prompt comes, and leads back here.

mod discard;
mod draft;
mod lines;
mod list;
mod new;
mod review;
mod show;

pub use self::{
    discard::discard,
    list::list,
    new::{save, show_new},
    show::show,
};
