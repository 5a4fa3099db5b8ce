//! `weft user`: people who can sign in.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use weft_model::MemberId;
use weft_model::member::Role;
use weft_tenants::{Email, Joining, Password, TenantLog};

use crate::commands::tenant::find;
use crate::operator::{Operator, fresh_id, fresh_password};
use crate::settings::Settings;

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes a person a member of a tenant.
    Create(Create),
    /// Gives a person who forgot the password a new one, and ends the person's sessions.
    Password(ForgottenPassword),
}

/// Who forgot the password.
#[derive(Debug, Args)]
pub struct ForgottenPassword {
    /// The address that the person signs in with.
    #[arg(long)]
    email: String,
}

/// A person.
#[derive(Debug, Args)]
pub struct Create {
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// The address that the person signs in with.
    #[arg(long)]
    email: String,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// What the person may do.
    #[arg(long, value_enum, default_value_t = RoleName::Editor)]
    role: RoleName,
    /// The first password; drawn and printed when left out.
    #[arg(long, env = "WEFT_USER_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

/// A role as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    Owner,
    Admin,
    Editor,
    Operator,
    Viewer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Owner => Self::Owner,
            RoleName::Admin => Self::Admin,
            RoleName::Editor => Self::Editor,
            RoleName::Operator => Self::Operator,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

/// Executes the command.
pub async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create(create) => make_member(settings, create).await,
        Command::Password(forgotten) => renew_password(settings, forgotten).await,
    }
}

/// The password is drawn here and shown once: one that is typed would stay in the shell's history.
async fn renew_password(settings: Settings, forgotten: ForgottenPassword) -> anyhow::Result<ExitCode> {
    let password = fresh_password();
    let operator = Operator::open(&settings).await?;
    let renewed = renew(&operator, &forgotten.email, &password).await;
    operator.close().await?;
    renewed?;
    if settings.json {
        println!("{}", json!({ "email": forgotten.email, "password": password }));
    } else {
        println!("{} has a new password, shown this once: {password}", forgotten.email);
        println!("Who was signed in with the old one is signed out.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn renew(operator: &Operator, email: &str, password: &str) -> anyhow::Result<()> {
    let identities = &operator.app.identities;
    let Some(identity) = identities.by_email(&Email::parse(email)?).await? else {
        bail!("nobody signs in as {email}; make a member with `weft user create`");
    };
    Ok(identities.change_password(identity, &Password::new(password)).await?)
}

async fn make_member(settings: Settings, create: Create) -> anyhow::Result<ExitCode> {
    let drawn = create.password.is_none();
    let password = create.password.clone().unwrap_or_else(fresh_password);
    let operator = Operator::open(&settings).await?;
    let made = make(&operator, &create, &password).await;
    operator.close().await?;
    let member = made?;
    if settings.json {
        let shown = drawn.then_some(&password);
        println!("{}", json!({ "member": member.to_string(), "email": create.email, "password": shown }));
    } else {
        println!("{} is a member of {} now.", create.email, create.tenant);
        if drawn {
            println!("The password, shown this once (who could sign in before keeps the old one): {password}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn make(operator: &Operator, create: &Create, password: &str) -> anyhow::Result<MemberId> {
    let tenant = find(&operator.resources, &create.tenant).await?;
    let email = Email::parse(&create.email)?;
    let identity = operator.app.identities.invite(&email, &create.name, &Password::new(password)).await?;
    let member = MemberId(fresh_id());
    let context = Operator::context(tenant);
    let joining = Joining { identity, role: create.role.into() };
    let by = (context.actor, context.correlation);
    if !operator.app.tenant_log.add_member(tenant, member, joining, by).await? {
        bail!("{} is a member of {} already", create.email, create.tenant);
    }
    Ok(member)
}
