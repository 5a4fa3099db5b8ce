//! What people see of it.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

use crate::digest::HASHES;

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "crypto",
    version: 1,
    label: label("Crypto", "Cryptographie"),
    description: label("Hashes, signs, encrypts and decrypts.", "Calcule des empreintes, signe, chiffre et déchiffre."),
    group: Group::Transform,
    icon: "box",
    color: "green",
    subtitle: Some("{action} {type}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "MD5 and SHA-1 are for old interfaces only: they protect nothing. Texts count in UTF-8. What signs and encrypts is in a \
         credential: a secret for HMAC and for encryption with a secret, a key pair for signatures (RSA with PKCS #1 v1.5, or ECDSA) and \
         for encryption with a public key (RSA-OAEP with SHA-256, up to 190 bytes with a key of 2,048 bits). What is encrypted with a \
         secret is written in base64: a 1, 16 bytes of salt, 12 of nonce, 16 of tag, and the text; its key is made by scrypt (N 65,536, \
         r 8, p 1). n8n reads and writes the same.",
        "MD5 et SHA-1 ne servent qu’aux interfaces anciennes : ils ne protègent rien. Les textes sont en UTF-8. Ce qui signe et chiffre \
         est dans un identifiant : un secret pour HMAC et pour chiffrer avec un secret, une paire de clés pour signer (RSA avec \
         PKCS #1 v1.5, ou ECDSA) et pour chiffrer avec une clé publique (RSA-OAEP avec SHA-256, jusqu’à 190 octets avec une clé de \
         2 048 bits). Ce qui est chiffré avec un secret est écrit en base64 : un 1, 16 octets de sel, 12 de nonce, 16 d’étiquette, et le \
         texte ; sa clé est faite par scrypt (N 65 536, r 8, p 1). n8n lit et écrit la même chose.",
    ),
});

/// What is signed with, by its name here.
pub(super) const SIGNATURES: [&str; 12] = [
    "SHA256",
    "SHA384",
    "SHA512",
    "SHA224",
    "SHA512/224",
    "SHA512/256",
    "SHA3-224",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "SHA1",
    "MD5",
];

fn form() -> Vec<Parameter> {
    let text = |name, said| field(ParameterType::String, name, said);
    let credential =
        |of| field(ParameterType::Credential, "credential", label("Credential", "Identifiant")).credentials([of]);
    let ciphers = ["aes-256-gcm", "aes-192-gcm", "aes-128-gcm", "chacha20-poly1305"];
    let ciphered = ["encrypt", "decrypt"];
    vec![
        field(ParameterType::Options, "action", label("Action", "Action")).literal().or("hash").choices([
            choice("hash", label("Hash", "Empreinte"))
                .help("A fingerprint of a text or a file.", "Une empreinte d’un texte ou d’un fichier."),
            choice("hmac", label("HMAC", "HMAC")).help(
                "A fingerprint that only who knows the secret can make.",
                "Une empreinte que seul peut faire qui connaît le secret.",
            ),
            choice("sign", label("Sign", "Signer")),
            choice("encrypt", label("Encrypt", "Chiffrer")),
            choice("decrypt", label("Decrypt", "Déchiffrer")),
        ]),
        field(ParameterType::Options, "mode", label("With", "Avec"))
            .literal()
            .or("symmetric")
            .choices([
                choice("symmetric", label("A secret", "Un secret")),
                choice("asymmetric", label("A key pair", "Une paire de clés")),
            ])
            .when("action", ciphered),
        credential("secret").when("action", ["hmac"]),
        credential("keyPair").required().when("action", ["sign"]),
        credential("secret").required().when("action", ciphered).when("mode", ["symmetric"]),
        credential("keyPair").required().when("action", ciphered).when("mode", ["asymmetric"]),
        field(ParameterType::Options, "cipher", label("Cipher", "Chiffre"))
            .literal()
            .or("aes-256-gcm")
            .choices(ciphers.map(|name| choice(name, label(name, name))))
            .when("mode", ["symmetric"])
            .when("action", ciphered),
        field(ParameterType::Options, "type", label("Algorithm", "Algorithme"))
            .literal()
            .or("SHA256")
            .choices(HASHES.map(|name| choice(name, label(name, name))))
            .when("action", ["hash", "hmac"]),
        field(ParameterType::Options, "algorithm", label("Algorithm", "Algorithme"))
            .literal()
            .or("SHA256")
            .choices(SIGNATURES.map(|name| choice(name, label(name, name))))
            .when("action", ["sign"]),
        field(ParameterType::Boolean, "binaryData", label("Of a file", "D’un fichier"))
            .literal()
            .or(false)
            .when("action", ["hash", "hmac"]),
        text("binaryPropertyName", label("Name of the file in the item", "Nom du fichier dans l’élément"))
            .or("data")
            .required()
            .when("binaryData", [true])
            .when("action", ["hash", "hmac"]),
        text("value", label("Text", "Texte")).help(
            "Not read where a file is hashed.",
            "N’est pas lu si l’empreinte est celle d’un fichier.",
        ),
        text("secret", label("Derived secret", "Secret dérivé"))
            .help(
                "In place of a credential: an expression of what is derived from the items, such as the key of the step before.",
                "À la place d’un identifiant : une expression de ce qui est dérivé des éléments, comme la clé de l’étape précédente.",
            )
            .when("action", ["hmac"]),
        text("dataPropertyName", label("Output field", "Champ de sortie"))
            .help(
                "The field that the result is put into; a dot reaches inside.",
                "Le champ où mettre le résultat ; un point descend dans l’objet.",
            )
            .or("data")
            .required(),
        field(ParameterType::Options, "encoding", label("Encoding", "Encodage"))
            .help("How the result is written as text.", "Comment le résultat est écrit en texte.")
            .literal()
            .or("hex")
            .choices([choice("hex", label("Hexadecimal", "Hexadécimal")), choice("base64", label("Base64", "Base64"))])
            .when("action", ["hash", "hmac", "sign"]),
    ]
}
