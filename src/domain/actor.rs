//! Who acts, and for which partner account.

use uuid::Uuid;

use super::{codes::codes, partner_account::PartnerAccount, role::Role};

codes! {
    /// What kind of actor did something.
    pub enum ActorKind {
        /// A member of staff, signed in.
        User = "user",
        /// A program that speaks the Partner Center API, for itself.
        ApiClient = "api_client",
        /// Somebody at the command line of the server.
        CommandLine = "command_line",
        /// Nobody known: a sign-in that failed, the first set-up.
        Anonymous = "anonymous",
    }
}

/// Who did something, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The kind of actor.
    pub kind: ActorKind,
    /// The id of the user or of the API client; none at the command line.
    pub id: Option<Uuid>,
    /// The name to show, as it was then.
    pub name: String,
}

impl Principal {
    /// A signed-in user.
    pub fn user(id: Uuid, name: impl Into<String>) -> Self {
        Self { kind: ActorKind::User, id: Some(id), name: name.into() }
    }

    /// A program, for itself.
    pub fn api_client(id: Uuid, name: impl Into<String>) -> Self {
        Self { kind: ActorKind::ApiClient, id: Some(id), name: name.into() }
    }

    /// Whoever runs the program at the server's command line.
    pub fn command_line() -> Self {
        Self { kind: ActorKind::CommandLine, id: None, name: "command line".to_owned() }
    }

    /// Nobody known.
    pub fn anonymous() -> Self {
        Self { kind: ActorKind::Anonymous, id: None, name: String::new() }
    }
}

/// Somebody who acts for one partner account in one role. Every action on customers asks for one; pages
/// get one only by naming the permission they need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who it is.
    pub who: Principal,
    /// The role in this account.
    pub role: Role,
    /// The account acted for.
    pub account: PartnerAccount,
}

impl Actor {
    /// The command line, which may do in an account what an Admin agent may.
    pub fn command_line(account: PartnerAccount) -> Self {
        Self { who: Principal::command_line(), role: Role::AdminAgent, account }
    }
}
