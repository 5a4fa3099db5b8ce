//! The form of the Email Trigger, with n8n's names.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use crate::poll::PollTimes;

/// The criteria while nobody wrote others.
pub(super) const UNSEEN: &str = r#"["UNSEEN"]"#;

pub(super) fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text).literal();
    let prefix = || {
        let prefix = text("dataPropertyAttachmentsPrefixName", label("Prefix of the files", "Préfixe des fichiers"));
        prefix.or("attachment_").help(
            "The first file of an email is called attachment_0.",
            "Le premier fichier d’un courriel s’appelle attachment_0.",
        )
    };
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help(
                "The mail server and the account whose mailbox is looked at.",
                "Le serveur de courriel et le compte dont la boîte est regardée.",
            )
            .credentials(["imap"])
            .required(),
        PollTimes::form(),
        text("mailbox", label("Mailbox", "Boîte"))
            .help(
                "The folder as the server calls it: “INBOX”, “Archive/2026”.",
                "Le dossier comme le serveur le nomme : « INBOX », « Archive/2026 ».",
            )
            .or("INBOX")
            .required(),
        field(ParameterType::Options, "postProcessAction", label("Afterwards", "Ensuite"))
            .help(
                "What happens to the email in the mailbox once an execution has begun with it.",
                "Ce que devient le courriel dans la boîte une fois qu’une exécution a commencé avec lui.",
            )
            .or("read")
            .choices([
                choice("read", label("Mark as read", "Marquer comme lu")),
                choice("nothing", label("Do nothing", "Ne rien faire")),
            ]),
        field(ParameterType::Options, "format", label("Format", "Format"))
            .help("What becomes of an email in the item.", "Ce que devient un courriel dans l’élément.")
            .or("simple")
            .choices([
                choice("simple", label("Texts and header", "Textes et en-tête")).help(
                    "The texts, from, to, cc, subject and date, and the other headers as “metadata”.",
                    "Les textes, from, to, cc, subject et date, et les autres en-têtes dans « metadata ».",
                ),
                choice("resolved", label("Everything, files included", "Tout, fichiers compris")).help(
                    "Addresses are taken apart, and every attachment becomes a file of the item.",
                    "Les adresses sont décomposées, et chaque pièce jointe devient un fichier de l’élément.",
                ),
                choice("raw", label("Text as it came", "Texte tel qu’il est venu")).help(
                    "All that stands below the header, undecoded, in the field “raw”.",
                    "Tout ce qui suit l’en-tête, non décodé, dans le champ « raw ».",
                ),
            ]),
        field(ParameterType::Boolean, "downloadAttachments", label("Take files", "Prendre les fichiers"))
            .help(
                "Every attachment becomes a file of the item.",
                "Chaque pièce jointe devient un fichier de l’élément.",
            )
            .literal()
            .or(false)
            .when("format", ["simple"]),
        prefix().when("format", ["resolved"]),
        prefix().when("format", ["simple"]).when("downloadAttachments", [true]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([text(
            "customEmailConfig",
            label("Search criteria (JSON)", "Critères de recherche (JSON)"),
        )
        .or(UNSEEN)
        .example(r#"["UNSEEN", ["FROM", "ada@example.com"]]"#)
        .help(
            "A list of criteria of IMAP’s SEARCH; an email must meet all of them.",
            "Une liste de critères du SEARCH d’IMAP ; un courriel doit répondre à tous.",
        )]),
    ]
}
