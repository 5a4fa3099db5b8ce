use std::collections::BTreeSet;

use super::*;

fn refused(kind: &str, fields: &[(&str, &str)]) -> Option<(String, String)> {
    let credential = credential_type(kind).unwrap();
    let mut given: BTreeMap<String, String> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    credential.fill(&mut given);
    credential.check(&given).err().map(|refused| (refused.field, refused.message))
}

#[test]
fn the_table_is_sound() {
    let kinds: BTreeSet<_> = TYPES.iter().map(|known| known.kind).collect();
    assert_eq!(kinds.len(), TYPES.len());
    let n8n: Vec<_> = TYPES.iter().flat_map(|known| known.n8n_types).collect();
    assert_eq!(n8n.iter().collect::<BTreeSet<_>>().len(), n8n.len(), "one n8n type means one of ours");
    for known in TYPES {
        assert!(known.kind.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{}", known.kind);
        let names: BTreeSet<_> = known.fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), known.fields.len(), "{}", known.kind);
        assert!(known.fields.iter().any(|field| field.secret), "{} keeps nothing secret", known.kind);
        for field in known.fields {
            let default = field.default.filter(|_| !field.options.is_empty());
            assert!(default.is_none_or(|default| field.problem(default).is_none()), "{}.{}", known.kind, field.name);
            assert!(!(field.secret && field.default.is_some()), "{}.{}", known.kind, field.name);
            let help = field.description.is_none_or(|help| {
                let is_sentence = |text: &str| text.trim() == text && text.len() > 1 && text.ends_with('.');
                is_sentence(help.en) && is_sentence(help.fr) && help.en.trim_end_matches('.') != field.label.en
            });
            assert!(help, "the help of {}.{} is no sentence of its own", known.kind, field.name);
        }
    }
}

#[test]
fn a_retired_type_is_known_and_not_offered() {
    for retired in RETIRED {
        assert_eq!(credential_type(retired.kind).map(|known| known.kind), Some(retired.kind));
        assert!(TYPES.iter().all(|offered| offered.kind != retired.kind) && retired.n8n_types.is_empty());
    }
}

#[test]
fn a_type_is_found_by_its_name_and_by_that_of_n8n() {
    assert_eq!(credential_type("basic").map(|known| known.kind), Some("basic"));
    assert!(credential_type("Basic").is_none());
    for (n8n, kind) in [
        ("httpBasicAuth", "basic"),
        ("httpHeaderAuth", "header"),
        ("httpQueryAuth", "query"),
        ("httpBearerAuth", "bearer"),
        ("httpDigestAuth", "digest"),
        ("jwtAuth", "jwt"),
        ("httpCustomAuth", "custom"),
        ("oAuth2Api", "oauth2ClientCredentials"),
    ] {
        assert_eq!(of_n8n_type(n8n).map(|known| known.kind), Some(kind));
    }
    assert!(of_n8n_type("oAuth1Api").is_none());
}

#[test]
fn what_makes_sense_is_taken() {
    for (kind, fields) in [
        ("apiKey", &[("name", "X-Key"), ("value", "abc")][..]),
        ("apiKey", &[("placement", "query"), ("name", "key"), ("value", "abc")]),
        ("basic", &[("user", "ada"), ("password", "pässwörd")]),
        ("basic", &[("user", "ada")]),
        ("jwt", &[("secret", "s")]),
        ("jwt", &[("algorithm", "ES256"), ("publicKey", "-----BEGIN\nabc\n-----END")]),
        ("keyPair", &[("privateKey", "-----BEGIN\nabc\n-----END")]),
        ("custom", &[("json", r#"{"headers":{"X-A":"1","X-B":2},"body":{"a":{"b":[]}}}"#)]),
        ("oauth2ClientCredentials", &[("tokenUrl", "https://x.example/t"), ("clientId", "a"), ("clientSecret", "b")]),
    ] {
        assert_eq!(refused(kind, fields), None, "{kind} {fields:?}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_by_its_field_and_never_repeated() {
    let long = "x".repeat(MAX_CREDENTIAL_FIELD + 1);
    for (kind, fields, field) in [
        ("basic", &[("password", "hunter2")][..], "user"),
        ("basic", &[("user", "a\nb"), ("password", "hunter2")], "user"),
        ("basic", &[("user", "a"), ("token", "hunter2")], "token"),
        ("header", &[("name", "X Key"), ("value", "hunter2")], "name"),
        ("header", &[("name", "X-Key"), ("value", "hunter2\r\nX-Evil: 1")], "value"),
        ("header", &[("name", "X-Key"), ("value", "hunter2é")], "value"),
        ("header", &[("name", "X-Key"), ("value", "")], "value"),
        ("bearer", &[("token", &long)], "token"),
        ("jwt", &[("algorithm", "none"), ("secret", "hunter2")], "algorithm"),
        ("apiKey", &[("placement", "hunter2"), ("name", "a"), ("value", "b")], "placement"),
        ("custom", &[("json", r#"{"hunter2":1}"#)], "json"),
        ("custom", &[("json", r#"{"headers":{"a":{}}}"#)], "json"),
        ("custom", &[("json", r#"{"headers":{"a b":"hunter2"}}"#)], "json"),
        ("custom", &[("json", r#"["hunter2"]"#)], "json"),
        ("custom", &[("json", r#"{"headers""#)], "json"),
        ("oauth2ClientCredentials", &[("tokenUrl", "ftp://x"), ("clientId", "a"), ("clientSecret", "b")], "tokenUrl"),
    ] {
        let (found, message) = refused(kind, fields).unwrap_or_else(|| panic!("{kind} {fields:?} was taken"));
        assert_eq!(found, field, "{kind} {fields:?}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}
