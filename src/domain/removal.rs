//! Which customers may leave a partner account, and how.

use super::partner_account::{Environment, PartnerAccount, PartnerType};

/// How a customer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It was there for trying things only.
    Delete,
    /// The company is the partner's customer no longer.
    EndRelationship,
}

/// Why a customer stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only customers of a sandbox are deleted.
    NotASandbox,
    /// The relationship is with the indirect provider, who ends it.
    IndirectReseller,
    /// What the customer uses is suspended first.
    ActiveSubscriptions(i64),
}

/// Decides whether a customer with so many active subscriptions may leave the account.
pub fn remove(removal: Removal, account: &PartnerAccount, active_subscriptions: i64) -> Result<(), Refusal> {
    match removal {
        Removal::Delete if account.environment != Environment::Sandbox => Err(Refusal::NotASandbox),
        Removal::EndRelationship if account.partner_type == PartnerType::IndirectReseller => {
            Err(Refusal::IndirectReseller)
        }
        Removal::EndRelationship if active_subscriptions > 0 => Err(Refusal::ActiveSubscriptions(active_subscriptions)),
        Removal::Delete | Removal::EndRelationship => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{country::Country, partner_account::Cloud};

    fn account(partner_type: PartnerType, environment: Environment) -> PartnerAccount {
        PartnerAccount {
            id: Uuid::from_u128(1),
            name: "Noordster Cloud".into(),
            partner_type,
            cloud: Cloud::Public,
            environment,
            country: Country::parse("NL").unwrap(),
            time_zone: chrono_tz::Europe::Amsterdam,
            tenant_id: None,
        }
    }

    #[test]
    fn only_a_customer_of_a_sandbox_is_deleted_whatever_it_has() {
        for &partner_type in PartnerType::ALL {
            for active in [0, 3] {
                let sandbox = account(partner_type, Environment::Sandbox);
                assert_eq!(remove(Removal::Delete, &sandbox, active), Ok(()));
                let production = account(partner_type, Environment::Production);
                assert_eq!(remove(Removal::Delete, &production, active), Err(Refusal::NotASandbox));
            }
        }
    }

    #[test]
    fn a_relationship_ends_once_nothing_is_in_use_and_by_whose_it_is() {
        for &environment in Environment::ALL {
            for partner_type in [PartnerType::DirectBillPartner, PartnerType::IndirectProvider] {
                let account = account(partner_type, environment);
                assert_eq!(remove(Removal::EndRelationship, &account, 0), Ok(()));
                assert_eq!(remove(Removal::EndRelationship, &account, 2), Err(Refusal::ActiveSubscriptions(2)));
            }
            let reseller = account(PartnerType::IndirectReseller, environment);
            assert_eq!(remove(Removal::EndRelationship, &reseller, 0), Err(Refusal::IndirectReseller));
        }
    }
}
