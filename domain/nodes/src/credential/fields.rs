//! How fields are written down, and those that several types have.

use super::{CredentialField, CredentialOption, FieldFormat};
use crate::{Label, label};

/// What must be filled in and may be shown.
pub(super) const fn text(name: &'static str, label: Label) -> CredentialField {
    CredentialField {
        name,
        label,
        secret: false,
        required: true,
        rows: 1,
        default: None,
        options: &[],
        placeholder: None,
        format: FieldFormat::Text,
    }
}

/// What must be filled in and is never shown again.
pub(super) const fn secret(name: &'static str, label: Label) -> CredentialField {
    CredentialField { secret: true, ..text(name, label) }
}

impl CredentialField {
    pub(super) const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    pub(super) const fn lines(self, rows: u8) -> Self {
        Self { rows, ..self }
    }

    pub(super) const fn example(self, placeholder: &'static str) -> Self {
        Self { placeholder: Some(placeholder), ..self }
    }

    pub(super) const fn format(self, format: FieldFormat) -> Self {
        Self { format, ..self }
    }

    pub(super) const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    pub(super) const fn choices(self, default: &'static str, options: &'static [CredentialOption]) -> Self {
        Self { default: Some(default), options, ..self }
    }
}

/// A choice that is called as it is stored.
pub(super) const fn word(value: &'static str) -> CredentialOption {
    CredentialOption { value, label: label(value, value) }
}

pub(super) const NAME: Label = label("Name", "Nom");
pub(super) const VALUE: Label = label("Value", "Valeur");
pub(super) const USER: CredentialField = text("user", label("User", "Utilisateur"));
pub(super) const PASSWORD: CredentialField = secret("password", label("Password", "Mot de passe"));
pub(super) const HEADER_NAME: CredentialField = text("name", NAME).format(FieldFormat::HeaderName).example("X-Api-Key");
pub(super) const IN_HEADER: CredentialOption = CredentialOption { value: "header", label: label("Header", "En-tête") };

pub(super) const HOST: CredentialField = text("host", label("Host", "Hôte"));
pub(super) const PORT: CredentialField = text("port", label("Port", "Port"));
/// Whether a connection that is no HTTP is encrypted.
pub(super) const ENCRYPTION: CredentialField = text("encryption", label("Encryption", "Chiffrement")).choices(
    "verified",
    &[
        CredentialOption {
            value: "verified",
            label: label("Encrypted, certificate verified", "Chiffré, certificat vérifié"),
        },
        CredentialOption {
            value: "unverified",
            label: label("Encrypted, any certificate", "Chiffré, tout certificat accepté"),
        },
        CredentialOption { value: "off", label: label("Not encrypted", "Non chiffré") },
    ],
);
pub(super) const AUTHORITY: CredentialField =
    text("authority", label("Certificate to trust (PEM)", "Certificat à accepter (PEM)"))
        .optional()
        .lines(6)
        .example("-----BEGIN CERTIFICATE-----");

/// How a connection to a mail server begins.
pub(super) const BEGIN: CredentialField = text("begin", label("Encryption", "Chiffrement")).choices(
    "startTls",
    &[
        CredentialOption {
            value: "startTls",
            label: label("STARTTLS (mostly port 587)", "STARTTLS (souvent port 587)"),
        },
        CredentialOption { value: "tls", label: label("TLS (mostly port 465)", "TLS (souvent port 465)") },
        CredentialOption { value: "clear", label: label("Not encrypted", "Non chiffré") },
    ],
);
/// How a connection to a mailbox begins.
pub(super) const BEGIN_IMAP: CredentialField = text("begin", label("Encryption", "Chiffrement")).choices(
    "tls",
    &[
        CredentialOption { value: "tls", label: label("TLS (mostly port 993)", "TLS (souvent port 993)") },
        CredentialOption {
            value: "startTls",
            label: label("STARTTLS (mostly port 143)", "STARTTLS (souvent port 143)"),
        },
        CredentialOption { value: "clear", label: label("Not encrypted", "Non chiffré") },
    ],
);
/// How a connection to a directory begins.
pub(super) const BEGIN_LDAP: CredentialField = text("begin", label("Encryption", "Chiffrement")).choices(
    "startTls",
    &[
        CredentialOption {
            value: "startTls",
            label: label("StartTLS (mostly port 389)", "StartTLS (souvent port 389)"),
        },
        CredentialOption { value: "tls", label: label("TLS (mostly port 636)", "TLS (souvent port 636)") },
        CredentialOption { value: "clear", label: label("Not encrypted", "Non chiffré") },
    ],
);
/// Whose certificate is believed where a connection is always encrypted.
pub(super) const CERTIFICATE: CredentialField = text("encryption", label("Certificate", "Certificat")).choices(
    "verified",
    &[
        CredentialOption { value: "verified", label: label("Verified", "Vérifié") },
        CredentialOption { value: "unverified", label: label("Any", "N’importe lequel") },
    ],
);

pub(super) const REGION: CredentialField = text("region", label("Region", "Région")).default("us-east-1");
pub(super) const ACCESS_KEY: CredentialField =
    text("accessKeyId", label("Access key id", "Identifiant de la clé d’accès"));
pub(super) const SECRET_KEY: CredentialField =
    secret("secretAccessKey", label("Secret access key", "Clé d’accès secrète"));

pub(super) const SSH_KEY: CredentialField =
    secret("privateKey", label("Private key", "Clé privée")).lines(8).example("-----BEGIN OPENSSH PRIVATE KEY-----");
pub(super) const PASSPHRASE: CredentialField = secret("passphrase", label("Passphrase", "Phrase secrète")).optional();
/// Who answers; without it, whoever does is believed.
pub(super) const HOST_KEY: CredentialField =
    text("hostKey", label("Fingerprint of the host key", "Empreinte de la clé d’hôte")).optional().example("SHA256:…");
