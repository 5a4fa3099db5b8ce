//! The form of the node.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use super::pace::LONGEST;
use crate::sign_in::HTTP_TYPES;

/// The methods of RFC 9110, and those by which files are kept on the web (RFC 4918, RFC 3253).
const METHODS: [&str; 12] =
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "COPY", "MKCOL", "MOVE", "PROPFIND", "REPORT"];

pub(super) fn form() -> Vec<Parameter> {
    let method = |name: &'static str| choice(name, label(name, name));
    let pairs = |name, text, (switch, specify): (&'static str, &'static str)| {
        field(ParameterType::FixedCollection, name, text).when(switch, [true]).when(specify, ["keypair"]).fields([
            field(ParameterType::FixedCollection, "parameters", label("Fields", "Champs")).multiple().fields([
                field(ParameterType::String, "name", label("Name", "Nom")),
                field(ParameterType::String, "value", label("Value", "Valeur")),
            ]),
        ])
    };
    let specify = |name, switch: &'static str| {
        field(ParameterType::Options, name, label("Written as", "Écrits comme"))
            .literal()
            .or("keypair")
            .choices([choice("keypair", label("Fields", "Champs")), choice("json", label("JSON", "JSON"))])
            .when(switch, [true])
    };
    let json = |name, (switch, specify): (&'static str, &'static str)| {
        field(ParameterType::Json, name, label("JSON", "JSON"))
            .rows(4)
            .example("{ \"page\": 1 }")
            .when(switch, [true])
            .when(specify, ["json"])
    };
    let (query, headers) = (("sendQuery", "specifyQuery"), ("sendHeaders", "specifyHeaders"));
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    vec![
        field(ParameterType::Options, "method", label("Method", "Méthode")).or("GET").choices(METHODS.map(method)),
        field(ParameterType::String, "url", label("URL", "URL")).required().example("https://example.com/orders"),
        field(ParameterType::Options, "authentication", label("Sign in", "Connexion")).or("none").choices([
            choice("none", label("Without", "Sans")),
            choice("credential", label("With a credential", "Avec un identifiant")),
        ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(HTTP_TYPES)
            .required()
            .when("authentication", ["credential"]),
        switch("sendQuery", label("Send query parameters", "Envoyer des paramètres")),
        specify("specifyQuery", "sendQuery"),
        pairs("queryParameters", label("Query parameters", "Paramètres"), query),
        json("jsonQuery", query),
        switch("sendHeaders", label("Send headers", "Envoyer des en-têtes")),
        specify("specifyHeaders", "sendHeaders"),
        pairs("headerParameters", label("Headers", "En-têtes"), headers),
        json("jsonHeaders", headers),
        switch("sendBody", label("Send a body", "Envoyer un corps")),
        field(ParameterType::Options, "contentType", label("Body", "Corps"))
            .or("json")
            .choices([
                choice("json", label("JSON", "JSON")),
                choice("form-urlencoded", label("Form", "Formulaire")),
                choice(
                    "multipart-form-data",
                    label("Form with files (multipart)", "Formulaire avec fichiers (multipart)"),
                ),
                choice("raw", label("Text", "Texte")),
                choice("binaryData", label("File", "Fichier")),
            ])
            .when("sendBody", [true]),
        field(ParameterType::Options, "specifyBody", label("Body as", "Corps comme"))
            .or("keypair")
            .choices([choice("keypair", label("Fields", "Champs")), choice("json", label("JSON", "JSON"))])
            .when("sendBody", [true])
            .when("contentType", ["json"]),
        field(ParameterType::FixedCollection, "bodyParameters", label("Body fields", "Champs du corps"))
            .when("sendBody", [true])
            .fields([body_fields()]),
        field(
            ParameterType::String,
            "inputDataFieldName",
            label("Name of the file in the item", "Nom du fichier dans l’élément"),
        )
        .or("data")
        .when("sendBody", [true])
        .when("contentType", ["binaryData"]),
        field(ParameterType::Json, "jsonBody", label("JSON", "JSON"))
            .rows(5)
            .when("sendBody", [true])
            .when("contentType", ["json"])
            .when("specifyBody", ["json"]),
        field(ParameterType::String, "body", label("Text", "Texte"))
            .rows(5)
            .when("sendBody", [true])
            .when("contentType", ["raw"]),
        field(ParameterType::String, "rawContentType", label("Media type", "Type de média"))
            .example("text/plain")
            .when("sendBody", [true])
            .when("contentType", ["raw"]),
        options(),
    ]
}

fn options() -> Parameter {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    field(ParameterType::Collection, "options", label("Options", "Options")).fields([
        field(ParameterType::Number, "timeout", label("Timeout (ms)", "Délai (ms)")).literal().between(1.0, 300_000.0),
        field(ParameterType::Number, "maxRedirects", label("Redirects to follow", "Redirections à suivre"))
            .literal()
            .between(0.0, 50.0),
        field(
            ParameterType::Boolean,
            "failOnRedirect",
            label("A redirect that is not followed is an error", "Une redirection non suivie est une erreur"),
        )
        .literal()
        .or(false),
        field(ParameterType::Options, "queryParameterArrays", label("Lists in the query", "Listes dans l’URL"))
            .literal()
            .or("repeat")
            .choices([
                choice("repeat", label("a=1&a=2", "a=1&a=2")),
                choice("brackets", label("a[]=1&a[]=2", "a[]=1&a[]=2")),
                choice("indices", label("a[0]=1&a[1]=2", "a[0]=1&a[1]=2")),
            ])
            .help("Where the query is written as JSON.", "Quand les paramètres sont écrits en JSON."),
        field(ParameterType::Boolean, "splitIntoItems", label("An item for each entry", "Un élément par entrée"))
            .literal()
            .or(true)
            .help(
                "Otherwise a list is one item, whose data is the list.",
                "Sinon, une liste est un seul élément, dont les données sont la liste.",
            ),
        field(ParameterType::Options, "responseFormat", label("Take the answer as", "Prendre la réponse comme"))
            .or("autodetect")
            .choices([
                choice("autodetect", label("What it says it is", "Ce qu’elle dit être")),
                choice("json", label("JSON", "JSON")),
                choice("text", label("Text", "Texte")),
                choice("file", label("File", "Fichier")),
            ]),
        field(ParameterType::String, "outputPropertyName", label("Put a file into", "Mettre un fichier dans"))
            .example("data"),
        switch("fullResponse", label("Include status and headers", "Inclure statut et en-têtes")),
        switch("neverError", label("Take every status", "Accepter tous les statuts")),
        switch("idempotencyKey", label("Send an idempotency key", "Envoyer une clé d’idempotence")).help(
            "The receiver must know the header Idempotency-Key; then a repetition does nothing.",
            "Le destinataire doit connaître l’en-tête Idempotency-Key ; une répétition ne fait alors rien.",
        ),
        batching(),
        pagination(),
    ])
}

fn batching() -> Parameter {
    field(ParameterType::FixedCollection, "batching", label("Pauses between items", "Pauses entre les éléments"))
        .fields([
            field(ParameterType::Number, "batchSize", label("Items at a time", "Éléments à la fois"))
                .literal()
                .or(50)
                .between(-1.0, 1_000_000.0)
                .help("-1 is without pauses.", "-1 : sans pauses."),
            field(ParameterType::Number, "batchInterval", label("Pause (ms)", "Pause (ms)"))
                .or(1000)
                .between(0.0, LONGEST),
        ])
}

fn pagination() -> Parameter {
    let paged = || ["updateAParameterInEachRequest", "responseContainsNextURL"];
    field(ParameterType::FixedCollection, "pagination", label("Pages", "Pages")).fields([
        field(ParameterType::Options, "paginationMode", label("The next page", "La page suivante"))
            .or("off")
            .choices([
                choice("off", label("There is one page", "Il n’y a qu’une page")),
                choice("updateAParameterInEachRequest", label("Other parameters each time", "D’autres paramètres à chaque fois")),
                choice("responseContainsNextURL", label("The answer names its URL", "La réponse donne son URL")),
            ])
            .help(
                "Here, $response (body, headers, statusCode) is the last answer, $request the first request and $pageCount how many \
                 pages there are so far.",
                "Ici, $response (body, headers, statusCode) est la dernière réponse, $request la première requête et $pageCount le \
                 nombre de pages déjà reçues.",
            ),
        field(ParameterType::String, "nextURL", label("Next URL", "URL suivante"))
            .example("={{ $response.body.next }}")
            .when("paginationMode", ["responseContainsNextURL"]),
        field(ParameterType::FixedCollection, "parameters", label("Parameters", "Paramètres"))
            .when("paginationMode", ["updateAParameterInEachRequest"])
            .fields([page_parameters()]),
        field(ParameterType::Options, "paginationCompleteWhen", label("Complete when", "Complet quand"))
            .or("responseIsEmpty")
            .choices([
                choice("responseIsEmpty", label("The answer is empty", "La réponse est vide")),
                choice("receiveSpecificStatusCodes", label("It has a certain status", "Elle a un certain statut")),
                choice("other", label("An expression says so", "Une expression le dit")),
            ])
            .when("paginationMode", paged()),
        field(ParameterType::String, "statusCodesWhenComplete", label("Statuses", "Statuts"))
            .example("404, 204")
            .when("paginationCompleteWhen", ["receiveSpecificStatusCodes"]),
        field(ParameterType::String, "completeExpression", label("Expression", "Expression"))
            .example("={{ !$response.body.next }}")
            .when("paginationCompleteWhen", ["other"]),
        field(ParameterType::Boolean, "limitPagesFetched", label("Limit the pages", "Limiter les pages"))
            .literal()
            .or(false)
            .when("paginationMode", paged()),
        field(ParameterType::Number, "maxRequests", label("Pages at most", "Pages au plus"))
            .or(100)
            .at_least(1.0)
            .when("limitPagesFetched", [true]),
        field(ParameterType::Number, "requestInterval", label("Pause between pages (ms)", "Pause entre les pages (ms)"))
            .or(0)
            .between(0.0, LONGEST)
            .when("paginationMode", paged()),
    ])
}

fn page_parameters() -> Parameter {
    field(ParameterType::FixedCollection, "parameters", label("Parameters", "Paramètres")).multiple().fields([
        field(ParameterType::Options, "type", label("In", "Dans")).literal().or("qs").choices([
            choice("qs", label("The query", "Les paramètres de l’URL")),
            choice("headers", label("The headers", "Les en-têtes")),
            choice("body", label("The body", "Le corps")),
        ]),
        field(ParameterType::String, "name", label("Name", "Nom")).example("page"),
        field(ParameterType::String, "value", label("Value", "Valeur")).example("={{ $pageCount + 1 }}"),
    ])
}

/// The fields of a form, of which some may be files.
fn body_fields() -> Parameter {
    field(ParameterType::FixedCollection, "parameters", label("Fields", "Champs")).multiple().fields([
        field(ParameterType::Options, "parameterType", label("Is", "Est")).or("formData").choices([
            choice("formData", label("Text", "Du texte")),
            choice("formBinaryData", label("A file (multipart only)", "Un fichier (multipart seulement)")),
        ]),
        field(ParameterType::String, "name", label("Name", "Nom")),
        field(ParameterType::String, "value", label("Value", "Valeur")),
        field(
            ParameterType::String,
            "inputDataFieldName",
            label("Name of the file in the item", "Nom du fichier dans l’élément"),
        )
        .example("data"),
    ])
}
