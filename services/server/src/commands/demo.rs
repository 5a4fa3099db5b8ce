//! `weft demo`: two tenants with two brands, their members, and workflows that execute. Made once per data folder; the passwords are
//! drawn for it and kept beside it.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};
use weft_api::tenant_address;
use weft_import::Import;
use weft_model::member::Role;
use weft_model::tenant::Branding;
use weft_model::{CorrelationId, MemberId, TenantId};
use weft_tenants::{Email, Joining, Password, SignUp, TenantLog};

use crate::address;
use crate::commands::import::{Format, ImportedWebhook, create, parse, publish, webhooks};
use crate::operator::{Operator, fresh_id, fresh_password};
use crate::settings::Settings;

/// Nothing to choose.
#[derive(Debug, Args)]
pub struct Arguments {}

/// What the demo is made of.
struct DemoTenant {
    slug: &'static str,
    name: &'static str,
    product_name: &'static str,
    accent_color: &'static str,
    owner: (&'static str, &'static str),
    members: &'static [(&'static str, &'static str, Role)],
    workflows: &'static [&'static str],
}

const TENANTS: [DemoTenant; 2] = [
    DemoTenant {
        slug: "acme",
        name: "Acme Logistics",
        product_name: "Acme Flow",
        accent_color: "#0b7285",
        owner: ("Ada Moreau", "ada@acme.example"),
        members: &[
            ("Bruno Keller", "bruno@acme.example", Role::Editor),
            ("Chiara Rossi", "chiara@acme.example", Role::Operator),
            ("Deniz Yilmaz", "deniz@acme.example", Role::Viewer),
        ],
        workflows: &[include_str!("../../demo/orders.json"), include_str!("../../demo/nightly-report.json")],
    },
    DemoTenant {
        slug: "globex",
        name: "Globex Santé",
        product_name: "Globex Automate",
        accent_color: "#a61e4d",
        owner: ("Émile Laurent", "emile@globex.example"),
        members: &[("Farah Benali", "farah@globex.example", Role::Admin)],
        workflows: &[include_str!("../../demo/appointments.json")],
    },
];

/// What is kept of the demo, and printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Demo {
    tenants: Vec<DemoSignIn>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DemoSignIn {
    slug: String,
    /// Where the tenant answers.
    address: String,
    product_name: String,
    email: String,
    password: String,
    members: Vec<String>,
    workflows: Vec<DemoWorkflow>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DemoWorkflow {
    id: String,
    name: String,
    webhooks: Vec<ImportedWebhook>,
}

impl Demo {
    /// With the addresses as they are at `base_url`; the demo may have been made at another port.
    fn at(mut self, base_url: &str) -> Self {
        for tenant in &mut self.tenants {
            let address = tenant_address(base_url, &tenant.slug);
            for webhook in tenant.workflows.iter_mut().flat_map(|workflow| &mut workflow.webhooks) {
                if let Some(path) = webhook.url.strip_prefix(&tenant.address) {
                    webhook.url = format!("{address}{path}");
                }
            }
            tenant.address = address;
        }
        self
    }
}

/// Executes the command. A second time it only prints what there is.
pub async fn run(settings: Settings, _arguments: Arguments) -> anyhow::Result<ExitCode> {
    let file = demo_file(&settings);
    let base_url = address::base_url(&settings)?;
    let kept: Option<Demo> = match std::fs::read_to_string(&file) {
        Ok(text) => Some(
            serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged; remove it with the data folder", file.display()))?,
        ),
        Err(_) => None,
    };
    let demo = match kept {
        // The private database lies in the same folder as the file.
        Some(demo) if settings.database_url.is_none() => demo,
        kept => {
            let operator = Operator::open(&settings).await?;
            let demo = find_or_make(&operator, kept, &file, &base_url).await;
            operator.close().await?;
            demo?
        }
    };
    let demo = demo.at(&base_url);
    if settings.json {
        println!("{}", serde_json::to_string(&demo)?);
    } else {
        print(&demo);
    }
    Ok(ExitCode::SUCCESS)
}

fn demo_file(settings: &Settings) -> PathBuf {
    settings.data_dir.join("demo.json")
}

/// The demo that is kept, if this database has it: the file may have been written for another one.
async fn find_or_make(
    operator: &Operator,
    kept: Option<Demo>,
    file: &std::path::Path,
    base_url: &str,
) -> anyhow::Result<Demo> {
    let Some(kept) = kept else { return make(operator, file, base_url).await };
    for tenant in &kept.tenants {
        if operator.app.directory.by_slug(&tenant.slug).await?.is_none() {
            return make(operator, file, base_url).await;
        }
    }
    Ok(kept)
}

/// Whoever is stopped in the middle goes on the next time: tenants that exist are left as they are, since their password is in
/// the file that is written before the first of them is made.
async fn make(operator: &Operator, file: &std::path::Path, base_url: &str) -> anyhow::Result<Demo> {
    let passwords = file.with_extension("password");
    let password = if let Ok(password) = std::fs::read_to_string(&passwords) {
        password
    } else {
        let password = fresh_password();
        write_private(&passwords, &password)?;
        password
    };
    let mut tenants = Vec::new();
    for tenant in &TENANTS {
        tenants.push(make_tenant(operator, tenant, &password, base_url).await?);
    }
    let demo = Demo { tenants };
    write_private(file, &serde_json::to_string_pretty(&demo)?)?;
    std::fs::remove_file(&passwords)?;
    Ok(demo)
}

async fn make_tenant(
    operator: &Operator,
    demo: &DemoTenant,
    password: &str,
    base_url: &str,
) -> anyhow::Result<DemoSignIn> {
    let (owner_name, owner_email) = demo.owner;
    let tenant = if let Some(profile) = operator.app.directory.by_slug(demo.slug).await? {
        profile.tenant
    } else {
        let wanted = SignUp {
            email: owner_email.to_owned(),
            password: Password::new(password),
            name: owner_name.to_owned(),
            tenant_name: demo.name.to_owned(),
            slug: demo.slug.to_owned(),
            branding: Branding {
                product_name: demo.product_name.to_owned(),
                accent_color: demo.accent_color.to_owned(),
                logo_url: None,
            },
        };
        operator.app.provisioning.provision(&wanted, CorrelationId(fresh_id())).await?.tenant
    };
    for (name, email, role) in demo.members {
        add_member(operator, tenant, (name, email), *role, password).await?;
    }
    Ok(DemoSignIn {
        slug: demo.slug.to_owned(),
        address: tenant_address(base_url, demo.slug),
        product_name: demo.product_name.to_owned(),
        email: owner_email.to_owned(),
        password: password.to_owned(),
        members: demo.members.iter().map(|(_, email, _)| (*email).to_owned()).collect(),
        workflows: make_workflows(operator, tenant, demo).await?,
    })
}

async fn add_member(
    operator: &Operator,
    tenant: TenantId,
    (name, email): (&str, &str),
    role: Role,
    password: &str,
) -> anyhow::Result<()> {
    let identity = operator.app.identities.invite(&Email::parse(email)?, name, &Password::new(password)).await?;
    let context = Operator::context(tenant);
    let by = (context.actor, context.correlation);
    operator.app.tenant_log.add_member(tenant, MemberId(fresh_id()), Joining { identity, role }, by).await?;
    Ok(())
}

async fn make_workflows(operator: &Operator, tenant: TenantId, demo: &DemoTenant) -> anyhow::Result<Vec<DemoWorkflow>> {
    let context = Operator::context(tenant);
    let mut workflows = Vec::new();
    for text in demo.workflows {
        let catalogue = operator.app.engine.kinds().catalogue();
        let imports = parse(Format::Weft, Path::new("a workflow of the demo"), text, catalogue)?;
        for Import { workflow, definition, .. } in imports {
            create(operator, &context, (workflow, definition.clone())).await?;
            publish(operator, &context, workflow).await?;
            let webhooks = webhooks(operator, (tenant, demo.slug), (workflow, &definition));
            workflows.push(DemoWorkflow { id: workflow.to_string(), name: definition.name, webhooks });
        }
    }
    Ok(workflows)
}

/// A file that only its owner may read.
fn write_private(file: &std::path::Path, text: &str) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

fn print(demo: &Demo) {
    println!("The demo has two tenants, each with its own brand and members. While the server runs, sign in at:");
    for tenant in &demo.tenants {
        println!();
        println!("  {}", tenant.product_name);
        println!("    address    {}", tenant.address);
        println!("    e-mail     {}", tenant.email);
        println!("    password   {}", tenant.password);
        if !tenant.members.is_empty() {
            println!("    members    {} (same password)", tenant.members.join(", "));
        }
        for webhook in tenant.workflows.iter().flat_map(|workflow| &workflow.webhooks) {
            println!("    webhook    {} {}", webhook.method, webhook.url);
        }
    }
}
