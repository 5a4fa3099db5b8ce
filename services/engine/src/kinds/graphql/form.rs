//! The form of the node.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use crate::sign_in::sign_in_form;

pub(super) fn form() -> Vec<Parameter> {
    let [authentication, credential] = sign_in_form();
    vec![
        field(ParameterType::String, "endpoint", label("Endpoint", "Adresse"))
            .help("The URL that the server takes queries at.", "L’URL où le serveur reçoit les requêtes.")
            .required()
            .example("https://example.com/graphql"),
        field(ParameterType::Options, "requestMethod", label("Method", "Méthode"))
            .help(
                "POST for nearly all servers; GET only reads, and puts the query into the URL.",
                "POST pour presque tous les serveurs ; GET ne fait que lire et met la requête dans l’URL.",
            )
            .literal()
            .or("POST")
            .choices([choice("POST", label("POST", "POST")), choice("GET", label("GET", "GET"))]),
        authentication,
        credential,
        field(ParameterType::Options, "requestFormat", label("Request as", "Requête comme"))
            .help("How the body is written.", "Comment le corps est écrit.")
            .literal()
            .or("json")
            .choices([
                choice("json", label("JSON", "JSON")).help(
                    "Query, variables and name of the operation; what servers expect.",
                    "Requête, variables et nom de l’opération ; ce que les serveurs attendent.",
                ),
                choice("graphql", label("GraphQL", "GraphQL"))
                    .help("The query alone, as application/graphql.", "La requête seule, en application/graphql."),
            ])
            .when("requestMethod", ["POST"]),
        field(ParameterType::String, "query", label("Query", "Requête"))
            .help(
                "A query or a mutation; hand values in as variables rather than as text.",
                "Une requête ou une mutation ; donnez les valeurs en variables plutôt que dans le texte.",
            )
            .required()
            .rows(8)
            .example("query ($id: Int!) { order(id: $id) { total } }"),
        field(ParameterType::Json, "variables", label("Variables", "Variables"))
            .help(
                "An object with the values of the variables that the query names.",
                "Un objet avec les valeurs des variables que la requête nomme.",
            )
            .rows(4)
            .when("requestFormat", ["json"]),
        field(ParameterType::String, "operationName", label("Name of the operation", "Nom de l’opération"))
            .help(
                "Needed only where the query holds several operations.",
                "Nécessaire seulement si la requête contient plusieurs opérations.",
            )
            .when("requestFormat", ["json"]),
        field(ParameterType::FixedCollection, "headerParameters", label("Headers", "En-têtes"))
            .help(
                "Sent with every request, besides those that the credential adds.",
                "Envoyés avec chaque requête, en plus de ceux que l’identifiant ajoute.",
            )
            .fields([field(ParameterType::FixedCollection, "parameters", label("Fields", "Champs"))
                .multiple()
                .fields([
                    field(ParameterType::String, "name", label("Name", "Nom")),
                    field(ParameterType::String, "value", label("Value", "Valeur")),
                ])]),
        field(ParameterType::Options, "responseFormat", label("Response as", "Réponse comme"))
            .help(
                "Whether the answer becomes fields or stays text.",
                "Si la réponse devient des champs ou reste du texte.",
            )
            .literal()
            .or("json")
            .choices([choice("json", label("JSON", "JSON")), choice("string", label("Text", "Texte"))]),
        field(ParameterType::String, "dataPropertyName", label("Output field", "Champ de sortie"))
            .help("The field that the text of the answer is put into.", "Le champ où mettre le texte de la réponse.")
            .or("data")
            .required()
            .when("responseFormat", ["string"]),
    ]
}
