//! The form of the node, and what it shares with everything that is called.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use super::{METHODS, SEVERAL, call_options};
use crate::caller::CALLER_TYPES;

pub(super) fn form() -> Vec<Parameter> {
    let path =
        field(ParameterType::String, "path", label("Path", "Chemin")).literal().or("").example("orders/:id").help(
            "A part that begins with a colon is a parameter.",
            "Une partie qui commence par deux-points est un paramètre.",
        );
    let mut form = call_form();
    let [several, methods] = several_methods();
    // What others depend on stands before them: defaults are filled in in this order.
    let method = form[0].clone().when("multipleMethods", [false]);
    form.splice(0..1, [several, method, methods, path].into_iter().chain(callers_form()));
    form.push(field(ParameterType::Collection, "options", label("Options", "Options")).fields(call_options()));
    form
}

/// Several methods, each with an output of its own.
fn several_methods() -> [Parameter; 2] {
    let methods = METHODS.map(|name| choice(name, label(name, name)));
    [
        field(ParameterType::Boolean, "multipleMethods", label("Several methods", "Plusieurs méthodes"))
            .literal()
            .or(false)
            .help("Each method has an output of its own.", "Chaque méthode a sa propre sortie."),
        field(ParameterType::MultiOptions, "httpMethods", label("HTTP methods", "Méthodes HTTP"))
            .literal()
            .or(serde_json::json!(SEVERAL))
            .choices(methods)
            .when("multipleMethods", [true]),
    ]
}

/// What callers prove.
pub(crate) fn callers_form() -> [Parameter; 2] {
    [
        field(ParameterType::Options, "authentication", label("Callers", "Appelants"))
            .help(
                "Who may call the address; other calls are refused before the workflow starts.",
                "Qui peut appeler l’adresse ; les autres appels sont refusés avant que le workflow ne démarre.",
            )
            .or("none")
            .choices([
                choice("none", label("Everybody who knows the address", "Quiconque connaît l’adresse")),
                choice("credential", label("Who proves it with a credential", "Qui le prouve avec un identifiant")),
            ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help(
                "Callers must send what it holds: user and password, a header, or a JSON Web Token that it can check.",
                "Les appelants doivent envoyer ce qu’il contient : utilisateur et mot de passe, un en-tête, ou un jeton \
                 JWT qu’il sait vérifier.",
            )
            .credentials(CALLER_TYPES)
            .required()
            .when("authentication", ["credential"]),
    ]
}

/// What is asked of everything that is called: the method, and how the caller is answered.
pub(crate) fn call_form() -> Vec<Parameter> {
    let method = |name: &'static str| choice(name, label(name, name));
    vec![
        field(ParameterType::Options, "httpMethod", label("HTTP method", "Méthode HTTP"))
            .help("Calls with another method are refused.", "Les appels faits avec une autre méthode sont refusés.")
            .or("GET")
            .choices(METHODS.map(method).into_iter().chain([choice("*", label("Any", "Toutes"))])),
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
