//! Words that the page and its export share.

use i18n_embed_fl::fl;

use super::figures::OfAgent;
use crate::{
    domain::{country::Country, status::Period},
    i18n::{self, Words},
    web::{cx::ActorContext, request_context::RequestContext},
};

pub(super) fn as_of(cx: &ActorContext) -> String {
    let zone = cx.actor.account.time_zone;
    let time = i18n::time(cx.context.now, zone, cx.context.language);
    fl!(cx.context.words(), "status-as-of", time = time, zone = zone.name())
}

pub(super) fn weeks(period: Period, t: &Words) -> String {
    fl!(t, "status-period", weeks = period.weeks())
}

pub(super) fn filter_name(name: &str, t: &Words) -> String {
    match name {
        "country" => fl!(t, "f-country"),
        "agent" => fl!(t, "recorded-by"),
        _ => fl!(t, "status-period-label"),
    }
}

pub(super) fn country_name(code: &str, context: &RequestContext) -> String {
    let known = Country::parse(code).map(|country| country.name(context.language).to_owned());
    known.unwrap_or_else(|| fl!(context.words(), "not-provided"))
}

pub(super) fn agent_name(one: &OfAgent, t: &Words) -> String {
    one.name.clone().unwrap_or_else(|| fl!(t, "status-no-user"))
}
