//! What the editor shows of S3.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

use super::kept::{acl, inside, kept, parent, requester_pays, storage_class, tags};

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

pub(super) fn text(name: &'static str, en: &'static str, fr: &'static str) -> Parameter {
    field(ParameterType::String, name, label(en, fr))
}

pub(super) fn switch(name: &'static str, en: &'static str, fr: &'static str) -> Parameter {
    field(ParameterType::Boolean, name, label(en, fr)).or(false)
}

fn on(resource: &'static str, operations: &'static [&'static str], parameter: Parameter) -> Parameter {
    parameter.when("resource", [resource]).when("operation", operations.iter().copied())
}

fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help("Amazon’s own storage, or another server.", "Le stockage d’Amazon, ou un autre serveur.")
            .credentials(["aws", "s3"])
            .required(),
        field(ParameterType::Options, "resource", label("Of", "Sur"))
            .help(
                "What the operation is about; a folder is the beginning of keys that ends with a /.",
                "Ce sur quoi porte l’opération ; un dossier est le début de clés qui se termine par /.",
            )
            .or("file")
            .choices([
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
    text("bucketName", "Bucket", "Compartiment")
        .help("Its name alone, without a path.", "Son nom seul, sans chemin.")
        .required()
}

/// Which part of a list is taken.
fn limits(resource: &'static str, operations: &'static [&'static str]) -> [Parameter; 2] {
    let all = field(ParameterType::Boolean, "returnAll", label("All of them", "Tous"))
        .help("Otherwise only so many as stand below.", "Sinon seulement autant qu’indiqué ci-dessous.")
        .literal()
        .or(false);
    let limit = field(ParameterType::Number, "limit", label("At most", "Au plus"))
        .help("The most entries that are listed.", "Le plus d’entrées qui sont listées.")
        .or(100)
        .at_least(1.0);
    [on(resource, operations, all), on(resource, operations, limit).when("returnAll", [false])]
}

pub(super) fn more(name: &'static str, fields: Vec<Parameter>) -> Parameter {
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
                    switch("bucketObjectLockEnabled", "Files can be locked", "Les fichiers peuvent être verrouillés")
                        .help(
                            "Files in it can then be kept from being changed or deleted; it cannot be added later on.",
                            "On peut alors empêcher que ses fichiers soient modifiés ou supprimés ; cela ne \
                             s’ajoute pas plus tard.",
                        ),
                    text("region", "Region", "Région")
                        .help(
                            "Where the bucket is made; that of the credential while it is empty.",
                            "Où le compartiment est créé ; celle de l’identifiant tant que c’est vide.",
                        )
                        .example("eu-west-3"),
                ],
            ),
        ),
        on(
            "bucket",
            &["search"],
            more(
                "additionalFields",
                vec![
                    text("prefix", "Keys that begin with", "Clés commençant par")
                        .help("“reports/2026”, for instance.", "« reports/2026 », par exemple."),
                    text("delimiter", "Fold keys at", "Regrouper les clés à")
                        .help(
                            "Keys that are the same up to this sign are listed once, as a folder.",
                            "Les clés identiques jusqu’à ce signe sont listées une fois, comme un dossier.",
                        )
                        .example("/"),
                    switch("includeCommonPrefixes", "Include what was folded", "Inclure les groupes").help(
                        "Gives an item for each such folder, too.",
                        "Donne aussi un élément par dossier ainsi formé.",
                    ),
                    text("startAfter", "Keys behind", "Clés après").help(
                        "Begins behind this key, in the order of letters.",
                        "Commence après cette clé, dans l’ordre des lettres.",
                    ),
                    switch("fetchOwner", "With their owners", "Avec leurs propriétaires"),
                    field(ParameterType::Options, "encodingType", label("Write keys", "Écrire les clés"))
                        .help(
                            "For keys with signs that XML cannot hold.",
                            "Pour les clés avec des signes que XML ne peut pas contenir.",
                        )
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
        directive("metadataDirective", "Metadata are", "Les métadonnées sont").help(
            "Whether the new file has the metadata of the old one.",
            "Si le nouveau fichier a les métadonnées de l’ancien.",
        ),
        directive("taggingDirective", "Tags are", "Les étiquettes sont").help(
            "Whether the new file has the tags of the old one.",
            "Si le nouveau fichier a les étiquettes de l’ancien.",
        ),
    ]);
    vec![
        on(
            "file",
            &["copy"],
            path("sourcePath", "From", "De")
                .help("Bucket and key, with a / between them.", "Compartiment et clé, séparés par un /."),
        ),
        on(
            "file",
            &["copy"],
            path("destinationPath", "To", "Vers")
                .help("Bucket and key, with a / between them.", "Compartiment et clé, séparés par un /."),
        ),
        on("file", &["delete", "download", "getAll", "upload"], bucket_name()),
        on(
            "file",
            &["delete", "download"],
            text("fileKey", "Key", "Clé")
                .help(
                    "The path in the bucket, without a / at its beginning.",
                    "Le chemin dans le compartiment, sans / au début.",
                )
                .required()
                .example("reports/2026.pdf"),
        ),
        upload(
            text("fileName", "Key", "Clé")
                .help("Empty, it is the name of the file in the item.", "Vide, c’est le nom du fichier de l’élément."),
        ),
        upload(
            field(ParameterType::Boolean, "binaryData", label("A file of the item", "Un fichier de l’élément"))
                .help("Otherwise the text that stands below.", "Sinon le texte qui figure ci-dessous.")
                .literal()
                .or(true),
        ),
        upload(
            text("fileContent", "Text", "Texte")
                .help("What the file is to hold.", "Ce que le fichier doit contenir.")
                .rows(5),
        )
        .when("binaryData", [false]),
        upload(
            text("binaryPropertyName", "Name of the file in the item", "Nom du fichier dans l’élément")
                .help(
                    "The file’s name in the item, “data” for instance.",
                    "Le nom du fichier dans l’élément, « data » par exemple.",
                )
                .or("data"),
        )
        .when("binaryData", [true]),
        on(
            "file",
            &["download"],
            text("binaryPropertyName", "Put the file into", "Mettre le fichier dans")
                .help("The name that the file gets in the item.", "Le nom que le fichier reçoit dans l’élément.")
                .or("data"),
        ),
        all,
        limit,
        on("file", &["copy"], more("additionalFields", copied)),
        upload(more("additionalFields", kept)),
        upload(tags()),
        on(
            "file",
            &["delete"],
            more(
                "options",
                vec![text("versionId", "Version", "Version").help(
                    "Deletes this version alone, where the bucket keeps versions.",
                    "Supprime cette seule version, si le compartiment garde des versions.",
                )],
            ),
        ),
        on("file", &["getAll"], inside()),
    ]
}
