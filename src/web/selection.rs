//! A selection of the list of customers: checked on one page, confirmed with one date, and what came of it.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpResponse, http::StatusCode};
use i18n_embed_fl::fl;
use serde_json::json;
use uuid::Uuid;

use super::{
    acceptance_view::text_in,
    access::ConfirmAcceptance,
    agreements::refused,
    customers::page_with,
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    export::{self, Cell, Document, Format, RowSink, Rows, Separator},
    form::{Form, Problems},
    form_answer::{FormAnswer, SentForm, idempotency_key},
    list_query::ListQuery,
    paths,
    query::Query,
    respond,
    selection_view::{CheckView, Loaded, ResultView, form_name},
};
use crate::{
    actions::{Outcome, confirm_selection, record_attempt::record_export},
    domain::{
        agreement::{Refusal, StatusFilter},
        date_input::parse_date,
        field::{Fault, Field},
        selection::{MAX, Selected},
    },
    i18n,
    store::{self, agreements, customers, drafts::Owner, search, selections},
};

/// The selection that a form or an address names, with its customers as they are now.
async fn load(cx: &ActorContext, form: &Form) -> Result<Loaded, Error> {
    let id = Uuid::try_parse(form.get_raw("selection")).map_err(|_| Error::NotFound)?;
    let mut conn = cx.state.db.snapshot().await?;
    let selection = selections::find(&mut conn, Owner::of(&cx.actor), id, cx.context.now).await?;
    let selection = selection.ok_or(Error::NotFound)?;
    let ids: Vec<Uuid> = selection.customers.iter().map(|selected| selected.customer).collect();
    let found = customers::find_all(&mut conn, cx.actor.account.id, &ids).await?;
    let versions = agreements::versions(&mut conn).await?;
    let text = text_in(&mut conn, versions.latest().id, None, None, cx.words(), cx.context.language).await?;
    let customers = found.into_iter().map(|customer| (customer.id, customer)).collect();
    Ok(Loaded { selection, customers, versions, text })
}

/// The check page of a selection, or what came of it.
pub async fn show(cx: Cx<ConfirmAcceptance>, query: Query) -> Result<HttpResponse, Error> {
    if query.get_raw("selection").is_empty() {
        return Ok(respond::see_other(&cx.state, &paths::with_query(paths::CUSTOMERS, [("status", "blocked")]), None));
    }
    let loaded = load(&cx, &query).await?;
    if loaded.selection.outcome.is_some() {
        return respond::ok(&cx.context, &ResultView::new(&cx, &loaded));
    }
    answer(&cx, &loaded, StatusCode::OK, &query, &Problems::default())
}

fn answer(
    cx: &ActorContext,
    loaded: &Loaded,
    status: StatusCode,
    form: &Form,
    problems: &Problems,
) -> Result<HttpResponse, Error> {
    respond::render(&cx.context, status, &CheckView::new(cx, loaded, form, problems))
}

/// Takes a selection to its check page, or confirms it.
pub async fn post(cx: Cx<ConfirmAcceptance>, form: Form) -> Result<HttpResponse, Error> {
    if form.get_raw("step") == "confirm" { confirm(&cx, &form).await } else { check(&cx, &form).await }
}

/// Keeps who is selected, with the primary contacts as they are shown next.
async fn check(cx: &ActorContext, form: &Form) -> Result<HttpResponse, Error> {
    let (t, account) = (cx.words(), &cx.actor.account);
    if !account.agreements_apply() {
        let (status, problems) = refused(Refusal::NotApplicable, cx);
        return page_with(cx, form, status, &problems).await;
    }
    if !account.confirms() {
        let (status, problems) = refused(Refusal::ProviderConfirms, cx);
        return page_with(cx, form, status, &problems).await;
    }
    let list_query = ListQuery::by(&cx.actor, form, cx.today);
    let mut conn = cx.state.db.snapshot().await?;
    let ids: Vec<Uuid> = if form.get_raw("all") == "on" {
        let status = list_query.status.unwrap_or(StatusFilter::Blocked);
        let blocked = ListQuery { status: Some(status), ..list_query.clone() };
        let least = agreements::versions(&mut conn).await?.required_version_date(cx.today);
        let found = search::beginning(MAX, &mut conn, account.id, &blocked.query(None), least).await?;
        let too_many = usize::from(found.has_next || found.too_many());
        found.rows.iter().map(|row| row.id).chain(std::iter::repeat_n(Uuid::nil(), too_many)).collect()
    } else {
        let ticked = form.pairs().iter().filter(|(name, _)| name == "customer");
        let mut seen = HashSet::new();
        ticked.filter_map(|(_, id)| Uuid::try_parse(id).ok()).filter(|id| seen.insert(*id)).collect()
    };
    if ids.is_empty() || ids.len() > MAX {
        drop(conn);
        let words = if ids.is_empty() { fl!(t, "e-selection-empty") } else { fl!(t, "e-selection-large", max = MAX) };
        return page_with(cx, form, StatusCode::UNPROCESSABLE_ENTITY, &Problems::whole(words)).await;
    }
    let found = customers::find_all(&mut conn, account.id, &ids).await?;
    drop(conn);
    let etags: HashMap<Uuid, i64> = found.iter().map(|customer| (customer.id, customer.contact_etag)).collect();
    let selected = ids.into_iter().map(|id| Selected { customer: id, contact_etag: etags.get(&id).copied() });
    let id = confirm_selection::keep(&cx.state.db, &cx.actor, list_query.href([]), selected.collect()).await?;
    Ok(respond::see_other(&cx.state, &paths::selection(id), None))
}

/// Confirms everybody of a selection who can be.
async fn confirm(cx: &ActorContext, form: &Form) -> Result<HttpResponse, Error> {
    let (t, language) = (cx.words(), cx.context.language);
    let loaded = load(cx, form).await?;
    let outcome = paths::selection(loaded.selection.id);
    if loaded.selection.outcome.is_some() {
        return Ok(respond::see_other(&cx.state, &outcome, None));
    }
    let back = |status, problems: &Problems| answer(cx, &loaded, status, form, problems);

    let latest = loaded.versions.latest();
    let date = parse_date(form.get(Field::DateAgreed), cx.today);
    let faults: Vec<Fault> =
        date.as_ref().err().map(|&invalid| Fault { field: Field::DateAgreed, invalid }).into_iter().collect();
    let faults = form.with_unreadable(faults);
    let mut problems = Problems::of(&faults, t, language, Some(cx.actor.account.time_zone));
    if faults.is_empty() && date.is_ok_and(|date| date < latest.published_on) {
        let published = i18n::date_long(latest.published_on, language);
        problems = problems.and_at(Field::DateAgreed, fl!(t, "e-selection-older", published = published));
    }
    if form.get(Field::Attest) != "on" {
        problems = problems.and_at(Field::Attest, fl!(t, "e-attest"));
    }
    let (Ok(date), true) = (date, problems.is_empty()) else {
        return back(StatusCode::UNPROCESSABLE_ENTITY, &problems);
    };
    let version = Uuid::try_parse(form.get(Field::AgreementVersion)).ok().and_then(|id| loaded.versions.find(id));
    let Some(version) = version else {
        let (status, problems) = refused(Refusal::UnknownVersion, cx);
        return back(status, &problems);
    };
    if version.id != latest.id {
        let (status, problems) = refused(Refusal::StaleVersion { latest: latest.clone() }, cx);
        return back(status, &problems);
    }
    let submission = match idempotency_key(cx, form, &form_name(loaded.selection.id)) {
        Ok(submission) => submission,
        Err(problems) => return back(StatusCode::UNPROCESSABLE_ENTITY, &problems),
    };
    let (db, actor, version) = (&cx.state.db, &cx.actor, version.id);
    let done = confirm_selection::confirm_selection(db, actor, &loaded.selection, date, version, &submission).await;
    let sent = SentForm { form, action: paths::CONFIRM, outcome: &outcome, flash: None, repeats_flash: false };
    match sent.answer(cx, done.map(Outcome::Done))? {
        FormAnswer::Answered(response) => Ok(response),
        FormAnswer::Back(status, problems) => back(status, &problems),
        FormAnswer::Refused(refusal) => {
            let (status, problems) = refused(refusal, cx);
            back(status, &problems)
        }
    }
}

/// Who of a selection was not confirmed, and why, as CSV.
pub async fn export_csv(cx: Cx<ConfirmAcceptance>, query: Query) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let loaded = load(&cx, &query).await?;
    let separator = Separator::asked(query.get_raw("separator"), cx.context.language);
    let document = Document {
        format: Format::Csv(separator),
        name: fl!(t, "selection-not-confirmed"),
        day: cx.today,
        head: vec![
            fl!(t, "col-company"),
            fl!(t, "f-domain"),
            fl!(t, "microsoft-id"),
            fl!(t, "col-code"),
            fl!(t, "col-why"),
        ],
        zone: actor.account.time_zone,
    };
    let place = cx.state.exports.begin()?;
    record_export(&cx.state.db, actor, json!({ "list": "selection", "format": "csv" })).await?;
    let rows = loaded.not_confirmed().map(|(id, reason, customer)| {
        [
            Cell::text(customer.map(|customer| customer.company_name.clone())),
            Cell::text(customer.map(|customer| customer.domain.clone())),
            Cell::Text(id.to_string()),
            Cell::Text(reason.code().to_owned()),
            Cell::Text(enum_labels::not_confirmed(reason, t)),
        ]
    });
    export::answer(place, document, RefusedRows(rows.collect())).await
}

struct RefusedRows(Vec<[Cell; 5]>);

impl Rows for RefusedRows {
    async fn write(self, out: &mut RowSink) -> Result<(), store::Error> {
        for row in &self.0 {
            if !out.row(row).await {
                break;
            }
        }
        Ok(())
    }
}
