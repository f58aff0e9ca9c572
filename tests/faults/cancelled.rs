//! Clients that go away in the middle of a request.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    task::Poll,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use uuid::Uuid;

use super::{Sent, add_customers, recorded};
use crate::support::{
    Browser, Database, Portal,
    browser::{Form, encode},
    direct::Direct,
    portal::{PASSWORD, day, email, person},
    rng::SeededRng,
    until,
};

/// Clients at a time, and how often each goes away.
const CLIENTS: usize = 16;
const ABORTS: usize = 130;

#[tokio::test]
async fn requests_cut_off_at_any_byte_lose_and_leave_nothing_on_sqlite() {
    requests_cut_off_at_any_byte(Database::Sqlite).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn requests_cut_off_at_any_byte_lose_and_leave_nothing_on_postgres() {
    requests_cut_off_at_any_byte(Database::Postgres).await;
}

#[tokio::test]
async fn writes_dropped_at_any_await_lose_and_leave_nothing_on_sqlite() {
    writes_dropped_at_any_await(Database::Sqlite).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn writes_dropped_at_any_await_lose_and_leave_nothing_on_postgres() {
    writes_dropped_at_any_await(Database::Postgres).await;
}

/// Whether a server drops the work of a client that is gone is its own affair. Here all of it is dropped.
async fn writes_dropped_at_any_await(kind: Database) {
    let portal = Portal::start_with(kind, Some(2), false).await;
    let customers = add_customers(&portal, 20).await;
    let mut rng = SeededRng::new(2);
    let mut acknowledged = Vec::new();
    let mut usual = 0;
    for number in 0..500 {
        let sent = Sent::new(customers[rng.below(customers.len())], number);
        let acceptor = person("Anna", "de Vries", &sent.email);
        // How often a write is polled depends on the database and on how soon it answers.
        let most = if number % 3 == 0 { usize::MAX } else { rng.below(2 * usual) };
        if let Some(polls) = polled(portal.confirm(sent.customer, &acceptor, day("2026-03-12")), most).await {
            acknowledged.push(sent);
            usual = polls;
        }
    }
    assert!((200..450).contains(&acknowledged.len()), "{}", acknowledged.len());
    nothing_is_left_open(&portal).await;
    let there = recorded(&portal.db, &portal, &customers).await;
    assert!(there.is_sorted_by(|one, other| one < other), "twice: {there:?}");
    for sent in &acknowledged {
        assert!(there.contains(sent), "lost: {sent:?}");
    }
    portal.stop().await;
}

/// Polls some work at most so often, then drops it. How many polls it took if it came to its end.
pub(super) async fn polled(work: impl Future<Output = ()>, most: usize) -> Option<usize> {
    let mut work = std::pin::pin!(work);
    let mut polls = 0;
    std::future::poll_fn(|context| {
        if polls == most {
            return Poll::Ready(None);
        }
        polls += 1;
        work.as_mut().poll(context).map(|()| Some(polls))
    })
    .await
}

async fn requests_cut_off_at_any_byte(kind: Database) {
    let portal = Portal::start_with(kind, Some(2), false).await;
    let customers = add_customers(&portal, 50).await;
    let sales = portal.signed_in("sales").await;
    let mut begun: Vec<(Sent, Form)> = Vec::new();
    for number in 0..250 {
        let sent = Sent::new(customers[number % customers.len()], number);
        let form = sent.form(&sales).await;
        begun.push((sent, form));
    }

    let client = Client::new(&portal).await;
    let over = AtomicBool::new(false);
    let storm = async {
        let clients = (0..CLIENTS).map(|number| client.comes_and_goes(&begun, SeededRng::new(number as u64)));
        futures_util::future::join_all(clients).await;
        over.store(true, Ordering::Relaxed);
    };
    let (acknowledged, ()) = tokio::join!(confirm_until(&over, &sales, &customers), storm);

    assert!(acknowledged.len() > 5, "{} confirmations came through the storm", acknowledged.len());
    nothing_is_left_open(&portal).await;
    let there = recorded(&portal.db, &portal, &customers).await;
    assert!(there.len() > acknowledged.len(), "the storm never reached the database");
    assert!(there.is_sorted_by(|one, other| one < other), "twice: {there:?}");
    for sent in &acknowledged {
        assert!(there.contains(sent), "lost: {sent:?}");
    }
    portal.assert_sound().await;

    // Whoever sends the form again is told what came of it, or has it recorded now.
    let mut all = acknowledged;
    for (sent, form) in begun {
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 303, "{}", page.body);
        all.push(sent);
    }
    all.sort();
    assert_eq!(recorded(&portal.db, &portal, &customers).await, all);
    portal.stop().await;
}

/// Confirms in an orderly way; what was acknowledged.
async fn confirm_until(over: &AtomicBool, sales: &Browser, customers: &[Uuid]) -> Vec<Sent> {
    let mut acknowledged = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let number = acknowledged.len();
        let sent = Sent::new(customers[number % customers.len()], format_args!("-orderly-{number}"));
        let page = sales.submit(&sent.form(sales).await).await;
        assert_eq!(page.status, 303, "{}", page.body);
        acknowledged.push(sent);
    }
    acknowledged
}

pub(super) async fn nothing_is_left_open(portal: &Portal) {
    let mut direct = Direct::connect(&portal.location).await;
    if direct.is_sqlite() {
        // The writer's lock is free.
        direct.execute("BEGIN IMMEDIATE").await;
        direct.execute("ROLLBACK").await;
        return;
    }
    let open = "SELECT CAST(count(*) AS TEXT) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
    until("no transaction is left open", Duration::from_secs(10), async || direct.text(open).await == "0").await;
}

/// Somebody signed in who cuts connections.
struct Client {
    address: SocketAddr,
    cookie: String,
}

impl Client {
    async fn new(portal: &Portal) -> Self {
        let page = portal.browser().post("/sign-in", &[("email", &email("sales")), ("password", PASSWORD)]).await;
        let cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        assert!(cookie.contains('='), "{:?}", page.headers);
        let address = portal.url.trim_start_matches("http://").parse().expect("an address");
        Self { address, cookie }
    }

    fn request(&self, first_line: &str, body: &str) -> Vec<u8> {
        let Self { address, cookie } = self;
        let length = body.len();
        format!(
            "{first_line} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    async fn comes_and_goes(&self, begun: &[(Sent, Form)], mut rng: SeededRng) {
        for _ in 0..ABORTS {
            let (sent, form) = &begun[rng.below(begun.len())];
            let request = match rng.below(4) {
                0 => self.request(&format!("GET {}", sent.path()), ""),
                _ => self.request(&format!("POST {}", form.action), &encode(&form.pairs())),
            };
            self.goes_away_from(&request, &mut rng).await;
        }
    }

    async fn goes_away_from(&self, request: &[u8], rng: &mut SeededRng) {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        let way = rng.below(5);
        let length = if way == 0 { rng.below(request.len()) } else { request.len() };
        stream.write_all(&request[..length]).await.expect("a server that reads");
        match way {
            // At once: in the middle of the request, or right behind it.
            0 | 1 => {}
            // With the answer half read.
            2 => {
                let mut part = vec![0; 1 + rng.below(200)];
                let read = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut part)).await;
                assert!(read.expect("an answer in time").expect("an answer") > 0);
            }
            // Somewhere in the middle of the work.
            _ => tokio::time::sleep(Duration::from_micros(rng.below(20_000) as u64)).await,
        }
        if rng.below(2) == 0 {
            stream.set_zero_linger().expect("a connection to break off");
        }
    }
}
