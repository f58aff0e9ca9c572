//! What a date means as the portal reads it, in words, before a form is sent.

use actix_web::HttpResponse;
use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use super::{access::ViewCustomers, cx::Cx, enum_labels, query::Query};
use crate::{
    domain::{
        date_input::parse_date,
        field::{Fault, Field},
    },
    i18n::{self, Language, Words},
};

/// Reads `value` as a day of acceptance: `{"date", "words"}`, or `{"error"}` with what is wrong with it.
pub async fn read(cx: Cx<ViewCustomers>, query: Query) -> HttpResponse {
    let (t, language) = (cx.context.words(), cx.context.language);
    let answer = match parse_date(query.get_raw("value"), cx.today) {
        Ok(date) => json!({ "date": date, "words": with_weekday(date, t, language) }),
        Err(invalid) => {
            let fault = Fault { field: Field::DateAgreed, invalid };
            json!({ "error": enum_labels::fault(&fault, t, language, Some(cx.actor.account.time_zone)) })
        }
    };
    HttpResponse::Ok().json(answer)
}

/// For example *Friday 3 April 2026*.
fn with_weekday(date: NaiveDate, t: &Words, language: Language) -> String {
    format!("{} {}", enum_labels::weekday(date.weekday(), t), i18n::date_long(date, language))
}
