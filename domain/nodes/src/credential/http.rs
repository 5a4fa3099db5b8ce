//! How requests over HTTP say who sends them.

use super::fields::{HEADER_NAME, IN_HEADER, NAME, PASSWORD, USER, VALUE, secret, text};
use super::{CredentialOption, CredentialType, FieldFormat};
use crate::label;

pub(super) const API_KEY: CredentialType = CredentialType {
    kind: "apiKey",
    label: label("API key", "Clé d’API"),
    description: label(
        "A key that is sent with every request, in a header or in the query.",
        "Une clé envoyée avec chaque requête, dans un en-tête ou dans les paramètres.",
    ),
    fields: &[
        text("placement", label("Sent in", "Envoyée dans"))
            .help("As the documentation of the API says.", "Comme le dit la documentation de l’API.")
            .choices(
                "header",
                &[IN_HEADER, CredentialOption { value: "query", label: label("Query", "Paramètres de l’URL") }],
            ),
        HEADER_NAME,
        secret("value", label("Key", "Clé")).format(FieldFormat::HeaderValue),
    ],
    n8n_types: &[],
};

pub(super) const HEADER: CredentialType = CredentialType {
    kind: "header",
    label: label("Header", "En-tête"),
    description: label("A header that is sent with every request.", "Un en-tête envoyé avec chaque requête."),
    fields: &[HEADER_NAME, secret("value", VALUE).format(FieldFormat::HeaderValue)],
    n8n_types: &["httpHeaderAuth"],
};

pub(super) const QUERY: CredentialType = CredentialType {
    kind: "query",
    label: label("Query parameter", "Paramètre d’URL"),
    description: label(
        "A parameter that is added to the query of every request.",
        "Un paramètre ajouté à l’URL de chaque requête.",
    ),
    fields: &[text("name", NAME).example("api_key"), secret("value", VALUE)],
    n8n_types: &["httpQueryAuth"],
};

pub(super) const BASIC: CredentialType = CredentialType {
    kind: "basic",
    label: label("Basic", "Basic"),
    description: label(
        "User and password as HTTP's Basic authentication sends them.",
        "Utilisateur et mot de passe, envoyés par l’authentification Basic de HTTP.",
    ),
    fields: &[USER, PASSWORD.optional()],
    n8n_types: &["httpBasicAuth"],
};

pub(super) const DIGEST: CredentialType = CredentialType {
    kind: "digest",
    label: label("Digest", "Digest"),
    description: label(
        "User and password as HTTP's Digest authentication proves them, without sending the password (RFC 7616).",
        "Utilisateur et mot de passe, prouvés par l’authentification Digest de HTTP sans envoyer le mot de \
         passe (RFC 7616).",
    ),
    fields: &[USER, PASSWORD],
    n8n_types: &["httpDigestAuth"],
};

pub(super) const BEARER: CredentialType = CredentialType {
    kind: "bearer",
    label: label("Bearer token", "Jeton Bearer"),
    description: label(
        "A token that is sent as “Authorization: Bearer …”.",
        "Un jeton envoyé comme « Authorization: Bearer … ».",
    ),
    fields: &[secret("token", label("Token", "Jeton")).format(FieldFormat::HeaderValue)],
    n8n_types: &["httpBearerAuth"],
};

pub(super) const CUSTOM: CredentialType = CredentialType {
    kind: "custom",
    label: label("Custom", "Personnalisé"),
    description: label(
        "Headers, query parameters and fields of the body, as JSON.",
        "En-têtes, paramètres d’URL et champs du corps, en JSON.",
    ),
    fields: &[secret("json", label("JSON", "JSON"))
        .help(
            "“headers”, “qs” and “body” are each an object that is added to every request.",
            "« headers », « qs » et « body » sont chacun un objet ajouté à chaque requête.",
        )
        .lines(8)
        .example(r#"{"headers":{"X-Key":"…"},"qs":{},"body":{}}"#)
        .format(FieldFormat::RequestParts)],
    n8n_types: &["httpCustomAuth"],
};

pub(super) const OAUTH2_CLIENT_CREDENTIALS: CredentialType = CredentialType {
    kind: "oauth2ClientCredentials",
    label: label("OAuth 2.0, client credentials", "OAuth 2.0, identifiants client"),
    description: label(
        "A token that is asked for in the name of the program itself (RFC 6749, section 4.4).",
        "Un jeton demandé au nom du programme lui-même (RFC 6749, section 4.4).",
    ),
    fields: &[
        text("tokenUrl", label("Token URL", "URL du jeton"))
            .help(
                "Where the token is asked for, as the documentation of the API says.",
                "Où le jeton est demandé, comme le dit la documentation de l’API.",
            )
            .format(FieldFormat::Url)
            .example("https://example.com/oauth/token"),
        text("clientId", label("Client id", "Identifiant client"))
            .help("What the program is known by over there.", "Ce sous quoi le programme est connu là-bas."),
        secret("clientSecret", label("Client secret", "Secret client")),
        text("scope", label("Scope", "Portée"))
            .help(
                "What the token is to be good for; several have blanks between them.",
                "À quoi le jeton doit servir ; plusieurs sont séparées par des blancs.",
            )
            .optional()
            .example("read write"),
        text("authentication", label("Client id sent in", "Identifiants envoyés dans"))
            .help(
                "Servers take one or the other; most take the header.",
                "Les serveurs acceptent l’un ou l’autre ; la plupart, l’en-tête.",
            )
            .choices("header", &[IN_HEADER, CredentialOption { value: "body", label: label("Body", "Corps") }]),
    ],
    n8n_types: &["oAuth2Api"],
};
