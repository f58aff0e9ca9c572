//! SQL that is put together as it is needed.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Read, statement::Stmt};

/// A value to bind.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Guid(Uuid),
    Date(NaiveDate),
    Time(DateTime<Utc>),
    Int(i64),
}

/// SQL put together from literals, with its values beside it.
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

impl Sql {
    pub(super) fn new(literal: &str) -> Self {
        let mut sql = Self { text: String::with_capacity(1024), values: Vec::new() };
        sql.push(literal);
        sql
    }

    pub(super) fn push(&mut self, literal: &str) {
        self.text.push_str(literal);
    }

    /// Appends the place of a value.
    pub(super) fn bind(&mut self, value: Value) {
        self.values.push(value);
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
    }

    pub(super) fn statement(self, conn: &mut dyn Read) -> Stmt<'_> {
        bind_all(conn.assembled(self.text), self.values)
    }
}

pub(super) fn bind_all(statement: Stmt<'_>, values: Vec<Value>) -> Stmt<'_> {
    values.into_iter().fold(statement, |statement, value| match value {
        Value::Text(text) => statement.bind(text),
        Value::Guid(guid) => statement.bind(guid),
        Value::Date(date) => statement.bind(date),
        Value::Time(time) => statement.bind(time),
        Value::Int(int) => statement.bind(int),
    })
}
