//! Machines that are signed in to, directories and mail servers.

use super::CredentialType;
use super::fields::{
    AUTHORITY, BEGIN, BEGIN_IMAP, BEGIN_LDAP, CERTIFICATE, HOST, HOST_KEY, PASSPHRASE, PASSWORD, PORT, SSH_KEY, USER,
    text,
};
use crate::label;

pub(super) const SMTP: CredentialType = CredentialType {
    kind: "smtp",
    label: label("SMTP", "SMTP"),
    description: label(
        "A mail server that sends what it is handed.",
        "Un serveur de courriel qui envoie ce qu’on lui remet.",
    ),
    fields: &[
        HOST.example("smtp.example.com"),
        PORT.default("587"),
        USER.optional(),
        PASSWORD.optional(),
        BEGIN,
        CERTIFICATE,
        AUTHORITY,
        text("hello", label("Own name (HELO)", "Nom annoncé (HELO)"))
            .help(
                "The name that the server is greeted with; “localhost” while it is empty.",
                "Le nom avec lequel le serveur est salué ; « localhost » tant que c’est vide.",
            )
            .optional()
            .example("weft.example.com"),
    ],
    n8n_types: &["smtp"],
};

pub(super) const IMAP: CredentialType = CredentialType {
    kind: "imap",
    label: label("IMAP", "IMAP"),
    description: label("A mailbox and who reads it.", "Une boîte aux lettres et qui la lit."),
    fields: &[
        HOST.example("imap.example.com"),
        PORT.default("993"),
        USER.example("ada@example.com"),
        PASSWORD,
        BEGIN_IMAP,
        CERTIFICATE,
        AUTHORITY,
    ],
    n8n_types: &["imap"],
};

pub(super) const SSH_PASSWORD: CredentialType = CredentialType {
    kind: "sshPassword",
    label: label("SSH, password", "SSH, mot de passe"),
    description: label(
        "A machine and a user of it with a password.",
        "Une machine et un utilisateur avec mot de passe.",
    ),
    fields: &[HOST.example("server.example.com"), PORT.default("22"), USER, PASSWORD, HOST_KEY],
    n8n_types: &["sshPassword"],
};

pub(super) const SSH_PRIVATE_KEY: CredentialType = CredentialType {
    kind: "sshPrivateKey",
    label: label("SSH, private key", "SSH, clé privée"),
    description: label(
        "A machine and a user of it with a private key.",
        "Une machine et un utilisateur avec clé privée.",
    ),
    fields: &[HOST.example("server.example.com"), PORT.default("22"), USER, SSH_KEY, PASSPHRASE, HOST_KEY],
    n8n_types: &["sshPrivateKey"],
};

pub(super) const LDAP: CredentialType = CredentialType {
    kind: "ldap",
    label: label("LDAP", "LDAP"),
    description: label("A directory and the entry that signs in to it.", "Un annuaire et l’entrée qui s’y connecte."),
    fields: &[
        HOST.example("ldap.example.com"),
        PORT.default("389"),
        text("user", label("Distinguished name", "Nom distinctif"))
            .help(
                "The entry that signs in; empty, nobody does.",
                "L’entrée qui s’authentifie ; vide, personne ne le fait.",
            )
            .optional()
            .example("cn=admin,dc=example,dc=com"),
        PASSWORD.optional(),
        BEGIN_LDAP,
        CERTIFICATE,
        AUTHORITY,
    ],
    n8n_types: &["ldap"],
};
