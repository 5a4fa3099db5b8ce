//! What can happen to a tenant.

use serde::{Deserialize, Serialize};

use super::{Branding, TenantSettings};
use crate::wire::wire_names;

/// A fact about one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum TenantEvent {
    /// It exists.
    #[serde(rename = "tenant.created.v1")]
    Created {
        /// The first label of its host name; never changes.
        slug: String,
        /// Its name for people.
        name: String,
        /// How its pages look.
        branding: Branding,
        /// How it behaves.
        settings: TenantSettings,
    },
    /// It has another name.
    #[serde(rename = "tenant.renamed.v1")]
    Renamed {
        /// The new name.
        name: String,
    },
    /// Its pages look different.
    #[serde(rename = "tenant.branding_changed.v1")]
    BrandingChanged {
        /// How they look now.
        branding: Branding,
    },
    /// It behaves differently.
    #[serde(rename = "tenant.settings_changed.v1")]
    SettingsChanged {
        /// How it behaves now.
        settings: TenantSettings,
    },
}

wire_names!(TenantEvent {
    Created => "tenant.created.v1",
    Renamed => "tenant.renamed.v1",
    BrandingChanged => "tenant.branding_changed.v1",
    SettingsChanged => "tenant.settings_changed.v1",
});
