//! `countersign demo`: a portal full of fictitious customers in every confirmation status, on an embedded database.
//!
//! Nothing here goes around the rules: the customers come in through the same actions as real ones, by a clock
//! that is set to the past.

use std::{fmt::Write as _, net::TcpListener, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clap::Args;
use uuid::Uuid;

use crate::{
    actions::{
        add_agreement_version::{NewVersion, add_agreement_version},
        confirm_agreement::{accept_directly_within, confirm_within},
        edit_customer::{edit_company_within, edit_contact_within},
        import_customers, import_indirect_resellers, import_subscriptions, manage_api_clients,
        manage_partner_accounts::create_partner_account,
        manage_users::{self, NewUser},
        place_order::{Items, place_order_within},
        record_attempt::record_blocked,
        sign_in::hash_password,
    },
    api::jwt::Bearer,
    app::{self, Ready},
    domain::{
        actor::{Actor, Principal},
        agreement::{Attestation, Channel, ConfirmationStatus},
        audit::{Action, Event},
        clock::Clock,
        country::Country,
        customer_file::CustomerLine,
        list_columns::ReadOptions,
        order::{Billing, BillingCycle, Line, Offer, Segment, TermDuration},
        partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
        reseller_file,
        role::Role,
        subscription_file,
        token::{random_token, token_hash},
    },
    settings::{ApiSettings, DataSettings, KeySettings, ServeSettings},
    store::{
        Db,
        agreements::{self, TextLink},
        api_clients,
        drafts::Owner,
        migrate, offers, order_drafts, partner_accounts,
    },
    web::Address,
};

mod fake_customers;

use fake_customers::{DemoHistory, FakeCustomer, SeededRng};

/// How to run the demo.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Folder of the demo's database; kept and used again
    #[arg(long, default_value = "data/demo", value_name = "FOLDER")]
    data_dir: PathBuf,

    /// Port to listen on, on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,

    /// How many customers to make up
    #[arg(long, default_value_t = 300, value_name = "NUMBER")]
    customers: usize,

    /// The password of every demo user; generated at each start unless set
    #[arg(long, env = "COUNTERSIGN_DEMO_PASSWORD", value_name = "TEXT", hide_env_values = true)]
    password: Option<String>,

    /// What of the API is set.
    #[command(flatten)]
    api: ApiSettings,
}

/// The demo's users: sign-in name, name, role.
const USERS: [(&str, &str, Role); 3] = [
    ("admin@noordster.example", "Joris Bakker", Role::AdminAgent),
    ("sales@noordster.example", "Sanne Visser", Role::SalesAgent),
    ("manager@noordster.example", "Marieke de Wit", Role::Manager),
];

/// Where the dice begin.
const SEED: u64 = 0x005e_ed0f_0a57_e11e;

/// The resellers of the demo's indirect provider.
const RESELLERS: &str = "Name,MPN ID,Tenant ID,Agreement signed
Kustlijn ICT B.V.,4847383,5b0c1a52-3e0f-4f0e-9a3c-6b7f3f2a1c11,yes
Heuvelrug Automatisering,5012277,8a1de3d4-0c55-4c7e-8f57-2f2f4a9d7b22,yes
Polder & Partners,5120964,c2f5a7be-91d6-4b0a-b6b3-7d1e8c3f5e33,no
";

/// The demo's accounts have ids of their own, by which its database is recognised.
const fn account_id(number: u128) -> Uuid {
    Uuid::from_u128(0xde30_0000_0000_4000_8000_0000_0000_0000 | number)
}

fn accounts() -> Option<[PartnerAccount; 5]> {
    let netherlands = Country::parse("NL")?;
    let account = |number, name: &str, partner_type, cloud, environment| PartnerAccount {
        id: account_id(number),
        name: name.to_owned(),
        partner_type,
        cloud,
        environment,
        country: netherlands,
        time_zone: chrono_tz::Europe::Amsterdam,
        tenant_id: Some(Uuid::from_u128(0xde30_0000_0000_4000_9000_0000_0000_0000 | number)),
    };
    let (direct, public, production) = (PartnerType::DirectBillPartner, Cloud::Public, Environment::Production);
    Some([
        account(1, "Noordster Cloud B.V.", direct, public, production),
        account(2, "Noordster Sandbox", direct, public, Environment::Sandbox),
        account(3, "Noordster 21Vianet", direct, Cloud::Vianet, production),
        account(4, "Noordster Indirect Provider", PartnerType::IndirectProvider, public, production),
        account(5, "Noordster Indirect Reseller", PartnerType::IndirectReseller, public, production),
    ])
}

/// Opens the demo's database, fills it when it is new, and serves it.
pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let data = DataSettings { data_dir: options.data_dir.clone(), database_url: None, database_connections: None };
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .with_context(|| format!("cannot listen on port {}; choose another with --port", options.port))?;
    let listen = listener.local_addr()?;
    let db = migrate::open(&data.location()?, Clock::System).await?;
    let there = partner_accounts::all(&mut db.snapshot().await?).await?;
    let ours = |account: &PartnerAccount| (1..=5).any(|number| account.id == account_id(number));
    anyhow::ensure!(
        there.iter().all(ours),
        "{} holds other data than the demo's; choose another folder with --data-dir",
        options.data_dir.display()
    );

    let done = options.data_dir.join("filled");
    anyhow::ensure!(
        there.is_empty() || done.exists(),
        "the demo in {} was cut off while it was made; delete the folder and start again",
        options.data_dir.display()
    );

    let password = options.password.clone().unwrap_or_else(random_token);
    let password_hash = hash_password(password.clone()).await?;
    if there.is_empty() {
        eprintln!("Making up {} customers in {} …", options.customers, options.data_dir.display());
        fill(&db, options.customers, &password_hash).await?;
        std::fs::write(&done, "The demo is complete.\n")?;
    } else {
        for (email, _, _) in USERS {
            manage_users::set_password(&db, Principal::command_line(), email, &password_hash).await?;
        }
    }

    let settings = ServeSettings {
        data,
        listen,
        base_url: None,
        insecure_http: true,
        trusted_proxies: Vec::new(),
        key: KeySettings::default(),
        workers: None,
        font_dir: None,
        api: options.api.clone(),
    };
    let (base, https) = settings.base()?;
    let address = Address { base: base.clone(), https, trusted_proxies: Vec::new() };
    let ready = Ready {
        db: db.clone(),
        secret: settings.key.secret(&settings.data)?,
        address,
        fonts: settings.fonts()?,
        api: settings.api.options(),
        workers: None,
    };
    let (server, _) = app::serve(ready, listener)?;
    println!("Countersign demo: {base}");
    println!("Data folder:      {}", options.data_dir.display());
    for (email, _, role) in USERS {
        println!("Sign in as        {email}  ({role})");
    }
    println!("Password:         {password}");
    println!("Access token:     {}", access_token(&db, &settings).await?);
    server.await?;
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// An access token of a program that works for the account where everybody lands.
async fn access_token(db: &Db, settings: &ServeSettings) -> anyhow::Result<String> {
    const NAME: &str = "Demo script";
    let keys = app::access_keys(&settings.key.secret(&settings.data)?);
    let mut conn = db.snapshot().await?;
    let accounts = partner_accounts::all(&mut conn).await?;
    let account = accounts.first().context("the demo's account")?;
    let known = api_clients::names(&mut conn, account.id).await?.into_iter().find(|(_, name)| name == NAME);
    drop(conn);
    let client = if let Some((id, _)) = known {
        id
    } else {
        let (who, hash) = (Principal::command_line(), token_hash(&random_token()));
        manage_api_clients::create_api_client(db, who, account, NAME, Role::SalesAgent, hash).await?
    };
    Ok(keys.sign(account.id, Bearer { client, user: None }, db.clock.now()))
}

/// Fills an empty database: everything in the past, but what the order gate blocks `now`.
async fn fill(now: &Db, customers: usize, password_hash: &str) -> anyhow::Result<()> {
    let clock = Clock::at(at(2020, 1, 20));
    let db = now.with_clock(clock.clone());
    let accounts = accounts().context("the demo's country")?;
    for account in &accounts {
        create_partner_account(&db, Principal::command_line(), account).await?;
        clock.advance(TimeDelta::minutes(1));
    }
    let mut staff = Vec::new();
    for (email, name, role) in USERS {
        let new = NewUser { email, display_name: name, password_hash };
        let id = manage_users::create_user(&db, Principal::command_line(), new, &accounts, role).await?;
        clock.advance(TimeDelta::minutes(1));
        staff.push(Principal::user(id, name));
    }

    let provider = Actor::command_line(accounts[3].clone());
    let resellers = reseller_file::read(RESELLERS.as_bytes(), &ReadOptions::on(clock.now().date_naive()))
        .map_err(|_| anyhow::anyhow!("the demo's resellers"))?;
    import_indirect_resellers::apply(&db, &provider, &resellers).await?;

    // A fifth of the customers in the four smaller accounts, the rest where everybody lands.
    let few = customers / 20;
    let mut rng = SeededRng(SEED);
    for (number, account) in accounts.iter().enumerate() {
        let count = if number == 0 { customers - few * 4 } else { few };
        let actors: Vec<Actor> = staff[..2]
            .iter()
            .zip([Role::AdminAgent, Role::SalesAgent])
            .map(|(who, role)| Actor { who: who.clone(), role, account: account.clone() })
            .collect();
        let made: Vec<FakeCustomer> = (0..count).map(|number| FakeCustomer::new(number, &mut rng)).collect();
        clock.set(at(2020, 2, 3));
        import(&db, account, &made).await?;
        if account.confirms() {
            confirm(&db, &clock, &actors, &made, |history| matches!(history, DemoHistory::Again | DemoHistory::Twice))
                .await?;
        }
    }
    clock.set(at(2025, 10, 1));
    let template_id = agreements::versions(&mut db.snapshot().await?).await?.latest().template_id;
    let version = NewVersion {
        label: "Microsoft Customer Agreement, October 2025".into(),
        template_id,
        published_on: day(2025, 10, 1),
        mandatory_from: Some(day(2026, 2, 1)),
        links: vec![TextLink {
            country: "*".into(),
            language: "*".into(),
            url: "https://aka.ms/customeragreement".into(),
        }],
    };
    add_agreement_version(&db, Principal::command_line(), version).await?;

    let mut rng = SeededRng(SEED);
    for (number, account) in accounts.iter().enumerate() {
        let count = if number == 0 { customers - few * 4 } else { few };
        let made: Vec<FakeCustomer> = (0..count).map(|number| FakeCustomer::new(number, &mut rng)).collect();
        if account.confirms() {
            let actors: Vec<Actor> = staff[..2]
                .iter()
                .zip([Role::AdminAgent, Role::SalesAgent])
                .map(|(who, role)| Actor { who: who.clone(), role, account: account.clone() })
                .collect();
            clock.set(at(2025, 11, 3));
            confirm(&db, &clock, &actors, &made, |history| {
                matches!(history, DemoHistory::Confirmed | DemoHistory::Twice | DemoHistory::Direct)
            })
            .await?;
        }
    }
    let mut rng = SeededRng(SEED);
    let made: Vec<FakeCustomer> = (0..customers - few * 4).map(|number| FakeCustomer::new(number, &mut rng)).collect();
    let sales = Actor { who: staff[1].clone(), role: Role::SalesAgent, account: accounts[0].clone() };
    block_orders(now, &sales, &made).await
}

/// What the order gate blocks today: subscriptions that somebody has to renew soon, and orders that wait.
async fn block_orders(db: &Db, actor: &Actor, made: &[FakeCustomer]) -> anyhow::Result<()> {
    let today = actor.account.today(db.clock.now());
    let unconfirmed: Vec<&FakeCustomer> = made.iter().rev().filter(|one| one.history == DemoHistory::Not).collect();
    let mut file =
        "Subscription ID,Subscription,Quantity,Status,Microsoft ID,Auto renew,Renewal date,Term\n".to_owned();
    for (number, one) in (0_i64..).zip(unconfirmed.iter().take(6)) {
        let renews = today + TimeDelta::days(9 + number * 14);
        writeln!(file, "{},Visio Plan 2,{},Active,{},no,{renews},P1Y", db.clock.id(), 4 + number * 3, one.id)?;
    }
    let file = subscription_file::read(file.as_bytes(), &ReadOptions::on(today))
        .map_err(|_| anyhow::anyhow!("the demo's subscriptions that renew by hand"))?;
    import_subscriptions::apply(db, actor, &file).await?;

    let offers = offers::all(&mut db.snapshot().await?).await?;
    let offers: Vec<Offer> = offers.into_iter().filter(is_for_all).collect();
    for (number, (one, offer)) in unconfirmed.iter().skip(2).zip(&offers).take(3).enumerate() {
        let entries =
            vec![("offer_id".to_owned(), offer.id.clone()), ("quantity".to_owned(), (12 + number * 5).to_string())];
        let (draft, now) = (db.clock.id(), db.clock.now());
        let mut tx = db.maintenance().await?;
        order_drafts::save(&mut tx, Owner::of(actor), one.id, draft, &entries, now).await?;
        tx.commit().await?;
        record_blocked(db, actor, one.id, Action::OrderBlocked, ConfirmationStatus::NotConfirmed, None).await?;
    }
    Ok(())
}

/// Customers in one change: enough that a large demo is made quickly, few enough that others may write between.
const BATCH: usize = 500;

async fn import(db: &Db, account: &PartnerAccount, made: &[FakeCustomer]) -> anyhow::Result<()> {
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

async fn confirm(
    db: &Db,
    clock: &Clock,
    actors: &[Actor],
    made: &[FakeCustomer],
    is_due: impl Fn(DemoHistory) -> bool,
) -> anyhow::Result<()> {
    let due: Vec<(usize, &FakeCustomer)> = made.iter().enumerate().filter(|(_, one)| is_due(one.history)).collect();
    let mut conn = db.snapshot().await?;
    let version_id = agreements::versions(&mut conn).await?.latest().id;
    let offers: Vec<Offer> = offers::all(&mut conn).await?.into_iter().filter(is_for_all).collect();
    drop(conn);
    // Spread over a year at the pace that the number of customers asks for.
    let pace = TimeDelta::minutes(60 * 24 * 360 / i64::try_from(due.len().max(1)).expect("a count fits"));
    for batch in due.chunks(BATCH) {
        let mut tx = db.write().await?;
        let mut last = None;
        for (number, one) in batch {
            clock.advance(pace);
            let actor = &actors[number % actors.len()];
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
                Some(confirm_within(&mut tx, actor, one.id, &attestation, Channel::AccountInfo).await?.1)
            };
            if let Some(event) = last.replace(event).flatten() {
                tx.record(event);
            }
            let offer = offers.get(number % offers.len().max(1)).filter(|_| number % 3 == 0);
            if let Some(offer) = offer {
                let quantity = 5 + i64::try_from(number % 40).expect("below 40");
                let lines = [Line::of(offer.clone(), quantity)];
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

/// Whether every customer may order an offer by the licence.
fn is_for_all(offer: &Offer) -> bool {
    offer.billing == Billing::License && offer.prerequisite_offer_id.is_none() && offer.segment == Segment::Commercial
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the demo names days that exist")
}

fn at(year: i32, month: u32, date: u32) -> DateTime<Utc> {
    day(year, month, date).and_hms_opt(8, 14, 0).expect("a time of day").and_utc()
}
