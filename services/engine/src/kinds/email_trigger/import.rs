//! n8n's Email Trigger (IMAP), versions 1, 2, 2.1 and 2.2.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::sql::import::signs_in;

const TAKEN: [&str; 5] =
    ["mailbox", "postProcessAction", "format", "downloadAttachments", "dataPropertyAttachmentsPrefixName"];

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let (given, options) = (node.parameters, node.parameters.get("options"));
    let mut remarks = vec![
        signs_in("IMAP"),
        "The mailbox is looked at every minute, and emails that were there before the workflow was activated begin nothing."
            .to_owned(),
    ];
    let mut new = Object::new();
    for name in TAKEN {
        let value = given.get(name);
        if !value.is_undefined() {
            new.insert(name, value.clone());
        }
    }
    let mut kept = Object::new();
    if let criteria @ Value::String(_) = options.get("customEmailConfig") {
        kept.insert("customEmailConfig", criteria.clone());
    }
    if options.get("allowUnauthorizedCerts").as_bool() == Some(true) {
        remarks.push("Whether any certificate is accepted is said in the credential here.".to_owned());
    }
    if options.get("trackLastMessageId").as_bool() == Some(false) {
        remarks.push(
            "Each email begins one execution at most: one that meets the search criteria only later begins none."
                .to_owned(),
        );
    }
    new.insert("options", kept);
    Imported { parameters: new.into(), remarks }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;

    use super::super::EmailTrigger;
    use crate::action::TriggerKind;

    #[test]
    fn every_version_of_n8n_is_imported() {
        for (version, node, expected, remarks) in [
            (1.0, "{}", r#"{"options":{}}"#, 2),
            (
                1.0,
                r#"{"mailbox":"Orders","format":"resolved","options":{"allowUnauthorizedCerts":true,"forceReconnect":30}}"#,
                r#"{"mailbox":"Orders","format":"resolved","options":{}}"#,
                3,
            ),
            (
                2.0,
                r#"{"postProcessAction":"nothing","downloadAttachments":true,"dataPropertyAttachmentsPrefixName":"file_",
                    "options":{"customEmailConfig":"[\"SEEN\"]","forceReconnect":60}}"#,
                r#"{"postProcessAction":"nothing","downloadAttachments":true,"dataPropertyAttachmentsPrefixName":"file_","options":{"customEmailConfig":"[\"SEEN\"]"}}"#,
                2,
            ),
            (2.1, r#"{"options":{"trackLastMessageId":false}}"#, r#"{"options":{}}"#, 3),
            (2.2, r#"{"format":"raw","options":{"trackLastMessageId":true}}"#, r#"{"format":"raw","options":{}}"#, 2),
        ] {
            let imported = import(&EmailTrigger, version, node).unwrap();
            assert_eq!(imported.parameters.to_json(), expected, "{version}");
            assert_eq!(imported.remarks.len(), remarks, "{:?}", imported.remarks);
            let mut signed = imported.parameters.as_object().unwrap().clone();
            signed.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
            assert!(EmailTrigger.prepare(&signed.into()).is_ok(), "{node}");
        }
    }
}
