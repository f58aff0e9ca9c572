//! What happened to a customer, in sentences, by day.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use serde_json::Value;

use super::{
    Portal,
    access::{May, ViewCustomers},
    account::{CustomerFrame, Here, customer_id},
    error::Error,
    form::Form,
    page::{self, Frame},
    paths,
    visit::Visit,
    words,
};
use crate::{
    domain::{agreement::Door, audit::Action, country::Country, field::Field},
    i18n::{self, Language, Words},
    store::{
        audit::{self, HistoryEntry},
        customers,
    },
};

/// Entries on a page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryTemplate {
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
    days: Vec<Day>,
    older: Option<String>,
}

struct Day {
    heading: String,
    entries: Vec<Entry>,
}

struct Entry {
    time: String,
    sentence: String,
    changes: Vec<Change>,
    seq: String,
}

struct Change {
    label: String,
    from: String,
    to: String,
}

/// The history of a customer.
pub async fn show(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, visit.words(), visit.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let before = Form::decode(request.query_string().as_bytes()).get_raw("before").parse().ok();
    let mut at = portal.db.snapshot().await?;
    let customer = customers::find(&mut at, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let mut entries = audit::history(&mut at, actor.account.id, id, before, PAGE + 1).await?;
    drop(at);

    let has_older = page::cut(&mut entries, PAGE);
    let older =
        has_older.then(|| entries.last().map(|entry| format!("{}?before={}", paths::history(id), entry.seq))).flatten();

    let mut days: Vec<Day> = Vec::new();
    let mut today: Option<NaiveDate> = None;
    for entry in &entries {
        let local = entry.at.with_timezone(&actor.account.time_zone);
        if today != Some(local.date_naive()) {
            today = Some(local.date_naive());
            days.push(Day { heading: i18n::date_long(local.date_naive(), language), entries: Vec::new() });
        }
        let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        if let Some(day) = days.last_mut() {
            day.entries.push(Entry {
                time: local.format("%H:%M %Z").to_string(),
                sentence: sentence(entry, &detail, t, language),
                changes: changes(&detail, t, language),
                seq: i18n::number(entry.seq, language),
            });
        }
    }
    let frame = CustomerFrame::new(&customer, Here::History);
    let template = HistoryTemplate {
        frame: Frame::new(&visit, format!("{} – {}", fl!(t, "h-history"), customer.company_name))
            .crumbs(frame.crumbs(fl!(t, "h-history"))),
        t,
        customer: frame,
        days,
        older,
    };
    page::ok(&visit, &template)
}

/// An entry as a sentence. One of a kind that this program does not know is named by its code.
fn sentence(entry: &HistoryEntry, detail: &Value, t: &Words, language: Language) -> String {
    let who = words::who_code(&entry.actor_kind, &entry.actor_name, t);
    let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
    let date = || {
        detail["date_agreed"].as_str().and_then(|date| date.parse().ok()).map(|date| i18n::date_long(date, language))
    };
    match Action::from_code(&entry.action) {
        Some(Action::AcceptanceConfirmed) => {
            let door = Door::from_code(&text("door")).map(|door| words::door(door, t)).unwrap_or_default();
            fl!(
                t,
                "history-confirmed",
                who = who,
                name = format!("{} {}", text("first_name"), text("last_name")),
                date = date().unwrap_or_default(),
                version = text("agreement_version"),
                door = door
            )
        }
        Some(Action::AcceptedDirectly) => match date() {
            Some(date) => fl!(t, "history-direct-on", who = who, date = date, version = text("agreement_version")),
            None => fl!(t, "history-direct", who = who, version = text("agreement_version")),
        },
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
            fl!(t, "history-quantity", who = who, offer = text("offer"), from = number("from"), to = number("to"))
        }
        Some(Action::SubscriptionSuspended) => fl!(t, "history-suspended", who = who, offer = text("offer")),
        Some(Action::SubscriptionReactivated) => fl!(t, "history-reactivated", who = who, offer = text("offer")),
        Some(Action::AutoRenewSwitchedOn) => fl!(t, "history-auto-renew-on", who = who, offer = text("offer")),
        Some(Action::AutoRenewSwitchedOff) => fl!(t, "history-auto-renew-off", who = who, offer = text("offer")),
        Some(Action::CustomerImported) => fl!(t, "history-imported", who = who),
        Some(Action::CustomerUpdatedByImport) => fl!(t, "history-updated-by-import", who = who),
        Some(Action::SubscriptionsImported) => fl!(t, "history-subscriptions-imported", who = who),
        Some(Action::CompanyEdited) => fl!(t, "history-company", who = who),
        Some(Action::ContactEdited) => fl!(t, "history-contact", who = who),
        _ => fl!(t, "history-other", who = who, action = entry.action.clone()),
    }
}

fn changes(detail: &Value, t: &Words, language: Language) -> Vec<Change> {
    let changes = detail["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
    changes
        .iter()
        .filter_map(|change| {
            let field = Field::from_code(change["field"].as_str()?)?;
            let value = |side: &str| match change[side].as_str().unwrap_or_default() {
                "" => fl!(t, "not-provided"),
                code if field == Field::Country => {
                    Country::parse(code).map_or_else(|| code.to_owned(), |country| country.name(language).to_owned())
                }
                code if field == Field::Culture => words::culture(code, t, language),
                text => text.to_owned(),
            };
            Some(Change { label: words::label(field, t), from: value("from"), to: value("to") })
        })
        .collect()
}
