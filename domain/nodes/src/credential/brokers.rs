//! Brokers of messages.

use super::CredentialType;
use super::fields::{AUTHORITY, ENCRYPTION, HOST, PASSWORD, PORT, USER, secret, text};
use crate::label;

pub(super) const MQTT: CredentialType = CredentialType {
    kind: "mqtt",
    label: label("MQTT", "MQTT"),
    description: label("An MQTT broker.", "Un serveur MQTT."),
    fields: &[
        HOST.example("broker.example.com"),
        PORT.default("8883"),
        USER.optional(),
        PASSWORD.optional(),
        text("clientId", label("Client id", "Identifiant client")).optional(),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["mqtt"],
};

pub(super) const RABBITMQ: CredentialType = CredentialType {
    kind: "rabbitmq",
    label: label("RabbitMQ", "RabbitMQ"),
    description: label("A RabbitMQ server.", "Un serveur RabbitMQ."),
    fields: &[
        HOST.example("rabbitmq.example.com"),
        PORT.default("5671"),
        USER,
        PASSWORD,
        text("virtualHost", label("Virtual host", "Hôte virtuel")).default("/"),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["rabbitmq"],
};

pub(super) const NATS: CredentialType = CredentialType {
    kind: "nats",
    label: label("NATS", "NATS"),
    description: label(
        "A NATS server. It takes a user, a token or keys.",
        "Un serveur NATS. Il accepte un utilisateur, un jeton ou des clés.",
    ),
    fields: &[
        HOST.example("nats.example.com"),
        PORT.default("4222"),
        USER.optional(),
        PASSWORD.optional(),
        secret("token", label("Token", "Jeton")).optional(),
        secret("keys", label("Contents of a .creds file, or a seed", "Contenu d’un fichier .creds, ou une graine"))
            .optional()
            .lines(8)
            .example("-----BEGIN NATS USER JWT-----"),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &[],
};
