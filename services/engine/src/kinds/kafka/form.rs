//! How the editor shows the kind.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

use crate::sending;

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "kafka",
    version: 1,
    label: label("Kafka", "Kafka"),
    description: label("Sends messages to topics of Kafka.", "Envoie des messages à des sujets de Kafka."),
    group: Group::Act,
    icon: "waypoints",
    color: "slate",
    subtitle: Some("{topic}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One message for each item, in their order where they have the same key. A message counts as sent when every copy of the topic \
         that is in step has it, unless an option says otherwise; each item then says where its message stands. What may have been sent \
         is never sent again by itself.",
        "Un message par élément, dans leur ordre s’ils ont la même clé. Un message est envoyé quand chaque copie à jour du sujet l’a reçu, \
         sauf si une option dit autre chose ; chaque élément dit alors où se trouve son message. Ce qui a peut-être été envoyé n’est \
         jamais renvoyé de lui-même.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let [send_input_data, message] = sending::fields();
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["kafka"])
            .required(),
        text("topic", label("Topic", "Sujet"))
            .help("The name of the topic that the messages go to.", "Le nom du sujet où vont les messages.")
            .required()
            .example("orders"),
        send_input_data,
        message,
        text("key", label("Key", "Clé")).example("={{ $json.id }}").help(
            "Messages with the same key stay in their order. Without one, they go round the parts of the topic.",
            "Les messages de même clé gardent leur ordre. Sans clé, ils se répartissent entre les partitions du sujet.",
        ),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields(options()),
    ]
}

fn options() -> Vec<Parameter> {
    let header = field(ParameterType::FixedCollection, "header", label("Header", "En-tête")).multiple().fields([
        field(ParameterType::String, "key", label("Name", "Nom")),
        field(ParameterType::String, "value", label("Value", "Valeur")),
    ]);
    vec![
        field(ParameterType::FixedCollection, "headers", label("Headers", "En-têtes"))
            .help("Names and values that go with every message.", "Noms et valeurs qui accompagnent chaque message.")
            .fields([header]),
        field(ParameterType::Json, "headersJson", label("Headers as JSON", "En-têtes en JSON"))
            .example(r#"{"source":"weft"}"#)
            .help("An object of names and values.", "Un objet de noms et de valeurs."),
        field(ParameterType::Options, "acks", label("Sent when", "Envoyé quand"))
            .help("More certainty takes more time.", "Plus de certitude prend plus de temps.")
            .or("all")
            .choices([
                choice("all", label("All copies in step have it", "Toutes les copies à jour l’ont")),
                choice("leader", label("The leading server has it", "Le serveur principal l’a")),
                choice("none", label("Never asked: it may be lost", "Jamais demandé : il peut se perdre")),
            ]),
        field(ParameterType::Options, "compression", label("Compression", "Compression"))
            .help(
                "How the messages of a batch are packed on their way.",
                "Comment les messages d’un lot sont compressés en chemin.",
            )
            .or("none")
            .choices([
                choice("none", label("None", "Aucune")),
                choice("gzip", label("gzip", "gzip")),
                choice("snappy", label("Snappy", "Snappy")),
                choice("lz4", label("LZ4", "LZ4")),
                choice("zstd", label("Zstandard", "Zstandard")),
            ]),
        field(ParameterType::Number, "timeout", label("Time for each batch (s)", "Délai de chaque lot (s)"))
            .help(
                "What is not confirmed by then counts as failed; 30 unless you say otherwise.",
                "Ce qui n’est pas confirmé d’ici là compte comme échoué ; 30 sauf indication contraire.",
            )
            .literal()
            .or(30)
            .between(1.0, 300.0),
    ]
}
