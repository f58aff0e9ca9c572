//! Who may do what. [`Role::may`] is the only table of rights; pages and actions ask it.

use super::codes::codes;

codes! {
    /// A user's role in one partner account. Each role includes the ones before it.
    pub enum Role {
        /// Sees everything, changes nothing.
        Manager = "manager",
        /// Works with customers: edits, confirms, orders.
        SalesAgent = "sales_agent",
        /// Does what a sales agent does, corrects records, imports and administers.
        AdminAgent = "admin_agent",
    }
}

codes! {
    /// Something a role may or may not do.
    pub enum Permission {
        /// See customers, their account info, confirmations and history.
        ViewCustomers = "view_customers",
        /// Change a customer's company or primary contact.
        EditCustomers = "edit_customers",
        /// Record that a customer accepted the agreement.
        ConfirmAcceptance = "confirm_acceptance",
        /// Place orders, change subscriptions.
        PlaceOrders = "place_orders",
        /// Import customers and direct acceptances from files.
        Import = "import",
        /// Users, agreement versions and the partner account itself.
        Administer = "administer",
    }
}

impl Role {
    /// Whether this role includes the permission.
    pub const fn may(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::ViewCustomers => Self::Manager,
            Permission::EditCustomers | Permission::ConfirmAcceptance | Permission::PlaceOrders => Self::SalesAgent,
            Permission::Import | Permission::Administer => Self::AdminAgent,
        };
        self as u8 >= least as u8
    }

    /// The roles that include the permission, the most common first.
    pub fn with(permission: Permission) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().rev().filter(move |role| role.may(permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_includes_the_ones_before_it() {
        for &permission in Permission::ALL {
            for pair in Role::ALL.windows(2) {
                assert!(
                    pair[1].may(permission) || !pair[0].may(permission),
                    "{} may {permission} but {} may not",
                    pair[0],
                    pair[1]
                );
            }
        }
    }

    #[test]
    fn a_manager_reads_and_never_writes() {
        assert!(Role::Manager.may(Permission::ViewCustomers));
        for &permission in Permission::ALL {
            if permission != Permission::ViewCustomers {
                assert!(!Role::Manager.may(permission), "{permission}");
            }
        }
    }

    #[test]
    fn a_sales_agent_confirms_but_does_not_import() {
        assert!(Role::SalesAgent.may(Permission::ConfirmAcceptance));
        assert!(Role::SalesAgent.may(Permission::EditCustomers));
        assert!(!Role::SalesAgent.may(Permission::Import));
        assert!(!Role::SalesAgent.may(Permission::Administer));
    }
}
