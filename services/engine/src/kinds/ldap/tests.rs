//! Requests and imports as tables; what a real directory makes of them is tested in `tests/servers/ldap.rs`.

use weft_nodes::testing::{TestStep, import};
use weft_value::from_json;

use super::requests::split;
use super::*;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";

fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", CREDENTIAL);
    parameters(&form::DESCRIPTOR, &given.into())
}

fn request(json: &str, items: &str) -> Result<Request, NodeError> {
    node(json).unwrap().request(&TestStep::new(&[items]), 0)
}

#[test]
fn a_search_is_written_so_that_nothing_gets_out_of_its_filter() {
    for (json, items, filter, page, most) in [
        (r#"{"baseDN":"dc=x"}"#, "[{}]", "(objectClass=*)", 50, Some(50)),
        (
            r#"{"baseDN":"dc=x","customFilter":"(uid=a)","returnAll":true,"options":{"pageSize":0}}"#,
            "[{}]",
            "(uid=a)",
            0,
            None,
        ),
        (
            r#"{"baseDN":"dc=x","searchFor":"class","objectClass":"person","searchAttribute":"cn","searchText":"={{ $json.n }}*","limit":2000}"#,
            r#"[{"n":"Ádá)(uid=\\"}]"#,
            r"(&(objectClass=person)(cn=Ádá\29\28uid=\5c*))",
            1000,
            Some(2000),
        ),
    ] {
        let Request::Search(search) = request(json, items).unwrap() else { panic!("{json}") };
        assert_eq!((search.filter.as_str(), search.page, search.most), (filter, page, most), "{json}");
    }
}

#[test]
fn a_new_name_moves_an_entry_where_its_parent_is_another() {
    for (dn, target, name, parent) in [
        ("uid=a,ou=p,dc=x", "uid=b,ou=p,dc=x", "uid=b", None),
        ("uid=a,ou=p,dc=x", "uid=b, ou=q,dc=x", "uid=b", Some("ou=q,dc=x")),
        (r"cn=A\, B,dc=x", r"cn=C\, D,dc=x", r"cn=C\, D", None),
        ("uid=a,dc=x", "uid=b", "uid=b", None),
    ] {
        let json = format!(
            r#"{{"operation":"rename","dn":{},"targetDn":{}}}"#,
            Value::from(dn).to_json(),
            Value::from(target).to_json()
        );
        let Request::Rename { name: found, parent: moved, .. } = request(&json, "[{}]").unwrap() else {
            panic!("{json}")
        };
        assert_eq!((found.as_str(), moved.as_deref()), (name, parent), "{target}");
    }
    assert_eq!(split("dc=x"), ("dc=x", None));
}

#[test]
fn values_are_gathered_by_attribute() {
    let json = r#"{"operation":"create","dn":"uid=a","attributes":{"attribute":[{"id":"objectClass","value":"={{ ['top','person'] }}"},
        {"id":"OBJECTCLASS","value":"account"},{"id":"uid","value":"={{ $json.n }}"},{"id":"mail","value":""}]}}"#;
    let Request::Create { attributes, .. } = request(json, r#"[{"n":7}]"#).unwrap() else { panic!() };
    let expected = [("objectClass", vec!["top", "person", "account"]), ("uid", vec!["7"]), ("mail", vec![])];
    let found: Vec<_> = attributes
        .iter()
        .map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect::<Vec<_>>()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_makes_no_request_is_told_by_its_parameter() {
    for (json, field) in [
        (r#"{"baseDN":"={{ $json.none }}"}"#, "baseDN"),
        (r#"{"operation":"delete","dn":"={{ $json.none }}"}"#, "dn"),
        (r#"{"operation":"update","dn":"uid=a"}"#, "changes"),
        (r#"{"operation":"create","dn":"uid=a","attributes":{"attribute":[{"id":"","value":"x"}]}}"#, "attributes"),
    ] {
        assert_eq!(request(json, "[{}]").unwrap_err().field.as_deref(), Some(field), "{json}");
    }
    for json in [r#"{"operation":"merge"}"#, r#"{"operation":"search"}"#, r#"{"operation":"rename","dn":"uid=a"}"#] {
        assert!(node(json).is_err(), "{json}");
    }
}

#[test]
fn an_entry_becomes_an_item() {
    let entry = Entry {
        dn: "uid=é".into(),
        attributes: vec![
            ("uid".into(), vec!["é".into()]),
            ("mail".into(), vec!["a".into(), "b".into()]),
            ("photo".into(), vec![vec![0xff, 0]]),
            ("none".into(), vec![]),
        ],
    };
    let expected = r#"{"dn":"uid=é","uid":"é","mail":["a","b"],"photo":"/wA=","none":[]}"#;
    assert_eq!(Value::from(shown(entry)).to_json(), expected);
}

#[test]
fn every_operation_of_n8n_is_imported() {
    for (json, expected) in [
        (
            r#"{"baseDN":"dc=x","searchFor":"person","attribute":"cn","searchText":"a*","returnAll":true,"options":{"attributes":["cn","mail"],"scope":"one"}}"#,
            r#"{"operation":"search","baseDN":"dc=x","searchText":"a*","returnAll":true,"objectClass":"person","searchAttribute":"cn","searchFor":"class","options":{"attributes":"cn, mail","scope":"one"}}"#,
        ),
        (
            r#"{"baseDN":"dc=x","searchFor":"custom","customFilter":"(a=b)","limit":5}"#,
            r#"{"operation":"search","baseDN":"dc=x","customFilter":"(a=b)","limit":5,"options":{}}"#,
        ),
        (
            r#"{"operation":"compare","dn":"uid=a","id":"mail","value":"x"}"#,
            r#"{"operation":"compare","dn":"uid=a","value":"x","attribute":"mail"}"#,
        ),
        (
            r#"{"operation":"update","dn":"uid=a","attributes":{"add":[{"id":"mail","value":"x"}]}}"#,
            r#"{"operation":"update","dn":"uid=a","changes":{"add":[{"id":"mail","value":"x"}]}}"#,
        ),
        (
            r#"{"operation":"rename","dn":"uid=a","targetDn":"uid=b"}"#,
            r#"{"operation":"rename","dn":"uid=a","targetDn":"uid=b"}"#,
        ),
    ] {
        let imported = import(&Ldap, 1.0, json).unwrap();
        assert_eq!(imported.parameters.to_json(), expected);
        assert!(imported.remarks[0].contains("“LDAP”"), "{:?}", imported.remarks);
        assert!(node(expected).is_ok(), "{expected}");
    }
    let odd = import(&Ldap, 1.0, r#"{"baseDN":"dc=x","options":{"odd":1}}"#).unwrap();
    assert!(odd.remarks[1].contains("“odd”"), "{:?}", odd.remarks);
}
