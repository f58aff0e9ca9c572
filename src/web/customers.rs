//! The list of customers.

mod export;
mod row_view;
mod view;

use actix_web::{HttpResponse, http::StatusCode};

pub use self::export::export;
use self::view::{Listed, PRINTED_MAX};
use super::{
    AppState,
    access::{ConfirmAcceptance, SignedIn, ViewCustomers},
    cx::{ActorContext, Cx},
    error::Error,
    flash::Flash,
    form::{Form, Problems},
    list_query::{ListQuery, cursor, place},
    next::Next,
    paths,
    query::Query,
    queue::{Queue, SourceList},
    respond,
};
use crate::{
    domain::{agreement::StatusFilter, role::Permission},
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

/// The value of `open` with which a search leads to its only hit.
pub(super) const SINGLE: &str = "single";

/// Drafts that a page shows when it is asked for all: more than anybody fills in within the 30 days that they live.
const DRAFTS_MAX: i64 = 500;

/// The list: searched, filtered, sorted and paged by its address.
pub async fn list(cx: Cx<ViewCustomers>, query: Query) -> Result<HttpResponse, Error> {
    page_with(&cx, &query, StatusCode::OK, &Problems::default()).await
}

/// The page of the list that an address or a form asks for, with what is wrong with the form.
pub(super) async fn page_with(
    cx: &ActorContext,
    form: &Form,
    status: StatusCode,
    problems: &Problems,
) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let today = cx.today;
    let list_query = ListQuery::by(actor, form, today);
    let (cursor, cursor_broken) = cursor(form);
    let prints = form.get_raw("print") == "1";
    let rows = if prints { PRINTED_MAX } else { search::PAGE };

    let mut conn = cx.state.db.snapshot().await?;
    let counts = customers::counts(&mut conn, actor.account.id, today).await?;
    let total = match list_query.agent.filter(|_| list_query.is_counted()) {
        Some(agent) => {
            let of_agent = customers::counts_of_agent(&mut conn, actor.account.id, agent, today).await?;
            list_query.count(&of_agent, &actor.account)
        }
        None => list_query.count(&counts, &actor.account),
    };
    let versions = agreements::versions(&mut conn).await?;
    let least = versions.required_version_date(today);
    let agents = customers::agents(&mut conn, actor.account.id).await?;
    let found = search::beginning(rows, &mut conn, actor.account.id, &list_query.query(cursor), least).await?;
    let most = if form.get_raw("drafts") == "all" { DRAFTS_MAX } else { view::DRAFTS_SHOWN };
    let (drafts, draft_count) = if actor.role.may(Permission::EditCustomers) {
        drafts::open(&mut conn, Owner::of(actor), most).await?
    } else {
        (Vec::new(), 0)
    };
    drop(conn);

    // The search that was sent, not one that follows the typing, opens its only hit.
    let wants_single = form.get_raw("open") == SINGLE && !list_query.q.is_empty() && cursor.is_none();
    if let ([row], true) = (found.rows.as_slice(), wants_single) {
        let list = SourceList::new(list_query.pairs(), place(&row.cursor(list_query.sort), true));
        return Ok(respond::see_other(&cx.state, &list.on(&paths::account(row.id)), None));
    }
    let page = Listed {
        cx,
        list_query: &list_query,
        ignored: list_query.ignored(form),
        counts: &counts,
        total: list_query.is_counted().then_some(total),
        from: form.get_raw("from").parse().ok().filter(|from: &u32| cursor.is_some() && *from > 0),
        agents: &agents,
        least,
        latest: versions.latest().published_on,
        prints,
        found,
        drafts,
        draft_count,
        cursor_broken,
    };
    respond::render(&cx.context, status, &page.template(problems))
}

/// Leads on to the form of the next blocked customer of the list that the address asks for, and back to the list at its
/// end.
pub async fn queue(cx: Cx<ConfirmAcceptance>, query: Query) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let account = &actor.account;
    let list_query = ListQuery::by(actor, &query, cx.today);
    let status = list_query.status.unwrap_or(StatusFilter::Blocked);
    let blocked = ListQuery { status: Some(status), ..list_query.clone() };
    let passed = Queue::of(&query);
    let (cursor, _) = cursor(&query);
    let may_be_blocked = !matches!(status, StatusFilter::Confirmed | StatusFilter::NotApplicable);
    let mut found = None;
    let mut of = passed.of;
    if may_be_blocked && account.confirms() {
        let mut conn = cx.state.db.snapshot().await?;
        let least = agreements::versions(&mut conn).await?.required_version_date(cx.today);
        found = search::first(&mut conn, account.id, &blocked.query(cursor), least).await?;
        if cursor.is_none() {
            of = None;
            if blocked.is_counted() {
                let counts = match blocked.agent {
                    Some(agent) => customers::counts_of_agent(&mut conn, account.id, agent, cx.today).await?,
                    None => customers::counts(&mut conn, account.id, cx.today).await?,
                };
                of = u32::try_from(blocked.count(&counts, account)).ok();
            }
        }
    }
    if let Some(found) = found {
        let list = SourceList::new(list_query.pairs(), place(&found, !list_query.q.is_empty()));
        let (at, skipped) = if cursor.is_some() { (passed.at, passed.skipped) } else { (0, 0) };
        let queue = Queue { list, at: at.saturating_add(1), of, skipped };
        return Ok(respond::see_other(&cx.state, &Next::Queue { queue, close: false }.update(found.id), None));
    }
    let flash = if cursor.is_some() && passed.at > 0 {
        (Flash::QueueEnded, Flash::figures(passed.confirmed(), passed.skipped))
    } else {
        (Flash::NobodyBlocked, account.id)
    };
    Ok(respond::see_other(&cx.state, &list_query.href([]), Some(flash)))
}
