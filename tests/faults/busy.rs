//! A database that cannot answer for a while.

use super::{Sent, recorded};
use crate::support::{Database, Portal, direct::Direct};

/// Ends every connection of the portal.
const END_THEM: &str = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
                        WHERE datname = current_database() AND application_name = 'countersign'";

/// Holds what every write takes last.
const LOCK: &str = "SELECT seq::text FROM audit_head WHERE id = 1 FOR UPDATE";

#[tokio::test]
async fn while_sqlite_is_locked_by_another_program_nothing_is_lost_and_the_same_form_succeeds_afterwards() {
    let portal = Portal::start(Database::Sqlite).await;
    let customer = portal.add_customer("Contoso B.V.").await;
    let sales = portal.signed_in("sales").await;
    let sent = Sent::new(customer, 1);
    let form = sent.form(&sales).await;

    let mut other = Direct::connect(&portal.location).await;
    other.execute("BEGIN IMMEDIATE").await;
    let page = sales.submit(&form).await;
    assert_eq!(page.status, 503, "{}", page.body);
    assert_eq!(page.header("retry-after"), "5");
    assert!(page.main().contains("Nothing was saved"), "{}", page.main());
    assert_eq!(sales.get(&format!("/customers/{customer}/account")).await.status, 200, "pages can still be read");
    other.execute("ROLLBACK").await;
    assert_eq!(recorded(&portal.db, &portal, &[customer]).await, []);

    let page = sales.submit(&page.form()).await;
    assert_eq!(page.status, 303, "the page itself sends the form again: {}", page.body);
    assert_eq!(sales.submit(&form).await.status, 303);
    assert_eq!(recorded(&portal.db, &portal, &[customer]).await, [sent]);
    portal.stop().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn connections_ended_by_postgres_cost_at_most_an_answer_to_try_again() {
    let portal = Portal::start(Database::Postgres).await;
    let customer = portal.add_customer("Contoso B.V.").await;
    let sales = portal.signed_in("sales").await;
    let mut other = Direct::connect(&portal.location).await;
    let mut sents = Vec::new();

    // Between requests: the portal finds new connections by itself, and the session is still there.
    for number in 0..5 {
        let sent = Sent::new(customer, number);
        let form = sent.form(&sales).await;
        assert!(!other.rows(END_THEM).await.is_empty(), "the portal was connected");
        let page = sales.submit(&form).await;
        assert!([303, 503].contains(&page.status), "{}", page.body);
        if page.status == 503 {
            assert_eq!(sales.submit(&form).await.status, 303);
        }
        sents.push(sent);
    }

    // In the middle of a confirmation, which waits for the head of the log.
    let sent = Sent::new(customer, "-in-between");
    let form = sent.form(&sales).await;
    other.execute("BEGIN").await;
    other.rows(LOCK).await;
    let mut third = Direct::connect(&portal.location).await;
    let (page, ()) = tokio::join!(sales.submit(&form), async {
        let waiting = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let most = std::time::Duration::from_secs(10);
        crate::support::until("the confirmation waits", most, async || third.text(waiting).await == "1").await;
        third.rows(END_THEM).await;
    });
    assert_eq!(page.status, 503, "{}", page.body);
    assert_eq!(page.header("retry-after"), "5");
    assert!(page.main().contains("Nothing was saved"), "{}", page.main());
    other.execute("ROLLBACK").await;
    assert_eq!(sales.submit(&form).await.status, 303, "the same form");
    sents.push(sent);

    sents.sort();
    assert_eq!(recorded(&portal.db, &portal, &[customer]).await, sents);
    portal.stop().await;
}
