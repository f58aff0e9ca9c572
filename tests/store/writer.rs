//! Whatever becomes of a transaction, the next one has its turn.

use std::time::{Duration, Instant};

use countersign::store::{Db, Error, WriteTx};
use tokio::{sync::oneshot, task::JoinSet, time::timeout};

use crate::{
    on_both_databases,
    support::{Database, Portal, TestDb, sql},
};

/// A transaction that has written something.
async fn begun(db: &Db) -> WriteTx {
    let mut tx = db.write().await.expect("a transaction");
    assert_eq!(sql(&mut tx, "UPDATE partner_accounts SET name = 'Changed'").execute().await.expect("a change"), 1);
    tx
}

/// Asserts that nothing of it stayed, and that the next one need not wait.
async fn is_undone(portal: &Portal) {
    let next = timeout(Duration::from_secs(5), portal.db.write()).await.expect("a turn in time");
    let mut tx = next.expect("a transaction");
    let (name,): (String,) = sql(&mut tx, "SELECT name FROM partner_accounts").one().await.expect("a name");
    assert_eq!(name, portal.account.name);
}

on_both_databases! {
    async fn a_panic_inside_a_transaction_releases_the_writer(portal) {
        for _ in 0..5 {
            let db = portal.db.clone();
            let work = tokio::spawn(async move {
                let _tx = begun(&db).await;
                panic!("on purpose");
            });
            assert!(work.await.expect_err("a panic").is_panic());
            is_undone(portal).await;
        }
    }

    async fn an_aborted_future_releases_the_writer(portal) {
        for _ in 0..5 {
            let (db, (ready, waited)) = (portal.db.clone(), oneshot::channel());
            let work = tokio::spawn(async move {
                let _tx = begun(&db).await;
                ready.send(()).expect("somebody who waits");
                std::future::pending::<()>().await;
            });
            waited.await.expect("a transaction under way");
            work.abort();
            assert!(work.await.expect_err("an end").is_cancelled());
            is_undone(portal).await;
        }
    }

    async fn a_transaction_that_is_dropped_leaves_nothing(portal) {
        drop(begun(&portal.db).await);
        is_undone(portal).await;
        let mut tx = portal.db.maintenance().await.expect("a transaction");
        sql(&mut tx, "UPDATE partner_accounts SET name = 'Changed'").execute().await.expect("a change");
        drop(tx);
        is_undone(portal).await;
    }

    async fn a_transaction_whose_statement_fails_can_be_given_up(portal) {
        let mut tx = begun(&portal.db).await;
        sql(&mut tx, "SELECT no_such_column FROM users").execute().await.expect_err("an error");
        drop(tx);
        is_undone(portal).await;
    }

    async fn transactions_of_many_at_once_all_have_their_turn(portal) {
        let mut work = JoinSet::new();
        for number in 0..100_u8 {
            let db = portal.db.clone();
            work.spawn(async move {
                let mut tx = db.maintenance().await?;
                let insert = sql(&mut tx, "INSERT INTO setup_tokens (token_hash, expires_at) VALUES ($1, $2)");
                insert.bind(vec![number; 32]).bind(db.clock.now()).execute().await?;
                tx.commit().await
            });
        }
        let kept = work.join_all().await;
        assert!(kept.iter().all(Result::is_ok), "{kept:?}");
        let mut conn = portal.db.read().await.expect("a reader");
        let (count,): (i64,) = sql(&mut conn, "SELECT COUNT(*) FROM setup_tokens").one().await.expect("a count");
        assert_eq!(count, 100);
    }
}

#[tokio::test]
async fn a_queue_that_is_full_refuses_at_once_and_serves_those_who_wait() {
    let test_db = TestDb::prepare(Database::Sqlite, None).await;
    let tx = begun(&test_db.db).await;
    let since = Instant::now();
    let mut work = JoinSet::new();
    for _ in 0..1_200 {
        let db = test_db.db.clone();
        work.spawn(async move { db.write().await.map(drop) });
    }
    for _ in 0..200 {
        let refused = work.join_next().await.expect("an answer").expect("no panic");
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    }
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    drop(tx);
    let served = work.join_all().await;
    assert_eq!(served.len(), 1_000);
    assert!(served.iter().all(Result::is_ok));
    test_db.db.close().await;
}

#[tokio::test]
async fn nobody_waits_for_a_transaction_without_an_end() {
    let test_db = TestDb::prepare(Database::Sqlite, None).await;
    let tx = begun(&test_db.db).await;
    let since = Instant::now();
    let refused = test_db.db.write().await.err();
    assert!(matches!(refused, Some(Error::Unavailable(_))), "{refused:?}");
    assert!((9..20).contains(&since.elapsed().as_secs()), "{:?}", since.elapsed());
    drop(tx);
    assert!(test_db.db.write().await.is_ok());
}
