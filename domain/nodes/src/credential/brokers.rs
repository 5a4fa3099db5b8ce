//! Brokers of messages.

use super::fields::{AUTHORITY, ENCRYPTION, HOST, PASSWORD, PORT, USER, secret, text};
use super::{CredentialOption, CredentialType};
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
        text("clientId", label("Client id", "Identifiant client"))
            .help(
                "The broker lets one connection in under each; empty, one is made up.",
                "Le serveur n’admet qu’une connexion sous chacun ; vide, il est inventé.",
            )
            .optional(),
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
        text("virtualHost", label("Virtual host", "Hôte virtuel"))
            .help(
                "The part of the server that the queues are in; “/” unless somebody set up others.",
                "La partie du serveur où sont les files ; « / » sauf si d’autres ont été mises en place.",
            )
            .default("/"),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["rabbitmq"],
};

pub(super) const KAFKA: CredentialType = CredentialType {
    kind: "kafka",
    label: label("Kafka", "Kafka"),
    description: label(
        "A Kafka cluster. Without a user, nobody signs in.",
        "Un cluster Kafka. Sans utilisateur, personne ne s’authentifie.",
    ),
    fields: &[
        text("brokers", label("Servers", "Serveurs"))
            .help(
                "One server with its port is enough to find the others; several have commas between them.",
                "Un serveur avec son port suffit pour trouver les autres ; plusieurs sont séparés par des virgules.",
            )
            .example("kafka.example.com:9092, other.example.com:9092"),
        text("clientId", label("Client id", "Identifiant client"))
            .help(
                "What the cluster’s logs call this connection; “weft” while it is empty.",
                "Le nom de cette connexion dans les journaux du cluster ; « weft » tant que c’est vide.",
            )
            .optional(),
        USER.optional(),
        PASSWORD.optional(),
        text("mechanism", label("The password is proven by", "Le mot de passe est prouvé par"))
            .help("What the cluster is set up for.", "Ce pour quoi le cluster est configuré.")
            .choices(
                "plain",
                &[
                    CredentialOption { value: "plain", label: label("PLAIN", "PLAIN") },
                    CredentialOption { value: "scramSha256", label: label("SCRAM-SHA-256", "SCRAM-SHA-256") },
                    CredentialOption { value: "scramSha512", label: label("SCRAM-SHA-512", "SCRAM-SHA-512") },
                ],
            ),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["kafka"],
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
        secret("token", label("Token", "Jeton")).help("Instead of a user.", "À la place d’un utilisateur.").optional(),
        secret("keys", label("Contents of a .creds file, or a seed", "Contenu d’un fichier .creds, ou une graine"))
            .help(
                "What “nsc” writes: a JWT and a seed, or a seed alone.",
                "Ce que « nsc » écrit : un JWT et une graine, ou une graine seule.",
            )
            .optional()
            .lines(8)
            .example("-----BEGIN NATS USER JWT-----"),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &[],
};
