//! The program killed under load, again and again.

use std::time::{Duration, Instant};

use countersign::store::migrate;
use uuid::Uuid;

use super::{Sent, add_customers, recorded};
use crate::support::{
    Browser, Database, TestDb,
    browser::Form,
    portal::{PASSWORD, email},
    program::{self, Server, free_port},
    rng::SeededRng,
};

#[tokio::test]
async fn kill_9_under_load_loses_nothing_that_was_acknowledged_on_sqlite() {
    kill_9_under_load(Database::Sqlite).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn kill_9_under_load_loses_nothing_that_was_acknowledged_on_postgres() {
    kill_9_under_load(Database::Postgres).await;
}

/// How many kills, and the time after which there are no more.
fn kills() -> (usize, Duration) {
    match std::env::var("COUNTERSIGN_TEST_LONG") {
        Ok(long) if long == "1" => (1000, Duration::MAX),
        _ => (20, Duration::from_mins(1)),
    }
}

async fn kill_9_under_load(kind: Database) {
    let test_db = TestDb::prepare(kind, None).await;
    let customers = add_customers(&test_db, 40).await;
    // From here on the program has the database to itself, so that each start has to recover it.
    test_db.db.close().await;

    let port = free_port();
    let mut server = Server::serve(&test_db.location, port).await;
    let mut agents = Vec::new();
    for (number, customers) in customers.chunks(10).enumerate() {
        agents.push(Agent::sign_in(&server, number, customers).await);
    }
    let (most, time) = kills();
    let since = Instant::now();
    let mut rng = SeededRng::new(9);
    let mut killed = 0;
    while killed < most && since.elapsed() < time {
        let moment = Duration::from_millis(20 + rng.below(600) as u64);
        let kill = async {
            tokio::time::sleep(moment).await;
            server.kill().await;
        };
        let work = futures_util::future::join_all(agents.iter_mut().map(Agent::work_until_it_is_gone));
        tokio::join!(kill, work);
        killed += 1;
        server = Server::serve(&test_db.location, port).await;
    }
    for agent in &mut agents {
        agent.send_again().await.expect("an answer");
    }
    server.kill().await;

    let verdict =
        program::run(&[&["audit".into(), "verify".into()], &program::data(&test_db.location)[..]].concat()).await;
    assert_eq!(verdict.code, 0, "{verdict:?}");
    assert!(verdict.out.starts_with("OK: "), "{verdict:?}");
    let mut acknowledged: Vec<Sent> = agents.into_iter().flat_map(|agent| agent.acknowledged).collect();
    acknowledged.sort();
    assert!(killed > 0 && acknowledged.len() > killed, "{killed} kills, {} confirmations", acknowledged.len());
    let db = migrate::open(&test_db.location, test_db.clock.clone()).await.expect("the database");
    assert_eq!(recorded(&db, &test_db, &customers).await, acknowledged);
    db.close().await;
}

/// Somebody who confirms one customer after the other, and sends a form again to which no answer came.
struct Agent {
    browser: Browser,
    name: usize,
    customers: Vec<Uuid>,
    sent: usize,
    unanswered: Option<(Sent, Form)>,
    acknowledged: Vec<Sent>,
}

impl Agent {
    async fn sign_in(server: &Server, name: usize, customers: &[Uuid]) -> Self {
        let browser = Browser::new(&server.url);
        let page = browser.post("/sign-in", &[("email", &email("sales")), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let customers = customers.to_vec();
        Self { browser, name, customers, sent: 0, unanswered: None, acknowledged: Vec::new() }
    }

    async fn work_until_it_is_gone(&mut self) {
        while self.confirm_one().await.is_ok() {}
    }

    async fn confirm_one(&mut self) -> Result<(), reqwest::Error> {
        self.send_again().await?;
        let sent =
            Sent::new(self.customers[self.sent % self.customers.len()], format_args!("{}-{}", self.name, self.sent));
        let page = self.browser.try_get(&sent.path()).await?;
        assert_eq!(page.status, 200, "the session ended: {}", page.body);
        self.sent += 1;
        let form = sent.fill(page.form());
        self.unanswered = Some((sent, form));
        self.send_again().await
    }

    async fn send_again(&mut self) -> Result<(), reqwest::Error> {
        if let Some((sent, form)) = &self.unanswered {
            let page = self.browser.try_submit(form).await?;
            assert_eq!(page.status, 303, "{}", page.body);
            self.acknowledged.push(sent.clone());
            self.unanswered = None;
        }
        Ok(())
    }
}
