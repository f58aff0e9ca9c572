//! `countersign demo`: a portal full of fictitious customers in every confirmation status, on an embedded database.
//!
//! Nothing here goes around the rules: the customers come in through the same actions as real ones, by a clock
//! that is set to the past.

use std::{net::TcpListener, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use uuid::Uuid;

use crate::{
    actions::{manage_api_clients, manage_users, sign_in::hash_password},
    api::jwt::Bearer,
    app::{self, Ready},
    domain::{
        actor::Principal,
        clock::Clock,
        country::Country,
        partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
        role::Role,
        token::{random_token, token_hash},
    },
    settings::{ApiSettings, DataSettings, KeySettings, ServeSettings},
    store::{Db, api_clients, migrate, partner_accounts},
    web::Address,
};

mod fake_customers;
mod fill;

use fill::fill;

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
