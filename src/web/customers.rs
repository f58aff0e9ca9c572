//! The list of customers.

mod export;
mod list_query;
mod row_view;
mod view;

use actix_web::HttpResponse;

pub use self::export::export;
use self::{
    list_query::{Asked, cursor},
    view::Listed,
};
use super::{
    AppState,
    access::{SignedIn, ViewCustomers},
    cx::Cx,
    error::Error,
    flash::Flash,
    paths,
    query::Query,
    respond,
};
use crate::{
    domain::role::Permission,
    store::{
        agreements, customers,
        drafts::{self, Owner},
        search,
    },
};

/// Where everybody lands: agents among the customers, who only reads at the figures.
pub async fn home(signed_in: SignedIn, state: AppState) -> HttpResponse {
    let works_here = signed_in.0.role.may(Permission::EditCustomers);
    respond::see_other(&state, if works_here { paths::CUSTOMERS } else { paths::STATUS }, None)
}

/// Drafts that a page shows when it is asked for all: more than anybody fills in within the 30 days that they live.
const DRAFTS_MAX: i64 = 500;

/// The list: searched, filtered, sorted and paged by its address.
pub async fn list(cx: Cx<ViewCustomers>, query: Query) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let today = cx.today;
    let asked = Asked::by(actor, &query, today);
    let (cursor, cursor_broken) = cursor(&query);

    let mut conn = cx.state.db.snapshot().await?;
    let counts = customers::counts(&mut conn, actor.account.id, today).await?;
    let least = counts.first().and_then(|count| count.required_version_date);
    let agents = customers::agents(&mut conn, actor.account.id).await?;
    let found = search::list(&mut conn, actor.account.id, &asked.query(cursor), least).await?;
    let most = if query.get_raw("drafts") == "all" { DRAFTS_MAX } else { view::DRAFTS_SHOWN };
    let (drafts, draft_count) = if actor.role.may(Permission::EditCustomers) {
        drafts::open(&mut conn, Owner::of(actor), most).await?
    } else {
        (Vec::new(), 0)
    };
    let confirmed = match cx.context.flash {
        Some((Flash::ConfirmationRecorded, before)) => customers::name_of(&mut conn, actor.account.id, before).await?,
        _ => None,
    };
    drop(conn);

    let page = Listed {
        cx: &cx,
        asked: &asked,
        ignored: asked.ignored(&query),
        counts: &counts,
        agents: &agents,
        least,
        found,
        drafts,
        draft_count,
        cursor_broken,
        confirmed,
    };
    respond::ok(&cx.context, &page.template())
}

/// Leads on to the customer behind another in the list that the address asks for, and back to the list at its end.
pub async fn next(cx: Cx<ViewCustomers>, query: Query) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let today = cx.today;
    let asked = Asked::by(actor, &query, today);
    let (cursor, _) = cursor(&query);
    let mut conn = cx.state.db.snapshot().await?;
    let least = agreements::versions(&mut conn).await?.required_version_date(today);
    let found = search::first(&mut conn, actor.account.id, &asked.query(cursor), least).await?;
    drop(conn);
    if let Some((customer, rank)) = found {
        let account = paths::account(customer);
        let path = asked.walk(rank).map_or(account.clone(), |walk| walk.on(&account));
        return Ok(respond::see_other(&cx.state, &path, None));
    }
    // What the confirmation before left to say goes on to the list.
    let ended = (Flash::ListEnded, cursor.map(|cursor| cursor.id).unwrap_or_default());
    Ok(respond::see_other(&cx.state, &asked.href(None), cx.context.flash.is_none().then_some(ended)))
}
