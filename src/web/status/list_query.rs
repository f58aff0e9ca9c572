//! The filters of the page, as they stand in its address.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    domain::{agreement::ConfirmationStatus, audit::Action, status::Period},
    store::{search::CountryFilter, status::Filter},
    web::{country_filter::country_filter, form::Form, paths},
};

/// The filters as they stand in the address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) period: Period,
    /// A country's code, or `unknown`.
    pub(super) country: Option<String>,
    pub(super) agent: Option<Uuid>,
}

impl Asked {
    /// What an address asks for; beside it the filters that made no sense, which are ignored.
    pub(super) fn of(form: &Form) -> (Self, Vec<&'static str>) {
        let mut ignored = Vec::new();
        let mut read = |name: &'static str, is_known: &dyn Fn(&str) -> bool| {
            let typed = form.get_raw(name).trim();
            if !typed.is_empty() && !is_known(typed) {
                ignored.push(name);
            }
            Some(typed.to_owned()).filter(|typed| is_known(typed))
        };
        let period = read("period", &|code| Period::from_code(code).is_some());
        let country = read("country", &|code| country_filter(code).is_some());
        let agent = read("agent", &|id| Uuid::try_parse(id).is_ok());
        let asked = Self {
            period: period.and_then(|code| Period::from_code(&code)).unwrap_or(Period::Quarter),
            country,
            agent: agent.and_then(|id| Uuid::try_parse(&id).ok()),
        };
        (asked, ignored)
    }

    pub(super) fn country(&self) -> Option<CountryFilter> {
        self.country.as_deref().and_then(country_filter)
    }

    pub(super) fn filter(&self) -> Filter {
        Filter { country: self.country(), agent: self.agent }
    }

    /// Whether customers of a country, whose agreement a user recorded, are asked for.
    pub(super) fn has(&self, country: &str, agent: Uuid) -> bool {
        let in_country = match self.country() {
            None => true,
            Some(CountryFilter::Unknown) => country.is_empty(),
            Some(CountryFilter::Is(asked)) => country == asked.code(),
        };
        in_country && self.agent.is_none_or(|asked| asked == agent)
    }

    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let period = Some(self.period).filter(|period| *period != Period::Quarter);
        [
            ("period", period.map(|period| period.code().to_owned())),
            ("country", self.country.clone()),
            ("agent", self.agent.map(|agent| agent.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The customers of a confirmation status whom the page counts.
    pub(super) fn customers(&self, confirmation_status: ConfirmationStatus) -> String {
        // Nobody has a confirmation status in a national cloud, and the list knows no such filter there.
        let confirmation_status = (confirmation_status != ConfirmationStatus::NotApplicable)
            .then(|| ("status", confirmation_status.code().to_owned()));
        let others = self.pairs().into_iter().filter(|(name, _)| *name != "period");
        paths::with_query(paths::CUSTOMERS, confirmation_status.into_iter().chain(others))
    }

    /// The customers whose gates are closed, whom the page counts.
    pub(super) fn blocked_customers(&self) -> String {
        let others = self.pairs().into_iter().filter(|(name, _)| *name != "period");
        paths::with_query(paths::CUSTOMERS, std::iter::once(("status", "blocked".to_owned())).chain(others))
    }

    /// The entries of the trail that the page counts, of days from the first to the last; none where a country is
    /// asked for, which the trail does not know.
    pub(super) fn trail(&self, action: Action, from: NaiveDate, to: Option<NaiveDate>) -> Option<String> {
        let pairs = [
            ("type", Some(action.code().to_owned())),
            ("actor", self.agent.map(|agent| agent.to_string())),
            ("from", Some(from.to_string())),
            ("to", to.map(|to| to.to_string())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
        self.country.is_none().then(|| paths::with_query(paths::AUDIT, pairs))
    }
}
