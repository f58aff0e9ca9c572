//! New customers while the database is busy, and creations that are cut off: all of it is there, or nothing.

use chrono::NaiveDate;
use countersign::{
    actions::{
        Outcome,
        create_customer::{Creation, create_customer},
        place_order::Items,
    },
    domain::{
        actor::{Actor, Principal},
        audit::Action,
        new_customer::NewCustomer,
        order::{BillingCycle, Line, TermDuration},
        role::Role,
    },
    store::{
        drafts::{self, Entries, Owner},
        idempotency::IdempotencyKey,
        offers,
    },
};
use uuid::Uuid;

use super::cancelled::{nothing_is_left_open, polled};
use crate::support::{Browser, Database, Portal, browser::Form, direct::Direct, portal::day, rng::SeededRng};

const EXCHANGE: &str = "195416C1-3447-423A-B37B-EE59A99A19C4";

/// How many creations are begun.
const BEGUN: usize = 240;

/// What every customer here has, but for its domain.
const HARTOG: [(&str, &str); 10] = [
    ("country", "NL"),
    ("company_name", "Hartog"),
    ("address_line1", "Ruyschstraat 48"),
    ("postal_code", "1091 CC"),
    ("city", "Amsterdam"),
    ("contact_first_name", "Lotte"),
    ("contact_last_name", "van der Berg"),
    ("contact_email", "lotte@hartog.example"),
    ("accepted", "on"),
    ("date_agreed", "20-11-2026"),
];

#[tokio::test]
async fn creations_dropped_at_any_await_are_whole_or_not_there_on_sqlite() {
    creations_dropped_at_any_await(Database::Sqlite).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn creations_dropped_at_any_await_are_whole_or_not_there_on_postgres() {
    creations_dropped_at_any_await(Database::Postgres).await;
}

#[tokio::test]
async fn while_sqlite_is_busy_every_step_gives_its_form_back_and_the_password_waits() {
    every_step_while_busy(Database::Sqlite).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn while_postgres_is_busy_every_step_gives_its_form_back_and_the_password_waits() {
    every_step_while_busy(Database::Postgres).await;
}

/// A customer to be whose draft has gone through all steps.
struct Begun {
    draft_id: Uuid,
    customer: NewCustomer,
    submission: IdempotencyKey,
}

/// Somebody who creates customers without a browser.
struct Clerk<'a> {
    portal: &'a Portal,
    actor: Actor,
    version: String,
    lines: Vec<Line>,
    today: NaiveDate,
}

impl<'a> Clerk<'a> {
    async fn new(portal: &'a Portal) -> Self {
        let id = portal.add_user("kim", Role::SalesAgent, std::slice::from_ref(&portal.account)).await;
        let actor = Actor { who: Principal::user(id, "Kim"), role: Role::SalesAgent, account: portal.account.clone() };
        let offers = offers::all(&mut portal.db.read().await.expect("a reader")).await.expect("offers");
        let offer = offers.into_iter().find(|offer| offer.id == EXCHANGE).expect("an offer");
        let version = portal.latest_version().await.id.to_string();
        Self { portal, actor, version, lines: vec![Line::of(offer, 25)], today: day("2026-11-22") }
    }

    fn owner(&self) -> Owner {
        Owner { partner_account_id: self.actor.account.id, user_id: self.actor.who.id.expect("a user") }
    }

    async fn begin(&self, number: u128) -> Begun {
        let domain = format!("hartog{number}");
        let own = [("domain_prefix", domain.as_str()), ("agreement_version", &self.version)];
        let entries: Entries =
            HARTOG.into_iter().chain(own).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let typed = |code: &str| entries.iter().find(|(name, _)| name == code).map_or("", |(_, value)| value.as_str());
        let customer = NewCustomer::parse(|field| typed(field.code()), &self.actor.account, &[], self.today);
        let draft_id = Uuid::from_u128(1_000 + number);
        let (owner, now) = (self.owner(), self.portal.clock.now());
        let mut tx = self.portal.db.maintenance().await.expect("a change");
        drafts::save_account(&mut tx, owner, draft_id, "Hartog", &entries, now).await.expect("a draft");
        let lines = Entries::from([("offer_id".into(), EXCHANGE.into()), ("quantity".into(), "25".into())]);
        drafts::save_subscriptions(&mut tx, owner, draft_id, &lines, true, now).await.expect("a draft");
        tx.commit().await.expect("a commit");
        let mut hash = [0; 32];
        hash[..16].copy_from_slice(draft_id.as_bytes());
        let submission = IdempotencyKey { token_hash: hash, fields_hash: hash };
        Begun { draft_id, customer: customer.expect("a customer to be"), submission }
    }

    /// Presses *Create customer*; what page comes of it.
    async fn create(&self, begun: &Begun) -> String {
        let id = self.portal.clock.id();
        let creation = Creation {
            id,
            draft_id: begun.draft_id,
            revision: 2,
            customer: &begun.customer,
            items: Items {
                lines: &self.lines,
                billing_cycle: BillingCycle::Monthly,
                term_duration: TermDuration::Year,
            },
            password: vec![7; 44],
        };
        let outcome = id.to_string();
        match create_customer(&self.portal.db, &self.actor, creation, &begun.submission, &outcome).await {
            Ok(Outcome::Done(_)) => outcome,
            Ok(Outcome::Replayed(outcome)) => outcome,
            Err(failure) => panic!("{}: {failure}", begun.draft_id),
        }
    }
}

/// Asserts that every customer there is has all that belongs to it; how many there are.
async fn whole_customers(portal: &Portal) -> usize {
    let mut direct = Direct::connect(&portal.location).await;
    let mut counts = Vec::new();
    for rows in [
        "customers",
        "customers WHERE agreement_id IS NOT NULL",
        "agreements",
        "orders",
        "order_lines",
        "subscriptions",
        "temporary_passwords WHERE sealed IS NOT NULL",
        "idempotency_keys",
        "customer_drafts WHERE customer_id IS NOT NULL",
        "audit_log WHERE action = 'customer_created'",
        "audit_log WHERE action = 'acceptance_confirmed'",
        "audit_log WHERE action = 'order_placed'",
    ] {
        let count = direct.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {rows}")).await;
        counts.push(count.parse::<usize>().expect("a number"));
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "something is half made: {counts:?}");
    counts[0]
}

async fn creations_dropped_at_any_await(kind: Database) {
    let portal = Portal::start_with(kind, Some(2), false).await;
    let clerk = Clerk::new(&portal).await;
    let mut rng = SeededRng::new(5);
    let mut begun = Vec::with_capacity(BEGUN);
    for number in 0..BEGUN {
        begun.push(clerk.begin(number as u128).await);
    }
    let mut acknowledged = Vec::new();
    let mut usual = 0;
    for (number, one) in begun.iter().enumerate() {
        // How often a write is polled depends on the database and on how soon it answers.
        let most = if number % 3 == 0 { usize::MAX } else { rng.below(2 * usual) };
        let mut page = String::new();
        if let Some(polls) = polled(async { page = clerk.create(one).await }, most).await {
            acknowledged.push((number, page));
            usual = polls;
        }
    }
    assert!((BEGUN / 3 + 10..BEGUN - 10).contains(&acknowledged.len()), "{}", acknowledged.len());
    nothing_is_left_open(&portal).await;
    let there = whole_customers(&portal).await;
    assert!(there >= acknowledged.len() && there < BEGUN, "{there} for {} acknowledged", acknowledged.len());
    portal.assert_sound().await;

    // Whoever sends the form again is told what came of it, or has the customer created now.
    for (number, page) in &acknowledged {
        assert_eq!(clerk.create(&begun[*number]).await, *page);
    }
    for one in &begun {
        clerk.create(one).await;
    }
    assert_eq!(whole_customers(&portal).await, BEGUN);
    portal.stop().await;
}

/// Step 1, filled in.
async fn step_1(browser: &Browser, domain: &str) -> Form {
    let form = browser.form("/customers/new").await.with("domain_prefix", domain);
    HARTOG.into_iter().fold(form, |form, (name, value)| form.with(name, value))
}

/// Sends a form that must lead on; the form that it leads to.
async fn next(browser: &Browser, form: &Form) -> Form {
    let page = browser.submit(form).await;
    assert_eq!(page.status, 303, "{}", page.main());
    browser.form(&page.location()).await
}

/// From a domain to Subscriptions, with 25 licences.
async fn subscriptions(browser: &Browser, domain: &str) -> Form {
    let mut form = next(browser, &step_1(browser, domain).await).await;
    let at = form.fields.iter().position(|(_, value)| value == EXCHANGE).expect("an offer");
    "25".clone_into(&mut form.fields[at + 1].1);
    form
}

async fn every_step_while_busy(kind: Database) {
    let portal = Portal::start(kind).await;
    let sales = portal.signed_in("sales").await;
    let first = step_1(&sales, "hartog1").await;
    let second = next(&sales, &step_1(&sales, "hartog2").await).await;
    let account = sales.form(&second.action.replace("/subscriptions", "/account")).await.with("city", "Utrecht");
    let offers = subscriptions(&sales, "hartog3").await;
    let review = next(&sales, &subscriptions(&sales, "hartog4").await).await;
    let created = next(&sales, &subscriptions(&sales, "hartog5").await).await;
    let created = sales.submit(&created).await.location();
    let writes = portal.writes().await;

    let mut other = Direct::connect(&portal.location).await;
    if other.is_sqlite() {
        other.execute("BEGIN IMMEDIATE").await;
    } else {
        other.execute("BEGIN").await;
        other.execute("LOCK TABLE customer_drafts, temporary_passwords IN EXCLUSIVE MODE").await;
    }
    let forms = [&first, &account, &offers, &review];
    let answers = futures_util::future::join_all(forms.iter().map(|form| sales.submit(form)));
    let (answers, page) = tokio::join!(answers, sales.get(&created));
    assert_eq!(page.status, 503, "{}", page.main());
    for (page, form) in answers.iter().zip(forms) {
        assert_eq!((page.status, page.header("retry-after")), (503, "5"), "{}: {}", form.action, page.main());
        assert!(page.main().contains("Nothing was saved"), "{}", page.main());
        let again = page.form();
        assert_eq!((&again.action, &again.fields), (&form.action, &form.fields), "all of it is kept");
    }
    assert_eq!(sales.get("/customers").await.status, 200, "pages can still be read");
    other.execute("ROLLBACK").await;
    assert_eq!(portal.writes().await, writes, "nothing was written");

    // The page itself sends the form again.
    for (page, step) in answers.iter().zip(["/subscriptions", "/subscriptions", "/review", "/created"]) {
        let page = sales.submit(&page.form()).await;
        assert_eq!(page.status, 303, "{}", page.main());
        assert!(page.location().ends_with(step), "{}", page.location());
    }
    assert_eq!(portal.events(Action::CustomerCreated).await, 2);
    assert_eq!(sales.get(&created).await.texts("#temporary-password").len(), 1, "it was not used up");
    portal.stop().await;
}
