//! The list of customers.

mod export;
mod list_query;
mod row_view;
mod view;

use actix_web::{HttpRequest, HttpResponse};

pub use self::export::{csv as export_csv, xlsx as export_xlsx};
use self::{
    list_query::{Asked, cursor},
    view::Listed,
};
use super::{
    AppState,
    access::{May, SignedIn, ViewCustomers},
    error::Error,
    flash::Flash,
    form::Form,
    paths,
    request_context::RequestContext,
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
pub async fn list(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let actor = &may.0;
    let form = Form::decode(request.query_string().as_bytes());
    let today = actor.account.today(state.db.clock.now());
    let asked = Asked::by(actor, &form, today);
    let (cursor, cursor_broken) = cursor(&form);

    let mut conn = state.db.snapshot().await?;
    let counts = customers::counts(&mut conn, actor.account.id, today).await?;
    let least = counts.first().and_then(|count| count.required_version_date);
    let agents = customers::agents(&mut conn, actor.account.id).await?;
    let found = search::list(&mut conn, actor.account.id, &asked.query(cursor), least).await?;
    let most = if form.get_raw("drafts") == "all" { DRAFTS_MAX } else { view::DRAFTS_SHOWN };
    let (drafts, draft_count) = if actor.role.may(Permission::EditCustomers) {
        drafts::open(&mut conn, Owner::of(actor), most).await?
    } else {
        (Vec::new(), 0)
    };
    let confirmed = match context.flash {
        Some((Flash::ConfirmationRecorded, before)) => customers::name_of(&mut conn, actor.account.id, before).await?,
        _ => None,
    };
    drop(conn);

    let page = Listed {
        actor,
        context: &context,
        asked: &asked,
        ignored: asked.ignored(&form),
        counts: &counts,
        agents: &agents,
        least,
        found,
        drafts,
        draft_count,
        cursor_broken,
        confirmed,
    };
    respond::ok(&context, &page.template())
}

/// Leads on to the customer behind another in the list that the address asks for, and back to the list at its end.
pub async fn next(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let actor = &may.0;
    let form = Form::decode(request.query_string().as_bytes());
    let today = actor.account.today(state.db.clock.now());
    let asked = Asked::by(actor, &form, today);
    let (cursor, _) = cursor(&form);
    let mut conn = state.db.snapshot().await?;
    let least = agreements::versions(&mut conn).await?.required_version_date(today);
    let found = search::first(&mut conn, actor.account.id, &asked.query(cursor), least).await?;
    drop(conn);
    if let Some((customer, rank)) = found {
        let account = paths::account(customer);
        let path = asked.walk(rank).map_or(account.clone(), |walk| walk.on(&account));
        return Ok(respond::see_other(&state, &path, None));
    }
    // What the confirmation before left to say goes on to the list.
    let ended = (Flash::ListEnded, cursor.map(|cursor| cursor.id).unwrap_or_default());
    Ok(respond::see_other(&state, &asked.href(None), context.flash.is_none().then_some(ended)))
}
