//! API clients: the programs that speak the Partner Center API for the account, and the refresh tokens with which they act
//! as users.
//!
//! A secret is shown once and only its hash is kept. It is made of the form's one-time token, so that the very same form
//! sent twice (a double click, whose first page the browser drops) makes one client and shows its secret again.

use actix_web::{HttpResponse, http::StatusCode, web};
use askama::Template;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    AppState,
    access::{Administer, May, ViewCustomers},
    account::guid,
    enum_labels,
    error::Error,
    form::{self, FieldView, Form, Input, Problems},
    page::{self, Flash, PageLayout, Section},
    paths,
    request_context::RequestContext,
};
use crate::{
    actions::{
        Failure,
        manage_api_clients::{Refusal, create_api_client, make_refresh_token, revoke_api_client},
    },
    domain::{
        actor::Actor,
        field::{Faults, Field},
        invalid::Invalid,
        role::{Permission, Role},
        text,
        token::token_hash,
    },
    i18n::Words,
    store::{
        api_clients::{self, ApiClient},
        idempotency::IdempotencyKey,
    },
};

/// The most characters of a client's name.
const NAME_MAX: usize = 100;

#[derive(Template)]
#[template(path = "api_clients.html")]
struct ListTemplate {
    layout: PageLayout,
    t: &'static Words,
    /// Where programs find the portal: labels and texts to copy.
    connection: Vec<(String, String)>,
    made: Option<Made>,
    clients: Vec<Row>,
    /// The fields of a new client, for whoever may create one.
    create: Option<Vec<FieldView>>,
    /// The token of the page, which serves each of its forms once.
    token: String,
}

/// What is shown once.
struct Made {
    heading: String,
    text: String,
    facts: Vec<(String, String)>,
}

struct Row {
    id: Uuid,
    name: String,
    role: String,
    is_revoked: bool,
    refresh_token: String,
    /// For whoever may.
    revoke: Option<String>,
}

/// The clients of the account.
pub async fn show(may: May<ViewCustomers>, state: AppState, context: RequestContext) -> Result<HttpResponse, Error> {
    let flash = context.flash.filter(|(flash, _)| *flash == Flash::ApiClientRevoked);
    let page = ClientsPage { state: &state, actor: &may.0, context: &context };
    page.answer(StatusCode::OK, &Form::default(), &Problems::default(), None, flash.is_some()).await
}

/// Creates a client and shows its secret.
pub async fn create(
    may: May<Administer>,
    state: AppState,
    context: RequestContext,
    form: Form,
) -> Result<HttpResponse, Error> {
    let (actor, t) = (&may.0, context.words());
    let page = ClientsPage { state: &state, actor, context: &context };
    let mut faults = Faults::default();
    let name = faults.take(Field::ClientName, text::required(form.get(Field::ClientName), NAME_MAX));
    let role = faults.take(Field::Role, Role::from_code(form.get(Field::Role)).ok_or(Invalid::Missing));
    let (name, role) = match faults.finish((|| Some((name?, role?)))()) {
        Ok(read) if form.with_unreadable(Vec::new()).is_empty() => read,
        read => {
            let faults = form.with_unreadable(read.err().unwrap_or_default());
            return page.refuse(&form, &Problems::of(&faults, t, context.language, None)).await;
        }
    };
    let Some(submission) = form.submission(&state, actor, paths::API_CLIENTS) else {
        return page.refuse(&form, &Problems::whole(fl!(t, "e-submission-unknown"))).await;
    };
    let secret = secret(&state, &submission, &name);
    let (db, who) = (&state.db, actor.who.clone());
    let id = match create_api_client(db, who, &actor.account, &name, role, token_hash(&secret)).await {
        Ok(id) => id,
        Err(Failure::Refused(Refusal::SameName)) => {
            let Some(id) = page.made_before(&name, &secret).await? else {
                let problems = Problems::at(Field::ClientName, fl!(t, "e-client-name-taken"));
                return page.refuse(&form, &problems).await;
            };
            id
        }
        Err(Failure::Store(error)) => return Err(Error::send_again(error, paths::API_CLIENTS, form)),
        Err(other) => return Err(Error::fault(&format!("an API client was refused: {other:?}"))),
    };
    let made = Made {
        heading: fl!(t, "api-client-made", name = name),
        text: fl!(t, "api-secret-once"),
        facts: vec![(fl!(t, "f-client-id"), id.to_string()), (fl!(t, "f-client-secret"), secret)],
    };
    page.answer(StatusCode::OK, &Form::default(), &Problems::default(), Some(made), false).await
}

/// Revokes a client.
pub async fn revoke(
    may: May<Administer>,
    state: AppState,
    path: web::Path<String>,
    _: Form,
) -> Result<HttpResponse, Error> {
    let (actor, id) = (&may.0, guid(&path)?);
    match revoke_api_client(&state.db, actor.who.clone(), &actor.account, &id.to_string()).await {
        // Revoked before is revoked.
        Ok(_) | Err(Failure::Refused(_)) => {
            let mut conn = state.db.read().await?;
            of_account(api_clients::find(&mut conn, id).await?, actor)?;
            Ok(page::see_other(&state, paths::API_CLIENTS, Some((Flash::ApiClientRevoked, id))))
        }
        Err(Failure::Store(error)) => Err(error.into()),
        Err(other) => Err(Error::fault(&format!("a revocation was refused: {other:?}"))),
    }
}

/// Makes a refresh token with which a client acts as the user who asks for it, and shows it.
pub async fn refresh_token(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let (actor, t, id) = (&may.0, context.words(), guid(&path)?);
    let page = ClientsPage { state: &state, actor, context: &context };
    let client = of_account(api_clients::find(&mut state.db.read().await?, id).await?, actor)?;
    let user = actor.who.id.ok_or(Error::NotFound)?;
    let Some(submission) = form.submission_about(&state, actor, paths::API_CLIENTS, id) else {
        return page.refuse(&form, &Problems::whole(fl!(t, "e-submission-unknown"))).await;
    };
    let token = secret(&state, &submission, "refresh token");
    let (db, who) = (&state.db, actor.who.clone());
    match make_refresh_token(db, who, &actor.account, &id.to_string(), user, token_hash(&token)).await {
        // A token that is there was made by the same form.
        Ok(_) | Err(Failure::Refused(Refusal::SameToken)) => {}
        Err(Failure::Refused(_)) => {
            return page.refuse(&form, &Problems::whole(fl!(t, "e-client-revoked", name = client.name))).await;
        }
        Err(Failure::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Error::fault(&format!("a refresh token was refused: {other:?}"))),
    }
    let made = Made {
        heading: fl!(t, "api-token-made", name = client.name),
        text: fl!(t, "api-token-once"),
        facts: vec![(fl!(t, "f-client-id"), id.to_string()), (fl!(t, "f-refresh-token"), token)],
    };
    page.answer(StatusCode::OK, &Form::default(), &Problems::default(), Some(made), false).await
}

/// What a form's one-time token makes, and nobody without the server's key.
fn secret(state: &AppState, submission: &IdempotencyKey, what: &str) -> String {
    let hash = state.secret.hash("secret of an API client", &[&submission.token_hash, what.as_bytes()]);
    URL_SAFE_NO_PAD.encode(hash)
}

fn of_account(client: Option<ApiClient>, actor: &Actor) -> Result<ApiClient, Error> {
    client.filter(|client| client.partner_account_id == actor.account.id).ok_or(Error::NotFound)
}

struct ClientsPage<'a> {
    state: &'a AppState,
    actor: &'a Actor,
    context: &'a RequestContext,
}

impl ClientsPage<'_> {
    /// The client that the very same form made before.
    async fn made_before(&self, name: &str, secret: &str) -> Result<Option<Uuid>, Error> {
        let mut conn = self.state.db.read().await?;
        let known = api_clients::names(&mut conn, self.actor.account.id).await?;
        let Some((id, _)) = known.into_iter().find(|(_, known)| known == name) else { return Ok(None) };
        let client = api_clients::find(&mut conn, id).await?;
        Ok(client.filter(|client| client.has_secret(&token_hash(secret))).map(|client| client.id))
    }

    async fn refuse(&self, form: &Form, problems: &Problems) -> Result<HttpResponse, Error> {
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, form, problems, None, false).await
    }

    async fn answer(
        &self,
        status: StatusCode,
        form: &Form,
        problems: &Problems,
        made: Option<Made>,
        revoked: bool,
    ) -> Result<HttpResponse, Error> {
        let (t, account) = (self.context.words(), &self.actor.account);
        let clients = api_clients::of_account(&mut self.state.db.read().await?, account.id).await?;
        let administers = self.actor.role.may(Permission::Administer);
        let base = &self.state.address.base;
        let mut layout = PageLayout::new(self.context, fl!(t, "nav-api-clients"))
            .entry(Section::ApiClients)
            .errors(problems)
            .return_to(paths::API_CLIENTS.to_owned());
        layout.flash = revoked.then(|| fl!(t, "ok-api-client-revoked"));
        let field = |field, input| FieldView::new(field, enum_labels::label(field, t), input, form, problems);
        let roles = Role::ALL.iter().map(|role| (role.code().into(), enum_labels::role(*role, t).into())).collect();
        let template = ListTemplate {
            layout,
            t,
            connection: vec![
                (fl!(t, "f-api-address"), base.clone()),
                (fl!(t, "f-token-address"), format!("{base}/{}/oauth2/token", account.id)),
                (fl!(t, "f-tenant"), account.id.to_string()),
            ],
            made,
            clients: clients
                .into_iter()
                .map(|client| Row {
                    id: client.id,
                    role: enum_labels::role(client.role, t),
                    is_revoked: client.revoked,
                    refresh_token: paths::api_client_refresh_token(client.id),
                    revoke: (administers && !client.revoked).then(|| paths::api_client_revoke(client.id)),
                    name: client.name,
                })
                .collect(),
            create: administers.then(|| {
                let mut role = field(Field::Role, Input::Select(roles)).hint(fl!(t, "f-client-role-hint"));
                if role.value.is_empty() {
                    // What most programs are for: confirming.
                    Role::SalesAgent.code().clone_into(&mut role.value);
                }
                vec![field(Field::ClientName, Input::Text).hint(fl!(t, "f-client-name-hint")), role]
            }),
            token: form::fresh_token(self.state, self.actor, paths::API_CLIENTS),
        };
        page::render(self.context, status, &template)
    }
}
