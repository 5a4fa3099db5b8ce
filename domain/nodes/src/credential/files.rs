//! Stores and servers of files.

use super::fields::{
    ACCESS_KEY, AUTHORITY, ENCRYPTION, HOST, HOST_KEY, PASSPHRASE, PASSWORD, PORT, REGION, SECRET_KEY, SSH_KEY, USER,
    secret, text,
};
use super::{CredentialOption, CredentialType, FieldFormat};
use crate::label;

pub(super) const AWS: CredentialType = CredentialType {
    kind: "aws",
    label: label("AWS", "AWS"),
    description: label("A key of Amazon Web Services.", "Une clé d’Amazon Web Services."),
    fields: &[
        REGION.example("eu-west-3"),
        ACCESS_KEY,
        SECRET_KEY,
        secret("sessionToken", label("Session token", "Jeton de session"))
            .help("Only for keys that hold for some hours.", "Seulement pour les clés valables quelques heures.")
            .optional(),
        text("s3Endpoint", label("Endpoint of S3, where it is another", "Adresse de S3, si elle est différente"))
            .help(
                "For S3 behind an address of your own, such as a VPC endpoint.",
                "Pour S3 derrière une adresse à vous, comme un point de terminaison de VPC.",
            )
            .optional()
            .format(FieldFormat::Url),
    ],
    n8n_types: &["aws"],
};

pub(super) const S3: CredentialType = CredentialType {
    kind: "s3",
    label: label("S3", "S3"),
    description: label(
        "A storage server that speaks as Amazon S3 does, such as MinIO, R2 or Ceph.",
        "Un serveur de stockage compatible avec Amazon S3, comme MinIO, R2 ou Ceph.",
    ),
    fields: &[
        text("endpoint", label("Endpoint", "Adresse"))
            .help(
                "The address of the server, without the name of a bucket.",
                "L’adresse du serveur, sans le nom d’un compartiment.",
            )
            .format(FieldFormat::Url)
            .example("https://s3.example.com"),
        REGION,
        ACCESS_KEY,
        SECRET_KEY,
        text("addressing", label("The bucket stands in the", "Le compartiment figure dans"))
            .help(
                "Most servers besides Amazon’s want the path.",
                "La plupart des serveurs autres qu’Amazon veulent le chemin.",
            )
            .choices(
                "path",
                &[
                    CredentialOption { value: "path", label: label("Path", "Le chemin") },
                    CredentialOption { value: "host", label: label("Name of the host", "Le nom d’hôte") },
                ],
            ),
    ],
    n8n_types: &["s3"],
};

pub(super) const FTP: CredentialType = CredentialType {
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
};

pub(super) const SFTP: CredentialType = CredentialType {
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
};
