//! How the form asks how a file is kept.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use super::form::{more, switch, text};

pub(super) fn tags() -> Parameter {
    field(ParameterType::FixedCollection, "tagsUi", label("Tags", "Étiquettes"))
        .help(
            "Names and values by which files are found and billed.",
            "Noms et valeurs d’après lesquels les fichiers sont trouvés et facturés.",
        )
        .fields([field(ParameterType::FixedCollection, "tagsValues", label("Tags", "Étiquettes"))
            .multiple()
            .fields([text("key", "Name", "Nom"), text("value", "Value", "Valeur")])])
}

/// Which part of a bucket is listed.
pub(super) fn inside() -> Parameter {
    more(
        "options",
        vec![
            text("folderKey", "In the folder", "Dans le dossier")
                .help(
                    "Lists only the files whose keys begin with it.",
                    "Ne liste que les fichiers dont la clé commence ainsi.",
                )
                .example("reports/"),
            switch("fetchOwner", "With their owners", "Avec leurs propriétaires"),
        ],
    )
}

pub(super) fn parent() -> Parameter {
    text("parentFolderKey", "In the folder", "Dans le dossier")
        .help("Stands before the key, with a / between them.", "Précède la clé, avec un / entre les deux.")
        .example("reports")
}

pub(super) fn requester_pays() -> Parameter {
    switch("requesterPays", "Who asks pays", "Le demandeur paie").help(
        "For buckets whose owner does not pay for what others read.",
        "Pour les compartiments dont le propriétaire ne paie pas les lectures des autres.",
    )
}

pub(super) fn acl(words: &[&str]) -> Parameter {
    let known = [
        ("private", label("The owner alone", "Le propriétaire seul")),
        ("publicRead", label("Everybody reads", "Tout le monde lit")),
        ("publicReadWrite", label("Everybody reads and writes", "Tout le monde lit et écrit")),
        ("authenticatedRead", label("Who is signed in reads", "Les personnes connectées lisent")),
        ("awsExecRead", label("EC2 reads", "EC2 lit")),
        ("bucketOwnerRead", label("The owner of the bucket reads", "Le propriétaire du compartiment lit")),
        (
            "bucketOwnerFullControl",
            label("The owner of the bucket does all", "Le propriétaire du compartiment peut tout"),
        ),
    ];
    let offered = known.into_iter().filter(|(word, _)| words.contains(word));
    field(ParameterType::Options, "acl", label("Who may", "Qui peut"))
        .help(
            "Who else may read or write; buckets can forbid such rights.",
            "Qui d’autre peut lire ou écrire ; les compartiments peuvent interdire ces droits.",
        )
        .choices(offered.map(|(word, name)| choice(word, name)))
}

pub(super) fn storage_class() -> Parameter {
    field(ParameterType::Options, "storageClass", label("Storage class", "Classe de stockage"))
        .help(
            "What storing and reading cost; standard where nothing is chosen.",
            "Ce que coûtent le stockage et la lecture ; standard si rien n’est choisi.",
        )
        .choices([
            choice("standard", label("Standard", "Standard")),
            choice("standardIA", label("Standard, rarely read", "Standard, lu rarement")),
            choice("onezoneIA", label("One zone, rarely read", "Une zone, lu rarement")),
            choice("intelligentTiering", label("Chosen by itself", "Choisie toute seule")),
            choice("glacier", label("Glacier", "Glacier"))
                .help("Cheap to keep; reading takes hours.", "Bon marché à garder ; la lecture prend des heures."),
            choice("deepArchive", label("Deep archive", "Archive profonde")).help(
                "Cheapest to keep; reading takes up to a day or two.",
                "Le moins cher à garder ; la lecture prend jusqu’à un jour ou deux.",
            ),
            choice("reducedRedundancy", label("Reduced redundancy", "Redondance réduite")),
        ])
}

/// How a file is kept.
pub(super) fn kept() -> Vec<Parameter> {
    let everybody = [
        "private",
        "publicRead",
        "publicReadWrite",
        "authenticatedRead",
        "awsExecRead",
        "bucketOwnerRead",
        "bucketOwnerFullControl",
    ];
    vec![
        acl(&everybody),
        storage_class(),
        requester_pays(),
        field(ParameterType::Options, "serverSideEncryption", label("Encrypted with", "Chiffré avec"))
            .help(
                "How the server encrypts the file that it keeps.",
                "Comment le serveur chiffre le fichier qu’il garde.",
            )
            .choices([
                choice("AES256", label("AES-256", "AES-256")),
                choice("aws:kms", label("A key of KMS", "Une clé de KMS")),
            ]),
        text("encryptionAwsKmsKeyId", "Key of KMS", "Clé de KMS").help(
            "The id of the key; Amazon’s own while it is empty.",
            "L’identifiant de la clé ; celle d’Amazon tant que c’est vide.",
        ),
        text("serverSideEncryptionContext", "Context of the key (Base64)", "Contexte de la clé (Base64)"),
        field(ParameterType::Options, "lockMode", label("Locked", "Verrouillé"))
            .help(
                "Keeps the file from being changed or deleted for a time.",
                "Empêche pour un temps que le fichier soit modifié ou supprimé.",
            )
            .choices([
                choice("governance", label("Governance", "Gouvernance")).help(
                    "Who has a special permission may still unlock it.",
                    "Qui a une permission spéciale peut encore le déverrouiller.",
                ),
                choice("compliance", label("Compliance", "Conformité")).help(
                    "Nobody may unlock it before the time is over.",
                    "Personne ne peut le déverrouiller avant la fin du délai.",
                ),
            ]),
        field(ParameterType::DateTime, "lockRetainUntilDate", label("Locked until", "Verrouillé jusqu’au"))
            .help("A date and time in the future.", "Une date et une heure à venir."),
        switch("lockLegalHold", "Legal hold", "Conservation légale").help(
            "Keeps the file until somebody lifts the hold.",
            "Garde le fichier jusqu’à ce que quelqu’un lève la conservation.",
        ),
    ]
}
