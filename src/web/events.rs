//! Entries of the log for readers: by day, each as a sentence with its raw values under it. The history of a customer
//! and the trail of an account say them alike.

use std::{collections::HashMap, fmt::Write as _};

use chrono::{NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use i18n_embed_fl::fl;
use serde_json::Value;
use uuid::Uuid;

use super::enum_labels;
use crate::{
    domain::{
        agreement::Channel,
        audit::Action,
        country::Country,
        customer::Qualification,
        field::Field,
        role::{Permission, Role},
    },
    i18n::{self, Language, Words},
    store::{audit::AuditEntry, verify::hex},
};

/// The most of an entry's details that a page shows, in bytes; an export has all.
const RAW_MAX: usize = 1_500;

/// The entries of a day.
pub struct Day {
    /// The day, in words.
    pub heading: String,
    /// What happened on it.
    pub entries: Vec<Entry>,
}

/// An entry of the log.
pub struct Entry {
    /// When, with the zone.
    pub time: String,
    /// Its number.
    pub seq: String,
    /// Its hash, hexadecimal.
    pub hash: String,
    /// Where more is said of the customer it is about, and the customer's name.
    pub customer: Option<(String, String)>,
    /// What happened.
    pub sentence: String,
    /// What was changed.
    pub changes: Vec<Change>,
    /// The raw values.
    pub raw: String,
}

/// A value that was changed.
pub struct Change {
    /// Which.
    pub label: String,
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

/// Puts entries into words.
pub struct EventFormatter<'a> {
    /// The words.
    pub t: &'static Words,
    /// Their language.
    pub language: Language,
    /// The zone of the account, which days and times are said in.
    pub zone: Tz,
    /// Names of users whom entries tell of by id.
    pub names: &'a HashMap<Uuid, String>,
}

impl EventFormatter<'_> {
    /// The entries by day, in their order; each with the address to lead to and the customer's name, if any.
    pub fn days<'e>(&self, entries: impl Iterator<Item = (&'e AuditEntry, Option<(String, String)>)>) -> Vec<Day> {
        let mut days: Vec<Day> = Vec::new();
        let mut last: Option<NaiveDate> = None;
        for (entry, customer) in entries {
            let local = entry.at.with_timezone(&self.zone);
            if last.replace(local.date_naive()) != Some(local.date_naive()) {
                days.push(Day { heading: i18n::date_long(local.date_naive(), self.language), entries: Vec::new() });
            }
            if let Some(day) = days.last_mut() {
                let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
                day.entries.push(Entry {
                    time: local.format("%H:%M %Z").to_string(),
                    seq: i18n::number(entry.seq, self.language),
                    hash: hex(&entry.hash),
                    customer,
                    sentence: self.sentence(entry, &detail),
                    changes: self.changes(&detail),
                    raw: raw(entry),
                });
            }
        }
        days
    }

    /// An entry as a sentence. One of a kind that this program does not know is named by its code.
    fn sentence(&self, entry: &AuditEntry, detail: &Value) -> String {
        let (t, language) = (self.t, self.language);
        let who = enum_labels::who_code(&entry.actor_kind, &entry.actor_name, t);
        let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
        let offer = || text("offer");
        match Action::from_code(&entry.action) {
            None => fl!(t, "history-other", who = who, action = entry.action.clone()),
            Some(Action::SignedIn) => fl!(t, "history-signed-in", who = who),
            Some(Action::SignInFailed) => fl!(t, "history-sign-in-failed", who = who),
            Some(Action::Denied) => {
                let permission = text("permission");
                let what = Permission::from_code(&permission).map(|permission| enum_labels::permission(permission, t));
                fl!(t, "history-denied", who = who, what = what.unwrap_or(permission))
            }
            Some(Action::Exported) => {
                fl!(t, "history-exported", who = who, list = self.list(&text("list")), format = text("format"))
            }
            Some(Action::LogVerified) => match text("result").as_str() {
                "ok" => {
                    let last = i18n::number(detail["entries"].as_i64().unwrap_or_default(), language);
                    fl!(t, "history-log-verified-ok", who = who, last = last)
                }
                "wrong" => fl!(t, "history-log-verified-wrong", who = who),
                _ => fl!(t, "history-log-verified", who = who),
            },
            Some(Action::AcceptanceConfirmed | Action::AcceptedDirectly) => self.acceptance(entry, who, detail),
            Some(Action::CustomerCreated) => fl!(t, "history-created", who = who),
            Some(Action::OrderPlaced) => {
                let items = detail["items"].as_array().map(Vec::as_slice).unwrap_or_default();
                let offers: Vec<&str> = items.iter().filter_map(|item| item["offer"].as_str()).collect();
                fl!(t, "history-ordered", who = who, offers = offers.join(", "))
            }
            Some(Action::OrderBlocked) => fl!(t, "history-order-blocked", who = who),
            Some(Action::QuantityBlocked) => fl!(t, "history-quantity-blocked", who = who),
            Some(Action::QuantityChanged) => {
                let number = |name: &str| i18n::number(detail[name].as_i64().unwrap_or_default(), language);
                fl!(t, "history-quantity", who = who, offer = offer(), from = number("from"), to = number("to"))
            }
            Some(Action::SubscriptionSuspended) => fl!(t, "history-suspended", who = who, offer = offer()),
            Some(Action::SubscriptionReactivated) => fl!(t, "history-reactivated", who = who, offer = offer()),
            Some(Action::AutoRenewSwitchedOn) => fl!(t, "history-auto-renew-on", who = who, offer = offer()),
            Some(Action::AutoRenewSwitchedOff) => fl!(t, "history-auto-renew-off", who = who, offer = offer()),
            Some(Action::SubscriptionRenamed) => {
                fl!(t, "history-subscription-renamed", who = who, offer = offer(), name = text("to"))
            }
            Some(Action::SubscriptionPartnerSet) if detail["to"].is_null() => {
                fl!(t, "history-subscription-no-partner", who = who, offer = offer())
            }
            Some(Action::SubscriptionPartnerSet) => {
                fl!(t, "history-subscription-partner", who = who, offer = offer(), partner = text("to"))
            }
            Some(Action::CustomerImported) => fl!(t, "history-imported", who = who),
            Some(Action::CustomerUpdatedByImport) => fl!(t, "history-updated-by-import", who = who),
            Some(Action::SubscriptionsImported) => fl!(t, "history-subscriptions-imported", who = who),
            Some(Action::CustomersImported) => fl!(t, "history-customers-imported", who = who),
            Some(Action::IndirectResellersImported) => fl!(t, "history-resellers-imported", who = who),
            Some(Action::CatalogueImported) => fl!(t, "history-catalogue-imported", who = who),
            Some(Action::CompanyEdited) => fl!(t, "history-company", who = who),
            Some(Action::ContactEdited) => fl!(t, "history-contact", who = who),
            Some(Action::CustomerDeleted) => fl!(t, "history-deleted", who = who),
            Some(Action::RelationshipRemoved) => fl!(t, "history-relationship-removed", who = who),
            Some(Action::QualificationSet) => {
                let qualification = Qualification::from_code(&text("to"));
                fl!(t, "history-qualification", who = who, qualification = enum_labels::qualification(qualification, t))
            }
            Some(Action::AgreementVersionAdded) => {
                fl!(t, "history-version-added", who = who, version = text("label"))
            }
            Some(Action::PartnerAccountCreated) => fl!(t, "history-account-created", who = who, name = text("name")),
            Some(Action::PartnerAccountChanged) => fl!(t, "history-account-changed", who = who, name = text("name")),
            Some(Action::UserCreated) => fl!(t, "history-user-created", who = who, name = text("display_name")),
            Some(Action::UserRoleSet) => {
                let role =
                    Role::from_code(&text("role")).map_or_else(|| text("role"), |role| enum_labels::role(role, t));
                fl!(t, "history-role-set", who = who, name = self.user(detail), role = role)
            }
            Some(Action::UserPasswordSet) => fl!(t, "history-password-set", who = who, name = self.user(detail)),
            Some(Action::UserDisabled) => fl!(t, "history-user-disabled", who = who, name = self.user(detail)),
            Some(Action::UserEnabled) => fl!(t, "history-user-enabled", who = who, name = self.user(detail)),
            Some(Action::ApiClientCreated) => fl!(t, "history-api-client-created", who = who, name = text("name")),
            Some(Action::ApiClientRevoked) => fl!(t, "history-api-client-revoked", who = who, name = text("name")),
            Some(Action::RefreshTokenMade) => {
                fl!(t, "history-refresh-token", who = who, name = text("name"), user = self.user(detail))
            }
        }
    }

    fn acceptance(&self, entry: &AuditEntry, who: String, detail: &Value) -> String {
        let t = self.t;
        let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
        let date = text("date_agreed").parse().ok().map(|date| i18n::date_long(date, self.language));
        let version = text("agreement_version");
        if entry.action == Action::AcceptanceConfirmed.code() {
            let channel = Channel::from_code(&text("channel"))
                .map(|channel| enum_labels::channel(channel, t))
                .unwrap_or_default();
            let name = format!("{} {}", text("first_name"), text("last_name"));
            let date = date.unwrap_or_default();
            return fl!(
                t,
                "history-confirmed",
                who = who,
                name = name,
                date = date,
                version = version,
                channel = channel
            );
        }
        match date {
            Some(date) => fl!(t, "history-direct-on", who = who, date = date, version = version),
            None => fl!(t, "history-direct", who = who, version = version),
        }
    }

    /// The name of a list that was exported; one that this program does not know is named by its code.
    fn list(&self, code: &str) -> String {
        match code {
            "customers" => fl!(self.t, "nav-customers"),
            "audit" => fl!(self.t, "nav-audit"),
            "status" => fl!(self.t, "nav-status"),
            other => other.to_owned(),
        }
    }

    /// The user whom an entry tells of: the name, where it is known, or else the id.
    fn user(&self, detail: &Value) -> String {
        let id = detail["user"].as_str().unwrap_or_default();
        let name = Uuid::try_parse(id).ok().and_then(|id| self.names.get(&id));
        name.cloned().unwrap_or_else(|| id.to_owned())
    }

    fn changes(&self, detail: &Value) -> Vec<Change> {
        let changes = detail["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
        changes
            .iter()
            .filter_map(|change| {
                let field = Field::from_code(change["field"].as_str()?)?;
                let value = |side: &str| self.value(field, change[side].as_str().unwrap_or_default());
                Some(Change { label: enum_labels::label(field, self.t), from: value("from"), to: value("to") })
            })
            .collect()
    }

    fn value(&self, field: Field, text: &str) -> String {
        match text {
            "" => fl!(self.t, "not-provided"),
            code if field == Field::Country => {
                Country::parse(code).map_or_else(|| code.to_owned(), |country| country.name(self.language).to_owned())
            }
            code if field == Field::Culture => enum_labels::culture(code, self.t, self.language),
            text => text.to_owned(),
        }
    }
}

/// The raw values of an entry, as they stand in the log, one a line.
fn raw(entry: &AuditEntry) -> String {
    let mut raw = format!("{} {} {}", entry.action, entry.at.to_rfc3339_opts(SecondsFormat::Millis, true), entry.id);
    let _ = write!(raw, "\n{}", entry.actor_kind);
    if let Some(id) = entry.actor_id {
        let _ = write!(raw, " {id}");
    }
    if let Some(id) = entry.customer_id {
        let _ = write!(raw, "\ncustomer {id}");
    }
    raw.push('\n');
    let shown = &entry.detail[..entry.detail.floor_char_boundary(RAW_MAX)];
    raw.push_str(shown);
    if shown.len() < entry.detail.len() {
        raw.push('…');
    }
    raw
}

/// What a kind of entry is called.
pub fn kind(action: Action, t: &Words) -> String {
    match action {
        Action::SignedIn => fl!(t, "kind-signed-in"),
        Action::SignInFailed => fl!(t, "kind-sign-in-failed"),
        Action::Denied => fl!(t, "kind-denied"),
        Action::Exported => fl!(t, "kind-exported"),
        Action::LogVerified => fl!(t, "kind-log-verified"),
        Action::CustomerCreated => fl!(t, "kind-customer-created"),
        Action::OrderPlaced => fl!(t, "kind-order-placed"),
        Action::OrderBlocked => fl!(t, "kind-order-blocked"),
        Action::QuantityChanged => fl!(t, "kind-quantity-changed"),
        Action::QuantityBlocked => fl!(t, "kind-quantity-blocked"),
        Action::SubscriptionSuspended => fl!(t, "kind-suspended"),
        Action::SubscriptionReactivated => fl!(t, "kind-reactivated"),
        Action::AutoRenewSwitchedOn => fl!(t, "kind-auto-renew-on"),
        Action::AutoRenewSwitchedOff => fl!(t, "kind-auto-renew-off"),
        Action::SubscriptionRenamed => fl!(t, "kind-subscription-renamed"),
        Action::SubscriptionPartnerSet => fl!(t, "kind-subscription-partner"),
        Action::CustomerImported => fl!(t, "kind-customer-imported"),
        Action::CustomerUpdatedByImport => fl!(t, "kind-customer-updated"),
        Action::CustomersImported => fl!(t, "kind-customers-imported"),
        Action::IndirectResellersImported => fl!(t, "kind-resellers-imported"),
        Action::CatalogueImported => fl!(t, "kind-catalogue-imported"),
        Action::SubscriptionsImported => fl!(t, "kind-subscriptions-imported"),
        Action::CompanyEdited => fl!(t, "kind-company-edited"),
        Action::ContactEdited => fl!(t, "kind-contact-edited"),
        Action::CustomerDeleted => fl!(t, "kind-customer-deleted"),
        Action::RelationshipRemoved => fl!(t, "kind-relationship-removed"),
        Action::QualificationSet => fl!(t, "kind-qualification-set"),
        Action::AcceptanceConfirmed => fl!(t, "kind-confirmed"),
        Action::AcceptedDirectly => fl!(t, "kind-directly"),
        Action::AgreementVersionAdded => fl!(t, "kind-version-added"),
        Action::PartnerAccountCreated => fl!(t, "kind-account-created"),
        Action::PartnerAccountChanged => fl!(t, "kind-account-changed"),
        Action::UserCreated => fl!(t, "kind-user-created"),
        Action::UserRoleSet => fl!(t, "kind-role-set"),
        Action::UserPasswordSet => fl!(t, "kind-password-set"),
        Action::UserDisabled => fl!(t, "kind-user-disabled"),
        Action::UserEnabled => fl!(t, "kind-user-enabled"),
        Action::ApiClientCreated => fl!(t, "kind-api-client-created"),
        Action::ApiClientRevoked => fl!(t, "kind-api-client-revoked"),
        Action::RefreshTokenMade => fl!(t, "kind-refresh-token"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    fn entry(action: &str, detail: &Value) -> AuditEntry {
        AuditEntry {
            seq: 1,
            id: Uuid::from_u128(1),
            at: DateTime::UNIX_EPOCH,
            partner_account_id: None,
            actor_kind: "user".into(),
            actor_id: Some(Uuid::from_u128(2)),
            actor_name: "Anna".into(),
            action: action.into(),
            customer_id: None,
            detail: detail.to_string(),
            salt: Vec::new(),
            leaf: Vec::new(),
            leaf_hash: Vec::new(),
            prev_hash: Vec::new(),
            hash: vec![0xab; 32],
        }
    }

    #[test]
    fn every_kind_of_entry_has_a_name_and_a_sentence_of_its_own_in_both_languages() {
        let names = HashMap::from([(Uuid::from_u128(3), "Bo".to_owned())]);
        let detail = json!({
            "permission": "import", "list": "customers", "format": "csv", "first_name": "Cor", "last_name": "Smit",
            "date_agreed": "2026-03-12", "agreement_version": "V1", "channel": "api", "items": [{ "offer": "Azure" }],
            "offer": "Azure", "from": 1, "to": 2, "label": "V2", "name": "Noordster", "display_name": "Dik",
            "user": Uuid::from_u128(3), "role": "manager",
        });
        for language in [Language::English, Language::Dutch] {
            let t = i18n::words(language);
            let teller = EventFormatter { t, language, zone: Tz::UTC, names: &names };
            let (mut kinds, mut sentences) = (Vec::new(), Vec::new());
            for &action in Action::ALL {
                let sentence = teller.sentence(&entry(action.code(), &detail), &detail);
                assert!(sentence.contains("Anna") && sentence.ends_with('.'), "{action}: {sentence}");
                // A code of one word may be a word of the sentence.
                let shows_code = action.code().contains('_') && sentence.contains(action.code());
                assert!(!shows_code && !sentence.contains('{'), "{action}: {sentence}");
                assert!(!sentence.contains("No localization"), "{action}: {sentence}");
                sentences.push(sentence);
                let kind = kind(action, t);
                assert!(!kind.is_empty() && !kind.contains("No localization"), "{action}: {kind}");
                kinds.push(kind);
            }
            for mut words in [kinds, sentences] {
                let count = words.len();
                words.sort();
                words.dedup();
                assert_eq!(words.len(), count, "two kinds are said alike: {words:#?}");
            }
        }
    }

    #[test]
    fn an_entry_without_its_details_has_a_sentence_too() {
        let t = i18n::words(Language::English);
        let teller = EventFormatter { t, language: Language::English, zone: Tz::UTC, names: &HashMap::new() };
        for action in Action::CODES.iter().chain(&["of_another_program"]) {
            for detail in [json!({}), json!(null), json!([1]), json!({ "changes": 1, "items": {}, "user": [] })] {
                let sentence = teller.sentence(&entry(action, &detail), &detail);
                assert!(sentence.contains("Anna"), "{action}: {sentence}");
                assert!(teller.changes(&detail).is_empty());
            }
        }
    }

    #[test]
    fn the_raw_values_of_a_page_have_an_end() {
        let raw = raw(&entry("denied", &json!({ "x": "é".repeat(2_000) })));
        assert!(raw.len() < RAW_MAX + 200 && raw.ends_with('…'), "{raw}");
        assert!(raw.starts_with("denied 1970-01-01T00:00:00.000Z 00000000-"), "{raw}");
    }
}
