//! `countersign user`

use std::{
    io::{BufRead as _, IsTerminal as _},
    process::ExitCode,
};

use clap::Subcommand;

use super::{
    data::{find_account, open},
    table::print_table,
};
use crate::{
    actions::{
        Failure,
        manage_users::{self, NewUser, Refusal},
        sign_in::{PASSWORD_MAX, PASSWORD_MIN, hash_password},
    },
    domain::{actor::Principal, person::Email, role::Role, text, token::random_token},
    settings::DataSettings,
    store::{partner_accounts, users},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user with a role; the password is generated and printed once unless it comes from standard input
    Create {
        #[command(flatten)]
        data: DataSettings,
        /// The email address to sign in with
        email: String,
        /// The name to show
        #[arg(long)]
        name: String,
        /// manager, sales_agent or admin_agent
        #[arg(long)]
        role: Role,
        /// The partner account's name or id; without it, every account there is
        #[arg(long)]
        account: Option<String>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user a role in a partner account
    Role {
        #[command(flatten)]
        data: DataSettings,
        /// The email address the user signs in with
        email: String,
        /// manager, sales_agent or admin_agent
        role: Role,
        /// The partner account's name or id, where there are several
        #[arg(long)]
        account: Option<String>,
    },
    /// Set a user's password and end their sessions
    Password {
        #[command(flatten)]
        data: DataSettings,
        /// The email address the user signs in with
        email: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Disable a user and end their sessions, from the next request on
    Disable {
        #[command(flatten)]
        data: DataSettings,
        /// The email address the user signs in with
        email: String,
    },
    /// Let a disabled user sign in again
    Enable {
        #[command(flatten)]
        data: DataSettings,
        /// The email address the user signs in with
        email: String,
    },
    /// List the users with their roles
    List {
        #[command(flatten)]
        data: DataSettings,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let who = Principal::command_line();
    match command {
        Command::Create { data, email, name, role, account, password_stdin } => {
            let db = open(&data).await?;
            let email = Email::parse(&email).map_err(|_| anyhow::anyhow!("{email:?} is not an email address"))?;
            let name = text::required(&name, 100).map_err(|_| anyhow::anyhow!("a name has 1 to 100 characters"))?;
            let accounts = match &account {
                Some(account) => vec![find_account(&db, Some(account)).await?],
                None => partner_accounts::all(&mut db.snapshot().await?).await?,
            };
            anyhow::ensure!(
                !accounts.is_empty(),
                "there is no partner account yet; see countersign account create --help"
            );
            let password = Password::read(password_stdin)?;
            let password_hash = hash_password(password.text.clone()).await?;
            let new = NewUser { email: email.as_str(), display_name: &name, password_hash: &password_hash };
            manage_users::create_user(&db, who, new, &accounts, role).await.map_err(refused)?;
            println!("Created {email} as {role} in {} partner account(s)", accounts.len());
            password.print();
        }
        Command::Role { data, email, role, account } => {
            let db = open(&data).await?;
            let account = find_account(&db, account.as_deref()).await?;
            manage_users::set_role(&db, who, &email, &account, role).await.map_err(refused)?;
            println!("{email} is now {role} in {}", account.name);
        }
        Command::Password { data, email, password_stdin } => {
            let db = open(&data).await?;
            let password = Password::read(password_stdin)?;
            let password_hash = hash_password(password.text.clone()).await?;
            manage_users::set_password(&db, who, &email, &password_hash).await.map_err(refused)?;
            println!("Set the password of {email} and ended their sessions");
            password.print();
        }
        Command::Disable { data, email } => {
            let db = open(&data).await?;
            manage_users::set_disabled(&db, who, &email, true).await.map_err(refused)?;
            println!("Disabled {email} and ended their sessions");
        }
        Command::Enable { data, email } => {
            let db = open(&data).await?;
            manage_users::set_disabled(&db, who, &email, false).await.map_err(refused)?;
            println!("{email} may sign in again");
        }
        Command::List { data } => {
            let db = open(&data).await?;
            let rows: Vec<[String; 5]> = users::list(&mut db.snapshot().await?)
                .await?
                .into_iter()
                .map(|user| {
                    let state = if user.disabled { "disabled" } else { "active" };
                    [
                        user.email,
                        user.display_name,
                        state.to_owned(),
                        user.role.map_or("", Role::code).to_owned(),
                        user.partner_account.unwrap_or_default(),
                    ]
                })
                .collect();
            print_table(["Email", "Name", "State", "Role", "Partner account"], &rows);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A password on its way in.
struct Password {
    text: String,
    generated: bool,
}

impl Password {
    fn read(from_stdin: bool) -> anyhow::Result<Self> {
        if !from_stdin {
            return Ok(Self { text: random_token(), generated: true });
        }
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            eprint!("Password: ");
        }
        let mut text = String::new();
        stdin.lock().read_line(&mut text)?;
        let text = text.trim_end_matches(['\r', '\n']).to_owned();
        anyhow::ensure!(text.chars().count() >= PASSWORD_MIN, "a password has at least {PASSWORD_MIN} characters");
        anyhow::ensure!(text.len() <= PASSWORD_MAX, "a password has at most {PASSWORD_MAX} bytes");
        Ok(Self { text, generated: false })
    }

    /// Prints a generated password, this once.
    fn print(&self) {
        if self.generated {
            println!("Password: {}", self.text);
        }
    }
}

fn refused(failure: Failure<Refusal>) -> anyhow::Error {
    match failure {
        Failure::Refused(Refusal::SameEmail) => anyhow::anyhow!("somebody signs in with that email address already"),
        Failure::Refused(Refusal::NoSuchUser) => {
            anyhow::anyhow!("nobody signs in with that email address; see countersign user list")
        }
        other => other.into(),
    }
}
