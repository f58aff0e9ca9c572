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
    domain::{actor::Actor, agreement::Acceptance, order::Billing, role::Permission},
    i18n::{self, Words},
    store::{
        customers, orders,
        temporary_passwords::{self, Key},
    },
    web::{
        Portal,
        access::{EditCustomers, May},
        account::customer_id,
        error::Error,
        page::{self, Badge, Frame},
        paths,
        visit::Visit,
        words,
    },
};

#[derive(Template)]
#[template(path = "new_customer/created.html")]
struct CreatedTemplate {
    frame: Frame,
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
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, visit.words(), visit.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let key = Key::of(actor, id);
    let mut at = portal.db.snapshot().await?;
    if !temporary_passwords::was_made(&mut at, key).await? {
        return Err(Error::NotFound);
    }
    let today = actor.account.today(visit.now);
    let info = customers::account_info(&mut at, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let ordered = orders::of_customer(&mut at, info.customer.seq).await?;
    drop(at);
    let password = if request.method() == Method::GET { take_password(&portal, &visit, key).await? } else { None };

    let standing = info.standing(&actor.account);
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
        .map(|line| {
            let billing = Billing::from_code(&line.billing).unwrap_or(Billing::License);
            words::ordered(&line.offer_name, billing, line.quantity, t, language)
        })
        .collect();
    let steps = Steps::new(Step::Confirmation, t);
    let template = CreatedTemplate {
        frame: steps.frame(&visit).return_to(paths::created(id)),
        t,
        company_name: info.customer.company_name.clone(),
        microsoft_id: id.to_string(),
        administrator: administrator(&info.customer.domain),
        domain: info.customer.domain,
        password,
        badge: Badge::of(standing, t),
        agreement,
        ordered: lines,
        update: (actor.account.confirms() && !standing.gate_is_open()).then(|| paths::update(id)),
        account: paths::account(id),
        new_order: actor.role.may(Permission::PlaceOrders).then(|| paths::new_order(id)),
        steps,
    };
    page::ok(&visit, &template)
}

fn not_confirmed(actor: &Actor, t: &Words) -> String {
    if !actor.account.agreements_apply() {
        fl!(t, "na-text", cloud = words::cloud(actor.account.cloud, t))
    } else if actor.account.confirms() {
        fl!(t, "not-confirmed-consequence")
    } else {
        fl!(t, "reseller-text")
    }
}

/// The password, for the one time that it is shown.
async fn take_password(portal: &Portal, visit: &Visit, key: Key) -> Result<Option<String>, Error> {
    let mut house = portal.db.housekeeping().await?;
    let Some(sealed) = temporary_passwords::take(&mut house, key, visit.now).await? else { return Ok(None) };
    house.commit().await?;
    let opened = portal.secret.open(SEALED_PASSWORD, Uuid::as_bytes(&key.customer_id), &sealed);
    Ok(opened.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// For whoever pressed *Create customer* twice: the browser dropped the first page, with the password on it.
pub(super) async fn show_password_again(
    portal: &Portal,
    actor: &Actor,
    visit: &Visit,
    created: &str,
) -> Result<(), Error> {
    let customer_id = paths::created_customer(created).ok_or(Error::NotFound)?;
    let key = Key::of(actor, customer_id);
    let mut house = portal.db.housekeeping().await?;
    temporary_passwords::show_again(&mut house, key, visit.now).await?;
    Ok(house.commit().await?)
}
