//! The form of the node, and what it shares with everything that is called.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use crate::caller::CALLER_TYPES;

pub(super) fn form() -> Vec<Parameter> {
    let path =
        field(ParameterType::String, "path", label("Path", "Chemin")).literal().or("").example("orders/:id").help(
            "A part that begins with a colon is a parameter.",
            "Une partie qui commence par deux-points est un paramètre.",
        );
    let mut form = call_form();
    form.insert(1, path);
    let authentication = field(ParameterType::Options, "authentication", label("Callers", "Appelants"))
        .help(
            "Who may call the address; other calls are refused before the workflow starts.",
            "Qui peut appeler l’adresse ; les autres appels sont refusés avant que le workflow ne démarre.",
        )
        .or("none")
        .choices([
            choice("none", label("Everybody who knows the address", "Quiconque connaît l’adresse")),
            choice("credential", label("Who proves it with a credential", "Qui le prouve avec un identifiant")),
        ]);
    let credential = field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
        .help(
            "Callers must send what it holds: user and password, a header, or a JSON Web Token that it can check.",
            "Les appelants doivent envoyer ce qu’il contient : utilisateur et mot de passe, un en-tête, ou un jeton \
             JWT qu’il sait vérifier.",
        )
        .credentials(CALLER_TYPES)
        .required()
        .when("authentication", ["credential"]);
    form.splice(2..2, [authentication, credential]);
    form.push(field(ParameterType::Collection, "options", label("Options", "Options")).fields(call_options()));
    form
}

/// What is asked of everything that is called: the method, and how the caller is answered.
pub(crate) fn call_form() -> Vec<Parameter> {
    let method = |name: &'static str| choice(name, label(name, name));
    vec![
        field(ParameterType::Options, "httpMethod", label("HTTP method", "Méthode HTTP"))
            .help("Calls with another method are refused.", "Les appels faits avec une autre méthode sont refusés.")
            .or("GET")
            .choices(
                ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
                    .map(method)
                    .into_iter()
                    .chain([choice("*", label("Any", "Toutes"))]),
            ),
        field(ParameterType::Options, "responseMode", label("Respond", "Répondre"))
            .help(
                "When the caller gets its answer, and from where it comes.",
                "Quand l’appelant reçoit sa réponse, et d’où elle vient.",
            )
            .or("onReceived")
            .choices([
                choice("onReceived", label("Immediately", "Immédiatement"))
                    .help("The caller does not wait for the workflow.", "L’appelant n’attend pas le workflow."),
                choice("lastNode", label("When the last node has finished", "Quand le dernier nœud a terminé")).help(
                    "The answer is made of the items of the node that was executed last.",
                    "La réponse est faite des éléments du dernier nœud exécuté.",
                ),
                choice("responseNode", label("With a Respond to webhook node", "Avec un nœud Répondre au webhook"))
                    .help(
                        "The workflow decides when to answer and what.",
                        "Le workflow décide quand répondre et quoi.",
                    ),
            ]),
        field(ParameterType::Options, "responseData", label("Response data", "Données de la réponse"))
            .help("What of the items of the last node is sent.", "Ce qui est envoyé des éléments du dernier nœud.")
            .or("firstEntryJson")
            .choices([
                choice("firstEntryJson", label("First item", "Premier élément"))
                    .help("Its data as a JSON object.", "Ses données, en objet JSON."),
                choice("allEntries", label("All items", "Tous les éléments"))
                    .help("Their data as a JSON list.", "Leurs données, en liste JSON."),
                choice("firstEntryBinary", label("File of the first item", "Fichier du premier élément")),
                choice("noData", label("No body", "Aucun corps")),
            ])
            .when("responseMode", ["lastNode"]),
        field(ParameterType::Number, "responseCode", label("Response code", "Code de réponse"))
            .help("The HTTP status of the answer, from 100 to 599.", "Le statut HTTP de la réponse, de 100 à 599.")
            .literal()
            .or(200)
            .between(100.0, 599.0)
            .when("responseMode", ["onReceived", "lastNode"]),
    ]
}

/// The options of everything that is called.
pub(crate) fn call_options() -> Vec<Parameter> {
    vec![
        field(ParameterType::Boolean, "rawBody", label("Raw body", "Corps brut"))
            .literal()
            .or(false)
            .help("Gives the body as text instead of reading it.", "Donne le corps en texte au lieu de le lire."),
        field(ParameterType::Boolean, "binaryData", label("Body as a file", "Corps en fichier"))
            .literal()
            .or(false)
            .help(
                "Keeps the body as it came in a file of the item, too.",
                "Garde aussi le corps reçu dans un fichier de l’élément.",
            ),
        field(ParameterType::String, "binaryPropertyName", label("Name of the file", "Nom du fichier"))
            .help(
                "What the item calls the file with the body; “data” unless you say otherwise.",
                "Le nom que l’élément donne au fichier du corps ; « data » sauf indication contraire.",
            )
            .literal()
            .or("data")
            .when("binaryData", [true]),
        field(
            ParameterType::String,
            "responseBinaryPropertyName",
            label("File to respond with", "Fichier de la réponse"),
        )
        .help(
            "The name of the file in the last node’s first item; empty for the first file it has.",
            "Le nom du fichier dans le premier élément du dernier nœud ; vide pour son premier fichier.",
        )
        .literal(),
        field(ParameterType::String, "responseData", label("Response text", "Texte de la réponse"))
            .help(
                "Sent as plain text where the answer comes immediately, instead of “Workflow was started”.",
                "Envoyé en texte brut quand la réponse est immédiate, au lieu de « Workflow was started ».",
            )
            .literal(),
        field(ParameterType::FixedCollection, "responseHeaders", label("Response headers", "En-têtes de réponse"))
            .help(
                "Names and values that are added to the answer; they replace headers of the same name.",
                "Noms et valeurs ajoutés à la réponse ; ils remplacent les en-têtes de même nom.",
            )
            .literal(),
    ]
}
