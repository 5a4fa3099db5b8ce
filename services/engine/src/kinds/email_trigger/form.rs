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
            .credentials(["imap"])
            .required(),
        PollTimes::form(),
        text("mailbox", label("Mailbox", "Boîte")).or("INBOX").required(),
        field(ParameterType::Options, "postProcessAction", label("Afterwards", "Ensuite")).or("read").choices([
            choice("read", label("Mark as read", "Marquer comme lu")),
            choice("nothing", label("Do nothing", "Ne rien faire")),
        ]),
        field(ParameterType::Options, "format", label("Format", "Format")).or("simple").choices([
            choice("simple", label("Texts and header", "Textes et en-tête")),
            choice("resolved", label("Everything, files included", "Tout, fichiers compris")),
            choice("raw", label("Text as it came", "Texte tel qu’il est venu")),
        ]),
        field(ParameterType::Boolean, "downloadAttachments", label("Take files", "Prendre les fichiers"))
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
