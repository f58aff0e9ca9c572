//! Step 4, Confirmation: what was created, and the administrator's temporary password, once.

use actix_web::{HttpResponse, http::Method};
use askama::Template;
use i18n_embed_fl::fl;

use super::{
    password::{administrator, take_password},
    wizard::{Step, Steps},
};
use crate::{
    domain::{actor::Actor, agreement::Acceptance, role::Permission},
    i18n::{self, Words},
    store::{
        agreements, orders,
        temporary_passwords::{self, Key},
    },
    web::{
        access::EditCustomers, badge::Badge, cx::Cx, enum_labels, error::Error, layout::PageLayout,
        path_id::CustomerId, paths, respond,
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
pub async fn show(cx: Cx<EditCustomers>, CustomerId(id): CustomerId, method: Method) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&cx.actor, cx.context.words(), cx.context.language);
    let key = Key::of(actor, id);
    let mut conn = cx.state.db.snapshot().await?;
    if !temporary_passwords::was_made(&mut conn, key).await? {
        return Err(Error::NotFound);
    }
    let today = cx.today;
    let info = agreements::account_info(&mut conn, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let ordered = orders::of_customer(&mut conn, info.customer.seq).await?;
    drop(conn);
    let password = if method == Method::GET { take_password(&cx, key).await? } else { None };

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
        layout: steps.layout(&cx.context).return_to(paths::created(id)),
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
    respond::ok(&cx.context, &template)
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
