//! What the editor shows of FTP.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "ftp",
    version: 1,
    label: label("FTP", "FTP"),
    description: label(
        "Moves files from and to a server over FTP, FTPS or SFTP.",
        "Transfère des fichiers depuis et vers un serveur par FTP, FTPS ou SFTP.",
    ),
    group: Group::Act,
    icon: "folder-sync",
    color: "cyan",
    subtitle: Some("{operation} {path}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One operation for each item, over one connection; the credential says whether it is FTP or SFTP. Files pass through piece by \
         piece; a file may have 1 GiB. If the server stops in the middle, transfers and lists are repeated; deleting and renaming are \
         not. Links are not followed.",
        "Une opération par élément, sur une seule connexion ; l’identifiant dit si c’est FTP ou SFTP. Les fichiers passent morceau \
         par morceau ; un fichier peut avoir 1 Gio. Si le serveur s’arrête au milieu, les transferts et les listes sont répétés ; les \
         suppressions et les renommages ne le sont pas. Les liens ne sont pas suivis.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let path = |name, names| text(name, names).required().example("/reports/2026.pdf");
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal();
    let file = label("File", "Fichier");
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help(
                "An FTP or an SFTP server; it decides which of the two is spoken.",
                "Un serveur FTP ou SFTP ; il décide lequel des deux est parlé.",
            )
            .credentials(["ftp", "sftp"])
            .required(),
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("download").choices([
            choice("upload", label("Upload", "Envoyer")),
            choice("download", label("Download", "Télécharger")),
            choice("list", label("List", "Lister")),
            choice("rename", label("Rename or move", "Renommer ou déplacer")),
            choice("delete", label("Delete", "Supprimer")),
        ]),
        path("path", label("File or folder", "Fichier ou dossier")).when("operation", ["delete"]),
        path("path", file).when("operation", ["download", "upload"]),
        text("path", label("Folder", "Dossier"))
            .help("Ends with / or not; what is in it is listed.", "Se termine par / ou non ; son contenu est listé.")
            .required()
            .or("/")
            .when("operation", ["list"]),
        switch("recursive", label("With what is in its folders", "Avec le contenu de ses dossiers"))
            .help("Folders inside of folders are listed, too.", "Les dossiers dans les dossiers sont listés aussi.")
            .or(false)
            .when("operation", ["list"]),
        path("oldPath", label("From", "De"))
            .help(
                "The file or the folder as it is called now, with its whole path.",
                "Le fichier ou le dossier tel qu’il s’appelle, avec son chemin entier.",
            )
            .when("operation", ["rename"]),
        path("newPath", label("To", "Vers"))
            .help("The whole path that it gets.", "Le chemin entier qu’il reçoit.")
            .when("operation", ["rename"]),
        switch("binaryData", label("A file of the item", "Un fichier de l’élément"))
            .help("Otherwise the text that stands below.", "Sinon le texte qui figure ci-dessous.")
            .or(true)
            .when("operation", ["upload"]),
        text("fileContent", label("Text", "Texte"))
            .help("What the file is to hold.", "Ce que le fichier doit contenir.")
            .rows(5)
            .when("operation", ["upload"])
            .when("binaryData", [false]),
        text("binaryPropertyName", label("Name of the file in the item", "Nom du fichier dans l’élément"))
            .help(
                "The file’s name in the item, “data” for instance.",
                "Le nom du fichier dans l’élément, « data » par exemple.",
            )
            .or("data")
            .when("operation", ["upload"])
            .when("binaryData", [true]),
        text("binaryPropertyName", label("Put the file into", "Mettre le fichier dans"))
            .help("The name that the file gets in the item.", "Le nom que le fichier reçoit dans l’élément.")
            .or("data")
            .when("operation", ["download"]),
    ];
    form.extend(options());
    form
}

/// The options, which each operation has its own of.
fn options() -> [Parameter; 5] {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal();
    let timeout = || {
        field(ParameterType::Number, "timeout", label("Time to connect (ms)", "Délai de connexion (ms)"))
            .help(
                "30000 (half a minute) unless you say otherwise.",
                "30000 (une demi-minute) sauf indication contraire.",
            )
            .literal()
            .between(1.0, 300_000.0)
    };
    let of = |operation: &'static str, fields: Vec<Parameter>| {
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("operation", [operation])
            .fields(fields)
    };
    [
        of(
            "delete",
            vec![
                switch("folder", label("It is a folder", "C’est un dossier"))
                    .help("Otherwise a file is deleted.", "Sinon un fichier est supprimé.")
                    .or(false),
                switch("recursive", label("With all that is in it", "Avec tout son contenu"))
                    .help(
                        "Otherwise only an empty folder can be deleted.",
                        "Sinon seul un dossier vide peut être supprimé.",
                    )
                    .or(false)
                    .when("folder", [true]),
                timeout(),
            ],
        ),
        of("download", vec![timeout()]),
        of("upload", vec![timeout()]),
        of("list", vec![timeout()]),
        of(
            "rename",
            vec![
                switch("createDirectories", label("Make missing folders", "Créer les dossiers manquants"))
                    .help(
                        "Those of the new path that do not exist yet.",
                        "Ceux du nouveau chemin qui n’existent pas encore.",
                    )
                    .or(false),
                timeout(),
            ],
        ),
    ]
}
