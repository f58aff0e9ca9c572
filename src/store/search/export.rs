//! Every row of the list, for a file.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::query::{Query, Search, filter_and_sort};
use crate::{
    domain::{actor::ActorKind, agreement::Channel, country::Country},
    store::{
        Error, Snapshot,
        row::record,
        sql::{Sql, bind_all},
    },
};

record! {
    /// A customer in an exported list, with the agreement that counts.
    #[derive(Debug, Clone)]
    pub struct Exported {
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// The primary domain.
        pub domain: String,
        /// The country, where known.
        pub country: Option<Country>,
        /// The version of the agreement that counts.
        pub agreement_version_id: Option<Uuid>,
        /// The day it was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// The day of acceptance.
        pub date_agreed: Option<NaiveDate>,
        /// Who accepted; none when nobody did or nobody knows.
        pub acceptor_name: Option<String>,
        /// Their email address.
        pub acceptor_email: Option<String>,
        /// Their phone number as it was typed.
        pub phone_number: Option<String>,
        /// The channel that the confirmation came through.
        pub channel: Option<Channel>,
        /// The kind of actor who recorded it.
        pub recorded_by_kind: Option<ActorKind>,
        /// Their name then.
        pub recorded_by_name: Option<String>,
        /// When it was recorded, UTC.
        pub recorded_at: Option<DateTime<Utc>>,
        /// When the customer was added, UTC.
        pub created_at: DateTime<Utc>,
        /// The last change, UTC.
        pub changed_at: DateTime<Utc>,
    }
}

/// Hands on every row of the list that [`list`](super::list) pages through, in the same order, until `row` wants no
/// more. See `Snapshot::walk` for where to call it.
pub async fn export(
    conn: &mut Snapshot,
    partner_account_id: Uuid,
    query: &Query,
    required_version_date: Option<NaiveDate>,
    row: impl AsyncFnMut(Exported) -> bool,
) -> Result<(), Error> {
    let search = match query.q.as_deref().map(Search::new) {
        Some(None) => return Ok(()),
        Some(search) => search,
        None => None,
    };
    let mut sql = Sql::new("");
    if let Some(search) = &search {
        search.write(&mut sql, conn.is_sqlite(), partner_account_id);
    }
    sql.push(
        "SELECT c.id, c.company_name, c.domain, c.country, c.agreement_version_id, c.agreement_published_on, \
         c.date_agreed, c.acceptor_name, c.acceptor_email, a.phone_number, a.channel, a.recorded_by_kind, a.recorded_by_name, \
         a.recorded_at, c.created_at, c.changed_at FROM ",
    );
    sql.push(if search.is_some() { "hits h CROSS JOIN customers c" } else { "customers c" });
    sql.push(" LEFT JOIN agreements a ON a.id = c.agreement_id");
    filter_and_sort(&mut sql, partner_account_id, query, search.is_some(), None, required_version_date);
    let values = sql.values;
    conn.walk(sql.text, |statement| bind_all(statement, values.clone()), row).await
}
