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
    let timeout = || {
        field(ParameterType::Number, "timeout", label("Time to connect (ms)", "Délai de connexion (ms)"))
            .literal()
            .between(1.0, 300_000.0)
    };
    let options = |operation: &'static str, fields: Vec<Parameter>| {
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("operation", [operation])
            .fields(fields)
    };
    let file = label("File", "Fichier");
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
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
        text("path", label("Folder", "Dossier")).required().or("/").when("operation", ["list"]),
        switch("recursive", label("With what is in its folders", "Avec le contenu de ses dossiers"))
            .or(false)
            .when("operation", ["list"]),
        path("oldPath", label("From", "De")).when("operation", ["rename"]),
        path("newPath", label("To", "Vers")).when("operation", ["rename"]),
        switch("binaryData", label("A file of the item", "Un fichier de l’élément"))
            .or(true)
            .when("operation", ["upload"]),
        text("fileContent", label("Text", "Texte")).rows(5).when("operation", ["upload"]).when("binaryData", [false]),
        text("binaryPropertyName", label("Name of the file in the item", "Nom du fichier dans l’élément"))
            .or("data")
            .when("operation", ["upload"])
            .when("binaryData", [true]),
        text("binaryPropertyName", label("Put the file into", "Mettre le fichier dans"))
            .or("data")
            .when("operation", ["download"]),
        options(
            "delete",
            vec![
                switch("folder", label("It is a folder", "C’est un dossier")).or(false),
                switch("recursive", label("With all that is in it", "Avec tout son contenu"))
                    .or(false)
                    .when("folder", [true]),
                timeout(),
            ],
        ),
        options("download", vec![timeout()]),
        options("upload", vec![timeout()]),
        options("list", vec![timeout()]),
        options(
            "rename",
            vec![
                switch("createDirectories", label("Make missing folders", "Créer les dossiers manquants")).or(false),
                timeout(),
            ],
        ),
    ]
}
