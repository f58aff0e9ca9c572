//! Each kind of column, written and read through each driver.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use countersign::store::{WriteTx, migrate::Place};
use uuid::Uuid;

use crate::{
    on_both_databases,
    support::{portal::day, sql},
};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// Writes each value, nothing, and reads both as they may and as they must be there.
macro_rules! round_trips {
    ($tx:expr, $column:literal, $kind:ty, $values:expr) => {
        let values: Vec<$kind> = $values;
        for value in values {
            for stored in [Some(value.clone()), None] {
                sql($tx, "DELETE FROM kinds").execute().await.expect("an empty table");
                let insert = sql($tx, concat!("INSERT INTO kinds (", $column, ") VALUES ($1)"));
                assert_eq!(insert.bind(stored.clone()).execute().await.expect("a row"), 1);
                let select = sql($tx, concat!("SELECT ", $column, " FROM kinds"));
                let (read,): (Option<$kind>,) = select.one().await.expect("a value or none");
                assert_eq!(read, stored, $column);
            }
            let update = sql($tx, concat!("UPDATE kinds SET ", $column, " = $1"));
            assert_eq!(update.bind(value.clone()).execute().await.expect("a change"), 1);
            let select = sql($tx, concat!("SELECT ", $column, " FROM kinds WHERE ", $column, " = $1"));
            let (read,): ($kind,) = select.bind(value.clone()).one().await.expect("a value");
            assert_eq!(read, value, $column);
        }
    };
}

async fn make_table(tx: &mut WriteTx, at: &Place) {
    let (number, flag, bytes, guid, day, time, end) = match at {
        Place::Sqlite(_) => ("INTEGER", "INTEGER", "BLOB", "BLOB", "TEXT", "TEXT", ") STRICT"),
        Place::Postgres(_) => ("BIGINT", "BOOLEAN", "BYTEA", "UUID", "DATE", "TIMESTAMPTZ", ")"),
    };
    let create = format!(
        "CREATE TABLE kinds (number {number}, flag {flag}, words TEXT, bytes {bytes}, guid {guid}, day {day}, at {time}{end}"
    );
    sql(tx, create).execute().await.expect("a table");
}

on_both_databases! {
    async fn every_kind_of_column_is_read_as_it_was_written(portal) {
        let mut tx = portal.db.write().await.expect("a transaction");
        let tx = &mut tx;
        make_table(tx, &portal.location.at).await;
        round_trips!(tx, "number", i64, vec![i64::MIN, -1, 0, 1, i64::MAX]);
        round_trips!(tx, "flag", bool, vec![false, true]);
        let words = ["", " ", "'quoted' \"twice\"", "é e\u{301} \u{feff}漢字 🙂\t\r\n\u{1}", "$1 ?1 :a %s \\"];
        round_trips!(tx, "words", String, words.map(str::to_owned).into_iter().chain(["x".repeat(100_000)]).collect());
        round_trips!(tx, "bytes", Vec<u8>, vec![vec![], vec![0], (0..=255).collect()]);
        round_trips!(tx, "guid", Uuid, vec![Uuid::nil(), Uuid::max(), Uuid::from_u128(1), portal.account.id]);
        round_trips!(tx, "day", NaiveDate, ["0001-01-01", "1969-12-31", "2024-02-29", "9999-12-31"].map(day).to_vec());
        let times = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "2026-03-12T10:00:00.120Z", "9999-12-31T23:59:59.999Z"];
        round_trips!(tx, "at", DateTime<Utc>, times.map(time).to_vec());
    }

    async fn a_literal_text_is_bound_as_text(portal) {
        let mut tx = portal.db.write().await.expect("a transaction");
        make_table(&mut tx, &portal.location.at).await;
        sql(&mut tx, "INSERT INTO kinds (words) VALUES ($1)").bind("a literal").execute().await.expect("a row");
        let (read,): (String,) = sql(&mut tx, "SELECT words FROM kinds").one().await.expect("a text");
        assert_eq!(read, "a literal");
    }

    async fn times_and_days_sort_as_they_follow_each_other(portal) {
        let mut tx = portal.db.write().await.expect("a transaction");
        make_table(&mut tx, &portal.location.at).await;
        let start = time("2026-03-12T09:59:58.998Z");
        let steps = [0, 1, 2, 10, 100, 1_000, 1_002, 1_102, 2_002, 60_000, 3_600_000, 86_400_000, 40_000_000_000];
        let times: Vec<_> = steps.map(|step| start + TimeDelta::milliseconds(step)).to_vec();
        // In another order than theirs.
        for number in 0..times.len() {
            let at = times[number * 5 % times.len()];
            let insert = sql(&mut tx, "INSERT INTO kinds (at, day) VALUES ($1, $2)");
            insert.bind(at).bind(at.date_naive()).execute().await.expect("a row");
        }
        let sorted: Vec<(DateTime<Utc>,)> = sql(&mut tx, "SELECT at FROM kinds ORDER BY at").all().await.expect("times");
        assert_eq!(sorted.into_iter().map(|(at,)| at).collect::<Vec<_>>(), times);
        let sorted: Vec<(NaiveDate,)> = sql(&mut tx, "SELECT day FROM kinds ORDER BY day").all().await.expect("days");
        assert!(sorted.is_sorted());
        for (number, at) in times.iter().enumerate() {
            let (before,): (i64,) =
                sql(&mut tx, "SELECT COUNT(*) FROM kinds WHERE at < $1").bind(*at).one().await.expect("a count");
            assert_eq!(before, i64::try_from(number).expect("a small number"));
        }
    }

    async fn the_rows_that_a_statement_touches_are_counted(portal) {
        let mut tx = portal.db.write().await.expect("a transaction");
        make_table(&mut tx, &portal.location.at).await;
        for number in 0..3_i64 {
            sql(&mut tx, "INSERT INTO kinds (number) VALUES ($1)").bind(number).execute().await.expect("a row");
        }
        for (statement, touched) in [
            ("UPDATE kinds SET words = 'a' WHERE number > 0", 2),
            ("UPDATE kinds SET words = 'a' WHERE number > 5", 0),
            ("DELETE FROM kinds WHERE number = 1", 1),
            ("DELETE FROM kinds", 2),
        ] {
            assert_eq!(sql(&mut tx, statement).execute().await.expect("a change"), touched, "{statement}");
        }
        let inserted: Vec<(i64,)> =
            sql(&mut tx, "INSERT INTO kinds (number) VALUES (1), (2) RETURNING number").all().await.expect("rows");
        assert_eq!(inserted, [(1,), (2,)]);
    }
}

/// What a file that another build made must still hold.
#[tokio::test]
async fn sqlite_keeps_times_and_days_as_these_texts() {
    let test_db = crate::support::TestDb::prepare(crate::support::Database::Sqlite, None).await;
    let mut tx = test_db.db.write().await.expect("a transaction");
    make_table(&mut tx, &test_db.location.at).await;
    for (at, text) in [
        ("2026-03-12T10:00:00Z", "2026-03-12T10:00:00+00:00"),
        ("2026-03-12T10:00:00.120Z", "2026-03-12T10:00:00.120+00:00"),
    ] {
        sql(&mut tx, "DELETE FROM kinds").execute().await.expect("an empty table");
        let insert = sql(&mut tx, "INSERT INTO kinds (at, day) VALUES ($1, $2)");
        insert.bind(time(at)).bind(time(at).date_naive()).execute().await.expect("a row");
        let kept: (String, String) = sql(&mut tx, "SELECT at, day FROM kinds").one().await.expect("texts");
        assert_eq!(kept, (text.to_owned(), "2026-03-12".to_owned()));
    }
}
