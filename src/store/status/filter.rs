//! Whom the page of the confirmation status is about.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::store::{
    search::CountryFilter,
    sql::{Sql, Value},
};

/// Rows of each list on the page.
pub const LISTED: i64 = 10;

/// Whom the page is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only customers in this country.
    pub country: Option<CountryFilter>,
    /// Only what this user did.
    pub agent: Option<Uuid>,
}

impl Filter {
    /// The country as the counts have it.
    pub(super) fn counted(self, sql: &mut Sql, column: &str) {
        if let Some(country) = self.country {
            sql.push(" AND ");
            sql.push(column);
            sql.push(" = ");
            sql.bind(Value::Text(code(country)));
        }
    }

    /// The country as `customers`, called `c`, has it.
    pub(super) fn of_customer(self, sql: &mut Sql) {
        match self.country {
            None => {}
            Some(CountryFilter::Is(country)) => {
                sql.push(" AND c.country = ");
                sql.bind(Value::Text(country.code().to_owned()));
            }
            Some(CountryFilter::Unknown) => sql.push(" AND c.country IS NULL"),
        }
    }
}

/// A country as the counts have it.
pub(super) fn code(country: CountryFilter) -> String {
    match country {
        CountryFilter::Is(country) => country.code().to_owned(),
        CountryFilter::Unknown => String::new(),
    }
}

/// The condition that a customer's gate is closed, of the day that the version of its agreement was published.
pub(super) fn closed(sql: &mut Sql, published_on: &str, least: Option<NaiveDate>) {
    sql.push(" AND (");
    sql.push(published_on);
    sql.push(" IS NULL");
    if let Some(least) = least {
        sql.push(" OR ");
        sql.push(published_on);
        sql.push(" < ");
        sql.bind(Value::Date(least));
    }
    sql.push(")");
}
