//! What the demo is filled with: customers imported on several days, confirmed in uneven weeks by agents with different
//! loads, a version that becomes mandatory some weeks from now, and what the gate blocks today.

use std::fmt::Write as _;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    USERS, accounts,
    fake_customers::{DemoHistory, FakeCustomer, SeededRng},
};
use crate::{
    actions::{
        add_agreement_version::{NewVersion, add_agreement_version},
        confirm_agreement::{accept_directly_within, confirm_within},
        edit_customer::{edit_company_within, edit_contact_within},
        import_customers, import_indirect_resellers, import_subscriptions,
        manage_partner_accounts::create_partner_account,
        manage_users::{self, NewUser},
        place_order::{Items, place_order_within},
        record_attempt::{KeptOrder, record_blocked_order},
        sign_in::hash_password,
    },
    domain::{
        actor::{Actor, Principal},
        agreement::{Attestation, Channel, ConfirmationStatus},
        audit::{Action, Event},
        clock::Clock,
        customer_file::CustomerLine,
        list_columns::ReadOptions,
        order::{Billing, BillingCycle, Line, Offer, Segment, TermDuration},
        partner_account::PartnerAccount,
        reseller_file,
        role::Role,
        status::week_of,
        subscription_file,
        token::random_token,
    },
    store::{
        Db,
        agreements::{self, TextLink},
        drafts::Owner,
        offers, order_drafts,
    },
};

/// Where the dice begin.
const SEED: u64 = 0x005e_ed0f_0a57_e11e;

/// Colleagues of the demo's users who confirm as well; nobody signs in as them.
const COLLEAGUES: [(&str, &str); 2] =
    [("tom.degroot@noordster.example", "Tom de Groot"), ("femke.postma@noordster.example", "Femke Postma")];

/// Who confirms, of ten: the admin, the sales agent, both colleagues.
const LOADS: [usize; 10] = [1, 2, 1, 3, 1, 2, 0, 1, 2, 3];

/// How many are confirmed in the weeks up to this one, of all of them.
const WEEKS: [i64; 20] = [6, 9, 3, 11, 8, 5, 9, 14, 6, 21, 17, 4, 11, 19, 8, 16, 12, 18, 15, 4];

/// Sizes of orders.
const SIZES: [i64; 12] = [5, 12, 3, 48, 8, 25, 1, 110, 18, 7, 64, 30];

/// The resellers of the demo's indirect provider.
const RESELLERS: &str = "Name,MPN ID,Tenant ID,Agreement signed
Kustlijn ICT B.V.,4847383,5b0c1a52-3e0f-4f0e-9a3c-6b7f3f2a1c11,yes
Heuvelrug Automatisering,5012277,8a1de3d4-0c55-4c7e-8f57-2f2f4a9d7b22,yes
Polder & Partners,5120964,c2f5a7be-91d6-4b0a-b6b3-7d1e8c3f5e33,no
";

/// An account with its customers and those who confirm for them.
struct Place {
    account: PartnerAccount,
    actors: Vec<Actor>,
    customers: Vec<FakeCustomer>,
}

/// Fills an empty database: everything in the past, but what the order gate blocks `now`.
pub(super) async fn fill(now: &Db, customers: usize, password_hash: &str) -> anyhow::Result<()> {
    let clock = Clock::at(at(day(2020, 1, 20)));
    let db = now.with_clock(clock.clone());
    let today = now.clock.now().date_naive();
    let accounts = accounts().context("the demo's country")?;
    for account in &accounts {
        create_partner_account(&db, Principal::command_line(), account).await?;
        clock.advance(TimeDelta::minutes(1));
    }
    let staff = staff(&db, &clock, &accounts, password_hash).await?;

    let provider = Actor::command_line(accounts[3].clone());
    let resellers = reseller_file::read(RESELLERS.as_bytes(), &ReadOptions::on(clock.now().date_naive()))
        .map_err(|_| anyhow::anyhow!("the demo's resellers"))?;
    import_indirect_resellers::apply(&db, &provider, &resellers).await?;

    // A fifth of the customers in the four smaller accounts, the rest where everybody lands.
    let few = customers / 20;
    let mut rng = SeededRng(SEED);
    let mut places = Vec::new();
    for (number, account) in accounts.into_iter().enumerate() {
        let count = if number == 0 { customers - few * 4 } else { few };
        let customers = (0..count).map(|number| FakeCustomer::new(number, &mut rng)).collect();
        let actors = staff.iter().map(|(who, role)| Actor { who: who.clone(), role: *role, account: account.clone() });
        places.push(Place { actors: actors.collect(), account, customers });
    }

    // Who accepted long ago came first; the others came in several files since.
    let latest = day(2025, 10, 1).min(today - TimeDelta::days(150));
    let imports = [day(2020, 2, 3), day(2021, 9, 13), day(2023, 5, 22), day(2024, 11, 4), today - TimeDelta::days(33)];
    let early = |one: &FakeCustomer| matches!(one.history, DemoHistory::Again | DemoHistory::Twice);
    let import_of = |number: usize, one: &FakeCustomer| match (early(one), number % 16) {
        (true, _) | (false, 0..7) => number % 2,
        (false, 7..11) => 2,
        (false, 11..15) => 3,
        (false, _) if one.history == DemoHistory::Not => 4,
        _ => 3,
    };
    import_on(&db, &clock, &places, imports[0], |number, one| import_of(number, one) == 0).await?;
    import_on(&db, &clock, &places, imports[1], |number, one| import_of(number, one) == 1).await?;
    for place in places.iter().filter(|place| place.account.confirms()) {
        let due: Vec<&FakeCustomer> = place.customers.iter().filter(|one| early(one)).collect();
        let days = spread(due.len(), day(2021, 10, 4), 53);
        confirm(&db, &clock, place, &due, &days).await?;
    }
    add_version(&db, &clock, "Microsoft Customer Agreement, accepted on or after 1 April 2023", day(2023, 4, 1), {
        day(2026, 1, 5).min(today - TimeDelta::days(30))
    })
    .await?;
    import_on(&db, &clock, &places, imports[2], |number, one| import_of(number, one) == 2).await?;
    import_on(&db, &clock, &places, imports[3], |number, one| import_of(number, one) == 3).await?;
    // A sixth of those who are confirmed have yet to accept the latest version.
    let confirmed = |one: &FakeCustomer| !matches!(one.history, DemoHistory::Again | DemoHistory::Not);
    for place in places.iter().filter(|place| place.account.confirms()) {
        let due = place.customers.iter().filter(|one| confirmed(one)).step_by(6);
        let due: Vec<&FakeCustomer> = due.collect();
        let days = spread(due.len(), day(2024, 11, 11), 30);
        confirm(&db, &clock, place, &due, &days).await?;
    }
    let mandatory = week_of(today) + TimeDelta::days(7 * 12);
    add_version(&db, &clock, "Microsoft Customer Agreement, October 2025", latest, mandatory).await?;
    for place in places.iter().filter(|place| place.account.confirms()) {
        let due = place.customers.iter().filter(|one| confirmed(one)).enumerate();
        let due: Vec<&FakeCustomer> = due.filter(|(number, _)| number % 6 != 0).map(|(_, one)| one).collect();
        confirm(&db, &clock, place, &due, &uneven(due.len(), today)).await?;
    }
    import_on(&db, &clock, &places, imports[4], |number, one| import_of(number, one) == 4).await?;
    block_orders(now, &places[0]).await
}

/// The demo's users and their colleagues.
async fn staff(
    db: &Db,
    clock: &Clock,
    accounts: &[PartnerAccount],
    password_hash: &str,
) -> anyhow::Result<Vec<(Principal, Role)>> {
    let mut staff = Vec::new();
    let unknown = hash_password(random_token()).await?;
    let colleagues = COLLEAGUES.map(|(email, name)| (email, name, Role::SalesAgent, unknown.as_str()));
    let users = USERS.map(|(email, name, role)| (email, name, role, password_hash));
    for (email, name, role, password_hash) in users.into_iter().chain(colleagues) {
        let new = NewUser { email, display_name: name, password_hash };
        let id = manage_users::create_user(db, Principal::command_line(), new, accounts, role).await?;
        clock.advance(TimeDelta::minutes(1));
        if role != Role::Manager {
            staff.push((Principal::user(id, name), role));
        }
    }
    Ok(staff)
}

async fn add_version(
    db: &Db,
    clock: &Clock,
    label: &str,
    published_on: NaiveDate,
    mandatory_from: NaiveDate,
) -> anyhow::Result<()> {
    clock.set(at(published_on));
    let versions = agreements::versions(&mut db.snapshot().await?).await?;
    if versions.iter().any(|version| version.published_on == published_on) {
        return Ok(());
    }
    let version = NewVersion {
        label: label.to_owned(),
        template_id: versions.latest().template_id,
        published_on,
        mandatory_from: Some(mandatory_from),
        links: vec![TextLink {
            country: "*".into(),
            language: "*".into(),
            url: "https://aka.ms/customeragreement".into(),
        }],
    };
    add_agreement_version(db, Principal::command_line(), version).await?;
    Ok(())
}

/// A day for each of some confirmations, from a day on over so many weeks.
fn spread(count: usize, from: NaiveDate, weeks: i64) -> Vec<NaiveDate> {
    let all = i64::try_from(count.max(1)).expect("a count fits");
    (0..all).map(|number| from + TimeDelta::days(number * weeks * 7 / all)).collect()
}

/// A day for each of some confirmations in the weeks up to this one, as uneven as [`WEEKS`], on its working days.
fn uneven(count: usize, today: NaiveDate) -> Vec<NaiveDate> {
    let (all, weights) = (i64::try_from(count).expect("a count fits"), WEEKS.iter().sum::<i64>());
    let first = week_of(today) - TimeDelta::days(7 * (i64::try_from(WEEKS.len()).expect("a count fits") - 1));
    let (mut days, mut before) = (Vec::new(), 0);
    for (week, weight) in (0..).zip(WEEKS) {
        let until = (before + weight) * all / weights;
        let so_far = before * all / weights;
        for number in so_far..until {
            let day = first + TimeDelta::days(7 * week + (number - so_far) * 5 / (until - so_far));
            // Nothing is recorded later than now.
            days.push(day.min(today - TimeDelta::days(1)));
        }
        before += weight;
    }
    days
}

/// Customers in one change: enough that a large demo is made quickly, few enough that others may write between.
const BATCH: usize = 500;

/// Imports customers of every account on one day.
async fn import_on(
    db: &Db,
    clock: &Clock,
    places: &[Place],
    on: NaiveDate,
    is_in: impl Fn(usize, &FakeCustomer) -> bool,
) -> anyhow::Result<()> {
    clock.set(at(on));
    for place in places {
        let made = place.customers.iter().enumerate().filter(|(number, one)| is_in(*number, one));
        let made: Vec<&FakeCustomer> = made.map(|(_, one)| one).collect();
        import(db, &place.account, &made).await?;
    }
    Ok(())
}

async fn import(db: &Db, account: &PartnerAccount, made: &[&FakeCustomer]) -> anyhow::Result<()> {
    let actor = Actor::command_line(account.clone());
    for batch in made.chunks(BATCH) {
        let mut tx = db.write().await?;
        for one in batch {
            let line = CustomerLine {
                microsoft_id: one.id,
                company_name: one.company.name.clone(),
                domain: one.domain.clone(),
                accepted_directly: None,
            };
            import_customers::add(&mut tx, &actor, &line).await?;
            if one.is_complete {
                let event = edit_company_within(&mut tx, &actor, one.id, 1, &one.company).await?;
                tx.record(event);
                let event = edit_contact_within(&mut tx, &actor, one.id, 1, &one.contact).await?;
                tx.record(event);
            }
        }
        let event = Event::by(&actor, db.clock.id(), db.clock.now(), Action::CustomersImported)
            .with(serde_json::json!({ "new": batch.len() }));
        tx.commit(event).await?;
    }
    Ok(())
}

/// Confirms customers, each on its day, and orders something for some of them.
async fn confirm(
    db: &Db,
    clock: &Clock,
    place: &Place,
    due: &[&FakeCustomer],
    days: &[NaiveDate],
) -> anyhow::Result<()> {
    let mut conn = db.snapshot().await?;
    let version_id = agreements::versions(&mut conn).await?.latest().id;
    let offers: Vec<Offer> = offers::all(&mut conn).await?.into_iter().filter(is_for_all).collect();
    drop(conn);
    let due: Vec<(usize, (&FakeCustomer, NaiveDate))> =
        due.iter().copied().zip(days.iter().copied()).enumerate().collect();
    for batch in due.chunks(BATCH) {
        let mut tx = db.write().await?;
        let mut last = None;
        for &(number, (one, day)) in batch {
            let minutes = i64::try_from(number % 300).expect("below 300");
            clock.set(at(day) + TimeDelta::minutes(minutes));
            let actor = &place.actors[LOADS[number % LOADS.len()]];
            let date_agreed =
                actor.account.today(clock.now()) - TimeDelta::days(i64::try_from(number % 9).expect("below 9"));
            let event = if one.history == DemoHistory::Direct {
                let on = (number % 2 == 0).then_some(date_agreed);
                accept_directly_within(&mut tx, actor, one.id, on, Channel::Import).await?
            } else {
                let attestation = Attestation {
                    person: one.acceptor.clone(),
                    date_agreed,
                    version_id,
                    predates_version_acknowledged: true,
                };
                let channel = if number % 5 == 4 { Channel::OrderPrompt } else { Channel::AccountInfo };
                Some(confirm_within(&mut tx, actor, one.id, &attestation, channel).await?.1)
            };
            if let Some(event) = last.replace(event).flatten() {
                tx.record(event);
            }
            if number % 3 == 0 && !offers.is_empty() {
                let lines: Vec<Line> = lines(&offers, number).collect();
                let items =
                    Items { lines: &lines, billing_cycle: BillingCycle::Monthly, term_duration: TermDuration::Year };
                let order_id = clock.id();
                let event = place_order_within(&mut tx, actor, one.id, order_id, &items).await?;
                if let Some(event) = last.replace(Some(event)).flatten() {
                    tx.record(event);
                }
            }
        }
        if let Some(event) = last.flatten() {
            tx.commit(event).await?;
        }
    }
    Ok(())
}

/// One to three lines of different sizes.
fn lines(offers: &[Offer], number: usize) -> impl Iterator<Item = Line> {
    let many = (number / 3 % 3 + 1).min(offers.len());
    (0..many).map(move |line| {
        let offer = &offers[(number + line) % offers.len()];
        let size = SIZES[(number / 3 + line * 5) % SIZES.len()];
        Line::of(offer.clone(), size.clamp(offer.minimum_quantity, offer.maximum_quantity))
    })
}

/// What the order gate blocks today: subscriptions that somebody has to renew soon, others that go on, and orders that
/// wait.
async fn block_orders(db: &Db, place: &Place) -> anyhow::Result<()> {
    let actor = &place.actors[1];
    let now = db.clock.now();
    let today = actor.account.today(now);
    let unconfirmed = place.customers.iter().rev().filter(|one| one.history == DemoHistory::Not);
    let unconfirmed: Vec<&FakeCustomer> = unconfirmed.collect();
    let mut file =
        "Subscription ID,Subscription,Quantity,Status,Microsoft ID,Auto renew,Renewal date,Term\n".to_owned();
    let products = ["Visio Plan 2", "Microsoft 365 Business Standard", "Exchange Online (Plan 1)", "Power BI Pro"];
    for (number, one) in (0_i64..).zip(unconfirmed.iter().take(24)) {
        let place = usize::try_from(number).expect("a small number");
        let renews = if number < 7 { 9 + number * 11 } else { 120 + number * 9 };
        let (product, quantity) = (products[place % products.len()], SIZES[place % SIZES.len()]);
        let auto_renew = if number < 7 { "no" } else { "yes" };
        let renews = today + TimeDelta::days(renews);
        writeln!(file, "{},{product},{quantity},Active,{},{auto_renew},{renews},P1Y", db.clock.id(), one.id)?;
    }
    let file = subscription_file::read(file.as_bytes(), &ReadOptions::on(today))
        .map_err(|_| anyhow::anyhow!("the demo's subscriptions of customers who are not confirmed"))?;
    import_subscriptions::apply(db, actor, &file).await?;

    let offers = offers::all(&mut db.snapshot().await?).await?;
    let offers: Vec<Offer> = offers.into_iter().filter(is_for_all).collect();
    if offers.is_empty() {
        return Ok(());
    }
    for (number, one) in unconfirmed.iter().skip(4).step_by(3).take(5).enumerate() {
        let actor = &place.actors[[1, 2, 1, 3, 2][number]];
        let lines: Vec<Line> = lines(&offers, 3 * number + 1).collect();
        let entries = lines.iter().flat_map(|line| {
            let quantity = line.quantity.to_string();
            [("offer_id".to_owned(), line.offer.id.clone()), ("quantity".to_owned(), quantity)]
        });
        let waits = TimeDelta::hours([268, 201, 126, 77, 1][number]);
        let then = db.with_clock(Clock::at(now - waits));
        let (id, entries) = (then.clock.id(), entries.collect());
        let mut tx = then.maintenance().await?;
        order_drafts::save(&mut tx, Owner::of(actor), one.id, id, &entries, then.clock.now()).await?;
        tx.commit().await?;
        let licences = lines.iter().map(|line| line.quantity).sum();
        let kept = KeptOrder { draft_id: id, licences };
        record_blocked_order(&then, actor, one.id, ConfirmationStatus::NotConfirmed, kept).await?;
    }
    Ok(())
}

/// Whether every customer may order an offer by the licence.
fn is_for_all(offer: &Offer) -> bool {
    offer.billing == Billing::License && offer.prerequisite_offer_id.is_none() && offer.segment == Segment::Commercial
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the demo names days that exist")
}

/// A working morning.
fn at(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(7, 14, 0).expect("a time of day").and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uneven_weeks_hold_every_confirmation_and_none_of_today() {
        let today = day(2026, 12, 1);
        for count in [0, 1, 7, 149, 12_345] {
            let days = uneven(count, today);
            assert_eq!(days.len(), count);
            assert!(days.is_sorted() && days.iter().all(|day| *day < today), "{days:?}");
        }
    }
}
