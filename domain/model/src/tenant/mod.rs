//! A tenant: its name, its brand, its settings.

mod event;

pub use event::*;

use serde::{Deserialize, Serialize};

/// How a tenant's pages look. Nothing in them names Weft unless the tenant does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Branding {
    /// The name of the product.
    pub product_name: String,
    /// The accent colour, `#rrggbb`.
    pub accent_color: String,
    /// Where the logo is: an `https` address or a path of this server.
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
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self { timezone: "UTC".into(), retention_days: 90 }
    }
}
