//! The figures that are kept against the customers they count.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use countersign::{
    actions::{Failure, confirm_agreement, edit_customer, import_customers, remove_customer::remove_customer},
    domain::{
        actor::{Actor, Principal},
        agreement::{Attestation, Channel},
        country::Country,
        customer::Company,
        customer_file,
        list_columns::ReadOptions,
        removal::Removal,
        role::Role,
        token::token_hash,
    },
    store::{self, customers, idempotency::IdempotencyKey},
};
use uuid::Uuid;

use crate::{
    on_both_databases,
    support::{
        TestDb,
        direct::Direct,
        portal::{day, person},
        rng::SeededRng,
    },
};

on_both_databases! {
    async fn the_kept_counts_are_right_after_a_long_series_of_changes(portal) {
        let agent = Agent::new(portal, 0).await;
        let mut rng = SeededRng::new(1);
        for _ in 0..10 {
            for _ in 0..20 {
                agent.does_something(&mut rng).await.unwrap();
            }
            agrees(portal).await;
        }
    }

    async fn the_kept_counts_are_right_after_eight_agents_at_once(portal) {
        let mut agents = Vec::new();
        for number in 0..8 {
            agents.push(Agent::new(portal, number).await);
        }
        let done = AtomicUsize::new(0);
        let work = agents.iter().zip(10..).map(async |(agent, seed)| {
            let mut rng = SeededRng::new(seed);
            for _ in 0..40 {
                match agent.does_something(&mut rng).await {
                    Ok(()) => done.fetch_add(1, Ordering::Relaxed),
                    Err(error) => panic!("{error}"),
                };
            }
        });
        futures_util::future::join_all(work).await;
        assert_eq!(done.into_inner(), 320);
        agrees(portal).await;
    }
}

/// Asserts that the kept counts are what counting gives.
async fn agrees(test_db: &TestDb) {
    let mut direct = Direct::connect(&test_db.location).await;
    let (nil, text) = if direct.is_sqlite() {
        ("zeroblob(16)", ["hex(partner_account_id)", "hex(agent)", "hex(version)"])
    } else {
        ("'00000000-0000-0000-0000-000000000000'::uuid", ["partner_account_id::text", "agent::text", "version::text"])
    };
    let [account, agent, version] = text;
    let counted = direct
        .rows(&format!(
            "SELECT {account}, country, {agent}, {version}, CAST(count(*) AS TEXT) FROM \
             (SELECT partner_account_id, coalesce(country, '') AS country, coalesce(agent_id, {nil}) AS agent, \
             coalesce(agreement_version_id, {nil}) AS version FROM customers WHERE removed_at IS NULL) AS c \
             GROUP BY partner_account_id, country, agent, version ORDER BY 1, 2, 3, 4"
        ))
        .await;
    let kept = direct
        .rows(&format!(
            "SELECT {account}, country, {agent}, {version}, CAST(customers AS TEXT) FROM \
             (SELECT partner_account_id, country, agent_id AS agent, agreement_version_id AS version, customers \
             FROM customer_counts) AS n WHERE customers <> 0 ORDER BY 1, 2, 3, 4"
        ))
        .await;
    assert!(counted.len() > 2, "{counted:?}");
    assert_eq!(kept, counted);
}

/// Somebody who works with the same few customers as everybody else.
struct Agent<'a> {
    test_db: &'a TestDb,
    actor: Actor,
}

impl<'a> Agent<'a> {
    async fn new(test_db: &'a TestDb, number: usize) -> Self {
        let name = format!("agent{number}");
        let account = test_db.account.clone();
        let id = test_db.add_user(&name, Role::AdminAgent, std::slice::from_ref(&account)).await;
        Self { test_db, actor: Actor { who: Principal::user(id, name), role: Role::AdminAgent, account } }
    }

    async fn does_something(&self, rng: &mut SeededRng) -> Result<(), store::Error> {
        self.test_db.clock.advance(TimeDelta::seconds(1));
        let customer = rng.below(30);
        match rng.below(5) {
            0 => self.imports(rng).await,
            1 => self.moves(customer, rng).await,
            2 => self.removes(customer).await,
            _ => self.confirms(customer, rng).await,
        }
    }

    /// A file that adds, renames, says who accepted directly, and repeats.
    async fn imports(&self, rng: &mut SeededRng) -> Result<(), store::Error> {
        let mut file = "Microsoft ID,Company name,Primary domain name,Accepted directly\n".to_owned();
        let first = rng.below(30);
        for number in (first..30).take(5) {
            let name = rng.below(3);
            let direct = ["", "", "yes", "2024-05-06"][rng.below(4)];
            file.extend([
                &id(number).to_string(),
                ",Contoso ",
                &format!(
                    "{number} {name},contoso{number}.example,{direct}
"
                ),
            ]);
        }
        let today = self.actor.account.today(self.test_db.clock.now());
        let file = customer_file::read(file.as_bytes(), &ReadOptions::on(today)).expect("a file");
        for _ in 0..20 {
            match import_customers::apply(&self.test_db.db, &self.actor, &file).await {
                // Somebody else has added one of them meanwhile: nothing of the file is written.
                Err(Failure::Store(store::Error::Conflict(_))) => {}
                other => return only_the_database(other.map(drop)),
            }
        }
        panic!("a file is never written");
    }

    /// To another country.
    async fn moves(&self, customer: usize, rng: &mut SeededRng) -> Result<(), store::Error> {
        let country = [None, Country::parse("NL"), Country::parse("BE"), Country::parse("DE")][rng.below(4)];
        let mut tx = self.test_db.db.write().await?;
        let Some(known) = customers::find(&mut tx, self.actor.account.id, id(customer)).await? else {
            return Ok(());
        };
        let company = Company { country, ..known.company() };
        let edit = edit_customer::edit_company_within(&mut tx, &self.actor, known.id, known.company_etag, &company);
        match edit.await {
            Ok(event) => tx.commit(event).await,
            Err(failure) => only_the_database(Err(failure)),
        }
    }

    /// Until a file brings it back.
    async fn removes(&self, customer: usize) -> Result<(), store::Error> {
        let token = self.test_db.db.clock.id();
        let submission = IdempotencyKey { token_hash: token_hash(&token.to_string()), fields_hash: [0; 32] };
        let removal = Removal::EndRelationship;
        only_the_database(
            remove_customer(&self.test_db.db, &self.actor, id(customer), removal, &submission, "").await.map(drop),
        )
    }

    async fn confirms(&self, customer: usize, rng: &mut SeededRng) -> Result<(), store::Error> {
        let attestation = Attestation {
            person: person("Anna", "de Vries", &format!("anna{}@contoso.example", rng.below(1000))),
            date_agreed: day("2026-03-12") + TimeDelta::days(i64::try_from(rng.below(60)).expect("a small number")),
            version_id: self.test_db.latest_version().await.id,
            predates_version_acknowledged: true,
        };
        let mut tx = self.test_db.db.write().await?;
        let channel = Channel::AccountInfo;
        match confirm_agreement::confirm_within(&mut tx, &self.actor, id(customer), &attestation, channel).await {
            Ok((_, event)) => tx.commit(event).await,
            Err(failure) => only_the_database(Err(failure)),
        }
    }
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 + number as u128)
}

/// What a rule refuses is part of a random series; what the database cannot do is not.
fn only_the_database<R: std::fmt::Debug>(result: Result<(), Failure<R>>) -> Result<(), store::Error> {
    match result {
        Err(Failure::Store(error)) => Err(error),
        _ => Ok(()),
    }
}
