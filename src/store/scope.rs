//! Which tables a statement may write, by who runs it.

/// What a maintenance transaction may write: no row that the log vouches for, and nothing that is counted.
const MAINTENANCE: [&str; 10] = [
    "carts",
    "customer_drafts",
    "idempotency_keys",
    "order_drafts",
    "refresh_tokens",
    "selections",
    "sessions",
    "setup_tokens",
    "sign_in_attempts",
    "temporary_passwords",
];

/// The one column of a business table that a maintenance transaction may write: the log says nothing of it.
const PREFERENCE: &str = "UPDATE users SET language = $1 WHERE id = $2";

/// Words that a statement begins with which changes the schema, or locks or empties a whole table.
const WHOLE: [&str; 8] = ["CREATE", "DROP", "ALTER", "LOCK", "TRUNCATE", "PRAGMA", "ATTACH", "VACUUM"];

/// Who runs a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// A reader.
    Read,
    /// A business write.
    Business,
    /// Sessions, drafts, purges.
    Maintenance,
}

impl Scope {
    /// The table that a statement would write and must not, or the word of what it must not do.
    pub(super) fn refuses(self, sql: &str) -> Option<&str> {
        let allowed: &[&str] = match self {
            Self::Business => return None,
            // What reads goes through connections that cannot write, or through a transaction that may.
            Self::Read if !cfg!(debug_assertions) => return None,
            Self::Read => &[],
            Self::Maintenance if sql == PREFERENCE => return None,
            Self::Maintenance => &MAINTENANCE,
        };
        written(sql).into_iter().find(|table| !allowed.contains(table))
    }
}

/// The tables that a statement writes.
fn written(sql: &str) -> Vec<&str> {
    let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
    let mut words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).peekable();
    let mut tables: Vec<&str> = Vec::new();
    if let Some(first) = words.peek().copied()
        && WHOLE.iter().any(|word| is(first, word))
    {
        tables.push(first);
    }
    let mut before = "";
    while let Some(word) = words.next() {
        // `FOR UPDATE` locks rows, and `DO UPDATE` writes the table of its `INSERT INTO`.
        let begins = is(word, "INTO")
            || is(word, "UPDATE") && !is(before, "FOR") && !is(before, "DO")
            || is(word, "FROM") && is(before, "DELETE");
        if begins && let Some(table) = words.peek().copied() {
            tables.push(table);
        }
        before = word;
    }
    tables
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::{MAINTENANCE, PREFERENCE, Scope, written};

    #[test]
    fn the_tables_that_a_statement_writes_are_found() {
        for (sql, tables) in [
            ("SELECT a FROM b WHERE c = 'd' FOR UPDATE", &[] as &[&str]),
            ("INSERT INTO carts (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET a = excluded.a", &["carts"]),
            ("INSERT OR REPLACE INTO customers (id) SELECT id FROM carts", &["customers"]),
            ("update customers set a = 1", &["customers"]),
            ("DELETE FROM orders RETURNING id", &["orders"]),
            ("WITH x AS (DELETE FROM orders RETURNING id) UPDATE users SET a = 1", &["orders", "users"]),
            ("TRUNCATE customers", &["TRUNCATE"]),
            ("LOCK TABLE agreements IN SHARE MODE", &["LOCK"]),
        ] {
            assert_eq!(written(sql), tables, "{sql}");
        }
    }

    #[test]
    fn maintenance_cannot_name_a_business_table() {
        for (sql, refused) in [
            ("DELETE FROM sessions WHERE seen_at < $1", None),
            (PREFERENCE, None),
            ("UPDATE users SET password_hash = $1 WHERE id = $2", Some("users")),
            ("UPDATE customers SET etag = 1", Some("customers")),
            ("DELETE FROM agreement_counts", Some("agreement_counts")),
            ("ALTER TABLE sessions ADD COLUMN a TEXT", Some("ALTER")),
        ] {
            assert_eq!(Scope::Maintenance.refuses(sql), refused, "{sql}");
        }
        assert_eq!(Scope::Read.refuses("DELETE FROM sessions"), Some("sessions"));
        assert_eq!(Scope::Business.refuses("UPDATE customers SET etag = 1"), None);
    }

    /// Every `.rs` file below a folder.
    fn source(folder: &Path) -> String {
        let mut all = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all += &source(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all += &fs::read_to_string(&path).unwrap();
            }
        }
        all
    }

    #[test]
    fn every_statement_of_the_store_that_maintains_names_only_its_tables_and_every_table_is_one() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut maintained = BTreeSet::new();
        for function in source(&root.join("src/store")).split("fn ").skip(1) {
            let signature = function.split('{').next().unwrap_or_default();
            let body = function.split("\n}").next().unwrap_or_default();
            if !["MaintenanceTx", "dyn Write"].iter().any(|kind| signature.contains(&format!("tx: &mut {kind}"))) {
                continue;
            }
            for literal in body.split('"').skip(1).step_by(2) {
                let sql = literal.replace("\\\n", " ");
                assert_eq!(Scope::Maintenance.refuses(&sql), None, "{sql}");
                if sql != PREFERENCE {
                    maintained.extend(written(&sql).into_iter().map(str::to_owned));
                }
            }
        }
        assert_eq!(maintained.iter().map(String::as_str).collect::<Vec<_>>(), MAINTENANCE);
    }

    #[test]
    fn no_table_that_is_maintained_is_vouched_for_by_the_log() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
        let mut tables = 0;
        for file in fs::read_dir(folder).unwrap() {
            let sql = fs::read_to_string(file.unwrap().path()).unwrap();
            for table in sql.split("CREATE TABLE ").skip(1) {
                let (name, body) = table.split_once(" (\n").unwrap();
                let body = body.split("\n)").next().unwrap_or_default();
                if MAINTENANCE.contains(&name) {
                    tables += 1;
                    assert!(!body.contains("event_id") && !body.contains("salt"), "{name}");
                }
            }
        }
        assert_eq!(tables, MAINTENANCE.len());
    }
}
