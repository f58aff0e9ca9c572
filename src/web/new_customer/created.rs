//! Step 4, Confirmation: what was created, and the administrator's temporary password, once.

use actix_web::{HttpRequest, HttpResponse, http::Method};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    Step, Steps,
    review::{SEALED_PASSWORD, administrator},
};
use crate::{
    domain::{actor::Actor, agreement::Acceptance, role::Permission},
    i18n::{self, Words},
    store::{
        agreements, orders,
        temporary_passwords::{self, Key},
    },
    web::{
        AppState,
        access::{EditCustomers, May},
        account::customer_id,
        enum_labels,
        error::Error,
        page::{self, Badge, PageLayout},
        paths,
        request_context::RequestContext,
    },
};

#[derive(Template)]
#[template(path = "new_customer/created.html")]
struct CreatedTemplate {
    layout: PageLayout,
    t: &'static Words,
    steps: Steps,
    company_name: String,
    microsoft_id: String,
    domain: String,
    administrator: Option<String>,
    password: Option<String>,
    badge: Badge,
    /// What was recorded about the agreement, in a sentence.
    agreement: String,
    /// What was ordered.
    ordered: Vec<String>,
    /// Where the acceptance can be confirmed, while it is not.
    update: Option<String>,
    account: String,
    new_order: Option<String>,
}

/// The page that a new customer ends with. Showing the password uses it up.
pub async fn show(
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, context.words(), context.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let key = Key::of(actor, id);
    let mut conn = state.db.snapshot().await?;
    if !temporary_passwords::was_made(&mut conn, key).await? {
        return Err(Error::NotFound);
    }
    let today = actor.account.today(context.now);
    let info = agreements::account_info(&mut conn, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let ordered = orders::of_customer(&mut conn, info.customer.seq).await?;
    drop(conn);
    let password = if request.method() == Method::GET { take_password(&state, &context, key).await? } else { None };

    let confirmation_status = info.confirmation_status(&actor.account);
    let agreement = match (&info.agreement, &info.version_label) {
        (Some(agreement), Some(label)) => match &agreement.acceptance {
            Acceptance::By { person, on } => fl!(
                t,
                "created-confirmed",
                name = person.full_name(),
                date = i18n::date_long(*on, language),
                version = label.clone()
            ),
            Acceptance::Direct { .. } => fl!(t, "accepted-directly"),
        },
        _ => not_confirmed(actor, t),
    };
    let lines: Vec<String> = ordered
        .iter()
        .map(|line| enum_labels::ordered(&line.offer_name, line.billing, line.quantity, t, language))
        .collect();
    let steps = Steps::new(Step::Confirmation, t);
    let template = CreatedTemplate {
        layout: steps.layout(&context).return_to(paths::created(id)),
        t,
        company_name: info.customer.company_name.clone(),
        microsoft_id: id.to_string(),
        administrator: administrator(&info.customer.domain),
        domain: info.customer.domain,
        password,
        badge: Badge::of(confirmation_status, t),
        agreement,
        ordered: lines,
        update: (actor.account.confirms() && !confirmation_status.gate_is_open()).then(|| paths::update(id)),
        account: paths::account(id),
        new_order: actor.role.may(Permission::PlaceOrders).then(|| paths::new_order(id)),
        steps,
    };
    page::ok(&context, &template)
}

fn not_confirmed(actor: &Actor, t: &Words) -> String {
    if !actor.account.agreements_apply() {
        fl!(t, "na-text", cloud = enum_labels::cloud(actor.account.cloud, t))
    } else if actor.account.confirms() {
        fl!(t, "not-confirmed-consequence")
    } else {
        fl!(t, "reseller-text")
    }
}

/// The password, for the one time that it is shown.
async fn take_password(state: &AppState, context: &RequestContext, key: Key) -> Result<Option<String>, Error> {
    let mut tx = state.db.maintenance().await?;
    let Some(sealed) = temporary_passwords::take(&mut tx, key, context.now).await? else { return Ok(None) };
    tx.commit().await?;
    let opened = state.secret.open(SEALED_PASSWORD, Uuid::as_bytes(&key.customer_id), &sealed);
    Ok(opened.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// For whoever pressed *Create customer* twice: the browser dropped the first page, with the password on it.
pub(super) async fn show_password_again(
    state: &AppState,
    actor: &Actor,
    context: &RequestContext,
    created: &str,
) -> Result<(), Error> {
    let customer_id = paths::created_customer(created).ok_or(Error::NotFound)?;
    let key = Key::of(actor, customer_id);
    let mut tx = state.db.maintenance().await?;
    temporary_passwords::show_again(&mut tx, key, context.now).await?;
    Ok(tx.commit().await?)
}
