//! The figures that are kept against the customers they count.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use countersign::{
    actions::{Failure, confirm_agreement, edit_customer, import_customers, remove_customer::remove_customer},
    domain::{
        actor::{Actor, Who},
        agreement::{Attestation, Door},
        country::Country,
        customer::Company,
        customer_file,
        removal::Removal,
        role::Role,
        token::token_hash,
    },
    store::{self, customers, submissions::Submission},
};
use uuid::Uuid;

use crate::{
    on_both_databases,
    support::{
        Ground,
        dice::Dice,
        direct::Direct,
        portal::{day, person},
    },
};

on_both_databases! {
    async fn the_kept_counts_are_right_after_a_long_series_of_changes(portal) {
        let agent = Agent::new(portal, 0).await;
        let mut dice = Dice::new(1);
        for _ in 0..10 {
            for _ in 0..20 {
                agent.does_something(&mut dice).await.unwrap();
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
            let mut dice = Dice::new(seed);
            for _ in 0..40 {
                match agent.does_something(&mut dice).await {
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
async fn agrees(ground: &Ground) {
    let mut direct = Direct::connect(&ground.location).await;
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
    ground: &'a Ground,
    actor: Actor,
}

impl<'a> Agent<'a> {
    async fn new(ground: &'a Ground, number: usize) -> Self {
        let name = format!("agent{number}");
        let account = ground.account.clone();
        let id = ground.add_user(&name, Role::AdminAgent, std::slice::from_ref(&account)).await;
        Self { ground, actor: Actor { who: Who::user(id, name), role: Role::AdminAgent, account } }
    }

    async fn does_something(&self, dice: &mut Dice) -> Result<(), store::Error> {
        self.ground.clock.advance(TimeDelta::seconds(1));
        let customer = dice.below(30);
        match dice.below(5) {
            0 => self.imports(dice).await,
            1 => self.moves(customer, dice).await,
            2 => self.removes(customer).await,
            _ => self.confirms(customer, dice).await,
        }
    }

    /// A file that adds, renames, says who accepted directly, and repeats.
    async fn imports(&self, dice: &mut Dice) -> Result<(), store::Error> {
        let mut file = "Microsoft ID,Company name,Primary domain name,Accepted directly\n".to_owned();
        let first = dice.below(30);
        for number in (first..30).take(5) {
            let name = dice.below(3);
            let direct = ["", "", "yes", "2024-05-06"][dice.below(4)];
            file.extend([
                &id(number).to_string(),
                ",Contoso ",
                &format!(
                    "{number} {name},contoso{number}.example,{direct}
"
                ),
            ]);
        }
        let today = self.actor.account.today(self.ground.clock.now());
        let file = customer_file::read(file.as_bytes(), today).expect("a file");
        for _ in 0..20 {
            match import_customers::apply(&self.ground.db, &self.actor, &file).await {
                // Somebody else has added one of them meanwhile: nothing of the file is written.
                Err(Failure::Store(store::Error::Conflict(_))) => {}
                other => return only_the_database(other.map(drop)),
            }
        }
        panic!("a file is never written");
    }

    /// To another country.
    async fn moves(&self, customer: usize, dice: &mut Dice) -> Result<(), store::Error> {
        let country = [None, Country::parse("NL"), Country::parse("BE"), Country::parse("DE")][dice.below(4)];
        let mut change = self.ground.db.change().await?;
        let Some(known) = customers::find(&mut change, self.actor.account.id, id(customer)).await? else {
            return Ok(());
        };
        let company = Company { country, ..known.company() };
        let edit = edit_customer::edit_company_within(&mut change, &self.actor, known.id, known.company_etag, &company);
        match edit.await {
            Ok(event) => change.commit(event).await,
            Err(failure) => only_the_database(Err(failure)),
        }
    }

    /// Until a file brings it back.
    async fn removes(&self, customer: usize) -> Result<(), store::Error> {
        let token = self.ground.db.clock.id();
        let submission = Submission { token_hash: token_hash(&token.to_string()), fields_hash: [0; 32] };
        let removal = Removal::EndRelationship;
        only_the_database(
            remove_customer(&self.ground.db, &self.actor, id(customer), removal, &submission, "").await.map(drop),
        )
    }

    async fn confirms(&self, customer: usize, dice: &mut Dice) -> Result<(), store::Error> {
        let attestation = Attestation {
            person: person("Anna", "de Vries", &format!("anna{}@contoso.example", dice.below(1000))),
            date_agreed: day("2026-03-12") + TimeDelta::days(i64::try_from(dice.below(60)).expect("a small number")),
            version_id: self.ground.latest_version().await.id,
            older_than_version_seen: true,
        };
        let mut change = self.ground.db.change().await?;
        let door = Door::AccountInfo;
        match confirm_agreement::confirm_within(&mut change, &self.actor, id(customer), &attestation, door).await {
            Ok((_, event)) => change.commit(event).await,
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
