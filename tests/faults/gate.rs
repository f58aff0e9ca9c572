//! The gate under race: whatever runs beside an order or a change of licences, neither goes past a gate that is closed
//! at the moment of its commit.

use countersign::{
    actions::{
        Failure,
        change_quantity::{self, Wanted, change_quantity},
        place_order::{Items, place_order_within},
    },
    domain::{
        actor::{Actor, Principal},
        audit::Action,
        order::{BillingCycle, Line, Offer, Refusal, TermDuration},
        role::Role,
    },
    store::{
        customers,
        idempotency::IdempotencyKey,
        offers,
        subscriptions::{self, Listed},
    },
};
use futures_util::future::{LocalBoxFuture, join_all};
use uuid::Uuid;

use crate::{
    on_both_databases,
    support::{
        TestDb,
        portal::{day, person},
    },
};

/// How often the gate closes.
fn rounds() -> u16 {
    match std::env::var("COUNTERSIGN_TEST_LONG") {
        Ok(long) if long == "1" => 2_000,
        _ => 500,
    }
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Written,
    Blocked,
    /// The version that closes the gate.
    Closed,
}

on_both_databases! {
    async fn nothing_passes_a_gate_that_closes_beside_it(portal) {
        race(portal).await;
    }
}

/// In each round two agents order, one of them changes a number of licences, and a version becomes mandatory, all at
/// once; then the customer is confirmed for that version.
async fn race(test_db: &TestDb) {
    let customer = test_db.add_customer("Contoso B.V.").await;
    test_db.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
    let race = Race::new(test_db, customer).await;
    let (first, second) = (race.agent("first").await, race.agent("second").await);
    assert_eq!(race.order(&first).await, Outcome::Written);

    let (mut written, mut blocked) = (0, 0);
    for round in 0..rounds() {
        let subscription = race.subscription().await;
        let mut attempts: Vec<LocalBoxFuture<'_, Outcome>> = vec![
            Box::pin(race.close(round)),
            Box::pin(race.order(&first)),
            Box::pin(race.change(&second, round, &subscription)),
            Box::pin(race.order(&second)),
        ];
        // Where attempts wait in a line, each is the first of it in its turn.
        attempts.rotate_left(usize::from(round % 4));
        for outcome in join_all(attempts).await {
            written += i64::from(outcome == Outcome::Written);
            blocked += i64::from(outcome == Outcome::Blocked);
        }
        let name = format!("Round {round}");
        test_db.confirm(customer, &person("Anna", &name, "anna@contoso.example"), day("2026-11-20")).await;
    }
    assert!(written > 0 && blocked > 0, "{written} were written and {blocked} blocked: nothing raced");
    let logged = test_db.events(Action::OrderPlaced).await + test_db.events(Action::QuantityChanged).await;
    assert_eq!(logged, written + 1, "what was acknowledged is in the log, and nothing else");
    test_db.assert_gate_held().await;
}

struct Race<'a> {
    test_db: &'a TestDb,
    customer: Uuid,
    offer: Offer,
}

impl<'a> Race<'a> {
    async fn new(test_db: &'a TestDb, customer: Uuid) -> Self {
        let mut conn = test_db.db.snapshot().await.expect("a snapshot");
        let offer = offers::all(&mut conn).await.expect("offers").swap_remove(0);
        Self { test_db, customer, offer }
    }

    async fn agent(&self, name: &str) -> Actor {
        let account = self.test_db.account.clone();
        let id = self.test_db.add_user(name, Role::SalesAgent, std::slice::from_ref(&account)).await;
        Actor { who: Principal::user(id, name), role: Role::SalesAgent, account }
    }

    /// The subscription that ends first, as it stands.
    async fn subscription(&self) -> Listed {
        let mut conn = self.test_db.db.snapshot().await.expect("a snapshot");
        let customer = customers::find(&mut conn, self.test_db.account.id, self.customer).await.expect("a read");
        let seq = customer.expect("a customer").seq;
        subscriptions::ending(&mut conn, seq, 1).await.expect("a read").pop().expect("a subscription")
    }

    /// A version becomes mandatory at once, published a day after the one before it.
    async fn close(&self, round: u16) -> Outcome {
        let published = (day("2020-02-01") + chrono::Days::new(round.into())).to_string();
        self.test_db.add_version(&format!("Version {round}"), &published, Some("2026-11-01")).await;
        Outcome::Closed
    }

    async fn order(&self, agent: &Actor) -> Outcome {
        let mut tx = self.test_db.db.write().await.expect("a change");
        let items = Items {
            lines: &[Line::of(self.offer.clone(), 5)],
            billing_cycle: BillingCycle::Monthly,
            term_duration: TermDuration::Year,
        };
        match place_order_within(&mut tx, agent, self.customer, self.test_db.clock.id(), &items).await {
            Ok(event) => {
                tx.commit(event).await.expect("a commit");
                Outcome::Written
            }
            Err(Failure::Refused(Refusal::GateClosed(_))) => Outcome::Blocked,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn change(&self, agent: &Actor, round: u16, subscription: &Listed) -> Outcome {
        let wanted = Wanted {
            customer_id: self.customer,
            subscription_id: subscription.id,
            etag: subscription.etag,
            quantity: 100 + i64::from(round),
            reason: None,
        };
        let mut hash = [0; 32];
        hash[..2].copy_from_slice(&round.to_be_bytes());
        let submission = IdempotencyKey { token_hash: hash, fields_hash: hash };
        match change_quantity(&self.test_db.db, agent, wanted, &submission, "").await {
            Ok(_) => Outcome::Written,
            Err(Failure::Refused(change_quantity::Refusal::GateClosed(_))) => Outcome::Blocked,
            Err(other) => panic!("{other:?}"),
        }
    }
}
