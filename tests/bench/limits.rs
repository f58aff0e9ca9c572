//! The limits that the portal is compared with: what carries a page, and what carries a confirmation, with
//! nothing of the portal in it.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    web::{self, Bytes, Data},
};
use anyhow::Context as _;
use countersign::domain::{
    audit::{chain_hash, leaf_hash},
    clock::Clock,
    fold::fold,
};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};
use uuid::Uuid;

use crate::load::{Answer, Sample, interrupted};

/// A page as the portal answered it.
pub struct Page {
    head: Vec<(String, String)>,
    body: Bytes,
}

impl Page {
    /// The same page, but for what every server says for itself.
    pub fn of(answer: &Answer<'_>) -> Self {
        let own =
            |name: &str| ["content-length", "date", "connection"].iter().any(|own| name.eq_ignore_ascii_case(own));
        let head = answer.headers().filter(|(name, _)| !own(name));
        Self {
            head: head.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: Bytes::copy_from_slice(answer.body),
        }
    }
}

/// actix-web and nothing else, answering pages from memory: page number n at `/n`.
pub struct BareServer {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl BareServer {
    /// Starts it on a thread of its own.
    pub fn start(pages: Vec<Page>, workers: usize) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let served = actix_web::rt::System::new().block_on(async move {
                let pages = Data::new(pages);
                let server =
                    HttpServer::new(move || App::new().app_data(pages.clone()).route("/{number}", web::get().to(page)));
                let server = server.workers(workers).disable_signals().listen(listener)?.run();
                // Nobody hears it when the caller is gone already.
                tell.send(server.handle()).ok();
                server.await
            });
            if let Err(error) = served {
                eprintln!("the bare server: {error}");
            }
        });
        let handle = told.recv().context("the bare server did not start")?;
        Ok(Self { address, handle, thread: Some(thread) })
    }
}

impl Drop for BareServer {
    fn drop(&mut self) {
        // The order is given at once; what comes back only waits.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

async fn page(pages: Data<Vec<Page>>, number: web::Path<usize>) -> HttpResponse {
    let Some(page) = pages.get(*number) else { return HttpResponse::NotFound().finish() };
    let mut response = HttpResponse::Ok();
    for (name, value) in &page.head {
        response.insert_header((name.as_str(), value.as_str()));
    }
    response.body(page.body.clone())
}

/// The statements that record a confirmation, straight on `SQLite`: the same rows and columns of the same tables
/// in the same order as the portal, by prepared statements.
pub struct BareConfirm {
    at: Connection,
    who: Principal,
    customers: Vec<Uuid>,
    next: usize,
}

/// For whom is confirmed, by whom, and what.
struct Principal {
    account: Uuid,
    agent: Uuid,
    version: Uuid,
    published_on: String,
}

mod sql {
    pub const SPEND: &str = "INSERT INTO idempotency_keys (token_hash, fields_hash, outcome, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    pub const HOLD: &str =
        "UPDATE customers SET agreement_seq = agreement_seq + 1 WHERE partner_account_id = $1 AND id = $2 RETURNING *";
    pub const HOLD_VERSIONS: &str = "SELECT id FROM agreement_version_set WHERE id = 1";
    pub const VERSIONS: &str = "SELECT * FROM agreement_versions";
    pub const RECORDED: &str = "SELECT * FROM agreements WHERE customer_seq = $1 ORDER BY agreement_seq DESC";
    pub const RECORD: &str = "INSERT INTO agreements (id, customer_seq, agreement_seq, agreement_version_id, first_name, \
         last_name, email, email_ascii, phone_number, phone_e164, date_agreed, channel, recorded_by_kind, recorded_by_id, \
         recorded_by_name, recorded_at, event_id, salt) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    pub const SET: &str = "UPDATE customers SET agreement_id = $1, agreement_version_id = $2, agreement_published_on = $3, \
         date_agreed = $4, accepted_directly = $5, acceptor_name = $6, acceptor_email = $7, agent_id = $8, changed_at = $9, \
         event_id = $10 WHERE seq = $11 RETURNING *";
    pub const FORGET_TERMS: &str = "DELETE FROM customer_terms WHERE partner_account_id = $1 AND customer_seq = $2 \
         AND kind = 'acceptor' AND term IN ($3, $4, $5)";
    pub const TERMS: &str = "INSERT INTO customer_terms (partner_account_id, customer_seq, kind, term) \
         VALUES ($1, $2, 'acceptor', $3), ($1, $2, 'acceptor', $4), ($1, $2, 'acceptor', $5)";
    pub const COUNT: &str = "INSERT INTO customer_counts \
         (partner_account_id, country, agent_id, agreement_version_id, customers) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (partner_account_id, country, agent_id, agreement_version_id) \
         DO UPDATE SET customers = customer_counts.customers + excluded.customers";
    pub const HEAD: &str = "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash";
    pub const LOG: &str = "INSERT INTO audit_log (seq, id, at, partner_account_id, actor_kind, actor_id, actor_name, \
         action, customer_id, detail, salt, leaf, leaf_hash, prev_hash, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    pub const SET_HEAD: &str = "UPDATE audit_head SET hash = $1 WHERE id = 1";
}

impl BareConfirm {
    /// Opens a database that nobody else uses, with the settings of the portal's writer. Customers are confirmed
    /// in the order given.
    pub fn open(database: &Path, account: Uuid, agent_email: &str, customers: Vec<Uuid>) -> anyhow::Result<Self> {
        let at = Connection::open(database)?;
        at.set_prepared_statement_cache_capacity(64);
        at.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA recursive_triggers = ON; PRAGMA cache_size = -8000;",
        )?;
        let (version, published_on) = at.query_row(
            "SELECT id, published_on FROM agreement_versions ORDER BY published_on DESC LIMIT 1",
            [],
            |row| Ok((guid(row, "id")?, row.get("published_on")?)),
        )?;
        let agent =
            at.query_row("SELECT id FROM users WHERE email = $1", [agent_email], |row| guid(row, "id")).optional()?;
        let agent = agent.with_context(|| format!("nobody signs in as {agent_email}"))?;
        Ok(Self { at, who: Principal { account, agent, version, published_on }, customers, next: 0 })
    }

    /// Confirms for a while, so many in one commit; the times measured are those of commits.
    pub fn run(&mut self, per_commit: usize, time: Duration, count: usize) -> anyhow::Result<Sample> {
        let mut sample = Sample::default();
        let began = Instant::now();
        while began.elapsed() < time && sample.times.len() * per_commit < count && !interrupted() {
            let commit_began = Instant::now();
            self.at.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
            for _ in 0..per_commit {
                let customer = self.customers[self.next % self.customers.len()];
                confirm(&self.at, &self.who, customer, self.next)?;
                self.next += 1;
            }
            self.at.prepare_cached("COMMIT")?.execute([])?;
            sample.times.push(commit_began.elapsed());
        }
        sample.elapsed = began.elapsed();
        Ok(sample)
    }
}

/// The length of a log entry's leaf that names a confirmation and the customer it changed.
const LEAF: usize = 300;

#[expect(clippy::too_many_lines, reason = "one statement after the other, as the portal runs them")]
fn confirm(at: &Connection, who: &Principal, customer_id: Uuid, number: usize) -> anyhow::Result<()> {
    let clock = Clock::System;
    let (event, agreement) = (clock.id(), clock.id());
    let now = clock.now().to_rfc3339();
    let today = now[..10].to_owned();
    let salt = || clock.id().into_bytes();
    let person = ["Bare".to_owned(), format!("Confirmation {number}"), format!("bare{number}@bench.example")];
    let full_name = format!("{} {}", person[0], person[1]);
    let outcome = format!("/customers/{customer_id}/account");

    let token = leaf_hash(event.as_bytes());
    run(at, sql::SPEND, params![token, leaf_hash(&token), outcome, now])?;
    let customer = one(at, sql::HOLD, params![who.account.as_bytes(), customer_id.as_bytes()], Customer::read)?;
    read(at, sql::HOLD_VERSIONS, &[])?;
    read(at, sql::VERSIONS, &[])?;
    read(at, sql::RECORDED, params![customer.seq])?;
    run(
        at,
        sql::RECORD,
        params![
            agreement.as_bytes(),
            customer.seq,
            customer.agreement_seq,
            who.version.as_bytes(),
            person[0],
            person[1],
            person[2],
            person[2],
            None::<String>,
            None::<String>,
            today,
            "account_info",
            "user",
            who.agent.as_bytes(),
            "Joris Bakker",
            now,
            event.as_bytes(),
            salt(),
        ],
    )?;
    one(
        at,
        sql::SET,
        params![
            agreement.as_bytes(),
            who.version.as_bytes(),
            who.published_on,
            today,
            false,
            full_name,
            person[2],
            who.agent.as_bytes(),
            now,
            event.as_bytes(),
            customer.seq,
        ],
        Customer::read,
    )?;
    if let Some((name, email)) = &customer.acceptor {
        let terms = terms(name, email);
        run(at, sql::FORGET_TERMS, params![who.account.as_bytes(), customer.seq, terms[0], terms[1], terms[2]])?;
    }
    let terms = terms(&full_name, &person[2]);
    run(at, sql::TERMS, params![who.account.as_bytes(), customer.seq, terms[0], terms[1], terms[2]])?;
    let (before, after) = ((customer.agent, customer.version), (who.agent, who.version));
    if before != after {
        for ((agent, version), by) in [(before, -1), (after, 1)] {
            run(
                at,
                sql::COUNT,
                params![who.account.as_bytes(), customer.country, agent.as_bytes(), version.as_bytes(), by],
            )?;
        }
    }

    let (seq, prev): (i64, [u8; 32]) = one(at, sql::HEAD, &[], |row| Ok((row.get("seq")?, row.get("hash")?)))?;
    let leaf = [number.to_be_bytes().as_slice(), &[0; LEAF - size_of::<usize>()]].concat();
    let leaf_hash = leaf_hash(&leaf);
    let hash = chain_hash(seq, &prev, &leaf_hash);
    let detail = serde_json::json!({
        "first_name": person[0],
        "last_name": person[1],
        "email": person[2],
        "date_agreed": today,
        "agreement_version": "Microsoft Customer Agreement, October 2025",
        "channel": "account_info",
    });
    run(
        at,
        sql::LOG,
        params![
            seq,
            event.as_bytes(),
            now,
            who.account.as_bytes(),
            "user",
            who.agent.as_bytes(),
            "Joris Bakker",
            "acceptance_confirmed",
            customer_id.as_bytes(),
            detail.to_string(),
            salt(),
            leaf,
            leaf_hash,
            prev,
            hash,
        ],
    )?;
    run(at, sql::SET_HEAD, params![hash])
}

/// What the rest of the transaction needs of a customer's row.
struct Customer {
    seq: i64,
    agreement_seq: i64,
    country: String,
    agent: Uuid,
    version: Uuid,
    acceptor: Option<(String, String)>,
}

impl Customer {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        touch(row)?;
        let name: Option<String> = row.get("acceptor_name")?;
        Ok(Self {
            seq: row.get("seq")?,
            agreement_seq: row.get("agreement_seq")?,
            country: row.get::<_, Option<String>>("country")?.unwrap_or_default(),
            agent: guid(row, "agent_id")?,
            version: guid(row, "agreement_version_id")?,
            acceptor: name.zip(row.get("acceptor_email")?),
        })
    }
}

/// A GUID; nil where there is none.
fn guid(row: &Row<'_>, column: &str) -> rusqlite::Result<Uuid> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(Uuid::from_bytes).unwrap_or_default())
}

/// What a person is looked for by.
fn terms(name: &str, email: &str) -> [String; 3] {
    let last = name.split_once(' ').map_or(name, |(_, last)| last);
    [fold(name), fold(last), fold(email)]
}

fn run(at: &Connection, sql: &str, values: &[&dyn ToSql]) -> anyhow::Result<()> {
    at.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

fn one<T>(
    at: &Connection,
    sql: &str,
    values: &[&dyn ToSql],
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> anyhow::Result<T> {
    let mut statement = at.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let row = rows.next()?.context("a row is missing")?;
    let value = read(row)?;
    // A statement that writes has written when it has been stepped to its end.
    anyhow::ensure!(rows.next()?.is_none(), "one row was expected");
    Ok(value)
}

/// Reads every column of every row.
fn read(at: &Connection, sql: &str, values: &[&dyn ToSql]) -> anyhow::Result<()> {
    let mut statement = at.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        touch(row)?;
    }
    Ok(())
}

fn touch(row: &Row<'_>) -> rusqlite::Result<()> {
    for column in 0..row.as_ref().column_count() {
        std::hint::black_box(row.get_ref(column)?);
    }
    Ok(())
}
