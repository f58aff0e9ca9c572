//! Confirmation status: who is not confirmed, what that holds up, and who records confirmations. It reads, and every
//! figure leads to the list that it counted.

mod cache;
mod chart;
mod check;
mod counted;
mod export;
mod figures;
mod labels;
mod list_query;
mod read;
mod view;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use i18n_embed_fl::fl;

pub use self::cache::Cache;
pub use self::check::{check, export_csv as export_check_csv, form as check_form};
pub use self::export::{csv as export_csv, xlsx as export_xlsx};
use self::{
    cache::{CacheTag, Content, Key},
    labels::{as_of, filter_name},
    list_query::Asked,
    read::Read,
    view::Shown,
};
use super::{
    AppState,
    access::{May, ViewCustomers},
    enum_labels,
    error::Error,
    export::{ExportView, Separator},
    form::Form,
    layout::{PageLayout, Section},
    paths,
    request_context::RequestContext,
    respond,
};
use crate::{domain::actor::Actor, i18n::Words, store::status};

/// The page: what changes from one visit to the next, around what need not.
#[derive(Template)]
#[template(path = "status.html")]
struct StatusTemplate {
    layout: PageLayout,
    t: &'static Words,
    as_of: String,
    export: Option<ExportView>,
    notes: Vec<String>,
    national_cloud: Option<String>,
    provider_confirms: bool,
    content: Arc<Content>,
}

/// The page.
pub async fn show(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let actor = &may.0;
    let (asked, ignored) = Asked::of(&Form::decode(request.query_string().as_bytes()));
    let content = content(&state, actor, &asked, &context).await?;
    let (t, account) = (context.words(), &actor.account);
    let applies = account.agreements_apply();
    let page = StatusTemplate {
        layout: PageLayout::new(&context, fl!(t, "nav-status")).entry(Section::Status),
        t,
        as_of: as_of(context.now, actor, &context),
        export: (!content.is_empty).then(|| ExportView {
            csv: paths::STATUS_CSV,
            xlsx: paths::STATUS_XLSX,
            query: asked.pairs(),
            separator: Separator::asked("", context.language).code(),
            columns: false,
        }),
        notes: ignored.iter().map(|name| fl!(t, "filter-ignored", filter = filter_name(name, t))).collect(),
        national_cloud: (!applies).then(|| fl!(t, "na-text", cloud = enum_labels::cloud(account.cloud, t))),
        provider_confirms: applies && !account.confirms(),
        content,
    };
    respond::ok(&context, &page)
}

/// What the page says, made anew only when something changed since it was last made.
async fn content(
    state: &AppState,
    actor: &Actor,
    asked: &Asked,
    context: &RequestContext,
) -> Result<Arc<Content>, Error> {
    let account = &actor.account;
    let today = account.today(context.now);
    let key = Key { partner_account_id: account.id, language: context.language, asked: asked.clone() };
    let mut conn = state.db.snapshot().await?;
    let stamp = status::stamp(&mut conn, account.id).await?;
    let made_of = CacheTag { today, account: account.clone(), stamp };
    if let Some(content) = state.status.get(&key, &made_of) {
        return Ok(content);
    }
    let read = Read::of(&mut conn, actor, asked, context).await?;
    drop(conn);
    let content = Arc::new(Shown { actor, context, asked, read: &read, today }.content()?);
    state.status.put(key, made_of, Arc::clone(&content));
    Ok(content)
}
