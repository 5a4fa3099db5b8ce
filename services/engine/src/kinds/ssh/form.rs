//! What the editor shows of SSH.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "ssh",
    version: 1,
    label: label("SSH", "SSH"),
    description: label(
        "Executes commands on another machine, and moves files from and to it.",
        "Exécute des commandes sur une autre machine et transfère des fichiers depuis et vers elle.",
    ),
    group: Group::Act,
    icon: "terminal",
    color: "gray",
    subtitle: Some("{operation} {path}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One operation for each item, over one connection. A command that ends with another code than 0 has not failed: look at its \
         code. A command that may have been executed is never executed again by itself. It may write 64 MiB; a file may have 1 GiB.",
        "Une opération par élément, sur une seule connexion. Une commande qui se termine par un autre code que 0 n’a pas échoué : \
         regardez son code. Une commande qui a peut-être été exécutée n’est jamais relancée d’elle-même. Elle peut écrire 64 Mio ; \
         un fichier peut avoir 1 Gio.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let options = || field(ParameterType::Collection, "options", label("Options", "Options"));
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help("The machine, and how to sign in to it.", "La machine, et comment s’y connecter.")
            .credentials(["sshPassword", "sshPrivateKey"])
            .required(),
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("execute").choices([
            choice("execute", label("Execute a command", "Exécuter une commande")),
            choice("upload", label("Upload a file", "Envoyer un fichier")),
            choice("download", label("Download a file", "Télécharger un fichier")),
        ]),
        text("command", label("Command", "Commande"))
            .help(
                "Read by the shell of the other machine: quote what others wrote.",
                "Lue par le shell de l’autre machine : mettez entre guillemets ce que d’autres ont écrit.",
            )
            .required()
            .rows(3)
            .when("operation", ["execute"]),
        text("cwd", label("In the folder", "Dans le dossier"))
            .help(
                "Where the command is executed; empty or ~ is the user’s own folder.",
                "Où la commande est exécutée ; vide ou ~ est le dossier de l’utilisateur.",
            )
            .or("/")
            .when("operation", ["execute"]),
        text("path", label("Into the folder", "Dans le dossier"))
            .help(
                "The file keeps its name there, unless the options give another.",
                "Le fichier y garde son nom, sauf si les options en donnent un autre.",
            )
            .required()
            .example("/srv/files")
            .when("operation", ["upload"]),
        text("path", label("File", "Fichier"))
            .help("Its whole path on the other machine.", "Son chemin entier sur l’autre machine.")
            .required()
            .example("/srv/files/a.pdf")
            .when("operation", ["download"]),
        text("binaryPropertyName", label("Name of the file in the item", "Nom du fichier dans l’élément"))
            .help(
                "The file’s name in the item, “data” for instance.",
                "Le nom du fichier dans l’élément, « data » par exemple.",
            )
            .or("data")
            .when("operation", ["upload"]),
        text("binaryPropertyName", label("Put the file into", "Mettre le fichier dans"))
            .help("The name that the file gets in the item.", "Le nom que le fichier reçoit dans l’élément.")
            .or("data")
            .when("operation", ["download"]),
        options().when("operation", ["execute"]).fields([field(
            ParameterType::Number,
            "timeout",
            label("Seconds it may take", "Durée maximale (s)"),
        )
        .help(
            "A command that takes longer counts as failed; 300 unless you say otherwise.",
            "Une commande plus longue compte comme échouée ; 300 sauf indication contraire.",
        )
        .literal()
        .between(1.0, 86_400.0)]),
        options().when("operation", ["upload", "download"]).fields([text(
            "fileName",
            label("Call the file", "Nommer le fichier"),
        )
        .help("Another name for the file than its own.", "Un autre nom de fichier que le sien.")]),
    ]
}
