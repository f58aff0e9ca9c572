//! Who may do what: every confirmation status, cloud, partner type, environment and role in one table.

use countersign::domain::{
    agreement::ConfirmationStatus,
    partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
    role::Role,
};
use uuid::Uuid;

use super::orders::{EXCHANGE, quantity, subscribed};
use crate::{
    on_sqlite,
    support::{
        Browser, Portal,
        browser::Form,
        portal::{day, person},
    },
};

/// A cell of the table.
#[derive(Clone, Copy)]
struct Cell {
    confirmation_status: ConfirmationStatus,
    cloud: Cloud,
    partner_type: PartnerType,
    environment: Environment,
    role: Role,
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { confirmation_status, cloud, partner_type, environment, role } = self;
        write!(f, "{confirmation_status}, {cloud}, {partner_type}, {environment}, {role}")
    }
}

/// What somebody meets.
#[derive(Debug, PartialEq, Eq)]
struct Observed {
    /// Account info offers *Update*.
    update: bool,
    /// The status of the Update form.
    update_form: u16,
    /// What *New order* shows.
    new_order: Shown,
    /// What comes of an order sent to it.
    order: u16,
    /// What comes of a changed number of licences.
    licences: u16,
    /// Whether subscriptions can be suspended and their renewal switched.
    switches: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Shown {
    Refused,
    Offers,
    /// *Complete the confirmation first*.
    Prompt,
    /// That the indirect provider confirms.
    Provider,
}

impl Cell {
    /// What the rules say, as plainly as they can be said.
    fn expected(self) -> Observed {
        if self.role == Role::Manager {
            return Observed {
                update: false,
                update_form: 403,
                new_order: Shown::Refused,
                order: 403,
                licences: 403,
                switches: false,
            };
        }
        let applies = self.cloud == Cloud::Public;
        let confirms = applies && self.partner_type != PartnerType::IndirectReseller;
        let open = !applies || self.confirmation_status == ConfirmationStatus::Confirmed;
        Observed {
            update: confirms,
            update_form: if confirms { 200 } else { 303 },
            new_order: match (open, confirms) {
                (true, _) => Shown::Offers,
                (false, true) => Shown::Prompt,
                (false, false) => Shown::Provider,
            },
            order: if open { 303 } else { 409 },
            licences: if open { 303 } else { 409 },
            switches: true,
        }
    }
}

/// A customer with a subscription.
struct Subject {
    confirmation_status: ConfirmationStatus,
    customer: Uuid,
    licences: String,
}

/// Somebody signed in, and the forms left open since every gate was open: one pair for each subject.
struct User {
    role: Role,
    browser: Browser,
    open: Vec<[Form; 2]>,
}

impl Subject {
    /// Orders licences for a new customer; the account's gate is open.
    async fn new(portal: &Portal, confirmation_status: ConfirmationStatus, name: &str) -> Self {
        let customer = portal.add_customer(name).await;
        let agent = portal.signed_in("admin").await;
        let licences = subscribed(&agent, customer).await;
        Self { confirmation_status, customer, licences }
    }

    /// Opens the forms of an order and of a number of licences.
    async fn forms(&self, browser: &Browser) -> [Form; 2] {
        let order = quantity(browser.form(&new_order(self.customer)).await, EXCHANGE, "25");
        [order, browser.form(&self.licences).await]
    }

    async fn met(&self, user: &User, place: usize, number: usize) -> Observed {
        let (customer, browser) = (self.customer, &user.browser);
        let update_path = format!("/customers/{customer}/agreements/new");
        let account = browser.get(&format!("/customers/{customer}/account")).await;
        assert_eq!(account.status, 200, "everybody sees Account info");
        let list = browser.get(&format!("/customers/{customer}/subscriptions")).await;
        assert_eq!(list.status, 200, "everybody sees subscriptions");
        let page = browser.get(&new_order(customer)).await;
        let new_order = match page.status {
            200 if page.main().contains("Complete the confirmation first") => Shown::Prompt,
            200 if page.main().contains("Your indirect provider has to confirm it") => Shown::Provider,
            200 if page.form().has("offer_id") => Shown::Offers,
            403 => Shown::Refused,
            other => panic!("{other}: {}", page.main()),
        };
        // Behind a closed gate there is no form to open: what was left open is sent.
        let [order, tx] = match new_order {
            Shown::Offers => self.forms(browser).await,
            _ => user.open[place].clone(),
        };
        Observed {
            update: account.attributes("main a", "href").contains(&update_path),
            update_form: browser.get(&update_path).await.status,
            new_order,
            order: browser.submit(&order).await.status,
            licences: browser.submit(&tx.with("quantity", &(100 + number).to_string())).await.status,
            switches: list.attributes(".row-acts form [name=status]", "value").len() == 1,
        }
    }
}

fn new_order(customer: Uuid) -> String {
    format!("/customers/{customer}/orders/new")
}

impl User {
    async fn new(portal: &Portal, role: Role, subjects: &[Subject]) -> Self {
        let name = match role {
            Role::Manager => "manager",
            Role::SalesAgent => "sales",
            Role::AdminAgent => "admin",
        };
        let browser = portal.signed_in(name).await;
        // A manager has no such form; one sends an agent's.
        let agent = if role == Role::Manager { &portal.signed_in("admin").await } else { &browser };
        let mut open = Vec::new();
        for subject in subjects {
            open.push(subject.forms(agent).await);
        }
        Self { role, browser, open }
    }
}

on_sqlite! {
    async fn who_may_do_what_follows_from_standing_cloud_partner_type_environment_and_role(portal) {
        // In a national cloud everybody may order, so that even the unconfirmed have a subscription.
        portal.set_account(&PartnerAccount { cloud: Cloud::Germany, ..portal.account.clone() }).await;
        let subjects = [
            Subject::new(portal, ConfirmationStatus::NotConfirmed, "Not confirmed").await,
            Subject::new(portal, ConfirmationStatus::ReconfirmationDue, "Reconfirmation due").await,
            Subject::new(portal, ConfirmationStatus::Confirmed, "Confirmed").await,
        ];
        let mut users = Vec::new();
        for &role in Role::ALL {
            users.push(User::new(portal, role, &subjects).await);
        }
        portal.set_account(&portal.account).await;
        let anna = person("Anna", "de Vries", "anna@contoso.example");
        portal.confirm(subjects[1].customer, &anna, day("2026-03-12")).await;
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", Some("2026-11-02")).await;
        portal.confirm(subjects[2].customer, &anna, day("2026-11-12")).await;
        let mut number = 0;
        for &cloud in Cloud::ALL {
            for &partner_type in PartnerType::ALL {
                for &environment in Environment::ALL {
                    let account = PartnerAccount { cloud, partner_type, environment, ..portal.account.clone() };
                    portal.set_account(&account).await;
                    for (place, subject) in subjects.iter().enumerate() {
                        for user in &users {
                            let (confirmation_status, role) = (subject.confirmation_status, user.role);
                            let cell = Cell { confirmation_status, cloud, partner_type, environment, role };
                            assert_eq!(subject.met(user, place, number).await, cell.expected(), "{cell}");
                            number += 1;
                        }
                    }
                }
            }
        }
        assert_eq!(number, 4 * 3 * 2 * 3 * 3);
    }
}
