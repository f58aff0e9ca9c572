//! What must hold whatever goes wrong: no acknowledged confirmation is lost, none is there twice, and what is
//! changed behind the portal's back shows.

mod append_only;
mod busy;
mod cancelled;
mod counts;
mod gate;
mod killed;
mod logged;
mod new_customer;
mod pool;
mod tampered;
mod verdicts;

use countersign::store::{Db, agreements, customers};
use uuid::Uuid;

use crate::support::{Browser, TestDb, browser::Form};

/// A confirmation on its way in, told from others by the acceptor's email address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sent {
    customer: Uuid,
    email: String,
}

impl Sent {
    fn new(customer: Uuid, number: impl std::fmt::Display) -> Self {
        Self { customer, email: format!("person{number}@contoso.example") }
    }

    /// The Update form as it comes.
    fn path(&self) -> String {
        format!("/customers/{}/agreements/new", self.customer)
    }

    /// The Update form, filled in.
    fn fill(&self, form: Form) -> Form {
        form.with("first_name", "Anna")
            .with("last_name", "de Vries")
            .with("email", &self.email)
            .with("date_agreed", "12-3-2026")
    }

    /// Opens the Update form and fills it in.
    async fn form(&self, browser: &Browser) -> Form {
        self.fill(browser.form(&self.path()).await)
    }
}

/// Every confirmation there is of some customers, in order.
async fn recorded(db: &Db, test_db: &TestDb, of: &[Uuid]) -> Vec<Sent> {
    let mut conn = db.snapshot().await.expect("a snapshot");
    let versions = agreements::versions(&mut conn).await.expect("versions");
    let mut recorded = Vec::new();
    for &customer in of {
        let seq =
            customers::find(&mut conn, test_db.account.id, customer).await.expect("a read").expect("a customer").seq;
        for agreement in agreements::of_customer(&mut conn, seq, &versions).await.expect("agreements") {
            let email = agreement.acceptance.person().expect("a person").email.to_string();
            recorded.push(Sent { customer, email });
        }
    }
    recorded.sort();
    recorded
}

/// Adds customers.
async fn add_customers(test_db: &TestDb, count: usize) -> Vec<Uuid> {
    let mut customers = Vec::with_capacity(count);
    for number in 0..count {
        customers.push(test_db.add_customer(&format!("Contoso {number}")).await);
    }
    customers
}
