//! How the editor shows the kind.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

use crate::sending;

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "rabbitmq",
    version: 1,
    label: label("RabbitMQ", "RabbitMQ"),
    description: label(
        "Sends messages to queues and exchanges of RabbitMQ.",
        "Envoie des messages à des files et des échanges de RabbitMQ.",
    ),
    group: Group::Act,
    icon: "rabbit",
    color: "orange",
    subtitle: Some("{queue}{exchange}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One message for each item. The queue or the exchange is made where it is missing. A message counts as sent when RabbitMQ has \
         confirmed it. What may have been sent is never sent again by itself.",
        "Un message par élément. La file ou l’échange est créé s’il manque. Un message est envoyé quand RabbitMQ l’a confirmé. Ce qui a \
         peut-être été envoyé n’est jamais renvoyé de lui-même.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let [send_input_data, message] = sending::fields();
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["rabbitmq"])
            .required(),
        field(ParameterType::Options, "mode", label("Send to", "Envoyer à")).or("queue").choices([
            choice("queue", label("A queue", "Une file")),
            choice("exchange", label("An exchange", "Un échange")).help(
                "It hands each message to the queues that are bound to it.",
                "Il remet chaque message aux files qui lui sont liées.",
            ),
        ]),
        text("queue", label("Queue", "File"))
            .help(
                "Its name; the default exchange hands the messages to it.",
                "Son nom ; l’échange par défaut lui remet les messages.",
            )
            .required()
            .example("orders")
            .when("mode", ["queue"]),
        text("exchange", label("Exchange", "Échange"))
            .help(
                "Its name; it hands the messages to the queues that are bound to it.",
                "Son nom ; il remet les messages aux files qui lui sont liées.",
            )
            .required()
            .example("events")
            .when("mode", ["exchange"]),
        field(ParameterType::Options, "exchangeType", label("Type", "Type"))
            .help(
                "How the exchange chooses the queues of a message.",
                "Comment l’échange choisit les files d’un message.",
            )
            .or("fanout")
            .choices([
                choice("direct", label("Direct: the same key", "Direct : la même clé")),
                choice("topic", label("Topic: a pattern of the key", "Topic : un motif de la clé")),
                choice("headers", label("Headers: the same headers", "Headers : les mêmes en-têtes")),
                choice("fanout", label("Fanout: every queue", "Fanout : toutes les files")),
            ])
            .when("mode", ["exchange"]),
        text("routingKey", label("Routing key", "Clé de routage"))
            .help(
                "What queues are chosen by: “orders.paid”, for instance.",
                "Ce d’après quoi les files sont choisies : « orders.paid », par exemple.",
            )
            .when("mode", ["exchange"]),
        send_input_data,
        message,
        field(ParameterType::Collection, "options", label("Options", "Options")).fields(options()),
    ]
}

fn options() -> Vec<Parameter> {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal();
    let pairs = |group, name, of_group, of_one| {
        field(ParameterType::FixedCollection, group, of_group).fields([field(
            ParameterType::FixedCollection,
            name,
            of_one,
        )
        .multiple()
        .fields([
            field(ParameterType::String, "key", label("Name", "Nom")),
            field(ParameterType::String, "value", label("Value", "Valeur")),
        ])])
    };
    vec![
        pairs("headers", "header", label("Headers", "En-têtes"), label("Header", "En-tête"))
            .help("Names and values that go with every message.", "Noms et valeurs qui accompagnent chaque message."),
        switch("durable", label("Durable", "Durable"))
            .help(
                "The queue or the exchange, and the messages in it, outlive a restart of the server.",
                "La file ou l’échange, et ses messages, survivent à un redémarrage du serveur.",
            )
            .or(true),
        switch("autoDelete", label("Deleted when unused", "Supprimé dès qu’il ne sert plus"))
            .help(
                "The queue or the exchange goes when its last user has gone.",
                "La file ou l’échange disparaît avec son dernier utilisateur.",
            )
            .or(false),
        switch("exclusive", label("Exclusive (queues)", "Exclusive (files)"))
            .help(
                "The queue belongs to this connection and goes with it.",
                "La file appartient à cette connexion et disparaît avec elle.",
            )
            .or(false),
        field(
            ParameterType::String,
            "alternateExchange",
            label("Alternate exchange (exchanges)", "Échange de secours (échanges)"),
        )
        .help(
            "Where messages go that the exchange has no queue for.",
            "Où vont les messages pour lesquels l’échange n’a pas de file.",
        ),
        pairs("arguments", "argument", label("Arguments", "Arguments"), label("Argument", "Argument")).help(
            "What else the queue or the exchange is like, such as x-message-ttl.",
            "Autres propriétés de la file ou de l’échange, comme x-message-ttl.",
        ),
    ]
}
