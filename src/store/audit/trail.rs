//! The trail of one partner account: filtered, newest first, by key; or all of it for a file.
//!
//! An account sees its own entries, and of those that belong to no account the ones that concern it: what changed for
//! every account, verifications of the log, and the sign-ins of those who have a role in it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::row::AuditEntry;
use crate::{
    domain::{actor::ActorKind, audit::Action},
    store::{
        Error, Read, Snapshot,
        row::record,
        sql::{Sql, Value, bind_all},
        table::Table,
    },
};

/// What of the trail is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Done by them.
    pub by: Option<By>,
    /// Of this kind.
    pub action: Option<Action>,
    /// About the customer with this Microsoft ID.
    pub customer_id: Option<Uuid>,
    /// At this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The user with this id.
    User(Uuid),
    /// Whoever of this kind has no id.
    Kind(ActorKind),
}

/// The entry that a page begins behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// When it happened, UTC.
    pub at: DateTime<Utc>,
    /// Its number.
    pub seq: i64,
    /// Whether what came later is asked for, not what came before.
    pub newer: bool,
}

/// A page of the trail.
#[derive(Debug)]
pub struct Found {
    /// Its entries, newest first.
    pub entries: Vec<Shown>,
    /// Whether there are newer ones.
    pub has_newer: bool,
    /// Whether there are older ones.
    pub has_older: bool,
}

record! {
    /// An entry with what stands around it.
    #[derive(Debug)]
    pub struct Shown {
        /// The entry.
        pub logged: AuditEntry = record,
        /// The hash of the entry before it in the log.
        pub hash_before: Option<Vec<u8>>,
        /// The name of the customer it is about.
        pub company_name: Option<String>,
        /// Whether that customer was removed.
        pub is_removed: bool,
    }
}

impl Shown {
    /// Whether its parts fit each other, and it follows the entry before it.
    pub fn fits(&self) -> bool {
        let before = match (&self.hash_before, self.logged.seq) {
            (None, 1) => [0; 32].as_slice(),
            (Some(hash), _) => hash,
            (None, _) => return false,
        };
        self.logged.check(before).is_some()
    }
}

/// A page of at most `limit` entries.
pub async fn page(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    filter: &Filter,
    cursor: Option<Cursor>,
    limit: usize,
) -> Result<Found, Error> {
    let newer = cursor.is_some_and(|cursor| cursor.newer);
    let trail = Trail { is_sqlite: conn.is_sqlite(), partner_account_id, filter, cursor, oldest_first: newer };
    let mut sql = trail.sql(true);
    sql.push(" LIMIT ");
    sql.bind(Value::Int(i64::try_from(limit + 1).unwrap_or(i64::MAX)));
    // Two filters at once may have to pass over many entries.
    let mut entries: Vec<Shown> = sql.statement(conn).slow().all().await?;
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    if newer {
        entries.reverse();
        return Ok(Found { entries, has_newer: has_more, has_older: true });
    }
    Ok(Found { entries, has_newer: cursor.is_some(), has_older: has_more })
}

/// Hands on every entry, oldest first, until `row` wants no more. See `Snapshot::walk` for where to call it.
pub async fn export(
    conn: &mut Snapshot,
    partner_account_id: Uuid,
    filter: &Filter,
    row: impl AsyncFnMut(AuditEntry) -> bool,
) -> Result<(), Error> {
    let trail = Trail { is_sqlite: conn.is_sqlite(), partner_account_id, filter, cursor: None, oldest_first: true };
    let Sql { text, values } = trail.sql(false);
    conn.walk(text, |statement| bind_all(statement, values.clone()), row).await
}

struct Trail<'a> {
    is_sqlite: bool,
    partner_account_id: Uuid,
    filter: &'a Filter,
    cursor: Option<Cursor>,
    oldest_first: bool,
}

impl Trail<'_> {
    /// The statement, without a limit: the account's own entries merged with those of no account, each read from an
    /// index in their order.
    fn sql(&self, around: bool) -> Sql {
        let mut sql = Sql { text: String::with_capacity(2048), values: Vec::new() };
        self.select(&mut sql, around, self.own_index());
        sql.push(" WHERE e.partner_account_id = ");
        sql.bind(Value::Guid(self.partner_account_id));
        self.conditions(&mut sql);
        if self.concerns_everybody() {
            sql.push(" UNION ALL ");
            self.select(&mut sql, around, "audit_log_of_no_account");
            sql.push(
                " WHERE e.partner_account_id IS NULL AND (e.action IN ('agreement_version_added', 'catalogue_imported', \
                 'log_verified') \
                 OR e.action IN ('signed_in', 'sign_in_failed') AND e.actor_id IN \
                 (SELECT m.user_id FROM memberships m WHERE m.partner_account_id = ",
            );
            sql.bind(Value::Guid(self.partner_account_id));
            sql.push("))");
            self.conditions(&mut sql);
        }
        sql.push(if self.oldest_first { " ORDER BY at, seq" } else { " ORDER BY at DESC, seq DESC" });
        sql
    }

    /// Whether the filter lets entries through that belong to no account.
    fn concerns_everybody(&self) -> bool {
        let action = self.filter.action.is_none_or(|action| {
            matches!(
                action,
                Action::AgreementVersionAdded
                    | Action::CatalogueImported
                    | Action::LogVerified
                    | Action::SignedIn
                    | Action::SignInFailed
            )
        });
        action && self.filter.customer_id.is_none()
    }

    /// The index for the account's own entries: of the filters the one that leaves least. `SQLite` knows nothing of
    /// how many entries there are, so it is told.
    fn own_index(&self) -> &'static str {
        match (self.filter.customer_id, self.filter.by, self.filter.action) {
            (Some(_), _, _) => "audit_log_by_customer",
            (None, Some(By::User(_)), _) => "audit_log_by_user",
            (None, Some(By::Kind(_)), _) => "audit_log_by_kind",
            (None, None, Some(_)) => "audit_log_by_action",
            (None, None, None) => "audit_log_by_time",
        }
    }

    fn select(&self, sql: &mut Sql, around: bool, index: &str) {
        sql.push("SELECT ");
        sql.push(&AuditEntry::columns_of("e"));
        if around {
            sql.push(
                ", (SELECT p.hash FROM audit_log p WHERE p.seq = e.seq - 1) AS hash_before, \
                 (SELECT c.company_name FROM customers c WHERE c.id = e.customer_id AND c.partner_account_id = ",
            );
            sql.bind(Value::Guid(self.partner_account_id));
            sql.push(
                ") AS company_name, EXISTS (SELECT 1 FROM customers r WHERE r.id = e.customer_id \
                 AND r.removed_at IS NOT NULL AND r.partner_account_id = ",
            );
            sql.bind(Value::Guid(self.partner_account_id));
            sql.push(") AS is_removed");
        }
        sql.push(" FROM audit_log e");
        if self.is_sqlite {
            sql.push(" INDEXED BY ");
            sql.push(index);
        }
    }

    fn conditions(&self, sql: &mut Sql) {
        match self.filter.by {
            None => {}
            Some(By::User(id)) => {
                sql.push(" AND e.actor_id = ");
                sql.bind(Value::Guid(id));
            }
            Some(By::Kind(kind)) => {
                sql.push(" AND e.actor_id IS NULL AND e.actor_kind = ");
                sql.bind(Value::Text(kind.code().to_owned()));
            }
        }
        if let Some(action) = self.filter.action {
            sql.push(" AND e.action = ");
            sql.bind(Value::Text(action.code().to_owned()));
        }
        if let Some(id) = self.filter.customer_id {
            sql.push(" AND e.customer_id = ");
            sql.bind(Value::Guid(id));
        }
        for (literal, time) in [(" AND e.at >= ", self.filter.from), (" AND e.at < ", self.filter.until)] {
            if let Some(time) = time {
                sql.push(literal);
                sql.bind(Value::Time(time));
            }
        }
        if let Some(Cursor { at, seq, newer }) = self.cursor {
            let (loose, strict) = if newer { (" AND e.at >= ", " > ") } else { (" AND e.at <= ", " < ") };
            sql.push(loose);
            sql.bind(Value::Time(at));
            sql.push(" AND (e.at");
            sql.push(strict);
            sql.bind(Value::Time(at));
            sql.push(" OR e.seq");
            sql.push(strict);
            sql.bind(Value::Int(seq));
            sql.push(")");
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// What `SQLite` does for a filter, step by step.
    fn plan(schema: &Connection, filter: &Filter, cursor: Option<Cursor>, oldest_first: bool) -> Vec<String> {
        let trail = Trail { is_sqlite: true, partner_account_id: Uuid::from_u128(1), filter, cursor, oldest_first };
        let sql = format!("EXPLAIN QUERY PLAN {} LIMIT 51", trail.sql(true).text);
        let mut statement = schema.prepare(&sql).unwrap();
        let values = std::iter::repeat_n(rusqlite::types::Null, statement.parameter_count());
        let steps = statement.query_map(rusqlite::params_from_iter(values), |row| row.get(3)).unwrap();
        steps.map(Result::unwrap).collect()
    }

    #[test]
    fn every_filter_is_answered_from_an_index_and_all_but_a_customers_in_its_order() {
        let schema = Connection::open_in_memory().unwrap();
        schema.execute_batch(include_str!("../../../migrations/sqlite/0001_first.sql")).unwrap();
        let one = Uuid::from_u128(2);
        let (now, mut plans) = (DateTime::UNIX_EPOCH, 0);
        for by in [None, Some(By::User(one)), Some(By::Kind(ActorKind::CommandLine))] {
            for action in [None, Some(Action::SignedIn), Some(Action::OrderPlaced)] {
                for customer_id in [None, Some(one)] {
                    for (from, until) in [(None, None), (Some(now), None), (Some(now), Some(now))] {
                        for cursor in [None, Some(false), Some(true)] {
                            let filter = Filter { by, action, customer_id, from, until };
                            let cursor = cursor.map(|newer| Cursor { at: now, seq: 7, newer });
                            let plan = plan(&schema, &filter, cursor, cursor.is_some_and(|cursor| cursor.newer));
                            let all = plan.join("\n");
                            assert!(!all.contains("SCAN e\n") && !all.contains("SCAN audit_log"), "{filter:?}:\n{all}");
                            // A customer has few entries, which may be sorted.
                            assert!(customer_id.is_some() || !all.contains("TEMP B-TREE"), "{filter:?}:\n{all}");
                            let reads = plan.iter().filter(|step| step.contains(" e USING"));
                            let ranged = |step: &&String| step.contains("at>") || step.contains("at<");
                            let in_period = customer_id.is_some() || (from.is_none() && cursor.is_none());
                            assert!(in_period || reads.clone().all(|step| ranged(&step)), "{filter:?}:\n{all}");
                            assert!(reads.count() >= 1, "{filter:?}:\n{all}");
                            plans += 1;
                        }
                    }
                }
            }
        }
        assert_eq!(plans, 162);
    }
}
