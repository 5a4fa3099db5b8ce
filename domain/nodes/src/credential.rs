//! Types of credentials: what a person fills in, which of it is secret, and whether it makes sense.
//!
//! To add a type, add it to [`TYPES`]; screens, checks and imports follow from the table. What a node does with an opened credential
//! is its kind's business.

use std::collections::BTreeMap;

use serde::Serialize;
use weft_value::Value;

use crate::problem::{fill, is_shown};
use crate::{Descriptor, Label, ParameterType, label};

/// The largest value of one field, in bytes.
pub const MAX_CREDENTIAL_FIELD: usize = 64 * 1024;

/// A type of credential as the form shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialType {
    /// Its frozen name.
    pub kind: &'static str,
    /// What people call it.
    pub label: Label,
    /// What it is for, in one sentence.
    pub description: Label,
    /// Its fields, in the order of the form.
    pub fields: &'static [CredentialField],
    /// The n8n types that hold the same.
    pub n8n_types: &'static [&'static str],
}

/// A field of a type.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialField {
    /// Its key.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// Whether nobody is shown it again.
    pub secret: bool,
    /// Whether it must be filled in.
    pub required: bool,
    /// The height of its text field in lines; 1 takes no line breaks.
    pub rows: u8,
    /// Its value while nobody set one.
    pub default: Option<&'static str>,
    /// What can be chosen; empty where anything can be written.
    pub options: &'static [CredentialOption],
    /// An example, shown while it is empty.
    pub placeholder: Option<&'static str>,
    /// What it must look like.
    pub format: FieldFormat,
}

/// One thing that can be chosen.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CredentialOption {
    /// What is stored.
    pub value: &'static str,
    /// What people see.
    pub label: Label,
}

/// What the text of a field must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldFormat {
    /// Any text.
    Text,
    /// The name of an HTTP header (RFC 9110, section 5.1).
    HeaderName,
    /// What an HTTP header can carry (RFC 9110, section 5.5).
    HeaderValue,
    /// The address of a web page.
    Url,
    /// A JSON object of `headers`, `qs` and `body`, each an object.
    RequestParts,
}

const fn text(name: &'static str, label: Label) -> CredentialField {
    CredentialField {
        name,
        label,
        secret: false,
        required: true,
        rows: 1,
        default: None,
        options: &[],
        placeholder: None,
        format: FieldFormat::Text,
    }
}

const fn secret(name: &'static str, label: Label) -> CredentialField {
    CredentialField { secret: true, ..text(name, label) }
}

impl CredentialField {
    const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    const fn lines(self, rows: u8) -> Self {
        Self { rows, ..self }
    }

    const fn example(self, placeholder: &'static str) -> Self {
        Self { placeholder: Some(placeholder), ..self }
    }

    const fn format(self, format: FieldFormat) -> Self {
        Self { format, ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn choices(self, default: &'static str, options: &'static [CredentialOption]) -> Self {
        Self { default: Some(default), options, ..self }
    }
}

/// A choice that is called as it is stored.
const fn word(value: &'static str) -> CredentialOption {
    CredentialOption { value, label: label(value, value) }
}

const NAME: Label = label("Name", "Nom");
const VALUE: Label = label("Value", "Valeur");
const USER: CredentialField = text("user", label("User", "Utilisateur"));
const PASSWORD: CredentialField = secret("password", label("Password", "Mot de passe"));
const HEADER_NAME: CredentialField = text("name", NAME).format(FieldFormat::HeaderName).example("X-Api-Key");
const IN_HEADER: CredentialOption = CredentialOption { value: "header", label: label("Header", "En-tête") };

const HOST: CredentialField = text("host", label("Host", "Hôte"));
const PORT: CredentialField = text("port", label("Port", "Port"));
/// Whether a connection that is no HTTP is encrypted.
const ENCRYPTION: CredentialField = text("encryption", label("Encryption", "Chiffrement")).choices(
    "verified",
    &[
        CredentialOption {
            value: "verified",
            label: label("Encrypted, certificate verified", "Chiffré, certificat vérifié"),
        },
        CredentialOption {
            value: "unverified",
            label: label("Encrypted, any certificate", "Chiffré, tout certificat accepté"),
        },
        CredentialOption { value: "off", label: label("Not encrypted", "Non chiffré") },
    ],
);
const AUTHORITY: CredentialField =
    text("authority", label("Certificate to trust (PEM)", "Certificat à accepter (PEM)"))
        .optional()
        .lines(6)
        .example("-----BEGIN CERTIFICATE-----");

/// How a connection to a mail server begins.
const BEGIN: CredentialField = text("begin", label("Encryption", "Chiffrement")).choices(
    "startTls",
    &[
        CredentialOption {
            value: "startTls",
            label: label("STARTTLS (mostly port 587)", "STARTTLS (souvent port 587)"),
        },
        CredentialOption { value: "tls", label: label("TLS (mostly port 465)", "TLS (souvent port 465)") },
        CredentialOption { value: "clear", label: label("Not encrypted", "Non chiffré") },
    ],
);
/// How a connection to a directory begins.
const BEGIN_LDAP: CredentialField = text("begin", label("Encryption", "Chiffrement")).choices(
    "startTls",
    &[
        CredentialOption {
            value: "startTls",
            label: label("StartTLS (mostly port 389)", "StartTLS (souvent port 389)"),
        },
        CredentialOption { value: "tls", label: label("TLS (mostly port 636)", "TLS (souvent port 636)") },
        CredentialOption { value: "clear", label: label("Not encrypted", "Non chiffré") },
    ],
);
/// Whose certificate is believed where a connection is always encrypted.
const CERTIFICATE: CredentialField = text("encryption", label("Certificate", "Certificat")).choices(
    "verified",
    &[
        CredentialOption { value: "verified", label: label("Verified", "Vérifié") },
        CredentialOption { value: "unverified", label: label("Any", "N’importe lequel") },
    ],
);

const REGION: CredentialField = text("region", label("Region", "Région")).default("us-east-1");
const ACCESS_KEY: CredentialField = text("accessKeyId", label("Access key id", "Identifiant de la clé d’accès"));
const SECRET_KEY: CredentialField = secret("secretAccessKey", label("Secret access key", "Clé d’accès secrète"));

const SSH_KEY: CredentialField =
    secret("privateKey", label("Private key", "Clé privée")).lines(8).example("-----BEGIN OPENSSH PRIVATE KEY-----");
const PASSPHRASE: CredentialField = secret("passphrase", label("Passphrase", "Phrase secrète")).optional();
/// Who answers; without it, whoever does is believed.
const HOST_KEY: CredentialField =
    text("hostKey", label("Fingerprint of the host key", "Empreinte de la clé d’hôte")).optional().example("SHA256:…");

/// Every type, in the order in which people choose.
pub const TYPES: &[CredentialType] = &[
    CredentialType {
        kind: "apiKey",
        label: label("API key", "Clé d’API"),
        description: label(
            "A key that is sent with every request, in a header or in the query.",
            "Une clé envoyée avec chaque requête, dans un en-tête ou dans les paramètres.",
        ),
        fields: &[
            text("placement", label("Sent in", "Envoyée dans")).choices(
                "header",
                &[IN_HEADER, CredentialOption { value: "query", label: label("Query", "Paramètres de l’URL") }],
            ),
            HEADER_NAME,
            secret("value", label("Key", "Clé")).format(FieldFormat::HeaderValue),
        ],
        n8n_types: &[],
    },
    CredentialType {
        kind: "header",
        label: label("Header", "En-tête"),
        description: label("A header that is sent with every request.", "Un en-tête envoyé avec chaque requête."),
        fields: &[HEADER_NAME, secret("value", VALUE).format(FieldFormat::HeaderValue)],
        n8n_types: &["httpHeaderAuth"],
    },
    CredentialType {
        kind: "query",
        label: label("Query parameter", "Paramètre d’URL"),
        description: label(
            "A parameter that is added to the query of every request.",
            "Un paramètre ajouté à l’URL de chaque requête.",
        ),
        fields: &[text("name", NAME).example("api_key"), secret("value", VALUE)],
        n8n_types: &["httpQueryAuth"],
    },
    CredentialType {
        kind: "basic",
        label: label("Basic", "Basic"),
        description: label(
            "User and password as HTTP's Basic authentication sends them.",
            "Utilisateur et mot de passe, envoyés par l’authentification Basic de HTTP.",
        ),
        fields: &[USER, PASSWORD.optional()],
        n8n_types: &["httpBasicAuth"],
    },
    CredentialType {
        kind: "digest",
        label: label("Digest", "Digest"),
        description: label(
            "User and password as HTTP's Digest authentication proves them, without sending the password (RFC 7616).",
            "Utilisateur et mot de passe, prouvés par l’authentification Digest de HTTP sans envoyer le mot de passe (RFC 7616).",
        ),
        fields: &[USER, PASSWORD],
        n8n_types: &["httpDigestAuth"],
    },
    CredentialType {
        kind: "bearer",
        label: label("Bearer token", "Jeton Bearer"),
        description: label(
            "A token that is sent as “Authorization: Bearer …”.",
            "Un jeton envoyé comme « Authorization: Bearer … ».",
        ),
        fields: &[secret("token", label("Token", "Jeton")).format(FieldFormat::HeaderValue)],
        n8n_types: &["httpBearerAuth"],
    },
    CredentialType {
        kind: "userPassword",
        label: label("User and password", "Utilisateur et mot de passe"),
        description: label(
            "User and password for what is not asked over HTTP: mail, files, databases.",
            "Utilisateur et mot de passe pour ce qui ne passe pas par HTTP : courriel, fichiers, bases de données.",
        ),
        fields: &[USER, PASSWORD],
        n8n_types: &[],
    },
    CredentialType {
        kind: "keyPair",
        label: label("Key pair", "Paire de clés"),
        description: label(
            "A private key with its public key, in PEM, to sign with or to sign in with.",
            "Une clé privée avec sa clé publique, en PEM, pour signer ou pour se connecter.",
        ),
        fields: &[
            secret("privateKey", label("Private key", "Clé privée")).lines(8).example("-----BEGIN PRIVATE KEY-----"),
            text("publicKey", label("Public key", "Clé publique"))
                .optional()
                .lines(8)
                .example("-----BEGIN PUBLIC KEY-----"),
            secret("passphrase", label("Passphrase", "Phrase secrète")).optional(),
        ],
        n8n_types: &[],
    },
    CredentialType {
        kind: "jwt",
        label: label("JWT", "JWT"),
        description: label(
            "What JSON Web Tokens are signed and checked with: a secret, or keys in PEM (RFC 7519).",
            "De quoi signer et vérifier des jetons JWT : un secret, ou des clés en PEM (RFC 7519).",
        ),
        fields: &[
            text("algorithm", label("Algorithm", "Algorithme")).choices(
                "HS256",
                &[
                    word("HS256"),
                    word("HS384"),
                    word("HS512"),
                    word("RS256"),
                    word("RS384"),
                    word("RS512"),
                    word("PS256"),
                    word("PS384"),
                    word("PS512"),
                    word("ES256"),
                    word("ES384"),
                    word("EdDSA"),
                ],
            ),
            secret("secret", label("Secret (HS…)", "Secret (HS…)")).optional(),
            secret("privateKey", label("Private key", "Clé privée"))
                .optional()
                .lines(8)
                .example("-----BEGIN PRIVATE KEY-----"),
            text("publicKey", label("Public key", "Clé publique"))
                .optional()
                .lines(8)
                .example("-----BEGIN PUBLIC KEY-----"),
        ],
        n8n_types: &["jwtAuth"],
    },
    CredentialType {
        kind: "totp",
        label: label("TOTP", "TOTP"),
        description: label(
            "The secret that an authenticator app is set up with (RFC 6238).",
            "Le secret avec lequel une application d’authentification est configurée (RFC 6238).",
        ),
        fields: &[
            secret("secret", label("Secret, in Base32", "Secret, en Base32")),
            text("label", label("Account", "Compte")).optional().example("Example: ada@example.com"),
        ],
        n8n_types: &["totpApi"],
    },
    CredentialType {
        kind: "custom",
        label: label("Custom", "Personnalisé"),
        description: label(
            "Headers, query parameters and fields of the body, as JSON.",
            "En-têtes, paramètres d’URL et champs du corps, en JSON.",
        ),
        fields: &[secret("json", label("JSON", "JSON"))
            .lines(8)
            .example(r#"{"headers":{"X-Key":"…"},"qs":{},"body":{}}"#)
            .format(FieldFormat::RequestParts)],
        n8n_types: &["httpCustomAuth"],
    },
    CredentialType {
        kind: "oauth2ClientCredentials",
        label: label("OAuth 2.0, client credentials", "OAuth 2.0, identifiants client"),
        description: label(
            "A token that is asked for in the name of the program itself (RFC 6749, section 4.4).",
            "Un jeton demandé au nom du programme lui-même (RFC 6749, section 4.4).",
        ),
        fields: &[
            text("tokenUrl", label("Token URL", "URL du jeton"))
                .format(FieldFormat::Url)
                .example("https://example.com/oauth/token"),
            text("clientId", label("Client id", "Identifiant client")),
            secret("clientSecret", label("Client secret", "Secret client")),
            text("scope", label("Scope", "Portée")).optional().example("read write"),
            text("authentication", label("Client id sent in", "Identifiants envoyés dans"))
                .choices("header", &[IN_HEADER, CredentialOption { value: "body", label: label("Body", "Corps") }]),
        ],
        n8n_types: &["oAuth2Api"],
    },
    CredentialType {
        kind: "postgres",
        label: label("PostgreSQL", "PostgreSQL"),
        description: label(
            "A PostgreSQL database and a user of it.",
            "Une base de données PostgreSQL et un de ses utilisateurs.",
        ),
        fields: &[
            HOST.example("db.example.com"),
            PORT.default("5432"),
            text("database", label("Database", "Base de données")),
            USER,
            PASSWORD.optional(),
            ENCRYPTION,
            AUTHORITY,
        ],
        n8n_types: &["postgres"],
    },
    CredentialType {
        kind: "mysql",
        label: label("MySQL", "MySQL"),
        description: label(
            "A MySQL or MariaDB server and a user of it.",
            "Un serveur MySQL ou MariaDB et un de ses utilisateurs.",
        ),
        fields: &[
            HOST.example("db.example.com"),
            PORT.default("3306"),
            text("database", label("Database", "Base de données")).optional(),
            USER,
            PASSWORD.optional(),
            ENCRYPTION,
            AUTHORITY,
        ],
        n8n_types: &["mySql"],
    },
    CredentialType {
        kind: "smtp",
        label: label("SMTP", "SMTP"),
        description: label(
            "A mail server that sends what it is handed.",
            "Un serveur de courriel qui envoie ce qu’on lui remet.",
        ),
        fields: &[
            HOST.example("smtp.example.com"),
            PORT.default("587"),
            USER.optional(),
            PASSWORD.optional(),
            BEGIN,
            CERTIFICATE,
            AUTHORITY,
            text("hello", label("Own name (HELO)", "Nom annoncé (HELO)")).optional().example("weft.example.com"),
        ],
        n8n_types: &["smtp"],
    },
    CredentialType {
        kind: "redis",
        label: label("Redis", "Redis"),
        description: label("A Redis server.", "Un serveur Redis."),
        fields: &[
            HOST.example("redis.example.com"),
            PORT.default("6379"),
            USER.optional(),
            PASSWORD.optional(),
            text("database", label("Database", "Base de données")).default("0"),
            ENCRYPTION,
            AUTHORITY,
        ],
        n8n_types: &["redis"],
    },
    CredentialType {
        kind: "mqtt",
        label: label("MQTT", "MQTT"),
        description: label("An MQTT broker.", "Un serveur MQTT."),
        fields: &[
            HOST.example("broker.example.com"),
            PORT.default("8883"),
            USER.optional(),
            PASSWORD.optional(),
            text("clientId", label("Client id", "Identifiant client")).optional(),
            ENCRYPTION,
            AUTHORITY,
        ],
        n8n_types: &["mqtt"],
    },
    CredentialType {
        kind: "rabbitmq",
        label: label("RabbitMQ", "RabbitMQ"),
        description: label("A RabbitMQ server.", "Un serveur RabbitMQ."),
        fields: &[
            HOST.example("rabbitmq.example.com"),
            PORT.default("5671"),
            USER,
            PASSWORD,
            text("virtualHost", label("Virtual host", "Hôte virtuel")).default("/"),
            ENCRYPTION,
            AUTHORITY,
        ],
        n8n_types: &["rabbitmq"],
    },
    CredentialType {
        kind: "aws",
        label: label("AWS", "AWS"),
        description: label("A key of Amazon Web Services.", "Une clé d’Amazon Web Services."),
        fields: &[
            REGION.example("eu-west-3"),
            ACCESS_KEY,
            SECRET_KEY,
            secret("sessionToken", label("Session token", "Jeton de session")).optional(),
            text("s3Endpoint", label("Endpoint of S3, where it is another", "Adresse de S3, si elle est différente"))
                .optional()
                .format(FieldFormat::Url),
        ],
        n8n_types: &["aws"],
    },
    CredentialType {
        kind: "s3",
        label: label("S3", "S3"),
        description: label(
            "A storage server that speaks as Amazon S3 does, such as MinIO, R2 or Ceph.",
            "Un serveur de stockage compatible avec Amazon S3, comme MinIO, R2 ou Ceph.",
        ),
        fields: &[
            text("endpoint", label("Endpoint", "Adresse")).format(FieldFormat::Url).example("https://s3.example.com"),
            REGION,
            ACCESS_KEY,
            SECRET_KEY,
            text("addressing", label("The bucket stands in the", "Le compartiment figure dans")).choices(
                "path",
                &[
                    CredentialOption { value: "path", label: label("Path", "Le chemin") },
                    CredentialOption { value: "host", label: label("Name of the host", "Le nom d’hôte") },
                ],
            ),
        ],
        n8n_types: &["s3"],
    },
    CredentialType {
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
            secret("token", label("Token", "Jeton")).optional(),
            secret("keys", label("Contents of a .creds file, or a seed", "Contenu d’un fichier .creds, ou une graine"))
                .optional()
                .lines(8)
                .example("-----BEGIN NATS USER JWT-----"),
            ENCRYPTION,
            AUTHORITY,
        ],
        n8n_types: &[],
    },
    CredentialType {
        kind: "sshPassword",
        label: label("SSH, password", "SSH, mot de passe"),
        description: label(
            "A machine and a user of it with a password.",
            "Une machine et un utilisateur avec mot de passe.",
        ),
        fields: &[HOST.example("server.example.com"), PORT.default("22"), USER, PASSWORD, HOST_KEY],
        n8n_types: &["sshPassword"],
    },
    CredentialType {
        kind: "sshPrivateKey",
        label: label("SSH, private key", "SSH, clé privée"),
        description: label(
            "A machine and a user of it with a private key.",
            "Une machine et un utilisateur avec clé privée.",
        ),
        fields: &[HOST.example("server.example.com"), PORT.default("22"), USER, SSH_KEY, PASSPHRASE, HOST_KEY],
        n8n_types: &["sshPrivateKey"],
    },
    CredentialType {
        kind: "ftp",
        label: label("FTP", "FTP"),
        description: label(
            "A file server over FTP, in clear or encrypted (FTPS).",
            "Un serveur de fichiers par FTP, en clair ou chiffré (FTPS).",
        ),
        fields: &[
            HOST.example("files.example.com"),
            PORT.default("21"),
            USER.optional(),
            PASSWORD.optional(),
            ENCRYPTION,
            AUTHORITY,
        ],
        n8n_types: &["ftp"],
    },
    CredentialType {
        kind: "sftp",
        label: label("SFTP", "SFTP"),
        description: label(
            "A file server over SSH: with a password, or with a private key where one is given.",
            "Un serveur de fichiers par SSH : avec un mot de passe, ou une clé privée si elle est donnée.",
        ),
        fields: &[
            HOST.example("files.example.com"),
            PORT.default("22"),
            USER,
            PASSWORD.optional(),
            SSH_KEY.optional(),
            PASSPHRASE,
            HOST_KEY,
        ],
        n8n_types: &["sftp"],
    },
    CredentialType {
        kind: "ldap",
        label: label("LDAP", "LDAP"),
        description: label(
            "A directory and the entry that signs in to it.",
            "Un annuaire et l’entrée qui s’y connecte.",
        ),
        fields: &[
            HOST.example("ldap.example.com"),
            PORT.default("389"),
            text("user", label("Distinguished name", "Nom distinctif"))
                .optional()
                .example("cn=admin,dc=example,dc=com"),
            PASSWORD.optional(),
            BEGIN_LDAP,
            CERTIFICATE,
            AUTHORITY,
        ],
        n8n_types: &["ldap"],
    },
];

/// The type of that name.
pub fn credential_type(kind: &str) -> Option<&'static CredentialType> {
    TYPES.iter().find(|known| known.kind == kind)
}

/// The type that holds what an n8n type holds.
pub fn of_n8n_type(n8n_type: &str) -> Option<&'static CredentialType> {
    TYPES.iter().find(|known| known.n8n_types.contains(&n8n_type))
}

/// What the parameters of a node hold that choose a credential. One that is not shown, since the node signs in in another way, is
/// left out. A kind asks for credentials at the top level of its form only.
pub fn references(descriptor: &Descriptor, given: &Value) -> Vec<String> {
    let mut filled = given.as_object().cloned().unwrap_or_default();
    fill(&descriptor.parameters, &mut filled);
    let chooses = descriptor.parameters.iter().filter(|parameter| parameter.kind == ParameterType::Credential);
    let shown = chooses.filter(|parameter| is_shown(parameter, &filled));
    shown.filter_map(|parameter| filled.get(parameter.name)?.as_str().map(str::to_owned)).collect()
}

/// Why a field cannot be kept. The value itself is never repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldRefused {
    /// The field.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl CredentialType {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static CredentialField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Sets every default of what is not set.
    pub fn fill<S: From<String>>(&self, given: &mut BTreeMap<String, S>) {
        for field in self.fields {
            if let Some(default) = field.default {
                given.entry(field.name.to_owned()).or_insert_with(|| default.to_owned().into());
            }
        }
    }

    /// Whether these fields make a credential of this type. Tells the first thing that is wrong.
    pub fn check<S: AsRef<str>>(&self, given: &BTreeMap<String, S>) -> Result<(), FieldRefused> {
        if let Some(unknown) = given.keys().find(|name| self.field(name).is_none()) {
            let known: Vec<_> = self.fields.iter().map(|field| field.name).collect();
            let message = format!(
                "A credential of type “{}” has no field “{unknown}”. It has: {}.",
                self.label.en,
                known.join(", ")
            );
            return Err(FieldRefused { field: unknown.clone(), message });
        }
        self.fields.iter().try_for_each(|field| {
            let value = given.get(field.name).map_or("", AsRef::as_ref);
            field.problem(value).map_or(Ok(()), |message| {
                let message = format!("“{}” {message}", field.label.en);
                Err(FieldRefused { field: field.name.to_owned(), message })
            })
        })
    }
}

impl CredentialField {
    /// What is wrong with a value, as the end of a sentence that begins with the field's label.
    fn problem(&self, value: &str) -> Option<String> {
        if value.is_empty() {
            return self.required.then(|| "must be filled in.".to_owned());
        }
        if value.len() > MAX_CREDENTIAL_FIELD {
            return Some(format!("must not be longer than {MAX_CREDENTIAL_FIELD} bytes."));
        }
        if !self.options.is_empty() && self.options.iter().all(|option| option.value != value) {
            let known: Vec<_> = self.options.iter().map(|option| option.value).collect();
            return Some(format!("must be one of: {}.", known.join(", ")));
        }
        if self.rows == 1 && value.chars().any(char::is_control) {
            return Some("must not contain line breaks or other control characters.".to_owned());
        }
        self.format.problem(value)
    }
}

impl FieldFormat {
    fn problem(self, value: &str) -> Option<String> {
        match self {
            Self::Text => None,
            Self::HeaderName => (!value.bytes().all(is_token))
                .then(|| "must consist of letters, digits and hyphens, as names of headers do.".to_owned()),
            Self::HeaderValue => (!value.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
                .then(|| "must consist of letters, digits and signs without accents, as headers do.".to_owned()),
            Self::Url => (!value.starts_with("https://") && !value.starts_with("http://"))
                .then(|| "must be an address that begins with https:// or http://.".to_owned()),
            Self::RequestParts => RequestParts::read(value).err(),
        }
    }
}

/// A byte of a token (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a custom credential adds to a request.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestParts {
    /// Headers.
    pub headers: BTreeMap<String, serde_json::Value>,
    /// Parameters of the query.
    pub qs: BTreeMap<String, serde_json::Value>,
    /// Fields of the body.
    pub body: serde_json::Map<String, serde_json::Value>,
}

impl RequestParts {
    /// Reads the JSON of a custom credential. The error says where it is wrong and repeats nothing of it.
    pub fn read(json: &str) -> Result<Self, String> {
        let shape = "must be a JSON object with “headers”, “qs” and “body”, each an object.";
        let parts: Self = serde_json::from_str(json).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => shape.to_owned(),
            _ => format!("is not valid JSON: line {}, column {}.", error.line(), error.column()),
        })?;
        let is_plain = |value: &serde_json::Value| value.is_string() || value.is_number() || value.is_boolean();
        let mut pairs = parts.headers.iter().chain(&parts.qs);
        if !pairs.all(|(_, value)| is_plain(value)) {
            return Err("must have plain texts and numbers in “headers” and “qs”.".to_owned());
        }
        if !parts.headers.keys().all(|name| !name.is_empty() && name.bytes().all(is_token)) {
            return Err("must name headers with letters, digits and hyphens.".to_owned());
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn refused(kind: &str, fields: &[(&str, &str)]) -> Option<(String, String)> {
        let credential = credential_type(kind).unwrap();
        let mut given: BTreeMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        credential.fill(&mut given);
        credential.check(&given).err().map(|refused| (refused.field, refused.message))
    }

    #[test]
    fn the_table_is_sound() {
        let kinds: BTreeSet<_> = TYPES.iter().map(|known| known.kind).collect();
        assert_eq!(kinds.len(), TYPES.len());
        let n8n: Vec<_> = TYPES.iter().flat_map(|known| known.n8n_types).collect();
        assert_eq!(n8n.iter().collect::<BTreeSet<_>>().len(), n8n.len(), "one n8n type means one of ours");
        for known in TYPES {
            assert!(known.kind.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{}", known.kind);
            let names: BTreeSet<_> = known.fields.iter().map(|field| field.name).collect();
            assert_eq!(names.len(), known.fields.len(), "{}", known.kind);
            assert!(known.fields.iter().any(|field| field.secret), "{} keeps nothing secret", known.kind);
            for field in known.fields {
                let default = field.default.filter(|_| !field.options.is_empty());
                assert!(
                    default.is_none_or(|default| field.problem(default).is_none()),
                    "{}.{}",
                    known.kind,
                    field.name
                );
                assert!(!(field.secret && field.default.is_some()), "{}.{}", known.kind, field.name);
            }
        }
    }

    #[test]
    fn a_type_is_found_by_its_name_and_by_that_of_n8n() {
        assert_eq!(credential_type("basic").map(|known| known.kind), Some("basic"));
        assert!(credential_type("Basic").is_none());
        for (n8n, kind) in [
            ("httpBasicAuth", "basic"),
            ("httpHeaderAuth", "header"),
            ("httpQueryAuth", "query"),
            ("httpBearerAuth", "bearer"),
            ("httpDigestAuth", "digest"),
            ("jwtAuth", "jwt"),
            ("httpCustomAuth", "custom"),
            ("oAuth2Api", "oauth2ClientCredentials"),
        ] {
            assert_eq!(of_n8n_type(n8n).map(|known| known.kind), Some(kind));
        }
        assert!(of_n8n_type("oAuth1Api").is_none());
    }

    #[test]
    fn what_makes_sense_is_taken() {
        for (kind, fields) in [
            ("apiKey", &[("name", "X-Key"), ("value", "abc")][..]),
            ("apiKey", &[("placement", "query"), ("name", "key"), ("value", "abc")]),
            ("basic", &[("user", "ada"), ("password", "pässwörd")]),
            ("basic", &[("user", "ada")]),
            ("jwt", &[("secret", "s")]),
            ("jwt", &[("algorithm", "ES256"), ("publicKey", "-----BEGIN\nabc\n-----END")]),
            ("keyPair", &[("privateKey", "-----BEGIN\nabc\n-----END")]),
            ("custom", &[("json", r#"{"headers":{"X-A":"1","X-B":2},"body":{"a":{"b":[]}}}"#)]),
            (
                "oauth2ClientCredentials",
                &[("tokenUrl", "https://x.example/t"), ("clientId", "a"), ("clientSecret", "b")],
            ),
        ] {
            assert_eq!(refused(kind, fields), None, "{kind} {fields:?}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_its_field_and_never_repeated() {
        let long = "x".repeat(MAX_CREDENTIAL_FIELD + 1);
        for (kind, fields, field) in [
            ("basic", &[("password", "hunter2")][..], "user"),
            ("basic", &[("user", "a\nb"), ("password", "hunter2")], "user"),
            ("basic", &[("user", "a"), ("token", "hunter2")], "token"),
            ("header", &[("name", "X Key"), ("value", "hunter2")], "name"),
            ("header", &[("name", "X-Key"), ("value", "hunter2\r\nX-Evil: 1")], "value"),
            ("header", &[("name", "X-Key"), ("value", "hunter2é")], "value"),
            ("header", &[("name", "X-Key"), ("value", "")], "value"),
            ("bearer", &[("token", &long)], "token"),
            ("jwt", &[("algorithm", "none"), ("secret", "hunter2")], "algorithm"),
            ("apiKey", &[("placement", "hunter2"), ("name", "a"), ("value", "b")], "placement"),
            ("custom", &[("json", r#"{"hunter2":1}"#)], "json"),
            ("custom", &[("json", r#"{"headers":{"a":{}}}"#)], "json"),
            ("custom", &[("json", r#"{"headers":{"a b":"hunter2"}}"#)], "json"),
            ("custom", &[("json", r#"["hunter2"]"#)], "json"),
            ("custom", &[("json", r#"{"headers""#)], "json"),
            (
                "oauth2ClientCredentials",
                &[("tokenUrl", "ftp://x"), ("clientId", "a"), ("clientSecret", "b")],
                "tokenUrl",
            ),
        ] {
            let (found, message) = refused(kind, fields).unwrap_or_else(|| panic!("{kind} {fields:?} was taken"));
            assert_eq!(found, field, "{kind} {fields:?}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
