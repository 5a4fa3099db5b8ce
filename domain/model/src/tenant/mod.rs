//! A tenant: its name, its brand, its settings.

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::*;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{NameFault, check_name, is_time_zone};
use crate::{Decider, WorkflowId};

/// How a tenant's pages look. Nothing in them names Weft unless the tenant does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Branding {
    /// The name of the product.
    pub product_name: String,
    /// The accent colour, `#rrggbb`.
    pub accent_color: String,
    /// The logo: an `https` address, a path of this server, or a small image as a `data:` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
}

/// How a tenant behaves where nothing closer says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantSettings {
    /// The time zone (IANA name) of workflows that name none.
    pub timezone: String,
    /// How many days the items of an execution are kept.
    pub retention_days: u16,
    /// The workflow that is executed when an execution of one fails that names none itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_workflow: Option<WorkflowId>,
    /// How many of its executions progress at once; as many as the installation permits when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executions_at_once: Option<u32>,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self { timezone: "UTC".into(), retention_days: 90, error_workflow: None, executions_at_once: None }
    }
}

/// A tenant as its decisions see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tenant {
    /// Nothing happened yet.
    #[default]
    Absent,
    /// It exists.
    Present {
        /// Its name.
        name: String,
        /// How its pages look.
        branding: Branding,
        /// How it behaves.
        settings: TenantSettings,
    },
}

/// Why a tenant says no.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TenantRejection {
    /// It was made before.
    #[error("This tenant exists already.")]
    Exists,
    /// It was never made.
    #[error("There is no such tenant.")]
    Missing,
    /// A name that cannot be shown.
    #[error("The {what} {fault}.")]
    Name {
        /// `name` or `product name`.
        what: &'static str,
        /// What is wrong.
        fault: NameFault,
    },
    /// A slug that cannot be part of a host name.
    #[error(
        "“{slug}” cannot be part of a web address. Use 2 to 40 lower-case letters, digits and hyphens, beginning and \
         ending with a letter or digit."
    )]
    Slug {
        /// What was asked for.
        slug: String,
    },
    /// Not a colour.
    #[error("“{color}” is not a colour. Write it like #1f6feb.")]
    Color {
        /// What was asked for.
        color: String,
    },
    /// Not a place for a logo.
    #[error("The logo must be an https:// address, a path that begins with /, or an image of at most 64 KB.")]
    Logo,
    /// Not a time zone.
    #[error("“{timezone}” is not a time zone. Use a name such as Europe/Paris.")]
    Timezone {
        /// What was asked for.
        timezone: String,
    },
    /// None at all.
    #[error(
        "At least one execution must be permitted at once. Leave it empty for as many as this installation permits."
    )]
    AtOnce,
    /// Too short or too long.
    #[error("Items can be kept for 1 to 3650 days, not {days}.")]
    Retention {
        /// What was asked for.
        days: u16,
    },
}

impl TenantRejection {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exists => "tenant_exists",
            Self::Missing => "tenant_missing",
            Self::Name { fault, .. } => fault.code(),
            Self::Slug { .. } => "slug_invalid",
            Self::Color { .. } => "color_invalid",
            Self::Logo => "logo_invalid",
            Self::Timezone { .. } => "timezone_unknown",
            Self::AtOnce => "at_once_invalid",
            Self::Retention { .. } => "retention_invalid",
        }
    }

    /// The path to the refused field.
    pub fn field(&self) -> Vec<String> {
        let path: &[&str] = match self {
            Self::Exists | Self::Missing => &[],
            Self::Name { what: "name", .. } => &["name"],
            Self::Name { .. } => &["productName"],
            Self::Slug { .. } => &["slug"],
            Self::Color { .. } => &["accentColor"],
            Self::Logo => &["logoUrl"],
            Self::Timezone { .. } => &["settings", "timezone"],
            Self::AtOnce => &["atOnce"],
            Self::Retention { .. } => &["settings", "retentionDays"],
        };
        path.iter().map(|part| (*part).to_owned()).collect()
    }
}

impl Decider for Tenant {
    type Command = TenantCommand;
    type Event = TenantEvent;
    type Rejection = TenantRejection;

    const NAME: &'static str = "tenant";

    fn decide(&self, command: TenantCommand) -> Result<Vec<TenantEvent>, TenantRejection> {
        match (self, command) {
            (Self::Absent, TenantCommand::Create { slug, name, branding, settings }) => {
                check_slug(&slug)?;
                check_named("name", &name)?;
                check_branding(&branding)?;
                check_settings(&settings)?;
                Ok(vec![TenantEvent::Created { slug, name, branding, settings }])
            }
            (Self::Present { .. }, TenantCommand::Create { .. }) => Err(TenantRejection::Exists),
            (Self::Absent, _) => Err(TenantRejection::Missing),
            (Self::Present { name: now, .. }, TenantCommand::Rename { name }) => {
                check_named("name", &name)?;
                Ok(if *now == name { vec![] } else { vec![TenantEvent::Renamed { name }] })
            }
            (Self::Present { branding: now, .. }, TenantCommand::ChangeBranding { branding }) => {
                check_branding(&branding)?;
                Ok(if *now == branding { vec![] } else { vec![TenantEvent::BrandingChanged { branding }] })
            }
            (Self::Present { settings: now, .. }, TenantCommand::ChangeSettings { settings }) => {
                check_settings(&settings)?;
                Ok(changed(now, settings))
            }
            (Self::Present { settings: now, .. }, TenantCommand::ChooseErrorWorkflow { workflow }) => {
                Ok(changed(now, TenantSettings { error_workflow: workflow, ..now.clone() }))
            }
            (Self::Present { settings: now, .. }, TenantCommand::LimitExecutions { at_once }) => {
                let settings = TenantSettings { executions_at_once: at_once, ..now.clone() };
                check_settings(&settings)?;
                Ok(changed(now, settings))
            }
        }
    }

    fn evolve(&mut self, event: &TenantEvent) {
        match (self, event) {
            (state, TenantEvent::Created { slug: _, name, branding, settings }) => {
                let (name, branding, settings) = (name.clone(), branding.clone(), settings.clone());
                *state = Self::Present { name, branding, settings };
            }
            (Self::Present { name, .. }, TenantEvent::Renamed { name: new }) => name.clone_from(new),
            (Self::Present { branding, .. }, TenantEvent::BrandingChanged { branding: new }) => {
                branding.clone_from(new);
            }
            (Self::Present { settings, .. }, TenantEvent::SettingsChanged { settings: new }) => {
                settings.clone_from(new);
            }
            (
                Self::Absent,
                TenantEvent::Renamed { .. } | TenantEvent::BrandingChanged { .. } | TenantEvent::SettingsChanged { .. },
            ) => {}
        }
    }
}

fn changed(now: &TenantSettings, settings: TenantSettings) -> Vec<TenantEvent> {
    if *now == settings { vec![] } else { vec![TenantEvent::SettingsChanged { settings }] }
}

fn check_named(what: &'static str, name: &str) -> Result<(), TenantRejection> {
    check_name(name).map_err(|fault| TenantRejection::Name { what, fault })
}

/// A slug is one label of a host name (RFC 1123, section 2.1), shorter than DNS would allow.
fn check_slug(slug: &str) -> Result<(), TenantRejection> {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_label = (2..=40).contains(&slug.len())
        && slug.bytes().all(|byte| inner(byte) || byte == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if is_label { Ok(()) } else { Err(TenantRejection::Slug { slug: slug.to_owned() }) }
}

fn check_branding(branding: &Branding) -> Result<(), TenantRejection> {
    check_named("product name", &branding.product_name)?;
    let color = &branding.accent_color;
    let digits = color.strip_prefix('#').unwrap_or_default();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(TenantRejection::Color { color: color.clone() });
    }
    match branding.logo_url.as_deref() {
        Some(url) if !is_logo(url) => Err(TenantRejection::Logo),
        _ => Ok(()),
    }
}

fn is_logo(url: &str) -> bool {
    const MAX_ADDRESS: usize = 2048;
    const MAX_IMAGE: usize = 64 * 1024;
    let clean = !url.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'));
    let is_address = url.starts_with("https://") || url.starts_with('/') && !url.starts_with("//");
    let is_image = url.starts_with("data:image/");
    clean && (is_address && url.len() <= MAX_ADDRESS || is_image && url.len() <= MAX_IMAGE)
}

fn check_settings(settings: &TenantSettings) -> Result<(), TenantRejection> {
    if !is_time_zone(&settings.timezone) {
        return Err(TenantRejection::Timezone { timezone: settings.timezone.clone() });
    }
    if settings.executions_at_once == Some(0) {
        return Err(TenantRejection::AtOnce);
    }
    match settings.retention_days {
        1..=3650 => Ok(()),
        days => Err(TenantRejection::Retention { days }),
    }
}
