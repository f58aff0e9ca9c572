//! For tests: statements that otherwise only the store may run.

use super::{Read, statement::Stmt};

/// Any statement, through whatever can be read from: on a transaction it may write any table.
pub fn sql(conn: &mut dyn Read, sql: impl Into<String>) -> Stmt<'_> {
    conn.unchecked(sql.into())
}
