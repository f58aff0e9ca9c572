//! Customers as a program pages through them.

use uuid::Uuid;

use super::search_terms::Kind;
use crate::{
    domain::fold::fold,
    store::{
        Error, Read,
        row::record,
        sql::{Sql, Value},
    },
};

record! {
    /// A customer as a program lists them.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Listed {
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// The primary domain.
        pub domain: String,
    }
}

/// Which customers a page is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those whose company's name begins so, whatever its case and accents.
    CompanyName(String),
    /// Those whose primary domain begins so, whatever its case.
    Domain(String),
    /// Those of indirect resellers with these MPN IDs.
    AssociatedWith(Vec<String>),
}

/// Where a page of customers lies among all of them, in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first ones.
    First,
    /// The last ones.
    Last,
    /// Those behind one.
    After(Uuid),
    /// Those before one.
    Before(Uuid),
}

/// At most so many customers of the account, in the order of their ids.
pub async fn page(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    which: Option<&Which>,
    place: Place,
    most: i64,
) -> Result<Vec<Listed>, Error> {
    let mut sql = Sql::new("SELECT id, company_name, domain FROM customers WHERE partner_account_id = ");
    sql.bind(Value::Guid(partner_account_id));
    sql.push(" AND removed_at IS NULL");
    let begins_with = match which {
        None => None,
        Some(Which::CompanyName(text)) => Some((Kind::Name, fold(text))),
        Some(Which::Domain(text)) => Some((Kind::Domain, text.to_lowercase())),
        Some(Which::AssociatedWith(mpn_ids)) if mpn_ids.is_empty() => return Ok(Vec::new()),
        Some(Which::AssociatedWith(mpn_ids)) => {
            for (place, mpn_id) in mpn_ids.iter().enumerate() {
                sql.push(if place == 0 { " AND associated_partner_id IN (" } else { ", " });
                sql.bind(Value::Text(mpn_id.clone()));
            }
            sql.push(")");
            None
        }
    };
    if let Some((kind, term)) = begins_with {
        sql.push(" AND seq IN (SELECT customer_seq FROM customer_terms WHERE partner_account_id = $1 AND kind = ");
        sql.bind(Value::Text(kind.code().to_owned()));
        sql.push(" AND term >= ");
        sql.bind(Value::Text(term.clone()));
        sql.push(" AND term < ");
        sql.bind(Value::Text(format!("{term}\u{10FFFF}")));
        sql.push(")");
    }
    let backwards = match place {
        Place::First => false,
        Place::Last => true,
        Place::After(id) => {
            sql.push(" AND id > ");
            sql.bind(Value::Guid(id));
            false
        }
        Place::Before(id) => {
            sql.push(" AND id < ");
            sql.bind(Value::Guid(id));
            true
        }
    };
    sql.push(if backwards { " ORDER BY id DESC LIMIT " } else { " ORDER BY id LIMIT " });
    sql.bind(Value::Int(most));
    let mut rows: Vec<Listed> = sql.statement(conn).all().await?;
    if backwards {
        rows.reverse();
    }
    Ok(rows)
}
