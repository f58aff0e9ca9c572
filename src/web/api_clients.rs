//! API clients: the programs that speak the Partner Center API for the account, and the refresh tokens with which they act
//! as users.
//!
//! A secret is shown once and only its hash is kept. It is made of the form's one-time token, so that the very same form
//! sent twice (a double click, whose first page the browser drops) makes one client and shows its secret again.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    AppState,
    access::{Administer, ViewCustomers},
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    flash::Flash,
    form::{FieldView, Form, Input, Problems},
    form_answer::idempotency_key,
    form_token,
    layout::{PageLayout, Section},
    path_id::ClientId,
    paths,
    preserved::Preserved,
    respond,
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
    /// The fields of a new client, for users who may create one.
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
    /// For users who may.
    revoke: Option<String>,
}

/// The clients of the account.
pub async fn show(cx: Cx<ViewCustomers>, Preserved(kept): Preserved) -> Result<HttpResponse, Error> {
    let flash = cx.context.flash.filter(|(flash, _)| *flash == Flash::ApiClientRevoked);
    let page = ClientsPage { cx: &cx };
    page.answer(StatusCode::OK, &kept.unwrap_or_default(), &Problems::default(), None, flash.is_some()).await
}

/// Creates a client and shows its secret.
pub async fn create(cx: Cx<Administer>, form: Form) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let page = ClientsPage { cx: &cx };
    let mut faults = Faults::default();
    let name = faults.take(Field::ClientName, text::required(form.get(Field::ClientName), NAME_MAX));
    let role = faults.take(Field::Role, Role::from_code(form.get(Field::Role)).ok_or(Invalid::Missing));
    let (name, role) = match faults.finish((|| Some((name?, role?)))()) {
        Ok(read) if form.with_unreadable(Vec::new()).is_empty() => read,
        read => {
            let faults = form.with_unreadable(read.err().unwrap_or_default());
            return page.refuse(&form, &Problems::of(&faults, t, cx.context.language, None)).await;
        }
    };
    let submission = match idempotency_key(&cx, &form, paths::API_CLIENTS) {
        Ok(submission) => submission,
        Err(problems) => return page.refuse(&form, &problems).await,
    };
    let secret = secret(&cx.state, &submission, &name);
    let (db, who) = (&cx.state.db, actor.who.clone());
    let id = match create_api_client(db, who, &actor.account, &name, role, token_hash(&secret)).await {
        Ok(id) => id,
        Err(Failure::Refused(Refusal::SameName)) => {
            let Some(id) = page.made_before(&name, &secret).await? else {
                let problems = Problems::at(Field::ClientName, fl!(t, "e-client-name-taken"));
                return page.refuse(&form, &problems).await;
            };
            id
        }
        Err(Failure::Store(error)) => return Err(Error::send_again(error, paths::API_CLIENTS, form.into_pairs())),
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
pub async fn revoke(cx: Cx<Administer>, ClientId(id): ClientId, _: Form) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    match revoke_api_client(&cx.state.db, actor.who.clone(), &actor.account, &id.to_string()).await {
        // Revoked before is revoked.
        Ok(_) | Err(Failure::Refused(_)) => {
            let mut conn = cx.state.db.read().await?;
            of_account(api_clients::find(&mut conn, id).await?, actor)?;
            Ok(respond::see_other(&cx.state, paths::API_CLIENTS, Some((Flash::ApiClientRevoked, id))))
        }
        Err(Failure::Store(error)) => Err(error.into()),
        Err(other) => Err(Error::fault(&format!("a revocation was refused: {other:?}"))),
    }
}

/// Makes a refresh token with which a client acts as the user who asks for it, and shows it.
pub async fn refresh_token(cx: Cx<ViewCustomers>, ClientId(id): ClientId, form: Form) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let page = ClientsPage { cx: &cx };
    let client = of_account(api_clients::find(&mut cx.state.db.read().await?, id).await?, actor)?;
    let user = actor.who.id.ok_or(Error::NotFound)?;
    let Some(submission) = form.submission_about(&cx, paths::API_CLIENTS, id) else {
        return page.refuse(&form, &Problems::whole(fl!(t, "e-submission-unknown"))).await;
    };
    let token = secret(&cx.state, &submission, "refresh token");
    let (db, who) = (&cx.state.db, actor.who.clone());
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
    cx: &'a ActorContext,
}

impl ClientsPage<'_> {
    /// The client that the very same form made before.
    async fn made_before(&self, name: &str, secret: &str) -> Result<Option<Uuid>, Error> {
        let mut conn = self.cx.state.db.read().await?;
        let known = api_clients::names(&mut conn, self.cx.actor.account.id).await?;
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
        let (t, account) = (self.cx.context.words(), &self.cx.actor.account);
        let clients = api_clients::of_account(&mut self.cx.state.db.read().await?, account.id).await?;
        let administers = self.cx.actor.role.may(Permission::Administer);
        let base = &self.cx.state.address.base;
        let mut layout = PageLayout::new(&self.cx.context, fl!(t, "nav-api-clients"))
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
                (fl!(t, "f-authority"), format!("{base}/{}/v2.0", account.id)),
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
            token: form_token::fresh_token(self.cx, paths::API_CLIENTS),
        };
        respond::render(&self.cx.context, status, &template)
    }
}
