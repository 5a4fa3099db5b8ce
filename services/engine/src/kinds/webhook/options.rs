//! What may be said of a call beside how it is made: who may make it, how it is kept, and what is answered.

use serde::{Deserialize, Serialize};
use weft_nodes::{Parameter, ParameterType, field, label};

use super::condition::Condition;
use super::{Access, access_form};

/// The options of everything that is called.
pub(crate) fn call_options() -> Vec<Parameter> {
    let mut options = reading();
    options.extend(answering());
    options.extend(access_form());
    options.push(
        field(ParameterType::String, "allowedOrigins", label("Pages that may call", "Pages qui peuvent appeler"))
            .literal()
            .or("*")
            .example("https://example.com")
            .help(
                "The origins whose pages may call from a browser, separated by commas; * for all of them.",
                "Les origines dont les pages peuvent appeler depuis un navigateur, séparées par des virgules ; * pour toutes.",
            ),
    );
    options.push(
        field(ParameterType::String, "onlyRunIf", label("Only run if", "Démarrer seulement si"))
            .example("{{ $json.body.type === 'paid' }}")
            .help(
                "An expression over the call. Where it gives nothing or false, the caller is answered and nothing begins; where it fails, the workflow does begin.",
                "Une expression sur l’appel. Si elle donne rien ou faux, l’appelant a sa réponse et rien ne démarre ; si elle échoue, le workflow démarre.",
            ),
    );
    options
}

/// How the body is kept.
fn reading() -> Vec<Parameter> {
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
    ]
}

/// What is answered.
fn answering() -> Vec<Parameter> {
    vec![
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
        field(ParameterType::Boolean, "noResponseBody", label("No response body", "Réponse sans corps"))
            .literal()
            .or(false)
            .help("Where the answer is sent immediately.", "Quand la réponse part immédiatement."),
        field(ParameterType::String, "responsePropertyName", label("Field to respond with", "Champ de la réponse"))
            .literal()
            .example("data.result")
            .help(
                "Of the first item of the last node, this alone.",
                "Du premier élément du dernier nœud, ceci seulement.",
            ),
        field(
            ParameterType::String,
            "responseContentType",
            label("Content type of the response", "Type de contenu de la réponse"),
        )
        .literal()
        .example("application/xml")
        .help("Where the first item is the answer.", "Quand le premier élément est la réponse."),
        field(ParameterType::FixedCollection, "responseHeaders", label("Response headers", "En-têtes de réponse"))
            .help(
                "Names and values that are added to the answer; they replace headers of the same name.",
                "Noms et valeurs ajoutés à la réponse ; ils remplacent les en-têtes de même nom.",
            )
            .literal(),
    ]
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options {
    pub(super) raw_body: bool,
    pub(super) binary_data: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) binary_property_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) response_binary_property_name: String,
    pub(super) response_data: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) no_response_body: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) response_property_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) response_content_type: String,
    pub(super) response_headers: Headers,
    pub(super) webhook_suffix: String,
    #[serde(flatten)]
    pub(super) access: Access,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) allowed_origins: String,
    #[serde(skip_serializing_if = "Condition::is_empty")]
    pub(super) only_run_if: Condition,
}

/// A list of names and values, in n8n's nesting.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Headers {
    entries: Vec<Header>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Header {
    name: String,
    #[serde(default)]
    value: String,
}

impl Headers {
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        self.entries.iter().map(|header| (header.name.clone(), header.value.clone())).collect()
    }
}
