//! Secrets and keys, for signing, for encryption and for one-time passwords.

use super::CredentialType;
use super::fields::{PASSWORD, USER, secret, text, word};
use crate::label;

pub(super) const USER_PASSWORD: CredentialType = CredentialType {
    kind: "userPassword",
    label: label("User and password", "Utilisateur et mot de passe"),
    description: label(
        "User and password of no server in particular. No node takes it: make one of the type of the server instead.",
        "Utilisateur et mot de passe d’aucun serveur en particulier. Aucun nœud ne le prend : créez-en un du type du serveur.",
    ),
    fields: &[USER, PASSWORD],
    n8n_types: &[],
};

pub(super) const SECRET: CredentialType = CredentialType {
    kind: "secret",
    label: label("Secret", "Secret"),
    description: label(
        "One secret, to make an HMAC with, or to encrypt and decrypt.",
        "Un secret, pour calculer un HMAC ou pour chiffrer et déchiffrer.",
    ),
    fields: &[secret("secret", label("Secret", "Secret"))],
    n8n_types: &["crypto"],
};

pub(super) const KEY_PAIR: CredentialType = CredentialType {
    kind: "keyPair",
    label: label("Key pair", "Paire de clés"),
    description: label(
        "A private key with its public key, in PEM, to sign, to encrypt and to decrypt with.",
        "Une clé privée avec sa clé publique, en PEM, pour signer, chiffrer et déchiffrer.",
    ),
    fields: &[
        secret("privateKey", label("Private key", "Clé privée"))
            .help("In PEM, from its BEGIN line to its END line.", "En PEM, de sa ligne BEGIN à sa ligne END.")
            .lines(8)
            .example("-----BEGIN PRIVATE KEY-----"),
        text("publicKey", label("Public key", "Clé publique"))
            .help(
                "In PEM; what others check signatures with.",
                "En PEM ; ce avec quoi d’autres vérifient les signatures.",
            )
            .optional()
            .lines(8)
            .example("-----BEGIN PUBLIC KEY-----"),
        secret("passphrase", label("Passphrase", "Phrase secrète"))
            .help(
                "What the private key is encrypted with; empty where it is not.",
                "Ce qui chiffre la clé privée ; vide si elle ne l’est pas.",
            )
            .optional(),
    ],
    n8n_types: &[],
};

pub(super) const JWT: CredentialType = CredentialType {
    kind: "jwt",
    label: label("JWT", "JWT"),
    description: label(
        "What JSON Web Tokens are signed and checked with: a secret, or keys in PEM (RFC 7519).",
        "De quoi signer et vérifier des jetons JWT : un secret, ou des clés en PEM (RFC 7519).",
    ),
    fields: &[
        text("algorithm", label("Algorithm", "Algorithme"))
            .help(
                "HS… take a secret that both sides know; RS…, PS…, ES… and EdDSA take keys.",
                "HS… prend un secret connu des deux côtés ; RS…, PS…, ES… et EdDSA prennent des clés.",
            )
            .choices(
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
        secret("secret", label("Secret (HS…)", "Secret (HS…)"))
            .help("Needed for HS256, HS384 and HS512.", "Nécessaire pour HS256, HS384 et HS512.")
            .optional(),
        secret("privateKey", label("Private key", "Clé privée"))
            .help(
                "In PEM; needed to sign with RS…, PS…, ES… or EdDSA.",
                "En PEM ; nécessaire pour signer avec RS…, PS…, ES… ou EdDSA.",
            )
            .optional()
            .lines(8)
            .example("-----BEGIN PRIVATE KEY-----"),
        text("publicKey", label("Public key", "Clé publique"))
            .help("In PEM; needed to check such signatures.", "En PEM ; nécessaire pour vérifier ces signatures.")
            .optional()
            .lines(8)
            .example("-----BEGIN PUBLIC KEY-----"),
    ],
    n8n_types: &["jwtAuth"],
};

pub(super) const TOTP: CredentialType = CredentialType {
    kind: "totp",
    label: label("TOTP", "TOTP"),
    description: label(
        "The secret that an authenticator app is set up with (RFC 6238).",
        "Le secret avec lequel une application d’authentification est configurée (RFC 6238).",
    ),
    fields: &[
        secret("secret", label("Secret, in Base32", "Secret, en Base32")).help(
            "The letters and digits that services show beside the QR code.",
            "Les lettres et chiffres que les services montrent à côté du QR code.",
        ),
        text("label", label("Account", "Compte"))
            .help(
                "Whose account it is; for people, it changes nothing.",
                "À qui est le compte ; pour les personnes, cela ne change rien.",
            )
            .optional()
            .example("Example: ada@example.com"),
    ],
    n8n_types: &["totpApi"],
};
