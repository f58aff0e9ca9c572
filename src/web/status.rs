//! Confirmation status: who is not confirmed, what that blocks, and who records confirmations. It reads, and every
//! figure leads to the list that it counted.

mod blocked;
mod cache;
mod chart;
mod check;
mod counted;
mod deadline;
mod export;
mod figures;
mod headline;
mod labels;
mod list_query;
mod read;
mod view;

use std::sync::Arc;

use actix_web::HttpResponse;
use askama::Template;
use i18n_embed_fl::fl;

pub use self::cache::Cache;
pub use self::check::{check, export_csv as export_check_csv, form as check_form};
pub use self::export::export;
use self::{
    cache::{CacheTag, Content, Key},
    labels::{as_of, filter_name},
    list_query::Asked,
    read::Read,
    view::Shown,
};
use super::{
    access::ViewCustomers,
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    export::{ExportView, Separator},
    layout::{PageLayout, Section},
    paths,
    query::Query,
    respond,
};
use crate::{domain::role::Permission, i18n::Words, store::status};

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
pub async fn show(cx: Cx<ViewCustomers>, query: Query) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let (asked, ignored) = Asked::of(&query);
    let content = content(&cx, &asked).await?;
    let (t, account) = (cx.context.words(), &actor.account);
    let applies = account.agreements_apply();
    let page = StatusTemplate {
        layout: PageLayout::new(&cx.context, fl!(t, "nav-status")).entry(Section::Status),
        t,
        as_of: as_of(&cx),
        export: (!content.is_empty).then(|| ExportView {
            csv: paths::STATUS_CSV,
            xlsx: paths::STATUS_XLSX,
            query: asked.pairs(),
            separator: Separator::asked("", cx.context.language).code(),
            columns: false,
        }),
        notes: ignored.iter().map(|name| fl!(t, "filter-ignored", filter = filter_name(name, t))).collect(),
        national_cloud: (!applies).then(|| fl!(t, "na-text", cloud = enum_labels::cloud(account.cloud, t))),
        provider_confirms: applies && !account.confirms(),
        content,
    };
    respond::ok(&cx.context, &page)
}

/// What the page says, made anew only when something changed since it was last made.
async fn content(cx: &ActorContext, asked: &Asked) -> Result<Arc<Content>, Error> {
    let account = &cx.actor.account;
    let key = Key {
        partner_account_id: account.id,
        language: cx.context.language,
        asked: asked.clone(),
        continues_orders: cx.actor.role.may(Permission::PlaceOrders),
    };
    let mut conn = cx.state.db.snapshot().await?;
    let stamp = status::stamp(&mut conn, account.id).await?;
    let made_of = CacheTag { today: cx.today, account: account.clone(), stamp };
    if let Some(content) = cx.state.status.get(&key, &made_of) {
        return Ok(content);
    }
    let read = Read::of(&mut conn, cx, asked).await?;
    drop(conn);
    let content = Arc::new(Shown { cx, asked, read: &read }.content()?);
    cx.state.status.put(key, made_of, Arc::clone(&content));
    Ok(content)
}
