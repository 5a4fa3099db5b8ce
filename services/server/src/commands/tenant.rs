//! `weft tenant`: tenants from the command line.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use weft_model::tenant::Branding;
use weft_model::{CorrelationId, TenantId};
use weft_tenants::{Password, Provisioned, SignUp, TenantDirectory};

use crate::operator::{Operator, fresh_id, fresh_password};
use crate::resources::Resources;
use crate::settings::Settings;

/// What to do with tenants.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes a tenant with its first owner.
    Create(Create),
    /// Lists the tenants.
    List,
}

/// A tenant and its first owner.
#[derive(Debug, Args)]
pub struct Create {
    /// The first label of its address.
    #[arg(long)]
    slug: String,
    /// Its name for people.
    #[arg(long)]
    name: String,
    /// What it calls the product; its name when left out.
    #[arg(long)]
    product_name: Option<String>,
    /// Its colour.
    #[arg(long, default_value = "#3b5bdb")]
    accent_color: String,
    /// The address that the first owner signs in with.
    #[arg(long, default_value = "")]
    owner_email: String,
    /// The first owner's name.
    #[arg(long, default_value = "Owner")]
    owner_name: String,
    /// The first owner's password; drawn and printed when left out.
    #[arg(long, env = "WEFT_OWNER_PASSWORD", hide_env_values = true)]
    owner_password: Option<String>,
}

/// Executes the command.
pub async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create(create) => make(&settings, create).await?,
        Command::List => print(&settings).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn make(settings: &Settings, create: Create) -> anyhow::Result<()> {
    let email = match create.owner_email.as_str() {
        "" => format!("owner@{}.example", create.slug),
        email => email.to_owned(),
    };
    let drawn = create.owner_password.is_none();
    let password = create.owner_password.unwrap_or_else(fresh_password);
    let wanted = SignUp {
        email: email.clone(),
        password: Password::new(password.clone()),
        name: create.owner_name,
        branding: Branding {
            product_name: create.product_name.unwrap_or_else(|| create.name.clone()),
            accent_color: create.accent_color,
            logo_url: None,
        },
        tenant_name: create.name,
        slug: create.slug.clone(),
    };
    let operator = Operator::open(settings).await?;
    let made = operator.app.provisioning.provision(&wanted, CorrelationId(fresh_id())).await;
    operator.close().await?;
    let Provisioned { tenant, .. } = made?;
    if settings.json {
        let shown = drawn.then_some(&password);
        println!("{}", json!({ "tenant": tenant.to_string(), "slug": create.slug, "email": email, "password": shown }));
    } else {
        println!("The tenant \"{}\" is ready. Its owner signs in as {email}.", create.slug);
        if drawn {
            println!("The password, shown this once: {password}");
        }
    }
    Ok(())
}

async fn print(settings: &Settings) -> anyhow::Result<()> {
    let resources = Resources::open(settings).await?;
    let tenants = directory(&resources).all().await?;
    for tenant in &tenants {
        if settings.json {
            println!("{}", json!({ "tenant": tenant.tenant.to_string(), "slug": tenant.slug, "name": tenant.name }));
        } else {
            println!("{:<24} {:<40} {}", tenant.slug, tenant.tenant, tenant.name);
        }
    }
    if tenants.is_empty() && !settings.json {
        println!("There is no tenant yet. Make one with: weft tenant create --slug acme --name Acme");
    }
    resources.close().await
}

fn directory(resources: &Resources) -> TenantDirectory {
    TenantDirectory::new(resources.system.clone(), "localhost")
}

/// The tenant of a slug.
pub async fn find(resources: &Resources, slug: &str) -> anyhow::Result<TenantId> {
    match directory(resources).by_slug(slug).await? {
        Some(profile) => Ok(profile.tenant),
        None => bail!("there is no tenant \"{slug}\"; `weft tenant list` shows them"),
    }
}

/// Every tenant, by slug.
pub async fn list(resources: &Resources) -> anyhow::Result<Vec<(String, TenantId)>> {
    let profiles = directory(resources).all().await.context("the tenants could not be listed")?;
    Ok(profiles.into_iter().map(|profile| (profile.slug, profile.tenant)).collect())
}
