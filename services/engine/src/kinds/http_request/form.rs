//! The form of the node: what is asked for, and its options apart.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use super::form_options;
use crate::sign_in::sign_in_form;

/// The methods of RFC 9110, and those by which files are kept on the web (RFC 4918, RFC 3253).
const METHODS: [&str; 12] =
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "COPY", "MKCOL", "MOVE", "PROPFIND", "REPORT"];

pub(super) fn form() -> Vec<Parameter> {
    let [authentication, credential] = sign_in_form();
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
    let mut form = vec![
        field(ParameterType::Options, "method", label("Method", "Méthode")).or("GET").choices(METHODS.map(method)),
        field(ParameterType::String, "url", label("URL", "URL")).required().example("https://example.com/orders"),
        authentication,
        credential,
        switch("sendQuery", label("Send query parameters", "Envoyer des paramètres")).help(
            "Adds names and values behind the question mark of the URL.",
            "Ajoute des noms et des valeurs après le point d’interrogation de l’URL.",
        ),
        specify("specifyQuery", "sendQuery"),
        pairs("queryParameters", label("Query parameters", "Paramètres"), query).help(
            "They are encoded for you, and added to those that the URL has.",
            "Ils sont encodés pour vous et s’ajoutent à ceux de l’URL.",
        ),
        json("jsonQuery", query).help(
            "An object of names and values; a list gives its name several times.",
            "Un objet de noms et de valeurs ; une liste répète son nom.",
        ),
        switch("sendHeaders", label("Send headers", "Envoyer des en-têtes")),
        specify("specifyHeaders", "sendHeaders"),
        pairs("headerParameters", label("Headers", "En-têtes"), headers).help(
            "Sent with the request, besides those that the credential adds.",
            "Envoyés avec la requête, en plus de ceux que l’identifiant ajoute.",
        ),
        json("jsonHeaders", headers).help("An object of names and values.", "Un objet de noms et de valeurs."),
    ];
    form.extend(body());
    form.push(form_options::options());
    form
}

/// What is sent besides names and values of the address and headers.
fn body() -> Vec<Parameter> {
    vec![
        field(ParameterType::Boolean, "sendBody", label("Send a body", "Envoyer un corps"))
            .help("What POST, PUT and PATCH usually carry.", "Ce que portent d’ordinaire POST, PUT et PATCH.")
            .literal()
            .or(false),
        field(ParameterType::Options, "contentType", label("Body", "Corps"))
            .help(
                "How the body is written; it sets the header content-type.",
                "Comment le corps est écrit ; l’en-tête content-type suit.",
            )
            .or("json")
            .choices([
                choice("json", label("JSON", "JSON")),
                choice("form-urlencoded", label("Form", "Formulaire")).help(
                    "Names and values as a page sends them, without files.",
                    "Noms et valeurs comme une page les envoie, sans fichiers.",
                ),
                choice(
                    "multipart-form-data",
                    label("Form with files (multipart)", "Formulaire avec fichiers (multipart)"),
                )
                .help(
                    "Names and values of which some are files of the item.",
                    "Noms et valeurs dont certains sont des fichiers de l’élément.",
                ),
                choice("raw", label("Text", "Texte")).help(
                    "Any text, of a media type that you name.",
                    "Un texte quelconque, d’un type de média que vous nommez.",
                ),
                choice("binaryData", label("File", "Fichier")).help(
                    "A file of the item, as it is; up to 1 GiB.",
                    "Un fichier de l’élément, tel quel ; 1 Gio au plus.",
                ),
            ])
            .when("sendBody", [true]),
        field(ParameterType::Options, "specifyBody", label("Body as", "Corps comme"))
            .help("Fields one by one, or one text of JSON.", "Des champs un par un, ou un seul texte JSON.")
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
        .help(
            "The file’s name in the item, “data” for instance.",
            "Le nom du fichier dans l’élément, « data » par exemple.",
        )
        .or("data")
        .when("sendBody", [true])
        .when("contentType", ["binaryData"]),
        field(ParameterType::Json, "jsonBody", label("JSON", "JSON"))
            .help(
                "It must be valid JSON once its expressions are filled in.",
                "Ce doit être du JSON valide une fois ses expressions remplies.",
            )
            .rows(5)
            .when("sendBody", [true])
            .when("contentType", ["json"])
            .when("specifyBody", ["json"]),
        field(ParameterType::String, "body", label("Text", "Texte"))
            .rows(5)
            .when("sendBody", [true])
            .when("contentType", ["raw"]),
        field(ParameterType::String, "rawContentType", label("Media type", "Type de média"))
            .help(
                "What the text is; text/plain while it is empty.",
                "Ce qu’est le texte ; text/plain tant que c’est vide.",
            )
            .example("text/plain")
            .when("sendBody", [true])
            .when("contentType", ["raw"]),
    ]
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
