//! What stands above every page about a customer.

use super::paths;
use crate::store::customers::Customer;

/// A customer's name above every page about it, and the ways to the others.
pub struct CustomerHeader {
    /// The company's name.
    pub name: String,
    /// Account info.
    pub account: String,
    /// Subscriptions.
    pub subscriptions: String,
    /// Orders.
    pub orders: String,
    /// History.
    pub history: String,
    /// Which of them is shown.
    pub here: CustomerTab,
}

/// A page about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerTab {
    /// Account info.
    Account,
    /// Subscriptions.
    Subscriptions,
    /// Orders.
    Orders,
    /// History.
    History,
    /// A page below one of them.
    Below,
}

impl CustomerHeader {
    /// The frame of a customer's page.
    pub fn new(customer: &Customer, here: CustomerTab) -> Self {
        Self {
            name: customer.company_name.clone(),
            account: paths::account(customer.id),
            subscriptions: paths::subscriptions(customer.id),
            orders: paths::orders(customer.id),
            history: paths::history(customer.id),
            here,
        }
    }

    /// Whether Account info is shown.
    pub fn at_account(&self) -> bool {
        self.here == CustomerTab::Account
    }

    /// Whether Subscriptions is shown.
    pub fn at_subscriptions(&self) -> bool {
        self.here == CustomerTab::Subscriptions
    }

    /// Whether Orders is shown.
    pub fn at_orders(&self) -> bool {
        self.here == CustomerTab::Orders
    }

    /// Whether History is shown.
    pub fn at_history(&self) -> bool {
        self.here == CustomerTab::History
    }

    /// The way from the list to a page of this customer.
    pub fn breadcrumbs(&self, page: String) -> [(String, String); 2] {
        [(self.account.clone(), self.name.clone()), (String::new(), page)]
    }
}
