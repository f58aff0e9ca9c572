//! The list of customers: searched, filtered, sorted and paged by key.

mod export;

pub use export::{Exported, export};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Error, Read, row::record, statement::Stmt};
use crate::domain::{
    agreement::{Channel, ConfirmationStatus},
    codes::codes,
    country::Country,
    fold::fold,
    identifiers::{DomainName, parse_guid},
    text,
};

/// Rows on a page.
pub const PAGE: usize = 50;

/// More hits in the middle of a name than this are not listed; the page asks for more letters.
pub const MIDDLE_MAX: i64 = 500;

codes! {
    /// How the list is sorted.
    pub enum Sort {
        /// By company name, a to z.
        Name = "name",
        /// By company name, z to a.
        NameDescending = "-name",
        /// By day of acceptance, oldest first.
        Agreed = "agreed",
        /// By day of acceptance, newest first.
        AgreedDescending = "-agreed",
        /// By the time the customer was added, oldest first.
        Created = "created",
        /// By the time the customer was added, newest first.
        CreatedDescending = "-created",
    }
}

/// A country to filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountryFilter {
    /// Customers in this country.
    Is(Country),
    /// Customers of whom no country is known.
    Unknown,
}

/// A place in the list: behind or before a customer, whose rank among the hits of a search is kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The customer's Microsoft ID.
    pub id: Uuid,
    /// Its rank among the hits.
    pub rank: i64,
    /// Whether the page before it is wanted, not the one behind.
    pub backwards: bool,
}

/// What is asked of the list.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// What a person typed into the search box.
    pub q: Option<String>,
    /// Only customers of this confirmation status.
    pub confirmation_status: Option<ConfirmationStatus>,
    /// Only customers in this country.
    pub country: Option<CountryFilter>,
    /// Only customers whose confirmation that counts this user recorded.
    pub agent: Option<Uuid>,
    /// Only customers who accepted on this day or later.
    pub agreed_from: Option<NaiveDate>,
    /// Only customers who accepted on this day or earlier.
    pub agreed_to: Option<NaiveDate>,
    /// Only customers whose confirmation that counts came through this channel.
    pub channel: Option<Channel>,
    /// The order; by default the best hits first, else by name.
    pub sort: Option<Sort>,
    /// Where the page begins.
    pub cursor: Option<Cursor>,
}

impl Query {
    /// Whether an index gives the rows in the order asked for, and every row of it is asked for.
    fn is_in_order(&self) -> bool {
        let all =
            self.country.is_none() && matches!(self.confirmation_status, None | Some(ConfirmationStatus::NotConfirmed));
        let of_any_agreement =
            self.agent.is_none() && self.agreed_from.is_none() && self.agreed_to.is_none() && self.channel.is_none();
        all && of_any_agreement && !matches!(self.sort, Some(Sort::Agreed | Sort::AgreedDescending))
    }
}

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
        /// The country's code.
        pub country: Option<String>,
        /// The day the version of the agreement that counts was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// The day of acceptance.
        pub date_agreed: Option<NaiveDate>,
        /// Who accepted; none when nobody did or nobody knows.
        pub acceptor_name: Option<String>,
        /// The user who recorded the agreement that counts.
        pub agent_id: Option<Uuid>,
        /// The code of the kind of actor who recorded it, where that was no user.
        pub recorded_by_kind: Option<String>,
        /// The last change, UTC.
        pub changed_at: DateTime<Utc>,
        /// The rank among the hits of a search; without one all are alike.
        pub rank: i64,
        /// How many hits there are in the middle of a name, one more than are listed at most.
        pub middle: i64,
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

/// One part of the sort key.
struct Key {
    expression: &'static str,
    /// A day that stands in for no day, bound into the expression's place.
    missing: Option<NaiveDate>,
    descending: bool,
    /// The cursor's value.
    from: Option<Value>,
}

impl Key {
    fn write(&self, sql: &mut Sql) {
        match self.missing {
            None => sql.push(self.expression),
            Some(day) => {
                sql.push("coalesce(");
                sql.push(self.expression);
                sql.push(", ");
                sql.bind(Value::Date(day));
                sql.push(")");
            }
        }
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

/// The first customer of that page: the Microsoft ID, and the rank among the hits of a search.
pub async fn first(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    query: &Query,
    required_version_date: Option<NaiveDate>,
) -> Result<Option<(Uuid, i64)>, Error> {
    let page = page_of(1, conn, partner_account_id, query, required_version_date).await?;
    Ok(page.rows.first().map(|row| (row.id, row.rank)))
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

/// Where a cursor points.
struct Place {
    cursor: Cursor,
    at: PlaceRow,
}

record! {
    struct PlaceRow {
        seq: i64,
        name_fold: String,
        date_agreed: Option<NaiveDate>,
        created_at: DateTime<Utc>,
    }
}

/// A page goes on behind a customer that was removed meanwhile, too.
async fn place(conn: &mut dyn Read, partner_account_id: Uuid, cursor: Cursor) -> Result<Option<Place>, Error> {
    let row: Option<PlaceRow> = conn
        .query(
            "SELECT seq, name_fold, date_agreed, created_at FROM customers WHERE partner_account_id = $1 AND id = $2",
        )
        .bind(partner_account_id)
        .bind(cursor.id)
        .optional()
        .await?;
    Ok(row.map(|row| Place { cursor, at: row }))
}

/// What a person typed, ready to be looked for.
struct Search {
    term: String,
    id: Option<Uuid>,
}

impl Search {
    /// `None` when nothing can match.
    fn new(q: &str) -> Option<Self> {
        let line = text::line(q, 500).ok()??;
        let term = match DomainName::parse(&line) {
            // Names in other scripts are looked for as they are typed, not as a domain spells them.
            Ok(domain) if !line.contains('@') && !domain.as_str().contains("xn--") => domain.as_str().to_owned(),
            _ => fold(&line),
        };
        (!term.is_empty()).then(|| Self { term, id: parse_guid(&line).ok() })
    }

    /// The hits: exact id or domain, then by prefix, then in the middle of a name.
    fn write(&self, sql: &mut Sql, is_sqlite: bool, partner_account_id: Uuid) {
        let account = Value::Guid(partner_account_id);
        sql.push("WITH middle AS (");
        if self.term.chars().count() < 3 {
            sql.push("SELECT seq FROM customers WHERE 1 = 0");
        } else if is_sqlite {
            sql.push(
                // A cross join keeps SQLite from asking the index of names once for each customer.
                "SELECT c.seq FROM customer_names CROSS JOIN customers c \
                 WHERE c.seq = customer_names.rowid AND customer_names MATCH ",
            );
            sql.bind(Value::Text(format!("\"{}\"", self.term.replace('"', "\"\""))));
            sql.push(" AND c.removed_at IS NULL AND c.partner_account_id = ");
            sql.bind(account.clone());
        } else {
            sql.push("SELECT seq FROM customers WHERE name_fold LIKE ");
            let pattern = self.term.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            sql.bind(Value::Text(format!("%{pattern}%")));
            sql.push(" AND removed_at IS NULL AND partner_account_id = ");
            sql.bind(account.clone());
        }
        sql.push(" LIMIT ");
        sql.bind(Value::Int(MIDDLE_MAX + 1));
        sql.push("), hits AS (SELECT seq, MIN(rank) AS rank FROM (");
        if let Some(id) = self.id {
            sql.push("SELECT seq, 0 AS rank FROM customers WHERE partner_account_id = ");
            sql.bind(account.clone());
            sql.push(" AND id = ");
            sql.bind(Value::Guid(id));
            sql.push(" UNION ALL ");
        }
        sql.push("SELECT customer_seq AS seq, CASE WHEN kind = 'domain' AND term = ");
        sql.bind(Value::Text(self.term.clone()));
        sql.push(" THEN 0 ELSE 1 END AS rank FROM customer_terms WHERE partner_account_id = ");
        sql.bind(account);
        sql.push(" AND term >= ");
        sql.bind(Value::Text(self.term.clone()));
        sql.push(" AND term < ");
        sql.bind(Value::Text(format!("{}\u{10FFFF}", self.term)));
        sql.push(" UNION ALL SELECT seq, 2 AS rank FROM middle) found GROUP BY seq) ");
    }
}

/// Writes which rows of the customers `c`, and of the hits `h` of a search, are asked for, and in which order.
fn filter_and_sort(
    sql: &mut Sql,
    partner_account_id: Uuid,
    query: &Query,
    searching: bool,
    place: Option<&Place>,
    required_version_date: Option<NaiveDate>,
) {
    sql.push(if searching { " WHERE c.seq = h.seq AND " } else { " WHERE " });
    sql.push("c.removed_at IS NULL AND c.partner_account_id = ");
    sql.bind(Value::Guid(partner_account_id));
    let least = required_version_date.unwrap_or(NaiveDate::MIN.max(FIRST_DAY));
    match query.confirmation_status {
        None => {}
        Some(ConfirmationStatus::NotConfirmed) => sql.push(" AND c.agreement_id IS NULL"),
        Some(ConfirmationStatus::Confirmed) => {
            sql.push(" AND c.agreement_published_on >= ");
            sql.bind(Value::Date(least));
        }
        Some(ConfirmationStatus::ReconfirmationDue) => {
            sql.push(" AND c.agreement_published_on < ");
            sql.bind(Value::Date(least));
        }
        Some(ConfirmationStatus::NotApplicable) => sql.push(" AND 1 = 0"),
    }
    match query.country {
        None => {}
        Some(CountryFilter::Unknown) => sql.push(" AND c.country IS NULL"),
        Some(CountryFilter::Is(country)) => {
            sql.push(" AND c.country = ");
            sql.bind(Value::Text(country.code().to_owned()));
        }
    }
    filter_by_agreement(sql, query);

    let backwards = place.is_some_and(|place| place.cursor.backwards);
    let keys = keys(query.sort, searching, place);
    if place.is_some() {
        sql.push(" AND ");
        write_after(sql, &keys, backwards);
    }
    sql.push(" ORDER BY ");
    for (number, key) in keys.iter().enumerate() {
        if number > 0 {
            sql.push(", ");
        }
        key.write(sql);
        sql.push(if key.descending == backwards { " ASC" } else { " DESC" });
    }
}

/// Writes what is asked of the agreement that counts.
fn filter_by_agreement(sql: &mut Sql, query: &Query) {
    if let Some(agent) = query.agent {
        sql.push(" AND c.agent_id = ");
        sql.bind(Value::Guid(agent));
    }
    for (literal, day) in [(" AND c.date_agreed >= ", query.agreed_from), (" AND c.date_agreed <= ", query.agreed_to)] {
        if let Some(day) = day {
            sql.push(literal);
            sql.bind(Value::Date(day));
        }
    }
    if let Some(channel) = query.channel {
        sql.push(" AND EXISTS (SELECT 1 FROM agreements d WHERE d.id = c.agreement_id AND d.channel = ");
        sql.bind(Value::Text(channel.code().to_owned()));
        sql.push(")");
    }
}

/// Days that every real one lies between, in both databases.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The sort key; the row number at its end makes it unique. Customers without a day of acceptance come last
/// in both directions.
fn keys(sort: Option<Sort>, searching: bool, place: Option<&Place>) -> Vec<Key> {
    let at = place.map(|place| &place.at);
    let key = |expression, descending, from| Key { expression, missing: None, descending, from };
    let name = |descending| key("c.name_fold", descending, at.map(|at| Value::Text(at.name_fold.clone())));
    let seq = |descending| key("c.seq", descending, at.map(|at| Value::Int(at.seq)));
    let agreed = |descending| {
        let missing = if descending { FIRST_DAY } else { LAST_DAY };
        Key {
            expression: "c.date_agreed",
            missing: Some(missing),
            descending,
            from: at.map(|at| Value::Date(at.date_agreed.unwrap_or(missing))),
        }
    };
    let created = |descending| key("c.created_at", descending, at.map(|at| Value::Time(at.created_at)));
    match sort {
        None if searching => {
            let rank = key("h.rank", false, place.map(|place| Value::Int(place.cursor.rank)));
            vec![rank, name(false), seq(false)]
        }
        None | Some(Sort::Name) => vec![name(false), seq(false)],
        Some(Sort::NameDescending) => vec![name(true), seq(true)],
        Some(Sort::Agreed) => vec![agreed(false), name(false), seq(false)],
        Some(Sort::AgreedDescending) => vec![agreed(true), name(false), seq(false)],
        Some(Sort::Created) => vec![created(false), seq(false)],
        Some(Sort::CreatedDescending) => vec![created(true), seq(true)],
    }
}

/// Writes that a row lies behind the cursor (before it, when going backwards), so that an index can be used:
/// `k1 >= v1 AND (k1 > v1 OR (k2 >= v2 AND (…)))`.
fn write_after(sql: &mut Sql, keys: &[Key], backwards: bool) {
    let Some((key, rest)) = keys.split_first() else { return sql.push("1 = 0") };
    let Some(from) = &key.from else { return sql.push("1 = 1") };
    let (strict, loose) = if key.descending == backwards { (" > ", " >= ") } else { (" < ", " <= ") };
    if rest.is_empty() {
        key.write(sql);
        sql.push(strict);
        sql.bind(from.clone());
        return;
    }
    key.write(sql);
    sql.push(loose);
    sql.bind(from.clone());
    sql.push(" AND (");
    key.write(sql);
    sql.push(strict);
    sql.bind(from.clone());
    sql.push(" OR (");
    write_after(sql, rest, backwards);
    sql.push("))");
}
