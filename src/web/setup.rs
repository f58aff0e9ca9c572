//! The first set-up: with the one-time link from the log, the first partner account and its Admin agent.

use actix_session::Session;
use actix_web::{HttpResponse, http::StatusCode, web};
use askama::Template;
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{
    AppState,
    access::Anyone,
    enum_labels,
    error::Error,
    form::{FieldView, Form, Input, Problems},
    layout::PageLayout,
    paths,
    request_context::RequestContext,
    respond, session,
};
use crate::{
    actions::{
        manage_partner_accounts, manage_users,
        sign_in::{PASSWORD_MAX, PASSWORD_MIN, hash_password},
    },
    domain::{
        actor::Principal,
        audit::Action,
        country::Country,
        field::{Faults, Field},
        invalid::Invalid,
        partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
        person::Email,
        role::Role,
        text,
        token::token_hash,
    },
    i18n::Words,
    store::{self, idempotency},
};

/// The most characters of a partner account's or a user's name.
const NAME_MAX: usize = 100;

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupTemplate {
    layout: PageLayout,
    t: &'static Words,
    token: String,
    fields: Vec<FieldView>,
}

/// The address of the set-up page.
#[derive(Debug, Deserialize)]
pub struct Query {
    #[serde(default)]
    token: String,
}

/// The set-up page, for the holder of the one-time link.
pub async fn show(
    _: Anyone,
    state: AppState,
    context: RequestContext,
    query: web::Query<Query>,
) -> Result<HttpResponse, Error> {
    must_hold(&state, &query.token).await?;
    answer(&context, StatusCode::OK, &query.token, &Form::default(), &Problems::default())
}

/// Creates account and user, uses the link up and signs the user in.
pub async fn set_up(
    _: Anyone,
    state: AppState,
    context: RequestContext,
    session: Session,
    query: web::Query<Query>,
    form: Form,
) -> Result<HttpResponse, Error> {
    must_hold(&state, &query.token).await?;
    let t = context.words();
    let mut faults = Faults::default();
    let account_name =
        faults.take(Field::PartnerAccountName, text::required(form.get(Field::PartnerAccountName), NAME_MAX));
    let partner_type = PartnerType::from_code(form.get(Field::PartnerType)).ok_or(Invalid::Missing);
    let partner_type = faults.take(Field::PartnerType, partner_type);
    let country = faults.take(Field::Country, Country::parse(form.get(Field::Country)).ok_or(Invalid::UnknownCountry));
    let time_zone =
        faults.take(Field::TimeZone, form.get(Field::TimeZone).trim().parse().map_err(|_| Invalid::Missing));
    let name = faults.take(Field::Name, text::required(form.get(Field::Name), NAME_MAX));
    let email = faults.take(Field::Email, Email::parse(form.get(Field::Email)));
    let password = form.get(Field::Password).to_owned();
    let length = password.chars().count();
    let password = faults.take(
        Field::Password,
        match length {
            0 => Err(Invalid::Missing),
            _ if password.len() > PASSWORD_MAX => Err(Invalid::TooLong { max: PASSWORD_MAX }),
            _ => Ok(password),
        },
    );
    let whole = (|| Some((account_name?, partner_type?, country?, time_zone?, name?, email?, password?)))();
    let (account_name, partner_type, country, time_zone, name, email, password) = match faults.finish(whole) {
        Ok(parsed) if form.with_unreadable(Vec::new()).is_empty() => parsed,
        parsed => {
            let faults = form.with_unreadable(parsed.err().unwrap_or_default());
            let problems = Problems::of(&faults, t, context.language, None);
            return answer(&context, StatusCode::UNPROCESSABLE_ENTITY, &query.token, &form, &problems);
        }
    };
    if length < PASSWORD_MIN {
        let problems = Problems::at(Field::Password, fl!(t, "e-password-short", min = PASSWORD_MIN));
        return answer(&context, StatusCode::UNPROCESSABLE_ENTITY, &query.token, &form, &problems);
    }
    let account = PartnerAccount {
        id: state.db.clock.id(),
        name: account_name,
        partner_type,
        cloud: Cloud::Public,
        environment: Environment::Production,
        country,
        time_zone,
        tenant_id: None,
    };

    let password_hash = hash_password(password).await?;
    let mut tx = state.db.write().await?;
    if !idempotency::spend_setup_token(&mut tx, token_hash(&query.token)).await? {
        return Err(Error::NotFound);
    }
    let event =
        manage_partner_accounts::put_within(&mut tx, Principal::anonymous(), &account, Action::PartnerAccountCreated)
            .await
            .map_err(refused)?;
    tx.record(event);
    let user = manage_users::NewUser { email: email.as_str(), display_name: &name, password_hash: &password_hash };
    let (id, event) = manage_users::create_within(
        &mut tx,
        Principal::anonymous(),
        user,
        std::slice::from_ref(&account),
        Role::AdminAgent,
    )
    .await
    .map_err(refused)?;
    tx.commit(event).await?;

    session::sign_in(&session, id, state.db.clock.now(), None)?;
    Ok(respond::see_other(&state, paths::HOME, None))
}

/// On an empty database nothing can be there twice.
fn refused<R: std::fmt::Debug>(failure: crate::actions::Failure<R>) -> Error {
    match failure {
        crate::actions::Failure::Store(error) => error.into(),
        other => Error::fault(&format!("the first set-up was refused: {other:?}")),
    }
}

async fn must_hold(state: &AppState, token: &str) -> Result<(), Error> {
    let mut conn = state.db.read().await?;
    let holds = idempotency::setup_token_holds(&mut conn, token_hash(token), state.db.clock.now()).await?;
    let empty = !store::users::any(&mut conn).await?;
    if holds && empty { Ok(()) } else { Err(Error::NotFound) }
}

fn answer(
    context: &RequestContext,
    status: StatusCode,
    token: &str,
    form: &Form,
    problems: &Problems,
) -> Result<HttpResponse, Error> {
    let t = context.words();
    let language = context.language;
    let field = |field, input| FieldView::new(field, enum_labels::label(field, t), input, form, problems);
    let types = [
        (PartnerType::DirectBillPartner, fl!(t, "type-direct-bill")),
        (PartnerType::IndirectProvider, fl!(t, "type-indirect-provider")),
        (PartnerType::IndirectReseller, fl!(t, "type-indirect-reseller")),
    ];
    let countries = std::iter::once(("".into(), fl!(t, "choose").into()))
        .chain(Country::all(language).iter().map(|country| (country.code().into(), country.name(language).into())));
    let template = SetupTemplate {
        layout: PageLayout::new(context, fl!(t, "h-setup")).errors(problems).return_to(paths::setup("", token)),
        t,
        token: token.to_owned(),
        fields: vec![
            field(Field::PartnerAccountName, Input::Text),
            field(
                Field::PartnerType,
                Input::Select(types.into_iter().map(|(code, words)| (code.code().into(), words.into())).collect()),
            ),
            field(Field::Country, Input::Select(countries.collect())),
            field(Field::TimeZone, Input::Text).hint(fl!(t, "f-time-zone-hint")),
            field(Field::Name, Input::Text),
            field(Field::Email, Input::Username),
            field(Field::Password, Input::Password { autocomplete: "new-password" }).hint(fl!(
                t,
                "f-password-hint",
                min = PASSWORD_MIN
            )),
        ],
    };
    respond::render(context, status, &template)
}
