//! Customers by what a list calls them: a fixed number of statements for each thousand lines.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Error, Read,
    row::record,
    sql::{Sql, Value},
};
use crate::domain::preflight::Wanted;

/// Values in one statement.
const CHUNK: usize = 250;

record! {
    /// The customer that something names.
    #[derive(Debug, Clone)]
    pub struct Named {
        /// By what it was found: the domain or the folded name; empty where that is the id.
        key: String,
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// The primary domain.
        pub domain: String,
        /// The day the version of the agreement that counts was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// How many customers it names; this is the first of them.
        pub customers: i64,
    }
}

const COLUMNS: &str = "c.id, c.company_name, c.domain, c.agreement_published_on";

/// The customers of an account that a list names.
pub async fn find<'a>(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    wanted: impl Iterator<Item = &'a Wanted>,
) -> Result<HashMap<Wanted, Named>, Error> {
    let all: Vec<&Wanted> = wanted.collect::<HashSet<_>>().into_iter().collect();
    let account = Value::Guid(partner_account_id);
    let mut found = HashMap::new();

    let ids = all.iter().filter_map(|wanted| if let Wanted::Id(id) = wanted { Some(Value::Guid(*id)) } else { None });
    for chunk in ids.collect::<Vec<_>>().chunks(CHUNK) {
        let mut sql = Sql::new("SELECT '' AS key, ");
        sql.push(COLUMNS);
        sql.push(", CAST(1 AS BIGINT) AS customers FROM customers c WHERE c.partner_account_id = ");
        sql.bind(account.clone());
        sql.push(" AND c.removed_at IS NULL AND c.id IN (");
        list(&mut sql, chunk);
        let rows: Vec<Named> = sql.statement(conn).all().await?;
        found.extend(rows.into_iter().map(|row| (Wanted::Id(row.id), row)));
    }
    let domains =
        all.iter().filter_map(|wanted| if let Wanted::Domain(domain) = wanted { Some(text(domain)) } else { None });
    for chunk in domains.collect::<Vec<_>>().chunks(CHUNK) {
        let terms = "SELECT term AS key, min(customer_seq) AS seq, count(*) AS customers FROM customer_terms \
                     WHERE kind = 'domain' AND partner_account_id = ";
        let rows = by_text(conn, terms, " AND term IN (", " GROUP BY term", &account, chunk).await?;
        found.extend(rows.into_iter().map(|row| (Wanted::Domain(row.key.clone()), row)));
    }
    let names = all.iter().filter_map(|wanted| if let Wanted::Name(name) = wanted { Some(text(name)) } else { None });
    for chunk in names.collect::<Vec<_>>().chunks(CHUNK) {
        let names = "SELECT name_fold AS key, min(seq) AS seq, count(*) AS customers FROM customers \
                     WHERE partner_account_id = ";
        let rows =
            by_text(conn, names, " AND removed_at IS NULL AND name_fold IN (", " GROUP BY name_fold", &account, chunk)
                .await?;
        found.extend(rows.into_iter().map(|row| (Wanted::Name(row.key.clone()), row)));
    }
    Ok(found)
}

record! {
    /// How many customers have names that begin with a text.
    struct Beginning {
        key: String,
        customers: i64,
    }
}

/// How many customers of an account have names that begin with each of these, folded; what begins none is left out.
pub async fn beginning(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    names: impl Iterator<Item = &str>,
) -> Result<HashMap<String, i64>, Error> {
    let names: Vec<&str> = names.collect::<HashSet<_>>().into_iter().collect();
    let mut found = HashMap::new();
    for chunk in names.chunks(CHUNK) {
        let mut sql = Sql::new("WITH typed (key, beyond) AS (VALUES ");
        for (number, name) in chunk.iter().enumerate() {
            sql.push(if number > 0 { ", (CAST(" } else { "(CAST(" });
            sql.bind(text(name));
            sql.push(" AS TEXT), CAST(");
            sql.bind(Value::Text(format!("{name}{}", char::MAX)));
            sql.push(" AS TEXT))");
        }
        sql.push(
            ") SELECT t.key, count(*) AS customers FROM typed t JOIN customers c ON c.name_fold >= t.key \
             AND c.name_fold < t.beyond WHERE c.removed_at IS NULL AND c.partner_account_id = ",
        );
        sql.bind(Value::Guid(partner_account_id));
        sql.push(" GROUP BY t.key");
        let rows: Vec<Beginning> = sql.statement(conn).all().await?;
        found.extend(rows.into_iter().map(|row| (row.key, row.customers)));
    }
    Ok(found)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The first customer of each text, where `keys` gives text, row number and how many there are.
async fn by_text(
    conn: &mut dyn Read,
    keys: &str,
    among: &str,
    group: &str,
    account: &Value,
    chunk: &[Value],
) -> Result<Vec<Named>, Error> {
    let mut sql = Sql::new("SELECT m.key, ");
    sql.push(COLUMNS);
    sql.push(", m.customers FROM (");
    sql.push(keys);
    sql.bind(account.clone());
    sql.push(among);
    list(&mut sql, chunk);
    sql.push(group);
    sql.push(") m JOIN customers c ON c.seq = m.seq");
    sql.statement(conn).all().await
}

/// The places of some values, and the parenthesis behind them.
fn list(sql: &mut Sql, values: &[Value]) {
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            sql.push(", ");
        }
        sql.bind(value.clone());
    }
    sql.push(")");
}
