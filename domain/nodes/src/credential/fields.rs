//! How fields are written down, and those that several types have.

use super::{CredentialField, CredentialOption, FieldFormat};
use crate::{Label, label};

/// What must be filled in and may be shown.
pub(super) const fn text(name: &'static str, label: Label) -> CredentialField {
    CredentialField {
        name,
        label,
        description: None,
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

    pub(super) const fn help(self, en: &'static str, fr: &'static str) -> Self {
        Self { description: Some(label(en, fr)), ..self }
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
pub(super) const ENCRYPTION: CredentialField = text("encryption", label("Encryption", "Chiffrement"))
    .help(
        "Without verification, somebody in between can pretend to be the server.",
        "Sans vérification, quelqu’un entre les deux peut se faire passer pour le serveur.",
    )
    .choices(
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
        .help(
            "For a server whose certificate is signed by nobody whom everybody trusts.",
            "Pour un serveur dont le certificat n’est signé par personne à qui tout le monde fait confiance.",
        )
        .optional()
        .lines(6)
        .example("-----BEGIN CERTIFICATE-----");

/// How a connection to a mail server begins.
pub(super) const BEGIN: CredentialField = text("begin", label("Encryption", "Chiffrement"))
    .help("How the connection begins; the port must fit.", "Comment la connexion commence ; le port doit convenir.")
    .choices(
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
pub(super) const BEGIN_IMAP: CredentialField = text("begin", label("Encryption", "Chiffrement"))
    .help("How the connection begins; the port must fit.", "Comment la connexion commence ; le port doit convenir.")
    .choices(
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
pub(super) const BEGIN_LDAP: CredentialField = text("begin", label("Encryption", "Chiffrement"))
    .help("How the connection begins; the port must fit.", "Comment la connexion commence ; le port doit convenir.")
    .choices(
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
pub(super) const CERTIFICATE: CredentialField = text("encryption", label("Certificate", "Certificat"))
    .help(
        "Without verification, somebody in between can pretend to be the server.",
        "Sans vérification, quelqu’un entre les deux peut se faire passer pour le serveur.",
    )
    .choices(
        "verified",
        &[
            CredentialOption { value: "verified", label: label("Verified", "Vérifié") },
            CredentialOption { value: "unverified", label: label("Any", "N’importe lequel") },
        ],
    );

pub(super) const REGION: CredentialField = text("region", label("Region", "Région"))
    .help(
        "Where the storage is; many servers besides Amazon’s take any.",
        "Où se trouve le stockage ; beaucoup de serveurs autres qu’Amazon en acceptent n’importe laquelle.",
    )
    .default("us-east-1");
pub(super) const ACCESS_KEY: CredentialField =
    text("accessKeyId", label("Access key id", "Identifiant de la clé d’accès"))
        .help("The part of the key that may be shown.", "La partie de la clé qui peut être montrée.");
pub(super) const SECRET_KEY: CredentialField =
    secret("secretAccessKey", label("Secret access key", "Clé d’accès secrète")).help(
        "The part of the key that is shown once, when it is made.",
        "La partie de la clé qui n’est montrée qu’une fois, à sa création.",
    );

pub(super) const SSH_KEY: CredentialField = secret("privateKey", label("Private key", "Clé privée"))
    .help(
        "The whole file, from its BEGIN line to its END line.",
        "Le fichier entier, de sa ligne BEGIN à sa ligne END.",
    )
    .lines(8)
    .example("-----BEGIN OPENSSH PRIVATE KEY-----");
pub(super) const PASSPHRASE: CredentialField = secret("passphrase", label("Passphrase", "Phrase secrète"))
    .help(
        "What the private key is encrypted with; empty where it is not.",
        "Ce qui chiffre la clé privée ; vide si elle ne l’est pas.",
    )
    .optional();
/// Who answers; without it, whoever does is believed.
pub(super) const HOST_KEY: CredentialField =
    text("hostKey", label("Fingerprint of the host key", "Empreinte de la clé d’hôte"))
        .help(
            "ssh-keygen -l shows it; while it is empty, whoever answers is believed.",
            "ssh-keygen -l la montre ; tant qu’elle est vide, quiconque répond est cru.",
        )
        .optional()
        .example("SHA256:…");
