//! `countersign api-client`

use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::{
    data::{find_account, open},
    table::print_table,
};
use crate::{
    actions::{
        Failure,
        manage_api_clients::{self, Refusal},
    },
    api::jwt::{Bearer, LIFETIME},
    app::access_keys,
    domain::{
        actor::Principal,
        role::Role,
        text,
        token::{random_token, token_hash},
    },
    settings::{DataSettings, KeySettings},
    store::{Read, api_clients, users},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a client for programs; its secret is printed once
    Create {
        #[command(flatten)]
        data: DataSettings,
        /// The name to show
        name: String,
        /// What the client may do by itself: manager, sales_agent or admin_agent
        #[arg(long, default_value = "sales_agent")]
        role: Role,
        /// The partner account's name or id, where there are several
        #[arg(long)]
        account: Option<String>,
    },
    /// Revoke a client: nothing is accepted from it from the next request on
    Revoke {
        #[command(flatten)]
        data: DataSettings,
        /// The client's name or id
        client: String,
        /// The partner account's name or id, where there are several
        #[arg(long)]
        account: Option<String>,
    },
    /// Let a client act as a user; the refresh token is printed once and holds for 90 days
    RefreshToken {
        #[command(flatten)]
        data: DataSettings,
        /// The client's name or id
        client: String,
        /// The email address the user signs in with
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// The partner account's name or id, where there are several
        #[arg(long)]
        account: Option<String>,
    },
    /// Print an access token for scripts, which holds for 60 minutes
    Token {
        #[command(flatten)]
        data: DataSettings,
        #[command(flatten)]
        key: KeySettings,
        /// The client's name or id
        client: String,
        /// Act as the user who signs in with this email address
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
        /// The partner account's name or id, where there are several
        #[arg(long)]
        account: Option<String>,
    },
    /// List the clients
    List {
        #[command(flatten)]
        data: DataSettings,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let who = Principal::command_line();
    match command {
        Command::Create { data, name, role, account } => {
            let db = open(&data).await?;
            let account = find_account(&db, account.as_deref()).await?;
            let name = text::required(&name, 100).map_err(|_| anyhow::anyhow!("a name has 1 to 100 characters"))?;
            let secret = random_token();
            let id = manage_api_clients::create_api_client(&db, who, &account, &name, role, token_hash(&secret))
                .await
                .map_err(refused)?;
            println!("Created {name} as {role} in {}", account.name);
            println!("Tenant:        {}", account.id);
            println!("Client id:     {id}");
            println!("Client secret: {secret}");
        }
        Command::Revoke { data, client, account } => {
            let db = open(&data).await?;
            let account = find_account(&db, account.as_deref()).await?;
            let client = manage_api_clients::revoke_api_client(&db, who, &account, &client).await.map_err(refused)?;
            println!("Revoked {}", text::shown(&client.name));
        }
        Command::RefreshToken { data, client, user, account } => {
            let db = open(&data).await?;
            let account = find_account(&db, account.as_deref()).await?;
            let token = random_token();
            let user = find_user(&mut db.snapshot().await?, &user).await?;
            manage_api_clients::make_refresh_token(&db, who, &account, &client, user, token_hash(&token))
                .await
                .map_err(refused)?;
            println!("Refresh token: {token}");
        }
        Command::Token { data, key, client, user, account } => {
            let keys = access_keys(&key.secret(&data)?);
            let db = open(&data).await?;
            let account = find_account(&db, account.as_deref()).await?;
            let mut conn = db.snapshot().await?;
            let client = api_clients::find_in(&mut conn, account.id, &client).await?.filter(|client| !client.revoked);
            let client = client.ok_or_else(|| refused(Failure::Refused(Refusal::NoSuchClient)))?;
            let user = match user {
                Some(email) => Some(find_user(&mut conn, &email).await?),
                None => None,
            };
            anyhow::ensure!(
                api_clients::caller(&mut conn, client.id, user).await?.is_some(),
                refused(Failure::Refused(Refusal::NoSuchUser))
            );
            eprintln!("Holds for {} minutes", LIFETIME.num_minutes());
            println!("{}", keys.sign(account.id, Bearer { client: client.id, user }, db.clock.now()));
        }
        Command::List { data } => {
            let db = open(&data).await?;
            let clients = api_clients::list(&mut db.snapshot().await?).await?;
            let rows: Vec<[String; 6]> = clients
                .into_iter()
                .map(|client| {
                    let state = if client.revoked { "revoked" } else { "active" };
                    [
                        client.name,
                        client.id.to_string(),
                        state.to_owned(),
                        client.role.to_string(),
                        client.partner_account,
                        client.partner_account_id.to_string(),
                    ]
                })
                .collect();
            print_table(["Name", "Client id", "State", "Role", "Partner account", "Tenant"], &rows);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The user with a sign-in name.
async fn find_user(conn: &mut dyn Read, email: &str) -> anyhow::Result<Uuid> {
    let user = users::find(conn, email).await?.ok_or_else(|| refused(Failure::Refused(Refusal::NoSuchUser)))?;
    Ok(user.id)
}

fn refused(failure: Failure<Refusal>) -> anyhow::Error {
    match failure {
        Failure::Refused(Refusal::SameName) => anyhow::anyhow!("the partner account has an API client of that name"),
        Failure::Refused(Refusal::NoSuchClient) => {
            anyhow::anyhow!("the partner account has no such API client; see countersign api-client list")
        }
        Failure::Refused(Refusal::NoSuchUser) => {
            anyhow::anyhow!(
                "nobody signs in with that email address in this partner account; see countersign user list"
            )
        }
        other => other.into(),
    }
}
