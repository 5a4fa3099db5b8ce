//! What the editor shows of S3.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "s3",
    version: 1,
    label: label("S3", "S3"),
    description: label(
        "Keeps files in Amazon S3 or a storage server that speaks as it does.",
        "Garde des fichiers dans Amazon S3 ou un serveur de stockage compatible.",
    ),
    group: Group::Act,
    icon: "hard-drive",
    color: "orange",
    subtitle: Some("{operation} {resource}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One operation for each item. Files pass through piece by piece, whatever their size; a file may have 1 GiB. If the server \
         stops in the middle, the operation is repeated, unless it makes or deletes a bucket. Deleting a folder deletes every file \
         whose key begins with the folder’s.",
        "Une opération par élément. Les fichiers passent morceau par morceau, quelle que soit leur taille ; un fichier peut avoir \
         1 Gio. Si le serveur s’arrête au milieu, l’opération est répétée, sauf si elle crée ou supprime un compartiment. Supprimer \
         un dossier supprime tous les fichiers dont la clé commence par celle du dossier.",
    ),
});

fn text(name: &'static str, en: &'static str, fr: &'static str) -> Parameter {
    field(ParameterType::String, name, label(en, fr))
}

fn switch(name: &'static str, en: &'static str, fr: &'static str) -> Parameter {
    field(ParameterType::Boolean, name, label(en, fr)).or(false)
}

fn on(resource: &'static str, operations: &'static [&'static str], parameter: Parameter) -> Parameter {
    parameter.when("resource", [resource]).when("operation", operations.iter().copied())
}

fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["aws", "s3"])
            .required(),
        field(ParameterType::Options, "resource", label("Of", "Sur")).or("file").choices([
            choice("file", label("A file", "Un fichier")),
            choice("folder", label("A folder", "Un dossier")),
            choice("bucket", label("A bucket", "Un compartiment")),
        ]),
    ];
    form.extend(operations());
    form.extend(of_buckets());
    form.extend(of_folders());
    form.extend(of_files());
    form
}

fn operations() -> [Parameter; 3] {
    let of = |resource: &'static str, default: &'static str| {
        field(ParameterType::Options, "operation", label("Operation", "Opération"))
            .or(default)
            .when("resource", [resource])
    };
    let create = || choice("create", label("Create", "Créer"));
    let delete = || choice("delete", label("Delete", "Supprimer"));
    let all = || choice("getAll", label("List", "Lister"));
    [
        of("bucket", "create").choices([
            create(),
            delete(),
            all(),
            choice("search", label("List what is in it", "Lister son contenu")),
        ]),
        of("folder", "create").choices([create(), delete(), all()]),
        of("file", "download").choices([
            choice("upload", label("Upload", "Envoyer")),
            choice("download", label("Download", "Télécharger")),
            choice("copy", label("Copy", "Copier")),
            delete(),
            all(),
        ]),
    ]
}

fn bucket_name() -> Parameter {
    text("bucketName", "Bucket", "Compartiment").required()
}

/// Which part of a list is taken.
fn limits(resource: &'static str, operations: &'static [&'static str]) -> [Parameter; 2] {
    let all = field(ParameterType::Boolean, "returnAll", label("All of them", "Tous")).literal().or(false);
    let limit = field(ParameterType::Number, "limit", label("At most", "Au plus")).or(100).at_least(1.0);
    [on(resource, operations, all), on(resource, operations, limit).when("returnAll", [false])]
}

fn more(name: &'static str, fields: Vec<Parameter>) -> Parameter {
    field(ParameterType::Collection, name, label("Options", "Options")).fields(fields)
}

fn of_buckets() -> Vec<Parameter> {
    let [all, limit] = limits("bucket", &["getAll", "search"]);
    vec![
        on("bucket", &["create", "delete"], text("name", "Name", "Nom").required()),
        on("bucket", &["search"], bucket_name()),
        all,
        limit,
        on(
            "bucket",
            &["create"],
            more(
                "additionalFields",
                vec![
                    acl(&["private", "publicRead", "publicReadWrite", "authenticatedRead"]),
                    switch("bucketObjectLockEnabled", "Files can be locked", "Les fichiers peuvent être verrouillés"),
                    text("region", "Region", "Région").example("eu-west-3"),
                ],
            ),
        ),
        on(
            "bucket",
            &["search"],
            more(
                "additionalFields",
                vec![
                    text("prefix", "Keys that begin with", "Clés commençant par"),
                    text("delimiter", "Fold keys at", "Regrouper les clés à").example("/"),
                    switch("includeCommonPrefixes", "Include what was folded", "Inclure les groupes"),
                    text("startAfter", "Keys behind", "Clés après"),
                    switch("fetchOwner", "With their owners", "Avec leurs propriétaires"),
                    field(ParameterType::Options, "encodingType", label("Write keys", "Écrire les clés"))
                        .choices([choice("url", label("As in addresses", "Comme dans les adresses"))]),
                    requester_pays(),
                ],
            ),
        ),
    ]
}

fn of_folders() -> Vec<Parameter> {
    let [all, limit] = limits("folder", &["getAll"]);
    vec![
        on("folder", &["create", "delete", "getAll"], bucket_name()),
        on("folder", &["create"], text("folderName", "Name", "Nom").required()),
        on("folder", &["delete"], text("folderKey", "Folder", "Dossier").required().example("reports/2026")),
        all,
        limit,
        on("folder", &["create"], more("additionalFields", vec![parent(), requester_pays(), storage_class()])),
        on("folder", &["getAll"], inside()),
    ]
}

fn of_files() -> Vec<Parameter> {
    let [all, limit] = limits("file", &["getAll"]);
    let upload = |parameter| on("file", &["upload"], parameter);
    let path = |name, en, fr| text(name, en, fr).required().example("/bucket/folder/file.pdf");
    let mut kept = kept();
    kept.insert(0, parent());
    let mut copied = self::kept();
    let directive = |name, en, fr| {
        field(ParameterType::Options, name, label(en, fr))
            .choices([choice("copy", label("Copied", "Copiées")), choice("replace", label("Replaced", "Remplacées"))])
    };
    copied.extend([
        directive("metadataDirective", "Metadata are", "Les métadonnées sont"),
        directive("taggingDirective", "Tags are", "Les étiquettes sont"),
    ]);
    vec![
        on("file", &["copy"], path("sourcePath", "From", "De")),
        on("file", &["copy"], path("destinationPath", "To", "Vers")),
        on("file", &["delete", "download", "getAll", "upload"], bucket_name()),
        on("file", &["delete", "download"], text("fileKey", "Key", "Clé").required().example("reports/2026.pdf")),
        upload(
            text("fileName", "Key", "Clé")
                .help("Empty, it is the name of the file in the item.", "Vide, c’est le nom du fichier de l’élément."),
        ),
        upload(
            field(ParameterType::Boolean, "binaryData", label("A file of the item", "Un fichier de l’élément"))
                .literal()
                .or(true),
        ),
        upload(text("fileContent", "Text", "Texte").rows(5)).when("binaryData", [false]),
        upload(text("binaryPropertyName", "Name of the file in the item", "Nom du fichier dans l’élément").or("data"))
            .when("binaryData", [true]),
        on("file", &["download"], text("binaryPropertyName", "Put the file into", "Mettre le fichier dans").or("data")),
        all,
        limit,
        on("file", &["copy"], more("additionalFields", copied)),
        upload(more("additionalFields", kept)),
        upload(tags()),
        on("file", &["delete"], more("options", vec![text("versionId", "Version", "Version")])),
        on("file", &["getAll"], inside()),
    ]
}

fn tags() -> Parameter {
    field(ParameterType::FixedCollection, "tagsUi", label("Tags", "Étiquettes")).fields([field(
        ParameterType::FixedCollection,
        "tagsValues",
        label("Tags", "Étiquettes"),
    )
    .multiple()
    .fields([text("key", "Name", "Nom"), text("value", "Value", "Valeur")])])
}

/// Which part of a bucket is listed.
fn inside() -> Parameter {
    more(
        "options",
        vec![
            text("folderKey", "In the folder", "Dans le dossier").example("reports/"),
            switch("fetchOwner", "With their owners", "Avec leurs propriétaires"),
        ],
    )
}

fn parent() -> Parameter {
    text("parentFolderKey", "In the folder", "Dans le dossier").example("reports")
}

fn requester_pays() -> Parameter {
    switch("requesterPays", "Who asks pays", "Le demandeur paie")
}

fn acl(words: &[&str]) -> Parameter {
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
        .choices(offered.map(|(word, name)| choice(word, name)))
}

fn storage_class() -> Parameter {
    field(ParameterType::Options, "storageClass", label("Storage class", "Classe de stockage")).choices([
        choice("standard", label("Standard", "Standard")),
        choice("standardIA", label("Standard, rarely read", "Standard, lu rarement")),
        choice("onezoneIA", label("One zone, rarely read", "Une zone, lu rarement")),
        choice("intelligentTiering", label("Chosen by itself", "Choisie toute seule")),
        choice("glacier", label("Glacier", "Glacier")),
        choice("deepArchive", label("Deep archive", "Archive profonde")),
        choice("reducedRedundancy", label("Reduced redundancy", "Redondance réduite")),
    ])
}

/// How a file is kept.
fn kept() -> Vec<Parameter> {
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
        field(ParameterType::Options, "serverSideEncryption", label("Encrypted with", "Chiffré avec")).choices([
            choice("AES256", label("AES-256", "AES-256")),
            choice("aws:kms", label("A key of KMS", "Une clé de KMS")),
        ]),
        text("encryptionAwsKmsKeyId", "Key of KMS", "Clé de KMS"),
        text("serverSideEncryptionContext", "Context of the key (Base64)", "Contexte de la clé (Base64)"),
        field(ParameterType::Options, "lockMode", label("Locked", "Verrouillé")).choices([
            choice("governance", label("Governance", "Gouvernance")),
            choice("compliance", label("Compliance", "Conformité")),
        ]),
        field(ParameterType::DateTime, "lockRetainUntilDate", label("Locked until", "Verrouillé jusqu’au")),
        switch("lockLegalHold", "Legal hold", "Conservation légale"),
    ]
}
