//! The list of customers: searched, filtered, sorted and paged by key.

mod export;
mod order;
mod query;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

pub use export::{Exported, export};
pub use order::{Cursor, Sort};
use order::{Place, PlaceRow, sorted_by_day};
pub use query::{CountryFilter, MIDDLE_MAX, Query};
use query::{Search, filter_and_sort};

use super::{
    Error, Read,
    row::record,
    sql::{Sql, Value},
};
use crate::domain::{actor::ActorKind, country::Country};

/// Rows on a page.
pub const PAGE: usize = 50;

record! {
    /// A customer in the list.
    #[derive(Debug, Clone)]
    pub struct Row {
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// The primary domain.
        pub domain: String,
        /// The country, where known.
        pub country: Option<Country>,
        /// The day the version of the agreement that counts was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// The day of acceptance.
        pub date_agreed: Option<NaiveDate>,
        /// Who accepted; none when nobody did or nobody knows.
        pub acceptor_name: Option<String>,
        /// The user who recorded the agreement that counts.
        pub agent_id: Option<Uuid>,
        /// The kind of actor who recorded it, where that was no user.
        pub recorded_by_kind: Option<ActorKind>,
        /// The last change, UTC.
        pub changed_at: DateTime<Utc>,
        /// The rank among the hits of a search; without one all are alike.
        pub rank: i64,
        /// How many hits there are in the middle of a name, one more than are listed at most.
        pub middle: i64,
    }
}

impl Row {
    /// The place behind this customer in a list of this order, which stays the same when the customer is confirmed.
    pub fn cursor(&self, sort: Option<Sort>) -> Cursor {
        Cursor { id: self.id, rank: self.rank, agreed: sorted_by_day(sort, self.date_agreed), backwards: false }
    }
}

/// A page of the list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// At most [`PAGE`] rows.
    pub rows: Vec<Row>,
    /// Whether there are rows before these.
    pub has_previous: bool,
    /// Whether there are rows behind these.
    pub has_next: bool,
    /// The cursor made no sense: this is the first page.
    pub cursor_lost: bool,
}

impl Page {
    /// Whether there are more hits in the middle of a name than are listed.
    pub fn too_many(&self) -> bool {
        self.rows.first().is_some_and(|row| row.middle > MIDDLE_MAX)
    }
}

/// The page of the account's customers that is asked for. `required_version_date` tells which agreements are
/// enough today.
pub async fn list(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    query: &Query,
    required_version_date: Option<NaiveDate>,
) -> Result<Page, Error> {
    page_of(PAGE, conn, partner_account_id, query, required_version_date).await
}

/// The first customer of that page, as a cursor behind it.
pub async fn first(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    query: &Query,
    required_version_date: Option<NaiveDate>,
) -> Result<Option<Cursor>, Error> {
    let page = page_of(1, conn, partner_account_id, query, required_version_date).await?;
    Ok(page.rows.first().map(|row| row.cursor(query.sort)))
}

/// A page of another size, for example everybody who matches.
pub async fn beginning(
    most: usize,
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    query: &Query,
    required_version_date: Option<NaiveDate>,
) -> Result<Page, Error> {
    page_of(most, conn, partner_account_id, query, required_version_date).await
}

async fn page_of(
    most: usize,
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    query: &Query,
    required_version_date: Option<NaiveDate>,
) -> Result<Page, Error> {
    let search = match query.q.as_deref().map(Search::new) {
        Some(None) => return Ok(Page::default()),
        Some(search) => search,
        None => None,
    };
    let (place, cursor_lost) = match query.cursor {
        Some(cursor) => match place(conn, partner_account_id, cursor).await? {
            Some(place) => (Some(place), false),
            None => (None, true),
        },
        None => (None, false),
    };
    let mut sql = Sql::new("");
    if let Some(search) = &search {
        search.write(&mut sql, conn.is_sqlite(), partner_account_id);
    }
    sql.push(
        "SELECT c.id, c.company_name, c.domain, c.country, c.agreement_published_on, c.date_agreed, c.acceptor_name, \
         c.agent_id, CASE WHEN c.agent_id IS NULL THEN (SELECT a.recorded_by_kind FROM agreements a \
         WHERE a.id = c.agreement_id) END AS recorded_by_kind, c.changed_at",
    );
    sql.push(match search {
        Some(_) => {
            ", CAST(h.rank AS BIGINT) AS rank, (SELECT count(*) FROM middle) AS middle FROM hits h CROSS JOIN customers c"
        }
        None => ", CAST(0 AS BIGINT) AS rank, CAST(0 AS BIGINT) AS middle FROM customers c",
    });
    filter_and_sort(&mut sql, partner_account_id, query, search.is_some(), place.as_ref(), required_version_date);
    sql.push(" LIMIT ");
    sql.bind(Value::Int(i64::try_from(most + 1).unwrap_or(i64::MAX)));
    let statement = sql.statement(conn);
    // Without an index that holds the order, or with a search, it may take milliseconds.
    let quick = search.is_none() && query.is_in_order();
    let mut rows: Vec<Row> = if quick { statement } else { statement.slow() }.all().await?;

    let more = rows.len() > most;
    rows.truncate(most);
    let backwards = place.as_ref().is_some_and(|place| place.cursor.backwards);
    if backwards {
        rows.reverse();
    }
    Ok(Page {
        has_previous: if backwards { more } else { place.is_some() },
        has_next: backwards || more,
        cursor_lost,
        rows,
    })
}

/// A page goes on behind a customer that was removed meanwhile, too.
async fn place(conn: &mut dyn Read, partner_account_id: Uuid, cursor: Cursor) -> Result<Option<Place>, Error> {
    let row: Option<PlaceRow> = conn
        .query(
            "SELECT seq, name_fold, date_agreed, created_at FROM customers WHERE partner_account_id = $1 AND id = $2",
        )
        .values((partner_account_id, cursor.id))
        .optional()
        .await?;
    Ok(row.map(|row| Place { cursor, at: row }))
}
