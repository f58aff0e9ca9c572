//! A server on a free port over a fresh database.

use std::{net::TcpListener, sync::OnceLock, thread::JoinHandle};

use actix_web::dev::ServerHandle;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use countersign::{
    actions::{
        add_agreement_version::{NewVersion, add_agreement_version},
        confirm_agreement, import_customers,
        manage_partner_accounts::{change_partner_account, create_partner_account},
        manage_users::{self, NewUser},
        record_verification::record_verification,
        sign_in::hash_password,
    },
    api::Options,
    app::{self, Ready},
    domain::{
        actor::{Actor, Principal},
        agreement::{AgreementVersion, Attestation, Channel},
        audit::{Action, Event},
        clock::Clock,
        country::Country,
        customer_file::{AcceptedDirectly, CustomerLine},
        identifiers::DomainName,
        partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
        person::{Email, Name, Person, Phone},
        role::Role,
    },
    secret::Secret,
    store::{
        Db,
        agreements::{self, TextLink},
        counts,
        migrate::{self, Location},
        users,
        verdict::Verdict,
        verify,
    },
    web::{Address, record::Fonts},
};
use serde_json::json;
use uuid::Uuid;

use super::{Browser, program::SECRET, template, timing};

/// The password of every user in the tests.
pub const PASSWORD: &str = "een heel lang wachtwoord";

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file of its own.
    Sqlite,
    /// A database of its own on the server that the tests are given.
    Postgres,
}

/// The server that tests may make databases on.
pub fn postgres() -> Option<String> {
    std::env::var("COUNTERSIGN_TEST_POSTGRES").ok()
}

/// A fresh database with one partner account, an agent of each role and no customers.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// Its clock, which stands still: 22 November 2026, 09:05 UTC at first.
    pub clock: Clock,
    /// Its partner account: direct bill, public cloud, Amsterdam.
    pub account: PartnerAccount,
    /// Where the database is.
    pub location: Location,
    folder: tempfile::TempDir,
}

/// A running portal over a ground of its own.
pub struct Portal {
    /// Where it is served.
    pub url: String,
    test_db: TestDb,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// A second server over a portal's database.
pub struct SecondServer {
    /// Where it is served.
    pub url: String,
    db: Db,
    handle: ServerHandle,
    thread: JoinHandle<()>,
}

impl SecondServer {
    /// Stops serving.
    pub async fn stop(self) {
        self.db.close().await;
        self.handle.stop(true).await;
        let thread = self.thread;
        tokio::task::spawn_blocking(move || thread.join()).await.expect("a thread").expect("a server that ends well");
    }
}

impl std::ops::Deref for Portal {
    type Target = TestDb;
    fn deref(&self) -> &TestDb {
        &self.test_db
    }
}

/// The time at which every test begins.
pub fn start_of_test() -> DateTime<Utc> {
    "2026-11-22T09:05:00Z".parse().expect("a time")
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

impl Portal {
    /// Starts a portal over a fresh database.
    pub async fn start(kind: Database) -> Self {
        Self::start_with(kind, None, false).await
    }

    /// Starts a portal with a number of connections, over HTTPS or not.
    pub async fn start_with(kind: Database, connections: Option<u32>, https: bool) -> Self {
        Self::over(TestDb::prepare(kind, connections).await, https)
    }

    /// Starts a portal in which there is nothing yet: its account is not in the database, and there are no users.
    pub async fn start_empty(kind: Database, connections: Option<u32>, https: bool) -> Self {
        Self::over(TestDb::empty(kind, connections).await, https)
    }

    fn over(test_db: TestDb, https: bool) -> Self {
        let (url, handle, thread) = serve(test_db.db.clone(), https);
        Self { url, test_db, handle, thread: Some(thread) }
    }

    /// Stops serving, checks the evidence and drops the database.
    pub async fn stop(mut self) {
        self.assert_sound().await;
        self.handle.stop(true).await;
        if let Some(thread) = self.thread.take() {
            tokio::task::spawn_blocking(move || thread.join())
                .await
                .expect("a thread")
                .expect("a server that ends well");
        }
        self.test_db.db.close().await;
    }

    /// Another server over the same database, with other settings of the API. Its connections are its own: they end
    /// with the runtime that made them.
    pub async fn beside(&self, api: Options) -> SecondServer {
        let db = migrate::open(&self.location, self.clock.clone()).await.expect("a database");
        let (url, handle, thread) = serve_with(db.clone(), false, api);
        SecondServer { url, db, handle, thread }
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A browser in which `name` is signed in.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let browser = self.browser();
        let page = browser.post("/sign-in", &[("email", &email(name)), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        browser
    }

    /// The `Cookie` line of a fresh session of `name`.
    pub async fn cookie_of(&self, name: &str) -> String {
        let page = self.browser().post("/sign-in", &[("email", &email(name)), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        page.session_cookie()
    }
}

impl TestDb {
    /// Makes a database with an account, its users and a number of connections.
    pub async fn prepare(kind: Database, connections: Option<u32>) -> Self {
        let test_db = Self::empty(kind, connections).await;
        test_db.add_account(&test_db.account).await;
        for (name, role) in [("admin", Role::AdminAgent), ("sales", Role::SalesAgent), ("manager", Role::Manager)] {
            test_db.add_user(name, role, std::slice::from_ref(&test_db.account)).await;
        }
        test_db
    }

    /// Makes a database in which there is nothing yet.
    async fn empty(kind: Database, connections: Option<u32>) -> Self {
        timing::begin();
        let folder = tempfile::tempdir().expect("a folder");
        let at = match kind {
            Database::Sqlite => template::sqlite(folder.path()).await,
            Database::Postgres => template::postgres_database().await,
        };
        let location = Location { at, connections: Some(connections.unwrap_or(4)) };
        let clock = Clock::at(start_of_test());
        let db = migrate::open(&location, clock.clone()).await.expect("a database");
        Self { db, clock, account: account("Noordster"), location, folder }
    }

    /// The folder of its files.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Asserts that the log and every row it vouches for fit, and that the kept figures are what counting gives.
    pub async fn assert_sound(&self) {
        let (_, wrong) =
            counts::differences(&mut self.db.snapshot().await.expect("a snapshot")).await.expect("figures");
        assert_eq!(wrong, []);
        let verdict = verify::verify(&self.db).await.expect("a verdict");
        assert!(matches!(verdict, Verdict::Sound { .. }), "{verdict:?}");
    }

    /// Verifies the log as `audit verify` does, and keeps what was found.
    pub async fn verify_and_record(&self) -> Verdict {
        let verdict = verify::verify(&self.db).await.expect("a verdict");
        record_verification(&self.db, Principal::command_line(), &verdict, &[]).await.expect("recorded");
        verdict
    }

    /// Walks the log: each order and each change of licences comes after a confirmation of the version added last. For
    /// tests in which every version that is added is mandatory at once.
    pub async fn assert_gate_held(&self) {
        let mut conn = self.db.read().await.expect("a reader");
        let log: Vec<(String, String)> =
            crate::support::sql(&mut conn, "SELECT action, detail FROM audit_log ORDER BY seq")
                .all()
                .await
                .expect("a log");
        let (mut latest, mut confirmed) = ("Microsoft Customer Agreement, January 2020".to_owned(), String::new());
        let mut checked = 0;
        for (action, detail) in log {
            let detail: serde_json::Value = serde_json::from_str(&detail).expect("JSON");
            match Action::from_code(&action) {
                Some(Action::AgreementVersionAdded) => {
                    detail["label"].as_str().expect("a label").clone_into(&mut latest);
                }
                Some(Action::AcceptanceConfirmed) => {
                    detail["agreement_version"].as_str().expect("a label").clone_into(&mut confirmed);
                }
                Some(Action::OrderPlaced | Action::QuantityChanged) => {
                    assert_eq!(confirmed, latest, "{action} went past a closed gate");
                    checked += 1;
                }
                _ => {}
            }
        }
        assert!(checked > 0);
    }

    /// Creates another partner account.
    pub async fn add_account(&self, account: &PartnerAccount) {
        create_partner_account(&self.db, Principal::command_line(), account).await.expect("an account");
    }

    /// Changes the partner account.
    pub async fn set_account(&self, account: &PartnerAccount) {
        change_partner_account(&self.db, Principal::command_line(), account.id, |_| account.clone())
            .await
            .expect("a change");
    }

    /// Creates a user who signs in as `name@test.example`.
    pub async fn add_user(&self, name: &str, role: Role, accounts: &[PartnerAccount]) -> Uuid {
        let email = email(name);
        let display_name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let new = NewUser { email: &email, display_name: &display_name, password_hash: &password_hash().await };
        manage_users::create_user(&self.db, Principal::command_line(), new, accounts, role).await.expect("a user")
    }

    /// The id of a user.
    pub async fn user(&self, name: &str) -> Uuid {
        let mut conn = self.db.read().await.expect("a reader");
        users::find(&mut conn, &email(name)).await.expect("a user").expect("a user").id
    }

    /// How many entries of the log tell of an action.
    pub async fn events(&self, action: Action) -> i64 {
        let mut conn = self.db.read().await.expect("a reader");
        let count = crate::support::sql(&mut conn, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = $1")
            .bind(action.code());
        let (count,): (i64,) = count.one().await.expect("a count");
        count
    }

    /// How many entries tell of a write to customers, accounts or users.
    pub async fn writes(&self) -> i64 {
        let mut writes = 0;
        for &action in Action::ALL {
            if !matches!(action, Action::SignedIn | Action::SignInFailed | Action::Denied | Action::Exported) {
                writes += self.events(action).await;
            }
        }
        writes
    }

    /// Adds a customer of whom only name and domain are known.
    pub async fn add_customer(&self, name: &str) -> Uuid {
        self.add_customer_to(&self.account, name, None).await
    }

    /// Adds a customer that accepted directly, on a day if it is known.
    pub async fn add_direct_customer(&self, name: &str, on: Option<NaiveDate>) -> Uuid {
        self.add_customer_to(&self.account, name, Some(AcceptedDirectly { on })).await
    }

    /// Adds a customer to an account.
    pub async fn add_customer_to(
        &self,
        account: &PartnerAccount,
        name: &str,
        direct: Option<AcceptedDirectly>,
    ) -> Uuid {
        self.add(account, self.clock.id(), name, direct).await
    }

    /// Adds the tenant of another account's customer to an account.
    pub async fn add_same_customer_to(&self, account: &PartnerAccount, id: Uuid, name: &str) {
        self.add(account, id, name, None).await;
    }

    async fn add(&self, account: &PartnerAccount, id: Uuid, name: &str, direct: Option<AcceptedDirectly>) -> Uuid {
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let domain = format!("{}.onmicrosoft.com", if letters.is_empty() { id.simple().to_string() } else { letters });
        let line = CustomerLine {
            microsoft_id: id,
            company_name: name.to_owned(),
            domain: DomainName::parse(&domain).expect("a domain"),
            accepted_directly: direct,
        };
        let actor = Actor::command_line(account.clone());
        let mut tx = self.db.write().await.expect("a change");
        import_customers::add(&mut tx, &actor, &line).await.expect("a customer");
        let event =
            Event::by(&actor, self.clock.id(), self.clock.now(), Action::CustomersImported).with(json!({ "new": 1 }));
        tx.commit(event).await.expect("a commit");
        id
    }

    /// Records a confirmation of the latest version by the command line.
    pub async fn confirm(&self, customer: Uuid, person: &Person, on: NaiveDate) {
        let actor = Actor::command_line(self.account.clone());
        self.confirm_as(&actor, Channel::AccountInfo, customer, person, on).await;
    }

    /// The same by somebody, through a channel.
    pub async fn confirm_as(&self, actor: &Actor, channel: Channel, customer: Uuid, person: &Person, on: NaiveDate) {
        let attestation = Attestation {
            person: person.clone(),
            date_agreed: on,
            version_id: self.latest_version().await.id,
            predates_version_acknowledged: true,
        };
        let mut tx = self.db.write().await.expect("a change");
        let (_, event) = confirm_agreement::confirm_within(&mut tx, actor, customer, &attestation, channel)
            .await
            .expect("a confirmation");
        tx.commit(event).await.expect("a commit");
    }

    /// Adds an agreement version.
    pub async fn add_version(&self, label: &str, published_on: &str, mandatory_from: Option<&str>) -> AgreementVersion {
        let new = NewVersion {
            label: label.to_owned(),
            template_id: Uuid::from_u128(7),
            published_on: day(published_on),
            mandatory_from: mandatory_from.map(day),
            links: vec![TextLink {
                country: "*".into(),
                language: "*".into(),
                url: "https://example.com/agreement".into(),
            }],
        };
        add_agreement_version(&self.db, Principal::command_line(), new).await.expect("a version")
    }

    /// The version published last.
    pub async fn latest_version(&self) -> AgreementVersion {
        let mut conn = self.db.snapshot().await.expect("a snapshot");
        agreements::versions(&mut conn).await.expect("versions").latest().clone()
    }
}

/// The email address that a test's user signs in with.
pub fn email(name: &str) -> String {
    format!("{name}@test.example")
}

/// A direct bill partner in the public cloud, in Amsterdam.
pub fn account(name: &str) -> PartnerAccount {
    PartnerAccount {
        id: Uuid::from_u128(name.bytes().fold(1, |id, byte| id * 257 + u128::from(byte))),
        name: name.to_owned(),
        partner_type: PartnerType::DirectBillPartner,
        cloud: Cloud::Public,
        environment: Environment::Production,
        country: Country::parse("NL").expect("a country"),
        time_zone: Tz::Europe__Amsterdam,
        tenant_id: Some(Uuid::from_u128(0x7e4a_0000_0000_4000_8000_0000_0000_0001)),
    }
}

/// A person without a phone.
pub fn person(first: &str, last: &str, email: &str) -> Person {
    Person {
        first_name: Name::parse(first).expect("a name"),
        last_name: Name::parse(last).expect("a name"),
        email: Email::parse(email).expect("an email address"),
        phone: None,
    }
}

/// The same person with a phone.
pub fn with_phone(person: &Person, phone: &str) -> Person {
    Person { phone: Phone::parse(phone, Country::parse("NL")).expect("a phone"), ..person.clone() }
}

/// The tests' password, hashed once.
async fn password_hash() -> String {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    HASH.get_or_init(|| async { hash_password(PASSWORD.to_owned()).await.expect("a hash") }).await.clone()
}

/// Serves a database on a free port, in a thread of its own.
pub fn serve(db: Db, https: bool) -> (String, ServerHandle, JoinHandle<()>) {
    serve_with(db, https, API)
}

/// What of the API is set, unless a test says otherwise.
pub const API: Options = Options { requests_per_minute: 500, users_only: false };

/// The same with other settings of the API.
fn serve_with(db: Db, https: bool, api: Options) -> (String, ServerHandle, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let base = if https { "https://countersign.test".to_owned() } else { url.clone() };
    let secret = Secret::from_text(SECRET).expect("a secret");
    let address = Address { base, https, trusted_proxies: Vec::new() };
    let ready = Ready { db, secret, address, fonts: fonts(), api, workers: Some(2) };
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let (server, _) = app::serve(ready, listener).expect("a server");
            sender.send(server.handle()).expect("a test that waits");
            server.await.expect("a server that ends well");
        });
    });
    (url, receiver.recv().expect("a server that starts"), thread)
}

/// The fonts of every portal, read once.
fn fonts() -> Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts");
    FONTS.get_or_init(|| Fonts::with_folder(std::path::Path::new(folder)).expect("fonts")).clone()
}
